//! Every PDF of `fixtures/pdf` against `cases.toml`, and damaged copies of them.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, path::PathBuf};

use rouei_pdf::{PdfError, pages};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
    notice: Notice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    pages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    #[serde(default, rename = "note")]
    _note: String,
    same_as: Option<String>,
    pages: Option<Vec<String>>,
    error: Option<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pdf")
}

fn cases() -> Cases {
    toml::from_str(include_str!("cases.toml")).unwrap()
}

#[test]
fn cases_hold() {
    let cases = cases();
    for case in &cases.case {
        let want = match (&case.same_as, &case.pages, &case.error) {
            (Some(name), None, None) if name == "notice" => Ok(cases.notice.pages.clone()),
            (None, Some(pages), None) => Ok(pages.clone()),
            (None, None, Some(error)) => Err(error.clone()),
            _ => panic!("{}: exactly one of same_as, pages, error", case.file),
        };
        let got = pages(&std::fs::read(folder().join(&case.file)).unwrap()).map_err(|e| e.to_string());
        assert_eq!(got, want, "{}", case.file);
    }
}

#[test]
fn every_pdf_has_a_case() {
    let named: BTreeSet<String> = cases().case.into_iter().map(|c| c.file).filter(|f| f.ends_with(".pdf")).collect();
    let there: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|f| f.ends_with(".pdf"))
        .collect();
    assert_eq!(named, there);
}

/// Damage costs the document, never the process: a run that ends is the assertion, and that what comes out is text of
/// the notice or a typed error.
#[test]
fn damage_is_survived() {
    let whole = std::fs::read(folder().join("identity-h-tounicode.pdf")).unwrap();
    for cut in (0..whole.len()).step_by(97) {
        check_damaged(&whole[..cut]);
    }
    for at in (0..whole.len()).step_by(53) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x5A;
        check_damaged(&flipped);
    }
}

fn check_damaged(bytes: &[u8]) {
    match pages(bytes) {
        Ok(pages) => assert!(pages.len() <= 2 && pages.concat().len() < 4096),
        Err(PdfError::TooLarge(why)) => panic!("a small file is never too large: {why}"),
        Err(_) => {}
    }
}
