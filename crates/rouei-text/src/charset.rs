use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use rouei_model::{CharsetOrigin, Issue, IssueCode};

/// Bytes as text, with how that was done.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text; invalid bytes are U+FFFD.
    pub text: String,
    /// Name after the Encoding Standard, lower case; `shift_jis` is Windows-31J (CP932).
    pub charset: &'static str,
    /// What named the charset that was used.
    pub origin: CharsetOrigin,
    /// [`IssueCode::CharsetMismatch`], [`IssueCode::CharsetGuessed`], [`IssueCode::ReplacedCharacters`].
    pub issues: Vec<Issue>,
}

/// How far into the bytes a declaration is looked for. The HTML Standard says 1024; town-hall systems put scripts first.
const PRESCAN_BYTES: usize = 4096;
/// A plausibility this much below the best charset means that the declaration lies.
const TOLERANCE: f64 = 0.15;
/// No text is more plausible than one of kana throughout.
const MOST_PLAUSIBLE: f64 = 1.3;

/// Decodes bytes: byte order mark, then the `charset` of `content_type`, `<meta>` or the XML declaration, each held
/// against the bytes; then detection. Valid UTF-8 wins over any declaration.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return finish(encoding, &bytes[length..], CharsetOrigin::Bom, Vec::new());
    }
    let declared = content_type
        .and_then(charset_parameter)
        .and_then(|l| for_label(l.as_bytes()))
        .map(|e| (e, CharsetOrigin::Header))
        .or_else(|| declared_inside(bytes).map(|e| (e, CharsetOrigin::Meta)));
    let ascii = bytes.is_ascii();
    if ascii && !has_iso_2022_jp_escape(bytes) {
        let (encoding, origin) = match declared {
            Some((e, origin)) if e != ISO_2022_JP => (e, origin),
            _ => (UTF_8, CharsetOrigin::Detected),
        };
        return finish(encoding, bytes, origin, Vec::new());
    }
    if ascii {
        return by_bytes(ISO_2022_JP, declared, bytes);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return by_bytes(UTF_8, declared, bytes);
    }
    let inside = declared_inside(bytes);
    let sample = &bytes[..bytes.len().min(1 << 18)];
    let plausibility_of = |encoding: &'static Encoding| plausibility(&encoding.decode_without_bom_handling(sample).0);
    // Text that reads so well in what was declared first cannot read better by more than the tolerance in anything.
    if let Some((encoding, origin)) = declared
        && plausibility_of(encoding) >= MOST_PLAUSIBLE - TOLERANCE
    {
        return finish(encoding, bytes, origin, Vec::new());
    }
    let guess = guess(bytes);
    let mut candidates = vec![UTF_8, SHIFT_JIS, EUC_JP, guess];
    candidates.extend(declared.map(|(e, _)| e));
    candidates.extend(inside);
    let mut scored: Vec<(f64, &'static Encoding)> = Vec::new();
    for encoding in candidates {
        if !scored.iter().any(|(_, known)| *known == encoding) {
            scored.push((plausibility_of(encoding), encoding));
        }
    }
    let score_of = |wanted: &'static Encoding| scored.iter().find(|(_, e)| *e == wanted).map_or(f64::MIN, |(s, _)| *s);
    let best = scored.iter().copied().fold((f64::MIN, guess), |a, b| if b.0 > a.0 { b } else { a });
    for (encoding, origin) in declared.into_iter().chain(inside.map(|e| (e, CharsetOrigin::Meta))) {
        if score_of(encoding) >= best.0 - TOLERANCE {
            let mut issues = Vec::new();
            if let Some((said, _)) = declared
                && said != encoding
            {
                issues.push(mismatch(said, encoding));
            }
            return finish(encoding, bytes, origin, issues);
        }
    }
    let chosen = if score_of(guess) >= best.0 - 0.01 { guess } else { best.1 };
    by_bytes(chosen, declared, bytes)
}

/// The bytes name `encoding`; says whether that was declared, guessed, or against the declaration.
fn by_bytes(
    encoding: &'static Encoding,
    declared: Option<(&'static Encoding, CharsetOrigin)>,
    bytes: &[u8],
) -> Decoded {
    match declared {
        Some((said, origin)) if said == encoding => finish(encoding, bytes, origin, Vec::new()),
        Some((said, _)) => finish(encoding, bytes, CharsetOrigin::Detected, vec![mismatch(said, encoding)]),
        // Valid UTF-8 with multi-byte characters is hardly ever anything else: no guess.
        None if encoding == UTF_8 => finish(encoding, bytes, CharsetOrigin::Detected, Vec::new()),
        None => {
            let message = format!("no charset is declared; the bytes look like {}", encoding.name());
            finish(encoding, bytes, CharsetOrigin::Detected, vec![Issue::new(IssueCode::CharsetGuessed, message)])
        }
    }
}

fn mismatch(said: &'static Encoding, used: &'static Encoding) -> Issue {
    let message = format!("declared {}, but the bytes are {}", said.name(), used.name());
    Issue::new(IssueCode::CharsetMismatch, message)
}

fn finish(encoding: &'static Encoding, bytes: &[u8], origin: CharsetOrigin, mut issues: Vec<Issue>) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        let count = text.chars().filter(|c| *c == '\u{fffd}').count();
        let message = format!("{count} places are invalid in {} and became U+FFFD", encoding.name());
        issues.push(Issue::new(IssueCode::ReplacedCharacters, message));
    }
    let charset = match encoding.name() {
        "UTF-8" => "utf-8",
        "Shift_JIS" => "shift_jis",
        "EUC-JP" => "euc-jp",
        "ISO-2022-JP" => "iso-2022-jp",
        "UTF-16LE" => "utf-16le",
        "UTF-16BE" => "utf-16be",
        other => other,
    };
    Decoded { text: text.into_owned(), charset, origin, issues }
}

/// The share of the non-ASCII characters that Japanese text is made of, less what only a wrong charset brings.
fn plausibility(text: &str) -> f64 {
    let (mut wide, mut score) = (0_u32, 0_f64);
    let mut kana = 0_u32;
    for c in text.chars().filter(|c| !c.is_ascii()) {
        wide += 1;
        score += match c {
            'ぁ'..='ん' | '、' | '。' | '「' | '」' => {
                kana += 1;
                1.0
            }
            'ァ'..='ヿ' => 1.0,
            '一'..='鿿' | '\u{3000}'..='〿' | '！'..='～' => 0.8,
            '\u{fffd}' => -8.0,
            'ｦ'..='ﾟ' | '｡'..='･' => -1.0,
            '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => -2.0,
            _ => 0.0,
        };
    }
    if wide == 0 {
        return 0.0;
    }
    let total = f64::from(wide);
    score / total + if f64::from(kana) / total > 0.15 { 0.3 } else { 0.0 }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(1 << 18)], bytes.len() <= 1 << 18);
    detector.guess(Some(b"jp"), Utf8Detection::Allow)
}

fn has_iso_2022_jp_escape(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|w| matches!(w, b"\x1b$B" | b"\x1b$@" | b"\x1b(J" | b"\x1b(I"))
}

fn charset_parameter(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let value = lower.split_once("charset")?.1.trim_start().strip_prefix('=')?.trim();
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', ';', ' ', ',']).unwrap_or(value.len());
    Some(value[..end].to_owned())
}

/// Labels that pages use beside those of the Encoding Standard.
fn for_label(label: &[u8]) -> Option<&'static Encoding> {
    let lower = label.to_ascii_lowercase();
    match lower.trim_ascii() {
        b"cp932" | b"x-ms-cp932" | b"mskanji" | b"sjis-win" | b"shift_jis-2004" => Some(SHIFT_JIS),
        b"eucjp" | b"euc_jp" | b"eucjp-win" | b"eucjp-ms" | b"cp51932" | b"ujis" | b"euc" => Some(EUC_JP),
        b"jis" | b"iso2022jp" | b"iso-2022-jp-1" | b"iso-2022-jp-ms" | b"cp50221" | b"cp50220" => Some(ISO_2022_JP),
        other => Encoding::for_label(other),
    }
}

/// `<meta charset>`, its `http-equiv` form, or `<?xml encoding>`. UTF-16 named in a declaration that was itself read
/// as ASCII means UTF-8 (HTML Standard, 13.2.3.2).
fn declared_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    // Only ASCII is looked for; NEL and NBSP are blanks in the encodings where they stand for themselves.
    let ascii = |b: &u8| match b {
        0x85 | 0xA0 => b' ',
        0x80.. => b'?',
        _ => b.to_ascii_lowercase(),
    };
    let head = String::from_utf8(bytes[..bytes.len().min(PRESCAN_BYTES)].iter().map(ascii).collect()).ok()?;
    let found = xml_encoding(&head).or_else(|| meta_charset(&head))?;
    let encoding = for_label(found.as_bytes())?;
    Some(if matches!(encoding.name(), "UTF-16LE" | "UTF-16BE") { UTF_8 } else { encoding })
}

fn xml_encoding(head: &str) -> Option<String> {
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.to_owned())
}

fn meta_charset(head: &str) -> Option<String> {
    let mut rest = head;
    while let Some(at) = rest.find("<meta") {
        // A declaration inside a comment is none.
        let before = &rest[..at];
        let commented = before.rfind("<!--").is_some_and(|open| !before[open..].contains("-->"));
        let tag = &rest[at..];
        let end = tag.find('>').unwrap_or(tag.len());
        if !commented && let Some(charset) = charset_parameter(&tag[..end]) {
            return Some(charset.trim_end_matches('/').to_owned());
        }
        rest = &tag[end..];
    }
    None
}
