//! Bytes that anybody may have written: the inputs that once broke something, and a few seconds of new ones for each target.
//!
//! New inputs are fixture files with a handful of edits, in an order that is the same every time; `ROUEI_FUZZ_SECONDS`
//! (1) goes further along it and `ROUEI_FUZZ_SEED` (0) takes another. What fails is shrunk and printed; put it into
//! `fixtures/fuzz/broken/TARGET/`. For more than this there is libFuzzer, see `tests/fuzz/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use targets::{TARGETS, Target};

/// Cases between two looks at the clock.
const ROUND: u32 = 8;

/// What breaks readers: ends and beginnings of structures, numbers beyond bounds, halves of characters.
const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"</td>",
    b"<table>",
    b"<tr><td rowspan=65535 colspan=65535>",
    b"<!--",
    b"<svg><style>",
    b"<![CDATA[",
    b"]]>",
    b"<?xml version='1.0' encoding='euc-jp'?>",
    b"&#x10ffff;",
    b"&#0;",
    b"<script>",
    b"<meta charset=iso-2022-jp>",
    b"\x00",
    b"\x80",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe3\x81",
    b"\x1b$B",
    b"\x1b(B",
    b"\r\n\r\n",
    b"99999999999999999999",
    b"0x7fffffff",
    b"-1",
    b"%PDF-1.7",
    b"endobj",
    b"stream\r\n",
    b"<<",
    b"1 0 R",
    b"Content-Length: 18446744073709551615\r\n",
    b"WARC/1.0\r\n",
    b"\x1f\x8b\x08",
    "九千九百九十九兆".as_bytes(),
    "万".as_bytes(),
    "千".as_bytes(),
    "億".as_bytes(),
    "．".as_bytes(),
    "，".as_bytes(),
    "約".as_bytes(),
    "最大".as_bytes(),
    "人".as_bytes(),
    "件".as_bytes(),
    "うち".as_bytes(),
    "（".as_bytes(),
    "）".as_bytes(),
    "㌫㍿ﾊﾟ".as_bytes(),
    "令和".as_bytes(),
    "元年".as_bytes(),
    "13月32日".as_bytes(),
    "同日".as_bytes(),
    "翌".as_bytes(),
    "〜".as_bytes(),
    "から".as_bytes(),
    "株式会社".as_bytes(),
    "市".as_bytes(),
    "、".as_bytes(),
    "。".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{301}".as_bytes(),
    "\u{200d}".as_bytes(),
    "\u{fdfa}".as_bytes(),
];

/// One change of a seed. A place is a share of the length, so that it means something for every seed.
#[derive(Clone, Debug)]
enum Edit {
    Set(Index, u8),
    Insert(Index, &'static [u8]),
    Cut(Index, usize),
    Repeat(Index, usize, usize),
    Splice(Index, Index, Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        4 => (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        1 => (any::<Index>(), 1..40_usize, 2..60_usize).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        1 => (any::<Index>(), any::<Index>(), any::<Index>(), 1..400_usize)
            .prop_map(|(at, seed, from, length)| Edit::Splice(at, seed, from, length)),
    ]
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match self {
            Self::Set(at, byte) => {
                let at = place(at, bytes);
                if let Some(b) = bytes.get_mut(at) {
                    *b = *byte;
                }
            }
            Self::Insert(at, piece) => {
                let at = place(at, bytes);
                bytes.splice(at..at, piece.iter().copied());
            }
            Self::Cut(at, length) => {
                let at = place(at, bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at, bytes);
                let piece = bytes[at..(at + length).min(bytes.len())].repeat(*times);
                bytes.splice(at..at, piece);
            }
            Self::Splice(at, seed, from, length) => {
                let other = &seeds[seed.index(seeds.len())];
                let from = place(from, other);
                let at = place(at, bytes);
                bytes.splice(at..at, other[from..(from + length).min(other.len())].iter().copied());
            }
        }
    }
}

#[test]
fn inputs_that_once_broke_something_hold() {
    let mut names: Vec<String> = Vec::new();
    for target in TARGETS {
        for path in files(&fixtures().join("fuzz/broken").join(target.name), None) {
            eprintln!("{}", path.display());
            (target.run)(&fs::read(&path).unwrap());
        }
        names.push(target.name.to_owned());
    }
    for folder in files(&fixtures().join("fuzz/broken"), None) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(names.iter().any(|n| n == name), "{name} is no target");
    }
}

#[test]
fn every_target_has_seeds_and_a_libfuzzer_binary() {
    for target in TARGETS {
        assert!(!seeds(target).is_empty(), "{} has no seeds", target.name);
        let binary = fixtures().join("../tests/fuzz/fuzz_targets").join(format!("{}.rs", target.name));
        assert!(binary.is_file(), "{} is missing", binary.display());
    }
}

/// One test for each target, so that they run side by side.
macro_rules! edited_fixtures_hold {
    ($($target:ident),*) => { mod edited { $(
        #[test]
        fn $target() {
            super::check(stringify!($target));
        }
    )* } };
}

edited_fixtures_hold!(decode, html, feed, pdf, warc, numerals, dates, extract);

fn check(name: &str) {
    let target = TARGETS.iter().find(|t| t.name == name).unwrap();
    let seeds = seeds(target);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number_from_environment("ROUEI_FUZZ_SEED", 0).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let config = Config { cases: ROUND, failure_persistence: None, max_shrink_time: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = (any::<Index>(), vec(edit(), 1..16));
    let until = Instant::now() + Duration::from_secs(number_from_environment("ROUEI_FUZZ_SECONDS", 1));
    let input = |(seed, edits): &(Index, Vec<Edit>)| {
        let mut bytes = seeds[seed.index(seeds.len())].clone();
        edits.iter().for_each(|edit| edit.apply(&mut bytes, &seeds));
        bytes
    };
    while Instant::now() < until {
        let outcome = runner.run(&strategy, |case| {
            (target.run)(&input(&case));
            Ok(())
        });
        if let Err(TestError::Fail(reason, case)) = outcome {
            let path = std::env::temp_dir().join(format!("rouei-fuzz-{name}"));
            fs::write(&path, input(&case)).unwrap();
            panic!("{reason}: the input is {}, {} with {:?}", path.display(), name, case.1);
        }
    }
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folders = target.seeds.iter();
    folders
        .flat_map(|(folder, extension)| files(&fixtures().join(folder), Some(extension)))
        .map(|p| fs::read(p).unwrap())
        .collect()
}

/// The files of a folder, by name; none where there is no folder.
fn files(folder: &Path, extension: Option<&str>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    found.retain(|p| extension.is_none_or(|wanted| p.extension().is_some_and(|e| e == wanted)));
    found.sort();
    found
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn number_from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}
