//! Disclosures to incidents: pure, scored, reversible.
