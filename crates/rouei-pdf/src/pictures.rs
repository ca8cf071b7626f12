//! The pictures of a PDF without text, for whoever can read them.

use pdf_oxide::document::PdfDocument;

use crate::{PdfError, TooMuch, apart, guard, page_tree};

/// Dots of a picture below which it is a mark or a line and no page: 500 by 500.
const MIN_DOTS: u64 = 250_000;

/// Dots of a picture above which it is not unpacked.
const MAX_DOTS: u64 = 40_000_000;

/// The largest picture of each of the first `max_pages` pages, as PNG, in the order of the pages; pages without one are
/// left out. A scanner writes one picture a page.
///
/// # Errors
/// As [`crate::pages`]; [`PdfError::NoText`] where no page holds a picture.
pub fn pictures(bytes: &[u8], max_pages: usize) -> Result<Vec<Vec<u8>>, PdfError> {
    guard(bytes)?;
    apart(bytes.to_vec(), crate::MAX_TIME, move |bytes| read(bytes, max_pages))
}

fn read(bytes: Vec<u8>, max_pages: usize) -> Result<Vec<Vec<u8>>, PdfError> {
    let document = PdfDocument::from_bytes(bytes)?;
    page_tree::check(&document, crate::MAX_PAGES)?;
    let count = document.page_count()?;
    let mut pictures = Vec::new();
    let mut total = 0;
    for page in 0..count.min(max_pages) {
        let dots = |width: u32, height: u32| u64::from(width) * u64::from(height);
        let found = document.extract_images(page)?;
        let largest = found
            .iter()
            .filter(|image| (MIN_DOTS..=MAX_DOTS).contains(&dots(image.width(), image.height())))
            .max_by_key(|image| dots(image.width(), image.height()));
        if let Some(image) = largest {
            let png = image.to_png_bytes()?;
            total += png.len();
            if total > crate::MAX_BYTES {
                return Err(TooMuch::Bytes(total).into());
            }
            pictures.push(png);
        }
    }
    if pictures.is_empty() { Err(PdfError::NoText { pages: count }) } else { Ok(pictures) }
}
