//! What a run says at its end: to a person, as JSON, or one line on a bad night.

use rouei_crawl::Catalogue;

use crate::alarm::{self, Notice};
use crate::pipeline::RunReport;

/// How it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Nothing on a good night, one line on a bad one.
    Quiet,
    /// Everything, for people.
    Text,
    /// Everything, one JSON object a line.
    Json,
}

/// Says what the run did and what is to be told of it. `failures` are the ways of telling that failed.
pub fn say(voice: Voice, catalogue: &Catalogue, report: &RunReport, notices: &[Notice], failures: &[String]) {
    match voice {
        Voice::Quiet => {
            if let Some(line) = one_line(notices, failures) {
                eprintln!("{line}");
            }
        }
        Voice::Text => text(report, notices, failures),
        Voice::Json => json(catalogue, report, notices, failures),
    }
}

/// Everything that is to be told, in one line; none on a good night.
fn one_line(notices: &[Notice], failures: &[String]) -> Option<String> {
    let told: Vec<String> = notices.iter().map(alarm::line).chain(failures.iter().cloned()).collect();
    (!told.is_empty()).then(|| format!("rouei: {}", told.join("; ").replace(['\n', '\r'], " ")))
}

fn text(report: &RunReport, notices: &[Notice], failures: &[String]) {
    for (source, tally) in &report.crawl.sources {
        for finding in &tally.findings {
            eprintln!("{source}: {finding}");
        }
    }
    for (source, reason) in &report.reasons {
        eprintln!("{source}: {}: {}", reason.url.as_deref().unwrap_or("-"), reason.reason);
    }
    for (host, reason) in &report.crawl.hosts_left {
        eprintln!("{host}: left for this run: {reason}");
    }
    for (source, t) in &report.crawl.sources {
        eprintln!(
            "{source}: {} found, {} new, {} changed, {} unchanged, {} not due, {} failed, {} rejected",
            t.found, t.new, t.changed, t.unchanged, t.not_due, t.failed, t.rejected
        );
    }
    for notice in notices {
        eprintln!("alarm: {}", alarm::line(notice));
    }
    for failure in failures {
        eprintln!("{failure}");
    }
    let reading = &report.reading;
    eprintln!(
        "{} requests to {} sources; {} documents read ({} unread), {} disclosures new, {} changed, {} withdrawn",
        report.crawl.requests,
        report.crawl.sources.len(),
        reading.documents,
        reading.unread,
        reading.new,
        reading.changed,
        reading.withdrawn,
    );
    if report.recovered > 0 {
        eprintln!("{} captures of an interrupted run were taken over", report.recovered);
    }
    if report.crawl.interrupted {
        eprintln!("the run was interrupted; the next one goes on from here");
    }
}

fn json(catalogue: &Catalogue, report: &RunReport, notices: &[Notice], failures: &[String]) {
    for (source, reason) in &report.reasons {
        let url = reason.url.as_deref();
        if reason.rejected {
            tracing::info!(source, url, reason = reason.reason, "rejected");
        } else {
            tracing::warn!(source, url, reason = reason.reason, "failed");
        }
    }
    for (source, t) in &report.crawl.sources {
        let publisher = catalogue.source(source).map(|s| s.publisher.as_str());
        for finding in &t.findings {
            tracing::warn!(source, publisher, finding = %finding, "finding");
        }
        tracing::info!(
            source,
            publisher,
            found = t.found,
            new = t.new,
            changed = t.changed,
            unchanged = t.unchanged,
            not_due = t.not_due,
            failed = t.failed,
            rejected = t.rejected,
            "source"
        );
    }
    for (host, reason) in &report.crawl.hosts_left {
        tracing::warn!(host, reason, "host left for this run");
    }
    for n in notices {
        let state = serde_json::to_value(n.state).ok();
        let state = state.as_ref().and_then(serde_json::Value::as_str);
        tracing::warn!(source = n.source, kind = n.kind, state, since = %n.since, message = n.message, "alarm");
    }
    for failure in failures {
        tracing::error!(failure, "an alarm could not be told");
    }
    let reading = &report.reading;
    tracing::info!(
        requests = report.crawl.requests,
        bytes = report.crawl.bytes,
        sources = report.crawl.sources.len(),
        documents = reading.documents,
        unread = reading.unread,
        disclosures_new = reading.new,
        disclosures_changed = reading.changed,
        disclosures_withdrawn = reading.withdrawn,
        recovered = report.recovered,
        interrupted = report.crawl.interrupted,
        "run"
    );
}
