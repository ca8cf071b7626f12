//! Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 3 done but some input could not be read.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Everything that could be read was done; the rest is reported.
    SomeUnread,
    /// The run failed, and said why.
    Failed,
}

/// A mistake in arguments or configuration, to be shown with exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

impl Outcome {
    /// The code of the process.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::SomeUnread => 3,
        }
    }

    /// What an error that ends the command means for the exit code.
    pub fn of_error(error: &anyhow::Error) -> ExitCodeOf {
        if error.chain().any(|cause| cause.is::<UsageError>()) { ExitCodeOf(2) } else { ExitCodeOf(1) }
    }
}

/// The exit code of an error.
pub struct ExitCodeOf(u8);

impl From<ExitCodeOf> for ExitCode {
    fn from(code: ExitCodeOf) -> Self {
        Self::from(code.0)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}
