//! The ways by which alarms leave the machine: a webhook and a mail command. A way that fails is reported and costs
//! nothing else.

use std::io::Write as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use rouei_crawl::{AlarmSettings, Crawler, Mail};
use serde_json::json;

use super::{Notice, State, day, line};

/// How telling went.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Ways that took the notices; a run with none configured has none.
    pub delivered: usize,
    /// Ways that did not, each with the reason.
    pub failed: Vec<String>,
}

/// Tells these notices by every way of the settings.
pub fn tell(settings: &AlarmSettings, crawler: &Crawler, notices: &[Notice], now: Timestamp) -> Delivery {
    let mut delivery = Delivery::default();
    if notices.is_empty() {
        return delivery;
    }
    let mut note = |way: &str, result: anyhow::Result<()>| match result {
        Ok(()) => delivery.delivered += 1,
        Err(error) => delivery.failed.push(format!("{way}: {error:#}")),
    };
    if let Some(webhook) = &settings.webhook {
        let posted = || -> anyhow::Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(crawler.post(webhook, &body(notices)))?)
        };
        // The path of a webhook is its password; the host is enough to know which one it is.
        let host = webhook.url.url().host_str().unwrap_or_default();
        note(&format!("the alarm's webhook at {host}"), posted());
    }
    if let Some(mail) = &settings.mail {
        note("the alarm's mail", message(mail, notices, now).and_then(|message| send(mail, &message)));
    }
    delivery
}

/// What a webhook gets. `text` is what chat services show.
fn body(notices: &[Notice]) -> serde_json::Value {
    let lines: Vec<String> = notices.iter().map(line).collect();
    json!({
        "program": "rouei",
        "version": env!("CARGO_PKG_VERSION"),
        "text": format!("rouei: {}", lines.join("\n")),
        "alarms": notices,
    })
}

/// The message, with newlines as local mail commands expect them.
fn message(mail: &Mail, notices: &[Notice], now: Timestamp) -> anyhow::Result<Vec<u8>> {
    let mut text = String::new();
    for notice in notices {
        let state = match notice.state {
            State::Raised => "new",
            State::Changed => "changed",
            State::Repeated => "still",
            State::Recovered => "over",
        };
        text += &format!(
            "{} ({}), {state}, since {}\n  {}\n\n",
            notice.source,
            notice.publisher,
            day(notice.since),
            notice.message
        );
    }
    text += "Told again when it changes, when it is over, and now and then while it lasts.\n\
             `rouei source list` shows the state of every source, `rouei source preview ID` what a visit would find now.\n";
    let first = notices.first().map(line).unwrap_or_default();
    let more = if notices.len() > 1 { format!(", and {} more", notices.len() - 1) } else { String::new() };
    let subject: String =
        format!("rouei: {first}{more}").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let host = mail.from.rsplit_once('@').map_or("localhost", |(_, host)| host);
    let bytes = MessageBuilder::new()
        .message_id(MessageId::new(format!("rouei.{}.{}@{host}", now.as_nanosecond(), std::process::id())))
        .date(Date::new(now.as_second()))
        .from(mail.from.as_str())
        .to(Address::new_list(mail.to.iter().map(|to| Address::new_address(None::<&str>, to.as_str())).collect()))
        .subject(subject)
        // RFC 3834: no vacation notice is to answer it.
        .header("Auto-Submitted", mail_builder::headers::raw::Raw::new("auto-generated"))
        .text_body(text)
        .write_to_vec()?;
    Ok(String::from_utf8(bytes).context("the message is not text")?.replace("\r\n", "\n").into_bytes())
}

/// Hands the message to the command, which may take so long and no longer.
fn send(mail: &Mail, message: &[u8]) -> anyhow::Result<()> {
    let (program, arguments) = mail.command.split_first().context("no command")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| program.clone())?;
    // A message is smaller than a pipe, most often; a command that reads nothing must not hold up the run all the same.
    let mut input = child.stdin.take().context("no standard input")?;
    let bytes = message.to_vec();
    std::thread::spawn(move || {
        // Whether it was taken, the exit status says.
        let _ = input.write_all(&bytes);
    });
    let Some(status) = wait(&mut child, mail.timeout.0)? else {
        let _ = child.kill();
        let _ = child.wait();
        bail!("{program} did not end within {}", mail.timeout);
    };
    if !status.success() {
        let mut said = String::new();
        if let Some(mut errors) = child.stderr.take() {
            let _ = std::io::Read::read_to_string(&mut std::io::Read::take(&mut errors, 4096), &mut said);
        }
        bail!(
            "{program}: {status}{}{}",
            if said.trim().is_empty() { "" } else { ": " },
            said.trim().replace('\n', " ")
        );
    }
    Ok(())
}

/// How the command ended; none where it has not within the time.
fn wait(child: &mut Child, within: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = Instant::now() + within;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
