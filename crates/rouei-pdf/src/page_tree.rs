//! Walks the page tree before the library does: its own walk follows a tree that contains itself for ever.

use std::collections::BTreeSet;

use pdf_oxide::document::PdfDocument;
use pdf_oxide::object::{Object, ObjectRef};

use crate::{PdfError, TooMuch};

/// # Errors
/// `Broken` where a node is reached twice (ISO 32000-1, 7.7.3: the pages form a tree), `TooLarge` where there are more
/// leaves than `max_pages`. A tree that cannot be read is left to the library, which repairs some.
pub(crate) fn check(document: &PdfDocument, max_pages: usize) -> Result<(), PdfError> {
    let Some(root) = document.catalog().ok().as_ref().and_then(|c| c.as_dict()?.get("Pages")?.as_reference()) else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    let mut pages = 0;
    while let Some(node) = open.pop() {
        if !seen.insert((node.id, node.r#gen)) {
            return Err(PdfError::Broken(format!("the page tree holds object {} twice", node.id)));
        }
        let kids = kids(document, node);
        if kids.is_empty() {
            pages += 1;
        }
        if pages > max_pages {
            return Err(TooMuch::Pages(pages).into());
        }
        open.extend(kids);
    }
    Ok(())
}

fn kids(document: &PdfDocument, node: ObjectRef) -> Vec<ObjectRef> {
    let Ok(node) = document.load_object(node) else { return Vec::new() };
    let kids = node.as_dict().and_then(|d| d.get("Kids")).and_then(|k| document.resolve_object(k).ok());
    kids.as_ref().and_then(Object::as_array).into_iter().flatten().filter_map(Object::as_reference).collect()
}
