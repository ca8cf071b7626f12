//! Alarms as an operator gets them: one line, a webhook, a mail; once, again when it changes, and when it is over.

#![allow(clippy::unwrap_used)]

mod support;
mod web;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use support::{command, rouei, stderr, stdout};
use tempfile::TempDir;
use web::{Web, listing, moved, page, status};

/// A folder with a source file over a site, and what receives its alarms.
struct Bench {
    folder: TempDir,
    web: Web,
}

/// A command that keeps each message in a file of its own, and fails while a file `broken` lies beside it.
const SENDMAIL: &str = "#!/bin/sh\nfolder=$(dirname \"$0\")\nif [ -e \"$folder/broken\" ]; then echo 'queue is full' >&2; \
                        exit 75; fi\nn=$(ls \"$folder\" | grep -c '^mail')\ncat > \"$folder/mail$n\"\n\
                        echo \"$@\" > \"$folder/arguments\"\n";

impl Bench {
    fn new(more: &str) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap(), web: Web::serve() };
        let script = bench.path("sendmail");
        std::fs::write(&script, SENDMAIL).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        bench.web.put("/hook/secret", page(""));
        let yaml = format!(
            "crawl: {{ contact: operator@rouei.example, delay: 0s, limits: {{ attempts: 1 }} }}\n\
             alarms:\n  webhook: {{ url: '{}', allow_private_addresses: true, timeout: 5s }}\n  \
             mail: {{ from: cron@rouei.example, to: [ops@rouei.example, 'second@rouei.example'], \
             command: ['{}', -t, -oi], timeout: 5s }}\n\
             sources:\n  - id: town\n    publisher: 架空町\n    tier: official\n    delay: 0s\n    \
             allow_private_addresses: true\n    discovery: {{ listing: {{ url: '{}', item_selector: li }} }}\n    {more}\n",
            bench.web.url("/hook/secret"),
            script.display(),
            bench.web.url("/"),
        );
        std::fs::write(bench.path("sources.yaml"), yaml).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn crawl(&self, arguments: &[&str]) -> Output {
        let mut command = command();
        command.arg("crawl").arg("--data").arg(self.path("data")).arg("--sources").arg(self.path("sources.yaml"));
        command.args(arguments).output().unwrap()
    }

    /// One night: what the quiet run says.
    fn night(&self) -> String {
        let output = self.crawl(&["--quiet"]);
        assert_eq!(stdout(&output), "");
        stderr(&output)
    }

    fn mails(&self) -> Vec<String> {
        let mut names: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
        names.retain(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("mail")));
        names.sort();
        names.iter().map(|p| std::fs::read_to_string(p).unwrap()).collect()
    }
}

fn healthy(web: &Web) {
    web.put("/", listing(&["/n/1", "/n/2"]));
    for n in ["/n/1", "/n/2"] {
        web.put(
            n,
            page(&format!("<title>催し {n}</title><main><p>広報のお知らせです。町の催しを行います。{n}</p></main>")),
        );
    }
}

#[test]
fn a_broken_source_is_told_once_and_once_more_when_it_works_again() {
    let bench = Bench::new("expect: { min_items: 2, max_items: 20 }");
    healthy(&bench.web);
    assert_eq!(bench.night(), "", "a good night");
    assert_eq!(bench.web.posted(), []);

    // A redesign: the listing is there, its items are not.
    bench.web.put("/", page("<title>一覧</title><div>新しい町のサイト</div>"));
    let said = bench.night();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("rouei: town: found 0 items, normal are at least 2 (since 20"), "{said}");
    let posted = bench.web.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].0, "/hook/secret");
    let json: serde_json::Value = serde_json::from_str(&posted[0].1).unwrap();
    let alarm = &json["alarms"][0];
    assert_eq!(json["alarms"].as_array().unwrap().len(), 1);
    assert_eq!((alarm["source"].as_str(), alarm["kind"].as_str()), (Some("town"), Some("too_few")));
    assert_eq!((alarm["publisher"].as_str(), alarm["state"].as_str()), (Some("架空町"), Some("raised")));
    assert!(json["text"].as_str().unwrap().contains("town: found 0 items"));

    let mails = bench.mails();
    assert_eq!(mails.len(), 1);
    let (head, _) = mails[0].split_once("\n\n").unwrap();
    for field in [
        "From: <cron@rouei.example>",
        "<ops@rouei.example>",
        "<second@rouei.example>",
        "Date: ",
        "Message-ID: <",
        "Subject: rouei: town: found 0 items",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(head.contains(field), "{field}\n{head}");
    }
    assert!(head.is_ascii() && !mails[0].contains('\r'));
    assert!(head.lines().all(|l| l.len() <= 998));
    assert_eq!(std::fs::read_to_string(bench.path("arguments")).unwrap(), "-t -oi\n");

    assert_eq!(bench.night(), "", "told already");
    assert_eq!(bench.web.posted(), []);

    // Another trouble of the same kind is another matter; then it works again.
    bench.web.put("/", listing(&["/n/1"]));
    assert!(bench.night().contains("found 1 items"));
    healthy(&bench.web);
    let said = bench.night();
    assert!(said.lines().count() == 1 && said.contains("town: works again (since "), "{said}");
    let states: Vec<String> = bench
        .web
        .posted()
        .iter()
        .map(|(_, body)| {
            let json: serde_json::Value = serde_json::from_str(body).unwrap();
            json["alarms"][0]["state"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(states, ["changed", "recovered"]);
    assert_eq!(bench.night(), "");
    assert_eq!(bench.mails().len(), 3);
}

#[test]
fn a_way_of_telling_that_fails_is_said_and_costs_nothing_else() {
    let bench = Bench::new("");
    bench.web.put("/", status(404));
    bench.web.put("/hook/secret", status(500));
    std::fs::write(bench.path("broken"), "").unwrap();
    let said = bench.night();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("town: discovery failed at") && said.contains("status 404"), "{said}");
    assert!(said.contains("the alarm's webhook at 127.0.0.1: status 500"), "{said}");
    assert!(said.contains("the alarm's mail: ") && said.contains("queue is full"), "{said}");
    assert!(!said.contains("secret"), "the path of a webhook is its password: {said}");

    // Nobody was told: it is told the next night, by whatever works then.
    std::fs::remove_file(bench.path("broken")).unwrap();
    assert!(bench.night().contains("discovery failed"));
    assert_eq!(bench.mails().len(), 1);
    assert_eq!(bench.night(), "");
}

#[test]
fn a_private_webhook_needs_leave() {
    let bench = Bench::new("");
    let file = bench.path("sources.yaml");
    let yaml = std::fs::read_to_string(&file).unwrap().replacen("allow_private_addresses: true, ", "", 1);
    std::fs::write(&file, yaml).unwrap();
    bench.web.put("/", status(404));
    assert!(bench.night().contains("which is no public address"));
    assert_eq!(bench.web.posted(), []);
    assert_eq!(bench.mails().len(), 1);
}

#[test]
fn a_sendmail_that_hangs_does_not_hold_up_the_run() {
    let bench = Bench::new("");
    let file = bench.path("sources.yaml");
    let yaml = std::fs::read_to_string(&file).unwrap().replace("timeout: 5s }\nsources", "timeout: 300ms }\nsources");
    std::fs::write(&file, yaml).unwrap();
    std::fs::write(bench.path("sendmail"), "#!/bin/sh\nexec sleep 60\n").unwrap();
    bench.web.put("/", status(404));
    let started = std::time::Instant::now();
    assert!(bench.night().contains("did not end within 300ms"));
    assert!(started.elapsed().as_secs() < 30);
}

/// The command of the first line of `contrib/crontab.example`, with these paths for those of the example.
fn crontab_command(bench: &Bench) -> String {
    let example = std::fs::read_to_string(support::fixture("../contrib/crontab.example")).unwrap();
    let line = example.lines().find(|l| l.starts_with("*/20 ")).unwrap();
    let command = line.splitn(6, char::is_whitespace).last().unwrap();
    let command = &command[command.find("/usr/local/bin/rouei").unwrap()..];
    assert!(command.contains("/var/lib/rouei") && command.contains("/etc/rouei/sources.yaml"), "{command}");
    command
        .replace("/usr/local/bin/rouei", env!("CARGO_BIN_EXE_rouei"))
        .replace("/var/lib/rouei", bench.path("data").to_str().unwrap())
        .replace("/etc/rouei/sources.yaml", bench.path("sources.yaml").to_str().unwrap())
}

/// As cron runs it: with next to no environment, by `/bin/sh`, in another folder.
fn by_cron(command: &str) -> (Option<i32>, String) {
    let output = std::process::Command::new("/usr/bin/env")
        .args([
            "-i",
            "HOME=/nonexistent",
            "LOGNAME=rouei",
            "SHELL=/bin/sh",
            "PATH=/usr/bin:/bin",
            "/bin/sh",
            "-c",
            command,
        ])
        .current_dir("/")
        .output()
        .unwrap();
    (output.status.code(), format!("{}{}", stdout(&output), stderr(&output)))
}

#[test]
fn the_crontab_line_is_silent_on_a_good_night_and_says_one_line_on_a_bad_one() {
    let bench = Bench::new("schedule: 1s");
    let command = crontab_command(&bench);
    let wait = || std::thread::sleep(std::time::Duration::from_millis(1_100));
    healthy(&bench.web);
    assert_eq!(by_cron(&command), (Some(0), String::new()), "a good night");
    wait();
    bench.web.put("/", status(503));
    let (code, said) = by_cron(&command);
    assert_eq!((code, said.lines().count()), (Some(3), 1), "{said}");
    assert!(said.starts_with("rouei: town: discovery failed at http://127.0.0.1"), "{said}");
    wait();
    assert_eq!(by_cron(&command), (Some(3), String::new()), "told already");
    wait();
    healthy(&bench.web);
    let (code, said) = by_cron(&command);
    assert_eq!((code, said.lines().count()), (Some(0), 1), "{said}");
    assert!(said.contains("works again"), "{said}");
    wait();
    assert_eq!(by_cron(&command), (Some(0), String::new()));
}

const NOT_FOUND: &str = "<title>架空町</title><p>お探しのページは見つかりませんでした。</p>";

#[test]
fn pages_that_are_none_leave_the_records_as_they_were() {
    let bench = Bench::new("revisit: 1s..2s");
    let notice = "<title>個人情報の漏えいについて</title><main><h1>個人情報の漏えいについて</h1><p>架空町は2025年4月16日、\
                  電子メールの誤送信により、町民120名の氏名とメールアドレスが漏えいしたと発表した。</p></main>";
    bench.web.put("/", listing(&["/n/1", "/n/2", "/n/3"]));
    for n in ["/n/1", "/n/2", "/n/3"] {
        bench.web.put(n, page(&notice.replace("120", &format!("12{}", &n[3..]))));
    }
    assert_eq!(bench.night(), "");
    let records = || {
        let output = rouei(["export".as_ref(), "jsonl".as_ref(), "--data".as_ref(), bench.path("data").as_os_str()]);
        support::json_lines(&stdout(&output)).len()
    };
    assert_eq!(records(), 3);

    // The site loses its pages: one says so with status 200, one leads to the top, one wants a login.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    bench.web.put("/n/1", page(NOT_FOUND));
    bench.web.put("/n/2", moved("/"));
    bench
        .web
        .put("/n/3", page("<title>架空町</title><p>続きを読むにはログインしてください。</p><input type=password>"));
    let said = bench.crawl(&[]);
    let said = stderr(&said);
    assert!(said.contains("/n/1: the page is none: soft 404"), "{said}");
    assert!(said.contains("/n/3: the page is none: login wall"), "{said}");
    assert!(said.contains("alarm: town: 3 of 3 pages fetched are none"), "{said}");
    assert_eq!(records(), 3, "nothing was lost");
    let output = rouei(["status".as_ref(), "--data".as_ref(), bench.path("data").as_os_str()]);
    let overview = stdout(&output);
    assert!(overview.contains("soft_not_found") && overview.contains("login_wall"), "{overview}");

    // Reading the archive again finds the notices, not the walls.
    let output = rouei([
        "reextract".as_ref(),
        "--data".as_ref(),
        bench.path("data").as_os_str(),
        "--sources".as_ref(),
        bench.path("sources.yaml").as_os_str(),
    ]);
    assert!(stderr(&output).contains("0 disclosures new, 0 changed, 3 unchanged, 0 withdrawn"), "{}", stderr(&output));
    assert_eq!(records(), 3);
}

#[test]
fn fields_that_pages_always_had_are_missed() {
    let bench = Bench::new("max_per_host: 8");
    let article = |n: usize, title: &str| {
        page(&format!(
            "{title}<main><p>{n}番目のお知らせです。本年度の町の行事について、日程が決まりましたので、次のとおりお知らせします。\
             会場は町民会館、受付は午前九時からです。皆様の参加をお待ちしています。雨天のときは次の週に延期します。</p></main>"
        ))
    };
    let paths: Vec<String> = (0..20).map(|n| format!("/n/{n}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for (n, path) in paths.iter().enumerate() {
        let title = if n < 15 { format!("<title>行事のお知らせ その{n}</title>") } else { String::new() };
        bench.web.put(path, article(n, &title));
    }
    bench.web.put("/", listing(&paths[..15]));
    assert_eq!(bench.night(), "");
    bench.web.put("/", listing(&paths));
    let said = bench.night();
    assert!(said.contains("the latest 5 pages lack a title, which 15 of the 15 before had"), "{said}");
}

#[test]
fn json_logs_hold_the_summary_of_every_source() {
    let bench = Bench::new("");
    healthy(&bench.web);
    bench.web.put("/n/2", status(410));
    let output = bench.crawl(&["--log-format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let lines = support::json_lines(&stderr(&output));
    let message = |name: &str| lines.iter().filter(|l| l["fields"]["message"] == name).collect::<Vec<_>>();
    let source = &message("source")[0]["fields"];
    assert_eq!((&source["source"], &source["found"], &source["new"]), (&"town".into(), &2.into(), &1.into()));
    assert_eq!(message("failed")[0]["fields"]["reason"], "status 410");
    assert_eq!(message("run").len(), 1);
    let shown = rouei(["status".as_ref(), "--data".as_ref(), bench.path("data").as_os_str()]);
    assert!(stdout(&shown).contains("exit code 3"), "{}", stdout(&shown));
}

#[test]
fn a_run_that_is_told_to_stop_ends_in_order_and_judges_nothing() {
    // A page in five seconds, so that the run would take a minute and a half.
    let bench = Bench::new("expect: { min_items: 100 }");
    let file = bench.path("sources.yaml");
    let slow = std::fs::read_to_string(&file).unwrap().replace("    delay: 0s\n", "    delay: 5s\n");
    std::fs::write(&file, slow).unwrap();
    let paths: Vec<String> = (0..20).map(|n| format!("/n/{n}")).collect();
    bench.web.put("/", listing(&paths.iter().map(String::as_str).collect::<Vec<_>>()));
    let started = std::time::Instant::now();
    let child = command()
        .args(["crawl".as_ref(), "--data".as_ref(), bench.path("data").as_os_str()])
        .args(["--sources".as_ref(), file.as_os_str()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while bench.web.asked().is_empty() {
        assert!(started.elapsed().as_secs() < 60, "never asked for the listing");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let killed = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.code().is_some(), "ended by the signal, not in order");
    assert!(stderr(&output).contains("the run was interrupted; the next one goes on from here"), "{}", stderr(&output));
    assert!(started.elapsed().as_secs() < 60);
    assert!(bench.web.posted().is_empty() && bench.mails().is_empty(), "nothing is said of what was not seen");
}

#[test]
fn the_list_of_sources_shows_state_and_health() {
    let bench = Bench::new("schedule: 1h..1d");
    let list = |format: &str, data: &Path| {
        let output = rouei([
            "source".as_ref(),
            "list".as_ref(),
            "--sources".as_ref(),
            bench.path("sources.yaml").as_os_str(),
            "--data".as_ref(),
            data.as_os_str(),
            "--format".as_ref(),
            format.as_ref(),
        ]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let json = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap()[0].clone();
    let data = bench.path("data");
    assert!(list("text", &data).contains("never visited"));
    assert_eq!(json(list("json", &data))["health"], "never_visited");

    healthy(&bench.web);
    bench.night();
    let listed = json(list("json", &data));
    assert_eq!((&listed["health"], &listed["due"]), (&"ok".into(), &false.into()));
    assert!(listed["last_success"].is_string() && listed["next_run"].as_str() > listed["last_run"].as_str());
    assert_eq!(stdout(&bench.crawl(&["--due", "--dry-run"])), "", "not due for an hour");

    bench.web.put("/", status(503));
    bench.night();
    let listed = json(list("json", &data));
    assert_eq!((&listed["health"], &listed["alarms"][0]["kind"]), (&"alarm".into(), &"discovery".into()));
    assert!(list("text", &data).contains("status 503"));
}
