//! Predefined CMaps (ISO 32000-1, table 118) that the library reads wrongly.

use pdf_oxide::document::PdfDocument;
use pdf_oxide::object::{Object, ObjectRef};

/// Objects looked at; a document of [`crate::MAX_PAGES`] pages has far fewer fonts than that.
const MAX_OBJECTS: usize = 200_000;

/// The encoding of a composite font whose text would come out wrong, if the document has one.
///
/// Read in fixed steps of two bytes, `EUC-H` turns the digits between two kanji into other kanji and sometimes shifts
/// the rest of the line; the national CMaps beyond `H` and `V` and the UTF-8 and UTF-32 ones come out as single bytes.
/// Measured with `fixtures/pdf/make.py`; a font with its own `ToUnicode` does not depend on any of it.
pub(crate) fn unreadable(document: &PdfDocument) -> Option<String> {
    document.all_object_ids().into_iter().take(MAX_OBJECTS).find_map(|id| {
        let object = document.load_object(ObjectRef::new(id, 0)).ok()?;
        let font = object.as_dict()?;
        let is = |key: &str, name: &str| font.get(key).and_then(Object::as_name) == Some(name);
        if !is("Type", "Font") || !is("Subtype", "Type0") || font.contains_key("ToUnicode") {
            return None;
        }
        let encoding = document.resolve_object(font.get("Encoding")?).ok()?;
        let name = encoding.as_name()?;
        (!is_readable(name)).then(|| name.to_owned())
    })
}

fn is_readable(encoding: &str) -> bool {
    matches!(encoding, "H" | "V" | "Identity-H" | "Identity-V")
        || ["UCS2", "UTF16", "RKSJ"].iter().any(|part| encoding.contains(part))
}
