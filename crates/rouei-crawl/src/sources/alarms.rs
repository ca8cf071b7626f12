//! The top of `sources.yaml` that says who is told when a source breaks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalars::{HttpUrl, Period};

/// Who is told when a source breaks, besides standard error, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlarmSettings {
    /// After how long an alarm that lasts is told again (7d).
    pub repeat: Option<Period>,
    /// An address that takes the alarms of a run as one JSON object by POST.
    pub webhook: Option<Webhook>,
    /// A message by a command that takes it as sendmail does.
    pub mail: Option<Mail>,
}

/// An address that takes alarms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where to.
    pub url: HttpUrl,
    /// Whether it may be a loopback, private or link-local address.
    #[serde(default)]
    pub allow_private_addresses: bool,
    /// How long it may take (10s).
    #[serde(default = "ten_seconds")]
    pub timeout: Period,
}

/// Mail by a local command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The address that it comes from.
    pub from: String,
    /// Whom to.
    #[schemars(length(min = 1))]
    pub to: Vec<String>,
    /// Program and arguments; it gets the message (RFC 5322) on its standard input (`/usr/sbin/sendmail -t -oi`).
    #[serde(default = "sendmail")]
    #[schemars(length(min = 1))]
    pub command: Vec<String>,
    /// How long it may take (30s).
    #[serde(default = "thirty_seconds")]
    pub timeout: Period,
}

impl AlarmSettings {
    /// After how long an alarm that lasts is told again.
    #[must_use]
    pub fn repeat_after(&self) -> jiff::SignedDuration {
        self.repeat.map_or(jiff::SignedDuration::from_hours(7 * 24), Period::signed)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let Some(mail) = &self.mail else { return Ok(()) };
        let address = |text: &str| {
            let parts = text.rsplit_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
            parts.is_some() && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;()\\\"".contains(&b))
        };
        if let Some(bad) = mail.to.iter().chain([&mail.from]).find(|text| !address(text)) {
            return Err(format!("alarms.mail: {bad:?} is no mail address"));
        }
        if mail.to.is_empty() {
            return Err("alarms.mail.to names nobody".into());
        }
        if mail.command.first().is_none_or(|program| program.trim().is_empty()) {
            return Err("alarms.mail.command names no program".into());
        }
        Ok(())
    }
}

fn ten_seconds() -> Period {
    Period(std::time::Duration::from_secs(10))
}

fn thirty_seconds() -> Period {
    Period(std::time::Duration::from_secs(30))
}

fn sendmail() -> Vec<String> {
    ["/usr/sbin/sendmail", "-t", "-oi"].map(str::to_owned).to_vec()
}
