//! Pages of some forty themes, invented organizations only. What is furniture in them carries figures from 99,800 to
//! 99,999, which no main content holds.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use rouei_text::{Hints, outline, read};

fn check(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let hints = Hints { path: path.file_name().map(|n| n.to_string_lossy().into_owned()), ..Hints::default() };
    let document = read(&bytes, &hints);
    for furniture in ["99,8", "99,9", "関連記事", "ランキングTOP"] {
        assert!(
            !document.text.contains(furniture),
            "{}: furniture {furniture}\n{}",
            path.display(),
            outline(&document)
        );
    }
    let joined: Vec<&str> = document.blocks.iter().map(|b| b.span.of(&document.text)).collect();
    assert_eq!(joined.join("\n").replace('\t', "\n"), document.text.replace('\t', "\n"), "{}", path.display());
    insta::assert_snapshot!(path.file_stem().unwrap().to_string_lossy().into_owned(), outline(&document));
}

#[test]
fn themes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "html" || e == "txt"));
    pages.sort();
    assert!(pages.len() >= 12);
    pages.iter().for_each(|p| check(p));
}
