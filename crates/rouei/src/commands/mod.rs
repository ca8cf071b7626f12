//! One module a command.

pub mod extract;
pub mod text;
