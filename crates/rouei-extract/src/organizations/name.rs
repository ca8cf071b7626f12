//! When two names are one organization.

use super::{OrganizationKind, OrganizationLexicon};

/// Splits legal forms and a securities code off a name: `(name, legal form, ticker)`.
pub(super) fn split_name(
    lexicon: &OrganizationLexicon,
    raw: &str,
) -> (String, Option<String>, Option<String>, Option<OrganizationKind>) {
    let mut name = raw.trim().to_owned();
    let mut ticker = None;
    for (open, close) in [('<', '>'), ('(', ')'), ('【', '】')] {
        if let Some(inner) = name.strip_suffix(close)
            && let Some((before, code)) = inner.rsplit_once(open)
            && is_ticker(code)
        {
            ticker = Some(code.to_owned());
            name = before.trim().to_owned();
        }
    }
    let mut legal_form = None;
    let mut kind = None;
    for (form, form_kind) in &lexicon.legal_forms {
        let rest = name.strip_prefix(form.as_str()).or_else(|| name.strip_suffix(form.as_str()));
        if let Some(rest) = rest
            && !rest.trim().is_empty()
        {
            legal_form.get_or_insert_with(|| form.clone());
            kind.get_or_insert(*form_kind);
            name = rest.trim().trim_start_matches(['「', '『']).trim_end_matches(['」', '』']).trim().to_owned();
        }
    }
    (name, legal_form, ticker, kind)
}

/// Four characters as the Japanese exchanges assign them: `9468`, since 2024 also `130A`.
pub(super) fn is_ticker(code: &str) -> bool {
    let code = code.trim_start_matches("コード番号:").trim_start_matches("証券コード:").trim();
    code.len() == 4
        && code.starts_with(|c: char| c.is_ascii_digit())
        && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// The name without prefecture, blanks, middle dots and case: what is compared.
#[must_use]
pub fn core_name(name: &str) -> String {
    let mut core: String = name
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '・' | '「' | '」' | '『' | '』' | '"' | '“' | '”'))
        .flat_map(char::to_lowercase)
        .collect();
    for prefecture_end in ['県', '府', '都', '道'] {
        if let Some(at) = core.find(prefecture_end) {
            let rest = &core[at + prefecture_end.len_utf8()..];
            let head = core[..at].chars().count();
            // 北碧県灯台市, but neither 北碧県教育委員会 nor 北碧県立大学.
            if (2..=3).contains(&head) && rest.chars().count() >= 2 && rest.ends_with(['市', '町', '村', '区']) {
                core = rest.to_owned();
                break;
            }
        }
    }
    core
}

/// Whether two names may be read as one organization: equal, one an abbreviation of the other, or one inside the
/// other from its beginning.
#[must_use]
pub fn same_organization(a: &str, b: &str) -> bool {
    let (a, b) = (core_name(a), core_name(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    // ミナモ社 is ミナモ.
    let (a, b) = (without_company(&a), without_company(&b));
    if a == b {
        return true;
    }
    let (short, long) = if a.chars().count() <= b.chars().count() { (&a, &b) } else { (&b, &a) };
    is_abbreviation(short, long)
}

/// Whether two names are the same but for blanks, marks and 社.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (core_name(a), core_name(b));
    without_company(&a) == without_company(&b)
}

fn without_company(name: &str) -> String {
    let name = ["市立", "県立", "町立", "村立", "府立", "都立", "区立", "国立", "私立", "公立"]
        .iter()
        .find_map(|founder| name.strip_prefix(founder))
        .filter(|rest| rest.chars().count() >= 3)
        .unwrap_or(name);
    match name.strip_suffix('社') {
        Some(rest)
            if rest.chars().count() >= 2
                && !["新聞", "出版", "通信", "会", "神", "公", "商"].iter().any(|w| rest.ends_with(w)) =>
        {
            rest.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Suffixes that newspapers cut: short form → long forms.
const SHORT_SUFFIXES: [(&str, &[&str]); 14] = [
    ("大病院", &["大学病院", "大学医学部附属病院", "大学附属病院", "大学医学部付属病院"]),
    ("大", &["大学"]),
    ("高", &["高校", "高等学校"]),
    ("高校", &["高等学校"]),
    ("中", &["中学校"]),
    ("小", &["小学校"]),
    ("市教委", &["市教育委員会"]),
    ("教委", &["教育委員会"]),
    ("銀", &["銀行"]),
    ("信金", &["信用金庫"]),
    ("信組", &["信用組合"]),
    ("社協", &["社会福祉協議会"]),
    ("生協", &["生活協同組合"]),
    ("HD", &["ホールディングス"]),
];

fn is_abbreviation(short: &str, long: &str) -> bool {
    if short.chars().count() < 2 {
        return false;
    }
    for (cut, full) in SHORT_SUFFIXES {
        let cut = cut.to_lowercase();
        if let Some(stem) = short.strip_suffix(cut.as_str()) {
            for full in full {
                if let Some(long_stem) = long.strip_suffix(full)
                    && !stem.is_empty()
                    && (long_stem == stem || subsequence_from_start(stem, long_stem))
                {
                    return true;
                }
            }
        }
    }
    // ミナモ通信 ⊂ ミナモ通信サービス; ホシヅキ ⊂ ホシヅキコーポレーション. A town does not
    // abbreviate its school, nor a prefecture its board.
    let same_end = ["市", "町", "村", "県", "府", "都", "道", "区"].iter().any(|s| short.ends_with(s));
    if same_end {
        return long.ends_with(short);
    }
    let institution = ["大学", "大", "病院", "学校", "高校", "学園", "銀行", "教育委員会"];
    if institution.iter().any(|s| short.ends_with(s)) {
        return long.ends_with(short);
    }
    long.starts_with(short) && short.chars().count() >= 3 || long.ends_with(short) && short.chars().count() >= 4
}

/// 日 → 日本, 早 → 早稲田: the characters in order, the first one first.
fn subsequence_from_start(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let mut first = true;
    for c in short.chars() {
        if first {
            if rest.next() != Some(c) {
                return false;
            }
            first = false;
        } else if !rest.any(|l| l == c) {
            return false;
        }
    }
    true
}
