//! Pages whose notice is a picture: an "image release".

use std::sync::LazyLock;

use rouei_model::{BlockKind, Document, Issue, IssueCode};
use serde::Deserialize;
use url::Url;

use crate::page::Page;

/// Characters of running text, headings apart, below which a page says next to nothing: a date, 「詳細は画像をご覧ください」.
const SCANT: usize = 60;

/// Sides of a picture that a notice can be read in, in CSS pixels.
const MIN_SIDE: u32 = 200;

/// Says so where the main content is pictures and hardly a word.
pub(crate) fn judge(page: &Page<'_>, base: Option<&Url>, document: &mut Document) {
    let words = document.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Heading { .. }));
    let chars: usize = words.map(|b| document.text[b.span.start..b.span.end].chars().count()).sum();
    if chars >= SCANT {
        return;
    }
    let pictures: Vec<String> = pictures(page, base, &NAMES);
    let Some(first) = pictures.first() else { return };
    let more = if pictures.len() > 1 { format!(" and {} more", pictures.len() - 1) } else { String::new() };
    let message = format!("image release: the page says {chars} characters and shows {first}{more}");
    document.issues.push(Issue::new(IssueCode::ImageOnly, message));
    document.pictures = pictures;
}

/// Names of pictures that adorn a page, as parts of the file's name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    part: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    text: String,
    /// File names that it means, and some that it does not.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads them"))]
    examples: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads them"))]
    counterexamples: Vec<String>,
}

impl Part {
    /// As a word of its own: `logo_blue` and `site-logo`, but not `catalogo`.
    fn is_in(&self, name: &str) -> bool {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
        stem.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == self.text)
    }
}

/// The list is part of the program; a test reads it.
static NAMES: LazyLock<Names> =
    LazyLock::new(|| toml::from_str(include_str!("image_release.toml")).unwrap_or(Names { part: Vec::new() }));

fn pictures(page: &Page<'_>, base: Option<&Url>, names: &Names) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < page.nodes.len() {
        if page.nodes[at].dropped {
            at = page.nodes[at].end.max(at + 1);
            continue;
        }
        if page.tag(at) == "img"
            && let Some(source) = page.attr(at, "src").map(str::trim).filter(|s| !s.is_empty())
            && !source.starts_with("data:")
            && !is_small(page, at)
            && !adorns(source, names)
        {
            let absolute = base.and_then(|base| base.join(source).ok());
            found.push(absolute.map_or_else(|| source.to_owned(), Into::into));
        }
        at += 1;
    }
    found
}

fn is_small(page: &Page<'_>, at: usize) -> bool {
    ["width", "height"].iter().any(|side| {
        page.attr(at, side).and_then(|value| value.trim().parse::<u32>().ok()).is_some_and(|side| side < MIN_SIDE)
    })
}

fn adorns(source: &str, names: &Names) -> bool {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    // Drawings are marks and diagrams, and no scanner writes them.
    name.to_ascii_lowercase().ends_with(".svg") || names.part.iter().any(|part| part.is_in(name))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Hints, read};

    #[test]
    fn names_keep_their_word() {
        let names: Names = toml::from_str(include_str!("image_release.toml")).unwrap();
        for part in &names.part {
            assert!(part.examples.iter().all(|e| part.is_in(e)), "{}", part.text);
            assert!(!part.counterexamples.iter().any(|e| part.is_in(e)), "{}", part.text);
        }
    }

    fn issue(body: &str) -> Option<String> {
        let html = format!("<!DOCTYPE html><meta charset=utf-8><title>お詫び | 霞浜市</title><body>{body}");
        let hints = Hints { url: Some("https://www.kasumihama.example/news/1.html".to_owned()), ..Hints::default() };
        let document = read(html.as_bytes(), &hints);
        document.issues.into_iter().find(|i| i.code == IssueCode::ImageOnly).map(|i| i.message)
    }

    #[test]
    fn its_pictures_are_named() {
        let html = "<!DOCTYPE html><meta charset=utf-8><title>お詫び</title><main><h1>お詫び</h1><img src=/a.png><img src=b.jpg></main>";
        let hints = Hints { url: Some("https://www.kasumihama.example/news/1.html".to_owned()), ..Hints::default() };
        let pictures = read(html.as_bytes(), &hints).pictures;
        assert_eq!(pictures, ["https://www.kasumihama.example/a.png", "https://www.kasumihama.example/news/b.jpg"]);
    }

    #[test]
    fn a_notice_that_is_a_picture_is_called_so() {
        let said = "image release: the page says 8 characters and shows https://www.kasumihama.example/img/notice.png";
        let main = |inside: &str| format!("<main><h1>お詫びとお知らせ</h1><p>令和7年6月3日</p>{inside}</main>");
        assert_eq!(issue(&main("<img src=/img/notice.png alt=お詫び>")).as_deref(), Some(said));
        let two = issue(&main("<img src=/img/notice.png><p><img src=2.jpg width=800></p>")).unwrap();
        assert_eq!(two, format!("{said} and 1 more"));
        for (inside, why) in [
            ("", "no picture"),
            ("<img src=/img/site-logo.png>", "a logo"),
            ("<img src=/img/notice.png width=32 height=32>", "an icon"),
            ("<img src='data:image/png;base64,AAAA'>", "inline"),
            (
                "<img src=a.png><p>当市は、市民向け講座の案内メールを誤送信し、受講者のメールアドレスが漏えいしました。\
              関係する皆さまに深くお詫び申し上げます。再発防止に努めてまいります。</p>",
                "it says so in words",
            ),
        ] {
            assert_eq!(issue(&main(inside)), None, "{why}");
        }
        assert_eq!(issue("<nav><img src=a.png></nav><main><p>準備中です</p></main>"), None, "in the furniture");
    }
}
