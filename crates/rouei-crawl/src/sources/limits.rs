use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalars::Period;
use crate::settings::Limits;

/// Bounds on what a server may cost; the usual ones hold where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Bytes of a body as sent; the rest is cut off (33554432).
    #[schemars(range(min = 1))]
    pub max_body_bytes: Option<usize>,
    /// Time to connect (15s).
    pub connect_timeout: Option<Period>,
    /// Longest silence of a server (30s).
    pub idle_timeout: Option<Period>,
    /// Longest exchange (5m).
    pub total_timeout: Option<Period>,
    /// Attempts at one address (3).
    #[schemars(range(min = 1))]
    pub attempts: Option<u32>,
    /// Wait before the second attempt; doubled for each further one (2s).
    pub backoff: Option<Period>,
    /// Longest wait that is sat out within a run, be it ours or the site's Retry-After (2m).
    pub max_wait: Option<Period>,
}

impl LimitSettings {
    pub(crate) fn apply(&self, limits: &mut Limits) {
        let set = |limit: &mut std::time::Duration, own: Option<Period>| {
            if let Some(period) = own {
                *limit = period.0;
            }
        };
        set(&mut limits.connect_timeout, self.connect_timeout);
        set(&mut limits.idle_timeout, self.idle_timeout);
        set(&mut limits.total_timeout, self.total_timeout);
        set(&mut limits.backoff, self.backoff);
        set(&mut limits.max_wait, self.max_wait);
        limits.max_body = self.max_body_bytes.unwrap_or(limits.max_body);
        limits.attempts = self.attempts.unwrap_or(limits.attempts);
    }
}
