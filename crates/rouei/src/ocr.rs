//! Text of pictures, through the program `tesseract` where it is installed with Japanese.
//!
//! A scan or an "image release" holds no text that could be read. What comes out here is a guess at it: the document
//! says so with [`rouei_model::IssueCode::Ocr`], and its records are less certain for it.
//!
//! The programs get files of a folder of their own and are killed when their time is over; nothing they do costs more
//! than the document.

mod child;
mod lines;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use child::{ChildError, run};

/// Pages of one document that are read; notices have one to three.
pub const MAX_PAGES: usize = 10;
/// Longest side of a page in dots: A4 at 300 per inch, what tesseract is trained for.
const MAX_SIDE: u32 = 3_600;
/// Dots of a picture; a larger one is refused before the program unpacks it.
const MAX_DOTS: u64 = 40_000_000;
/// Time for one document, all programs and pages together.
const MAX_TIME: Duration = Duration::from_secs(180);
/// Bytes of a picture.
const MAX_BYTES: usize = 32 << 20;
/// Memory that a program may take, in bytes; held by `prlimit` where it is installed.
pub(crate) const MAX_MEMORY: u64 = 2 << 30;

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    /// The text of each page, lines separated by `\n`.
    pub pages: Vec<String>,
    /// Pages that were not read, for there were too many.
    pub left: usize,
    /// What read it: `tesseract 5.3.0`.
    pub program: String,
    /// How sure the program is of its words, 0 to 100, on the average.
    pub certainty: Option<f64>,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// A program is missing, or its Japanese model.
    #[error("{0}")]
    Missing(String),
    /// The picture is over a bound.
    #[error("the picture is too large: {0}")]
    TooLarge(String),
    /// No picture that the programs can open.
    #[error("{0}")]
    Broken(String),
    /// A program failed or took too long.
    #[error(transparent)]
    Program(#[from] ChildError),
    /// The picture holds no letters.
    #[error("no text was recognised in the picture")]
    NoText,
    /// The folder for the pictures could not be made or written.
    #[error("no folder for the pictures: {0}")]
    Folder(#[from] std::io::Error),
}

/// Whether the bytes are a picture that is read.
pub fn is_picture(bytes: &[u8]) -> bool {
    [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"II*\0", b"MM\0*"].iter().any(|mark| bytes.starts_with(mark))
}

/// Reads a picture: PNG, JPEG or TIFF.
///
/// # Errors
/// [`OcrError`].
pub fn picture(bytes: &[u8]) -> Result<Recognised, OcrError> {
    let program = program()?;
    check_size(bytes)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("picture");
    fs::write(&path, bytes)?;
    recognise(&[path], 0, folder.path(), &program, Instant::now() + MAX_TIME)
}

/// Reads the pages of a PDF that has no text, drawn by `pdftoppm` where that is installed; else the pictures inside it.
///
/// # Errors
/// [`OcrError`].
#[cfg(feature = "pdf")]
pub fn pdf(bytes: &[u8], page_count: usize) -> Result<Recognised, OcrError> {
    let program = program()?;
    let until = Instant::now() + MAX_TIME;
    let folder = tempfile::tempdir()?;
    let mut pages = match draw(bytes, folder.path(), until) {
        Ok(()) => drawn(folder.path())?,
        Err(OcrError::Missing(_)) => embedded(bytes, folder.path())?,
        Err(error) => return Err(error),
    };
    pages.truncate(MAX_PAGES);
    recognise(&pages, page_count.saturating_sub(MAX_PAGES), folder.path(), &program, until)
}

#[cfg(feature = "pdf")]
fn draw(bytes: &[u8], folder: &Path, until: Instant) -> Result<(), OcrError> {
    let source = folder.join("source.pdf");
    fs::write(&source, bytes)?;
    let (side, last) = (MAX_SIDE.to_string(), MAX_PAGES.to_string());
    let arguments = ["-png", "-gray", "-scale-to", &side, "-l", &last, "source.pdf", "page"];
    match run("pdftoppm", &arguments, folder, until) {
        Ok(_) => Ok(()),
        Err(ChildError::NotInstalled(name)) => Err(OcrError::Missing(format!("{name} is not installed"))),
        Err(error) => Err(error.into()),
    }
}

/// The pages, by their numbers, which `pdftoppm` writes with leading zeros.
#[cfg(feature = "pdf")]
fn drawn(folder: &Path) -> Result<Vec<std::path::PathBuf>, OcrError> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "png") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}

#[cfg(feature = "pdf")]
fn embedded(bytes: &[u8], folder: &Path) -> Result<Vec<std::path::PathBuf>, OcrError> {
    let pictures = rouei_pdf::pictures(bytes, MAX_PAGES).map_err(|e| OcrError::Broken(e.to_string()))?;
    let mut paths = Vec::new();
    for (i, picture) in pictures.iter().enumerate() {
        check_size(picture)?;
        let path = folder.join(format!("picture-{i:03}.png"));
        fs::write(&path, picture)?;
        paths.push(path);
    }
    Ok(paths)
}

fn recognise(
    pictures: &[std::path::PathBuf],
    left: usize,
    folder: &Path,
    program: &str,
    until: Instant,
) -> Result<Recognised, OcrError> {
    let mut pages = Vec::new();
    let mut certainties = Vec::new();
    for (i, picture) in pictures.iter().enumerate() {
        let base = format!("text-{i:03}");
        let name = picture.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // Blanks between words are the program's own: Japanese has none. 4: one column, of lines of any size.
        let arguments = [&name, &base, "-l", "jpn", "--psm", "4", "-c", "preserve_interword_spaces=1", "txt", "tsv"];
        run("tesseract", &arguments, folder, until)?;
        pages.push(lines::clean(&fs::read_to_string(folder.join(format!("{base}.txt")))?));
        certainties.extend(lines::certainties(&fs::read_to_string(folder.join(format!("{base}.tsv")))?));
    }
    if pages.iter().all(|page| page.trim().is_empty()) {
        return Err(OcrError::NoText);
    }
    let certainty = (!certainties.is_empty()).then(|| certainties.iter().sum::<f64>() / certainties.len() as f64);
    Ok(Recognised { pages, left, program: program.to_owned(), certainty })
}

/// Name and version of the program, if it is there and knows Japanese; asked for once.
fn program() -> Result<String, OcrError> {
    static PROGRAM: OnceLock<Result<String, String>> = OnceLock::new();
    PROGRAM.get_or_init(find_program).clone().map_err(OcrError::Missing)
}

fn find_program() -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no folder for the pictures: {e}"))?;
    let until = Instant::now() + Duration::from_secs(10);
    let ask = |argument: &str| run("tesseract", &[argument], folder.path(), until).map_err(|e| e.to_string());
    let languages = ask("--list-langs")?;
    if !languages.lines().any(|line| line.trim() == "jpn") {
        return Err("tesseract is installed without its Japanese model (tesseract-ocr-jpn)".to_owned());
    }
    let version = ask("--version")?;
    Ok(version.lines().next().unwrap_or("tesseract").trim().to_owned())
}

fn check_size(bytes: &[u8]) -> Result<(), OcrError> {
    if bytes.len() > MAX_BYTES {
        return Err(OcrError::TooLarge(format!("{} bytes, at most {MAX_BYTES} are read", bytes.len())));
    }
    let size =
        imagesize::blob_size(bytes).map_err(|e| OcrError::Broken(format!("no picture that can be read: {e}")))?;
    let dots = size.width as u64 * size.height as u64;
    if dots > MAX_DOTS {
        let (width, height) = (size.width, size.height);
        return Err(OcrError::TooLarge(format!("{width} x {height} dots, at most {MAX_DOTS} in all are read")));
    }
    Ok(())
}
