//! Bytes that are what they say, and bytes that lie.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use rouei_model::{CharsetOrigin, IssueCode};
use rouei_text::{Format, Hints, decode, from_pages, outline, read, sha256_hex, sniff};

const TEXT: &str = "みどり野市は、講座の受講者58人分の①氏名と㈱さざなみ商事の情報が流出したと発表した。ｶﾅ";

fn page(charset: &str, encoding: &'static Encoding) -> Vec<u8> {
    let html = format!(
        "<html><head><meta charset=\"{charset}\"><title>お知らせ</title></head><body><h1>お知らせの見出し</h1><p>{TEXT}</p></body></html>"
    );
    if encoding == ISO_2022_JP {
        return iso_2022_jp(&html);
    }
    let (bytes, _, lossy) = encoding.encode(&html);
    assert!(!lossy);
    bytes.into_owned()
}

/// The Encoding Standard's encoder widens half-width kana; the rest is what mail programs write.
fn iso_2022_jp(text: &str) -> Vec<u8> {
    ISO_2022_JP.encode(text).0.into_owned()
}

fn check(
    name: &str,
    bytes: &[u8],
    header: Option<&str>,
    charset: &str,
    origin: CharsetOrigin,
    issue: Option<IssueCode>,
) {
    let decoded = decode(bytes, header);
    assert_eq!(decoded.charset, charset, "{name}");
    assert_eq!(decoded.origin, origin, "{name}");
    assert_eq!(
        decoded.issues.iter().map(|i| i.code).collect::<Vec<_>>(),
        issue.into_iter().collect::<Vec<_>>(),
        "{name}"
    );
    let widened = TEXT.replace("ｶﾅ", "カナ");
    assert!(decoded.text.contains(TEXT) || decoded.text.contains(&widened), "{name}: {}", decoded.text);
}

#[test]
fn charsets_that_are_declared() {
    use CharsetOrigin::{Header, Meta};
    for (label, encoding, charset) in [
        ("utf-8", UTF_8, "utf-8"),
        ("Shift_JIS", SHIFT_JIS, "shift_jis"),
        ("x-sjis", SHIFT_JIS, "shift_jis"),
        ("cp932", SHIFT_JIS, "shift_jis"),
        ("EUC-JP", EUC_JP, "euc-jp"),
        ("iso-2022-jp", ISO_2022_JP, "iso-2022-jp"),
    ] {
        check(label, &page(label, encoding), None, charset, Meta, None);
        let header = format!("text/html; charset=\"{label}\"");
        check(label, &page("", encoding), Some(&header), charset, Header, None);
    }
}

#[test]
fn charsets_that_are_not_declared() {
    use CharsetOrigin::{Bom, Detected};
    let guessed = Some(IssueCode::CharsetGuessed);
    check("utf-8", TEXT.as_bytes(), None, "utf-8", Detected, None);
    check("bom", format!("\u{feff}{TEXT}").as_bytes(), Some("text/plain; charset=euc-jp"), "utf-8", Bom, None);
    check("shift_jis", &SHIFT_JIS.encode(TEXT).0, None, "shift_jis", Detected, guessed);
    check("euc-jp", &EUC_JP.encode(TEXT).0, None, "euc-jp", Detected, guessed);
    check("iso-2022-jp", &iso_2022_jp(TEXT), None, "iso-2022-jp", Detected, guessed);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    check("utf-16", &utf16, None, "utf-16le", Bom, None);
}

#[test]
fn charsets_that_lie() {
    let lies = Some(IssueCode::CharsetMismatch);
    for (said, encoding, charset) in [
        ("utf-8", SHIFT_JIS, "shift_jis"),
        ("utf-8", EUC_JP, "euc-jp"),
        ("utf-8", ISO_2022_JP, "iso-2022-jp"),
        ("shift_jis", UTF_8, "utf-8"),
        ("shift_jis", EUC_JP, "euc-jp"),
        ("euc-jp", SHIFT_JIS, "shift_jis"),
        ("euc-jp", UTF_8, "utf-8"),
        ("iso-8859-1", SHIFT_JIS, "shift_jis"),
        ("windows-1252", EUC_JP, "euc-jp"),
        ("iso-2022-jp", SHIFT_JIS, "shift_jis"),
    ] {
        check(said, &page(said, encoding), None, charset, CharsetOrigin::Detected, lies);
    }
    // The header is wrong, the page is right.
    check("header", &page("euc-jp", EUC_JP), Some("text/html; charset=utf-8"), "euc-jp", CharsetOrigin::Meta, lies);
}

#[test]
fn a_damaged_byte_does_not_change_the_charset() {
    let mut bytes = page("utf-8", UTF_8);
    let at = bytes.iter().position(|b| *b >= 0x80).unwrap();
    bytes.insert(at, 0xff);
    let decoded = decode(&bytes, None);
    assert_eq!(decoded.charset, "utf-8");
    assert_eq!(decoded.issues.iter().map(|i| i.code).collect::<Vec<_>>(), [IssueCode::ReplacedCharacters]);
}

#[test]
fn formats() {
    let hints = |path: &str, content_type: Option<&str>| Hints {
        path: Some(path.to_owned()),
        content_type: content_type.map(str::to_owned),
        ..Hints::default()
    };
    for (bytes, path, header, want) in [
        (&b"%PDF-1.7 x"[..], "a.html", None, Some(Format::Pdf)),
        (b"<!DOCTYPE html><p>a", "a.txt", None, Some(Format::Html)),
        (b"plain words", "a.txt", None, Some(Format::Text)),
        (b"plain words", "-", None, Some(Format::Text)),
        (b"plain words", "a.htm", None, Some(Format::Html)),
        (b"plain words", "x", Some("text/html; charset=utf-8"), Some(Format::Html)),
        (b"<div>a</div>", "-", None, Some(Format::Html)),
        (b"PK\x03\x04\x00\x00", "a.html", Some("text/html"), None),
        (b"\x00\x01\x02\x03\x04\x05", "a.txt", None, None),
        (b"", "a.txt", None, None),
    ] {
        assert_eq!(sniff(bytes, &hints(path, header)), want, "{path} {bytes:?}");
    }
}

#[test]
fn trouble_becomes_issues() {
    for (bytes, code) in [
        (&b""[..], IssueCode::EmptyInput),
        (b" \r\n\t ", IssueCode::EmptyInput),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00", IssueCode::UnknownFormat),
        (b"%PDF-1.4", IssueCode::UnknownFormat),
    ] {
        let document = read(bytes, &Hints::default());
        assert_eq!(document.issues.iter().map(|i| i.code).collect::<Vec<_>>(), [code], "{bytes:?}");
        assert!(document.blocks.is_empty() && document.text.is_empty());
        assert_eq!(document.sha256, sha256_hex(bytes));
    }
}

/// Each of these is quadratic in a parser or a walker that does not mind its depth. The time is generous, as tests
/// are not optimised; the square of these sizes would take hours.
#[test]
fn bombs_take_linear_time() {
    let repeat = |part: &str, times: usize| part.repeat(times);
    let bombs = [
        ("div", repeat("<div>", 400_000), true),
        ("inline", repeat("<b><i>", 100_000), true),
        ("table", repeat("<table><tr><td>", 60_000), true),
        ("list", repeat("<ul><li>", 100_000), true),
        ("closed", format!("{}深い本文{}", repeat("<div>", 50_000), repeat("</div>", 50_000)), true),
        ("paragraphs", repeat("<p>短い段落", 100_000), false),
        ("items", format!("<ul>{}</ul>", repeat("<li>項目", 50_000)), false),
        ("headings", repeat("<h3>関連記事</h3><p>本文、です。</p>", 10_000), false),
        ("attributes", format!("<p {}>", (0..200_000).map(|i| format!("a{i}='>' ")).collect::<String>()), false),
        ("links", repeat("<a href=x>項目</a><br>", 20_000), false),
    ];
    for (name, bomb, deep) in bombs {
        let started = Instant::now();
        let html = format!("<html><body><p>前の本文です。</p>{bomb}<p>終わりの本文です。</p></body></html>");
        let document = read(html.as_bytes(), &Hints { format: Some(Format::Html), ..Hints::default() });
        let too_deep = document.issues.iter().any(|i| i.code == IssueCode::NestingTooDeep);
        assert_eq!(too_deep, deep, "{name}: {:?}", document.issues);
        let cut = document.issues.iter().any(|i| i.code == IssueCode::TooLarge && i.message.contains("tags and texts"));
        assert!(document.text.contains("終わりの本文です。") || cut || name == "headings", "{name}");
        assert!(started.elapsed() < Duration::from_secs(20), "{name}: {:?}", started.elapsed());
    }
}

#[test]
fn pages_of_a_pdf_keep_their_numbers() {
    let pages = ["お詫びとご報告\n\n件数：12件".to_owned(), "以上".to_owned()];
    let document = from_pages(&pages, "ab".to_owned(), &Hints::default());
    assert_eq!(document.text, "お詫びとご報告\n件数\t12件\n以上");
    assert_eq!(document.blocks.iter().map(|b| b.page).collect::<Vec<_>>(), [Some(1), Some(1), Some(1), Some(2)]);
    assert_eq!(document.charset, "");
}

#[test]
fn plain_text() {
    let text = "会員情報の流出について\n\n当社は、不正アクセスを受け、\n会員情報が流出しました。\n\n1. 対象\n・会員 120名\n・職員 3名\n\n| 区分 | 件数 |\n|---|---|\n| 会員 | 120 |\n| 職員 | 3 |\n\n関連記事\n白波製菓、99,901件の情報流出か\nのぞみ台病院、99,902人分を紛失\n";
    insta::assert_snapshot!(outline(&read(text.as_bytes(), &Hints::default())));
}

/// Tags that a page hides where no scan without a parser sees them: html5ever's time grows with the square of their attributes.
#[test]
fn attributes_are_bounded_wherever_they_stand() {
    let many = "a ".repeat(500_000);
    for (open, close) in [
        ("<p ", ">"),
        ("</p ", ">"),
        ("<svg><style><p ", "></style></svg>"),
        ("<svg><script><p x='</script>' ", "></script></svg>"),
        ("<math><style><p ", ">"),
        ("<svg><foreignObject></svg></foreignObject><style><p ", ">"),
        ("<select><style><p ", ">"),
        ("<title><!--</title><p ", ">"),
        ("<script><!--<script></script><b x=\"--></script><p ", ">"),
    ] {
        let html = format!(
            "<!doctype html><title>お詫び</title><main><h1>お詫び</h1><p>流出しました。</p></main>{open}{many}{close}"
        );
        let started = Instant::now();
        let document = read(html.as_bytes(), &Hints::default());
        assert!(started.elapsed().as_secs() < 20, "{open}: {:?}", started.elapsed());
        assert!(document.text.contains("流出しました。"), "{open}");
        assert!(document.issues.iter().any(|i| i.message.contains("more than 2000 attributes")), "{open}");
    }
}
