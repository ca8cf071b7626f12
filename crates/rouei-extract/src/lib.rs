//! Document to disclosures: the lexicons and the rules.

pub mod counts;
pub mod dates;
pub mod reading;
