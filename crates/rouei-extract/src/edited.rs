//! What an edited lexicon has to hold beyond what its reader asks: each entry once, and every list that rules of the code
//! ask for.

use crate::lexicon::LexiconError;

/// Tables whose entries the code asks for by name: without one, its rule would never fire, and nobody would know.
const ASKED_FOR: [&str; 2] = ["list", "word_list"];

/// Checks `text` beside `built_in`, the lexicon of the same name that is compiled in.
///
/// # Errors
/// [`LexiconError::Entry`] for an entry that stands twice and for a list that is missing. A text that does not parse is
/// left to its reader.
pub(crate) fn check(file: &str, text: &str, built_in: &str) -> Result<(), LexiconError> {
    let error = |entry: &str, message: &str| {
        Err(LexiconError::Entry { file: file.to_owned(), entry: entry.to_owned(), message: message.to_owned() })
    };
    let (Ok(edited), Ok(known)) = (text.parse::<toml::Table>(), built_in.parse::<toml::Table>()) else { return Ok(()) };
    let (edited, known) = (entries(&edited), entries(&known));
    let twice = edited.iter().enumerate().find(|(at, entry)| edited[..*at].contains(entry));
    if let Some((_, entry)) = twice {
        return error(entry.id, "stands in the file twice");
    }
    let missing = known
        .iter()
        .filter(|k| ASKED_FOR.contains(&k.table))
        .find(|k| edited.iter().all(|e| (&e.table, &e.id) != (&k.table, &k.id)));
    match missing {
        Some(list) => error(list.id, "is missing; a rule of the code asks for it"),
        None => Ok(()),
    }
}

/// An entry of a table that has names. Several entries may have one name: then they say the same in several ways.
#[derive(Debug, PartialEq)]
struct Entry<'f> {
    table: &'f str,
    id: &'f str,
    whole: &'f toml::Table,
}

fn entries(file: &toml::Table) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    for (table, value) in file {
        for whole in value.as_array().into_iter().flatten().filter_map(toml::Value::as_table) {
            if let Some(id) = whole.get("id").and_then(toml::Value::as_str) {
                found.push(Entry { table, id, whole });
            }
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_once_and_lists_are_there() {
        let built_in =
            "[[list]]\nid = \"a\"\nat = \"start\"\n[[list]]\nid = \"a\"\nat = \"end\"\n[[cue]]\nid = \"b\"\n";
        let message = |text: &str| check("x.toml", text, built_in).err().map(|e| e.to_string());
        assert_eq!(message(built_in), None);
        assert_eq!(message("[[list]]\nid = \"a\"\nat = \"end\"\n"), None);
        let twice = format!("{built_in}[[cue]]\nid = \"b\"\n");
        assert_eq!(message(&twice).unwrap(), "x.toml, entry b: stands in the file twice");
        assert_eq!(
            message("[[cue]]\nid = \"b\"\n").unwrap(),
            "x.toml, entry a: is missing; a rule of the code asks for it"
        );
    }
}
