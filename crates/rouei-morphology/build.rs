//! Builds the embedded dictionary from IPADIC's source and `dictionary/domain.csv`, without a network of its own.

use std::env;
use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::Dictionary;
use lindera_dictionary::dictionary::metadata::Metadata;
use sha2::{Digest, Sha256};

#[path = "src/word_class.rs"]
#[allow(dead_code, unreachable_pub)] // public in the library, whose file this is
mod word_class;
use word_class::WordClass;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The package whose archive carries the source; see docs/adr/0020.
const CARRIER: (&str, &str) = ("lindera-ipadic", "0.27.2");
const TARBALL: &str = "resources/mecab-ipadic-2.7.0-20070801.tar.gz";
const TARBALL_SHA256: &str = "b62f527d881c504576baed9c6ef6561554658b175ce6ae0096a60307e49e3523";

/// How often each context is asked for: costs of contexts that are asked for often lie side by side (ADR 0151).
const CONTEXTS: &str = "dictionary/context-frequency.txt";

fn main() -> Outcome<()> {
    for path in ["build.rs", "src/word_class.rs", "dictionary/domain.csv", "dictionary/metadata.json", CONTEXTS] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-env-changed=IPADIC_SRC_TARBALL");
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rustc-env=LINDERA_WORKDIR={}", out_dir.display());

    let tarball = tarball_path()?;
    let packed = fs::read(&tarball).map_err(|error| format!("{}: {error}", tarball.display()))?;
    let digest: String = Sha256::digest(&packed).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != TARBALL_SHA256 {
        return Err(format!("{}: sha256 is {digest}, not {TARBALL_SHA256}", tarball.display()).into());
    }

    let (source, built) = (out_dir.join("source"), out_dir.join("dictionary"));
    for folder in [&source, &built] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    write_source(&packed, &source)?;
    let metadata = Metadata::load(&fs::read("dictionary/metadata.json")?)?;
    DictionaryBuilder::new(metadata).with_context_id_freq(CONTEXTS).build_dictionary(&source, &built)?;
    write_class_tables(&built, &out_dir)?;
    fs::remove_dir_all(&source)?;
    Ok(())
}

/// Where the source lies: `IPADIC_SRC_TARBALL`, else in the carrier package that cargo has fetched.
fn tarball_path() -> Outcome<PathBuf> {
    if let Some(path) = env::var_os("IPADIC_SRC_TARBALL").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    // Offline first: a machine that fetched everything must never wait for a registry. A build that fetched for its
    // own platform only lacks packages of the others, which cargo's metadata wants too; then the registry is asked.
    let metadata = cargo_metadata(&["--offline"]).or_else(|_| cargo_metadata(&[])).map_err(|error| {
        format!(
            "the IPADIC source is not at hand: {error}\n\
             Run `cargo fetch --locked` once with a network, or set IPADIC_SRC_TARBALL to \
             mecab-ipadic-2.7.0-20070801.tar.gz (sha256 {TARBALL_SHA256})."
        )
    })?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let manifest = packages
        .iter()
        .find(|package| package["name"] == CARRIER.0 && package["version"] == CARRIER.1)
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or_else(|| format!("cargo metadata does not name {} {}", CARRIER.0, CARRIER.1))?;
    Ok(Path::new(manifest).with_file_name(TARBALL))
}

fn cargo_metadata(more: &[&str]) -> Outcome<serde_json::Value> {
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
        .arg(manifest)
        .args(more)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Writes what the builder reads: the definitions in UTF-8, and all words in one CSV whose only detail is the class.
fn write_source(packed: &[u8], source: &Path) -> Outcome<()> {
    let mut words = Vec::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let is_words = name.ends_with(".csv");
        if !is_words && !name.ends_with(".def") {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        let (text, _, malformed) = encoding_rs::EUC_JP.decode(&bytes);
        if malformed {
            return Err(format!("{}: not EUC-JP", path.display()).into());
        }
        if is_words {
            words.push((name.to_owned(), text.into_owned()));
        } else {
            fs::write(source.join(name), text.as_bytes())?;
        }
    }
    words.sort();
    let mut out = csv::Writer::from_path(source.join("words.csv"))?;
    for (_, text) in &words {
        write_ipadic_words(text, &mut out)?;
    }
    write_domain_words(&mut out)?;
    Ok(out.flush()?)
}

/// Surface, left id, right id, cost and class; the readings, conjugations and base forms are never asked for.
fn write_ipadic_words(text: &str, out: &mut csv::Writer<fs::File>) -> Outcome<()> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for row in rows.records() {
        let row = row?;
        let column = |index: usize| row.get(index).unwrap_or("*");
        let class = class_of([column(4), column(5), column(6)]) as u8;
        out.write_record([column(0), column(1), column(2), column(3), &class.to_string()])?;
    }
    Ok(())
}

fn write_domain_words(out: &mut csv::Writer<fs::File>) -> Outcome<()> {
    let mut rows = csv::Reader::from_path("dictionary/domain.csv")?;
    for (index, row) in rows.records().enumerate() {
        let row = row?;
        let place = || format!("dictionary/domain.csv, line {}", index + 2);
        let [surface, class, cost, ..] = row.iter().collect::<Vec<_>>()[..] else {
            return Err(format!("{}: expected surface,class,cost,example,reason", place()).into());
        };
        // Context ids of IPADIC's left-id.def, where left and right are the same.
        let (class, context) = match class {
            "verbal_noun" => (WordClass::VerbalNoun, "1283"),
            "noun" => (WordClass::Noun, "1285"),
            "organization" => (WordClass::Organization, "1292"),
            "counter" => (WordClass::Counter, "1300"),
            other => return Err(format!("{}: unknown class {other:?}", place()).into()),
        };
        out.write_record([surface, context, context, cost, &(class as u8).to_string()])?;
    }
    Ok(())
}

/// Reads the ids back from the built dictionary, so that no assumption about the builder's order is needed.
fn write_class_tables(built: &Path, out_dir: &Path) -> Outcome<()> {
    let dictionary = Dictionary::load_from_path(built)?;
    let mut words = Vec::new();
    while let Some(class) = dictionary.word_details_iter(words.len()).next() {
        words.push(class.parse::<u8>().map_err(|error| format!("word {}: class {class:?}: {error}", words.len()))?);
    }
    let mut unknown = Vec::new();
    while let Some(details) = dictionary.unknown_dictionary.word_details(unknown.len() as u32) {
        let column = |index: usize| details.get(index).copied().unwrap_or("*");
        unknown.push(class_of([column(0), column(1), column(2)]) as u8);
    }
    fs::write(out_dir.join("word-classes.bin"), words)?;
    fs::write(out_dir.join("unknown-classes.bin"), unknown)?;
    Ok(())
}

/// IPADIC's part of speech and its first two subcategories, as a class.
fn class_of(part_of_speech: [&str; 3]) -> WordClass {
    match part_of_speech {
        ["名詞", "サ変接続", _] => WordClass::VerbalNoun,
        ["名詞", "形容動詞語幹" | "ナイ形容詞語幹", _] => WordClass::AdjectivalNoun,
        ["名詞", "固有名詞", "人名"] => WordClass::PersonName,
        ["名詞", "固有名詞", "組織"] => WordClass::Organization,
        ["名詞", "固有名詞", "地域"] => WordClass::Place,
        ["名詞", "固有名詞", _] => WordClass::ProperNoun,
        ["名詞", "数", _] => WordClass::Number,
        ["名詞", "接尾", "助数詞"] => WordClass::Counter,
        ["名詞", "接尾", _] => WordClass::NounSuffix,
        ["名詞", "代名詞", _] => WordClass::Pronoun,
        ["名詞", "副詞可能" | "非自立", _] => WordClass::AdverbialNoun,
        ["接頭詞", ..] => WordClass::Prefix,
        ["動詞", ..] => WordClass::Verb,
        ["形容詞", ..] => WordClass::Adjective,
        ["副詞", ..] => WordClass::Adverb,
        ["連体詞", ..] => WordClass::Adnominal,
        ["接続詞", ..] => WordClass::Conjunction,
        ["助詞", ..] => WordClass::Particle,
        ["助動詞", ..] => WordClass::AuxiliaryVerb,
        ["感動詞" | "フィラー" | "その他", ..] => WordClass::Interjection,
        ["記号", ..] => WordClass::Symbol,
        _ => WordClass::Noun,
    }
}
