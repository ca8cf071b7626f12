//! Pages per second of a crawl beside Scrapy's, on a local nginx: `cargo bench -p rouei --bench crawl -- --scrapy PYTHON`,
//! where PYTHON is one that has Scrapy (`pip install scrapy==2.19.0`). Options: `--pages N` (5000), `--rounds N` (1).
//!
//! 5,000 pages of 13 kB with entity tags, no delay, sixteen requests at once. rouei archives and indexes (`--no-extract`:
//! Scrapy reads nothing either) and is timed from start to end of the process; Scrapy writes each body into a file and is
//! timed as it times itself, without its start. The second pass gets nothing but 304: rouei writes revisits, Scrapy goes
//! by its HTTP cache.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Length of a page.
const PAGE: usize = 13_000;
/// Clock ticks of `/proc/PID/stat` in a second; 100 on every Linux that rouei runs on.
const TICKS: f64 = 100.0;

fn main() -> anyhow::Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let folder = tempfile::tempdir()?;
    let site = Site::serve(folder.path(), options.pages)?;
    for round in 0..options.rounds {
        let data = folder.path().join(format!("data-{round}"));
        site.write_sitemap()?;
        let first = rouei(&site, folder.path(), &data)?;
        first.show("rouei, 200s", options.pages);
        // Younger than the first pass: every page is due.
        std::thread::sleep(Duration::from_millis(1100));
        site.write_sitemap()?;
        std::thread::sleep(Duration::from_millis(1100));
        let second = rouei(&site, folder.path(), &data)?;
        second.show("rouei, 304s", options.pages);
        let status = rouei_store::Store::open_read_only(&data.join("rouei.sqlite"))?.status()?;
        let seen = (status.responses, status.revisits);
        anyhow::ensure!(seen.0 >= options.pages as u64 + 2, "{seen:?} responses and revisits");
        anyhow::ensure!(seen.1 >= options.pages as u64, "{seen:?} responses and revisits");

        let Some(python) = &options.scrapy else { continue };
        let out = folder.path().join(format!("scrapy-{round}"));
        let plain = scrapy(&site, python, &out, None, options.pages, 0)?;
        plain.show("Scrapy, 200s", options.pages);
        let cache = folder.path().join(format!("cache-{round}"));
        scrapy(&site, python, &out, Some(&cache), options.pages, 0)?;
        let cached = scrapy(&site, python, &out, Some(&cache), options.pages, options.pages)?;
        cached.show("Scrapy, 304s", options.pages);
        println!("pages a second, 200s: {:.1} times Scrapy's (wanted 10)", plain.seconds / first.seconds);
        println!("pages a second, 304s: {:.1} times Scrapy's (wanted 30)", cached.seconds / second.seconds);
    }
    Ok(())
}

struct Options {
    pages: usize,
    rounds: usize,
    scrapy: Option<PathBuf>,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut options = Self { pages: 5000, rounds: 1, scrapy: None };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--pages" => options.pages = args.next().unwrap_or_default().parse()?,
                "--rounds" => options.rounds = args.next().unwrap_or_default().parse()?,
                "--scrapy" => options.scrapy = args.next().map(PathBuf::from),
                "--bench" => {}
                other => anyhow::bail!("unknown option {other}; known: --pages N, --rounds N, --scrapy PYTHON"),
            }
        }
        Ok(options)
    }
}

/// What a pass took.
struct Pass {
    seconds: f64,
    /// User and system.
    cpu: f64,
    peak: u64,
}

impl Pass {
    fn show(&self, name: &str, pages: usize) {
        println!(
            "{name:14} {:7.2} s  {:7.0} pages/s  {:6.3} ms of CPU a page  peak {:5.1} MB",
            self.seconds,
            pages as f64 / self.seconds,
            self.cpu * 1e3 / pages as f64,
            self.peak as f64 / 1e6
        );
    }
}

fn rouei(site: &Site, folder: &Path, data: &Path) -> anyhow::Result<Pass> {
    let sources = folder.join("sources.yaml");
    let yaml = format!(
        "crawl: {{ contact: bench@rouei.example, delay: 0s }}\nsources:\n  - id: bench\n    publisher: 架空商事\n    \
         tier: official\n    max_per_host: 16\n    allow_private_addresses: true\n    \
         discovery: {{ sitemap: {{ url: '{}/sitemap.xml' }} }}\n",
        site.address
    );
    fs::write(&sources, yaml)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_rouei"));
    command.args(["crawl", "--quiet", "--no-extract", "--data"]).arg(data).arg("--sources").arg(&sources);
    let started = Instant::now();
    let (cpu, peak) = watched(command.spawn()?)?;
    Ok(Pass { seconds: started.elapsed().as_secs_f64(), cpu, peak })
}

/// A pass of the spider; `unchanged` is how many answers of 304 it has to have seen.
fn scrapy(
    site: &Site,
    python: &Path,
    out: &Path,
    cache: Option<&Path>,
    pages: usize,
    unchanged: usize,
) -> anyhow::Result<Pass> {
    let told = out.with_extension("txt");
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/spider.py"));
    command.env("SITE", &site.address).env("OUT", out).stdout(fs::File::create(&told)?);
    if let Some(cache) = cache {
        command.env("CACHE", cache);
    }
    let (cpu, peak) = watched(command.spawn().context("Scrapy does not start")?)?;
    let told = fs::read_to_string(told)?;
    let figures: Vec<f64> = told.split_whitespace().map(str::parse).collect::<Result<_, _>>().context(told.clone())?;
    let [scraped, seconds, not_modified] = figures.as_slice() else { anyhow::bail!("Scrapy said {told:?}") };
    anyhow::ensure!(*scraped == pages as f64 && *not_modified >= unchanged as f64, "Scrapy said {told:?}");
    Ok(Pass { seconds: *seconds, cpu, peak })
}

/// Waits for a process to end well. Gives the seconds of CPU that it took and its peak memory, as of a few
/// milliseconds before its end.
fn watched(mut child: Child) -> anyhow::Result<(f64, u64)> {
    let proc = PathBuf::from(format!("/proc/{}", child.id()));
    let (mut cpu, mut peak) = (0.0_f64, 0);
    loop {
        let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
        // Behind the name, which may hold anything: fields 14 and 15 of all (proc(5)).
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
        cpu = cpu.max(ticks / TICKS);
        let status = fs::read_to_string(proc.join("status")).unwrap_or_default();
        let high = status.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(high.unwrap_or(0_u64) * 1024);
        if let Some(status) = child.try_wait()? {
            anyhow::ensure!(status.success(), "{status}");
            return Ok((cpu, peak));
        }
        std::thread::sleep(Duration::from_millis(4));
    }
}

/// An nginx of our own. It ends with this.
struct Site {
    address: String,
    root: PathBuf,
    pages: usize,
    nginx: Child,
}

impl Site {
    fn serve(folder: &Path, pages: usize) -> anyhow::Result<Self> {
        let root = folder.join("www");
        fs::create_dir_all(root.join("news"))?;
        fs::write(root.join("robots.txt"), "User-agent: *\nDisallow: /private/\n")?;
        for page in 0..pages {
            fs::write(root.join(name(page)), body(page))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let conf = folder.join("nginx.conf");
        let here = folder.display();
        fs::write(
            &conf,
            format!(
                "daemon off;\nworker_processes 1;\npid {here}/nginx.pid;\nerror_log {here}/error.log;\n\
                 events {{ worker_connections 256; }}\nhttp {{\n  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  \
                 open_file_cache max=10000;\n  keepalive_requests 1000000;\n  types {{ text/html html; text/xml xml; \
                 text/plain txt; }}\n  charset utf-8;\n  add_header Cache-Control max-age=0;\n  \
                 client_body_temp_path {here}/a; proxy_temp_path {here}/b; fastcgi_temp_path {here}/c; \
                 uwsgi_temp_path {here}/d; scgi_temp_path {here}/e;\n  \
                 server {{ listen 127.0.0.1:{port}; root {here}/www; location = /sitemap.xml {{ open_file_cache off; }} }}\n}}\n"
            ),
        )?;
        let nginx = Command::new("nginx")
            .arg("-c")
            .arg(&conf)
            .stderr(Stdio::null())
            .spawn()
            .context("nginx does not start; is it installed, and in PATH?")?;
        let site = Self { address: format!("http://127.0.0.1:{port}"), root, pages, nginx };
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(Instant::now() < deadline, "nginx does not answer: see {here}/error.log");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(site)
    }

    /// Says of every page that it changed now.
    fn write_sitemap(&self) -> anyhow::Result<()> {
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let mut xml =
            "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">".to_owned();
        for page in 0..self.pages {
            let _ = writeln!(xml, "<url><loc>{}/{}</loc><lastmod>{now}</lastmod></url>", self.address, name(page));
        }
        fs::write(self.root.join("sitemap.xml"), xml + "</urlset>").map_err(Into::into)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // The master takes its workers with it when it is asked, not when it is killed.
        let _ = Command::new("kill").arg(self.nginx.id().to_string()).status();
        let _ = self.nginx.wait();
    }
}

fn name(page: usize) -> String {
    format!("news/{page:05}.html")
}

/// A notice with furniture around it, no two alike.
fn body(page: usize) -> String {
    const WORDS: [&str; 16] = [
        "お客様",
        "個人情報",
        "漏えい",
        "不正アクセス",
        "委託先",
        "システム",
        "調査",
        "公表",
        "対応",
        "再発防止策",
        "メール",
        "誤送信",
        "氏名",
        "住所",
        "確認",
        "可能性",
    ];
    let mut html = format!(
        "<!doctype html><html lang=ja><head><meta charset=utf-8><title>お知らせ {page}</title></head><body><nav><ul>"
    );
    (0..20).for_each(|i| html.push_str(&format!("<li><a href='/menu/{i}'>メニュー{i}</a></li>")));
    html.push_str(&format!("</ul></nav><main><h1>個人情報の漏えいに関するお知らせ 第{page}号</h1>\n"));
    let mut state = page as u64 * 2 + 1;
    while html.len() < PAGE {
        html.push_str("<p>");
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            html.push_str(WORDS[(state >> 60) as usize]);
            html.push(['の', 'を', 'に', 'が'][(state >> 40) as usize % 4]);
        }
        html.push_str("。</p>\n");
    }
    html + "</main><footer>架空商事株式会社</footer></body></html>"
}
