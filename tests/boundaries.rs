//! What each crate never knows, held by its direct dependencies (ARCHITECTURE.md).

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which crates of the workspace a crate may use, besides `rouei-model`.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("rouei-model", &[]),
    ("rouei-text", &[]),
    ("rouei-pdf", &[]),
    ("rouei-morphology", &[]),
    ("rouei-extract", &["rouei-text", "rouei-morphology"]),
    ("rouei-crawl", &[]),
    ("rouei-archive", &[]),
    ("rouei-link", &[]),
    ("rouei-store", &[]),
];

/// Crates that stand for what others must not know, and who alone may use them directly.
const ONLY: [(&str, &[&str]); 15] = [
    ("reqwest", &["rouei-crawl"]),
    ("robotstxt", &["rouei-crawl"]),
    ("feed-rs", &["rouei-crawl"]),
    ("tokio", &["rouei-crawl", "rouei"]),
    ("rusqlite", &["rouei-store"]),
    ("rusqlite_migration", &["rouei-store"]),
    ("lindera", &["rouei-morphology"]),
    ("lindera-dictionary", &["rouei-morphology"]),
    ("pdf_oxide", &["rouei-pdf"]),
    ("scraper", &["rouei-text", "rouei-crawl"]),
    ("html5ever", &["rouei-text"]),
    ("axum", &["rouei"]),
    ("askama", &["rouei"]),
    ("clap", &["rouei"]),
    ("anyhow", &["rouei"]),
];

/// Words by which a crate would do what it must never do.
const NEVER_SAYS: [(&str, &[&str]); 4] = [
    ("rouei-model", &["std::fs", "std::net", "std::time::SystemTime", "Timestamp::now", "Zoned::now"]),
    ("rouei-text", &["std::fs", "std::net", "SystemTime", "Timestamp::now", "Zoned::now"]),
    ("rouei-extract", &["std::fs", "std::net", "SystemTime", "Timestamp::now", "Zoned::now", "std::env::var"]),
    ("rouei-link", &["std::fs", "std::net", "SystemTime", "Timestamp::now"]),
];

#[test]
fn crates_keep_their_boundaries() {
    let metadata = MetadataCommand::new().other_options(["--locked".to_owned()]).no_deps().exec().unwrap();
    let uses: BTreeMap<String, BTreeSet<String>> = metadata
        .packages
        .iter()
        .map(|p| {
            let normal = p.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (p.name.to_string(), normal.map(|d| d.name.clone()).collect())
        })
        .collect();
    let mut broken = Vec::new();
    for (name, allowed) in MAY_USE {
        for used in uses[name].iter().filter(|u| u.starts_with("rouei") && *u != "rouei-model") {
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{name} uses {used}"));
            }
        }
    }
    for (crate_name, allowed) in ONLY {
        for (name, used) in &uses {
            if used.contains(crate_name) && !allowed.contains(&name.as_str()) {
                broken.push(format!("{name} uses {crate_name}, which is for {allowed:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn pure_crates_ask_neither_files_nor_clock() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut broken = Vec::new();
    for (name, words) in NEVER_SAYS {
        let mut folders = vec![root.join("crates").join(name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.extension().is_none_or(|e| e != "rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for word in words.iter().filter(|w| text.contains(**w)) {
                    broken.push(format!("{} says {word}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn sql_stands_in_the_store_alone() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/rouei/src");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for sql in ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE"] {
                    assert!(!text.contains(sql), "{} holds SQL: {sql}", path.display());
                }
            }
        }
    }
}
