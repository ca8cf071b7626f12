//! The pages that are measured: the fixture sites and the gold corpus, as they lie on disk.

#![allow(dead_code, reason = "each benchmark uses a part")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One page.
pub(crate) struct Page {
    /// Below `fixtures/`.
    pub(crate) path: String,
    /// As served.
    pub(crate) bytes: Vec<u8>,
}

/// Every HTML page below `fixtures/sites` and `fixtures/gold/html`, by path; PDFs are another library's affair.
///
/// # Errors
/// Where a folder or file cannot be read, and where there is no page at all.
pub(crate) fn all() -> io::Result<Vec<Page>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut files = Vec::new();
    for folder in ["sites", "gold/html"] {
        let folder = root.join(folder);
        if folder.is_dir() {
            collect(&folder, &mut files)?;
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("no pages below {}", root.display())));
    }
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            Ok(Page { path, bytes: fs::read(&file)? })
        })
        .collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|e| e == "html" || e == "htm") {
            into.push(path);
        }
    }
    Ok(())
}

/// Most memory that this process has held (`VmHWM` of `/proc/self/status`, Linux), in bytes; none elsewhere.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Time that this thread has had a processor (Linux: `schedstat`), in nanoseconds; none elsewhere. On a machine that
/// others load, it says more than the clock.
pub(crate) fn processor_time() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// `12.3 MB`, or that the system does not say.
pub(crate) fn shown(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "unknown here".to_owned(), |b| format!("{:.1} MB", b as f64 / 1e6))
}
