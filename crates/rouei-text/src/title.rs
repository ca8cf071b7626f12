//! The page's own title, apart from the name of the site.

/// Separators that put the name of a site behind (or before) a title, the surest first.
const SURE: [&str; 8] = [" | ", "｜", " ｜ ", "|", " « ", " » ", " :: ", " ‹ "];
const LIKELY: [&str; 9] = [" - ", " – ", " — ", "－", " ― ", "：", ":", " / ", "／"];
/// How the names of sites and organizations end or begin.
const SITE_WORDS: [&str; 36] = [
    "市",
    "町",
    "村",
    "県",
    "府",
    "都",
    "区",
    "道",
    "大学",
    "学園",
    "病院",
    "高校",
    "学校",
    "株式会社",
    "有限会社",
    "法人",
    "組合",
    "協会",
    "銀行",
    "公式サイト",
    "公式",
    "ホームページ",
    "HP",
    "サイト",
    "ウェブサイト",
    "ニュース",
    "NEWS",
    "News",
    "新聞",
    "通信",
    "オンライン",
    "Online",
    "ブログ",
    "Blog",
    "メディア",
    "ポータル",
];

/// Title and suffix out of `<title>`, given the headings and the site names that the page shows elsewhere.
pub(crate) fn split(title: &str, headings: &[String], sites: &[String]) -> (String, Option<String>) {
    let title = title.trim();
    for heading in headings.iter().map(|h| h.trim()).filter(|h| h.chars().count() >= 4) {
        if same(title, heading) {
            return (heading.to_owned(), None);
        }
        if let Some(suffix) = rest_after(title, heading) {
            let day = day_in_brackets(title, heading);
            let suffix = Some(suffix).filter(|suffix| day.is_none_or(|day| !day.contains(suffix.as_str())));
            return (format!("{heading}{}", day.unwrap_or_default()), suffix);
        }
    }
    for separators in [&SURE[..], &LIKELY[..]] {
        let sure = separators.len() == SURE.len();
        let cut = separators.iter().filter_map(|s| title.rfind(s).map(|at| (at, s.len()))).max();
        let Some((at, length)) = cut else { continue };
        let (head, tail) = (title[..at].trim(), title[at + length..].trim());
        let known = |part: &str| sites.iter().any(|s| same(s, part));
        let short = |part: &str| (1..=30).contains(&part.chars().count());
        if known(head) && !tail.is_empty() {
            return (tail.to_owned(), Some(head.to_owned()));
        }
        if head.is_empty() || !short(tail) {
            continue;
        }
        let likely = is_site_like(tail) && head.chars().count() >= 6;
        if known(tail) || sure || likely {
            return (head.to_owned(), Some(tail.to_owned()));
        }
    }
    (title.to_owned(), None)
}

/// The day that stands in brackets behind the heading: `…について（2024年5月20日） | ○○市`. It is a part of the title.
fn day_in_brackets<'t>(title: &'t str, heading: &str) -> Option<&'t str> {
    let rest = title.strip_prefix(heading)?;
    let close = rest.starts_with(['(', '（']).then(|| rest.find([')', '）'])).flatten()?;
    let end = close + rest[close..].chars().next().map_or(0, char::len_utf8);
    let inner = &rest[..close];
    let digits = inner.chars().filter(|c| c.is_numeric()).count();
    let written = inner.contains('月') && inner.ends_with('日')
        || inner.matches(['.', '/', '-', '．', '／']).count() == 2 && digits + 3 == inner.chars().count();
    (written && digits >= 3).then(|| &rest[..end])
}

fn is_site_like(name: &str) -> bool {
    let ascii = name.is_ascii() && name.chars().any(char::is_alphabetic);
    ascii || SITE_WORDS.iter().any(|w| name.ends_with(w)) || name.starts_with("株式会社")
}

fn same(a: &str, b: &str) -> bool {
    a.chars().filter(|c| !c.is_whitespace()).eq(b.chars().filter(|c| !c.is_whitespace()))
}

/// What stands behind (or before) `heading` in `title`, without the separator.
fn rest_after(title: &str, heading: &str) -> Option<String> {
    let separator = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '|' | '｜'
                    | '-'
                    | '－'
                    | '–'
                    | '—'
                    | '―'
                    | ':'
                    | '：'
                    | '/'
                    | '／'
                    | '«'
                    | '»'
                    | '‹'
                    | '›'
                    | '・'
                    | '_'
            )
    };
    if let Some((before, after)) = title.split_once(heading)
        && before.ends_with(separator)
        && after.starts_with(separator)
    {
        let last = after.trim_matches(separator).rsplit(['|', '｜']).next().unwrap_or(after).trim();
        return (!last.is_empty()).then(|| last.to_owned());
    }
    let rest = match (title.strip_prefix(heading), title.strip_suffix(heading)) {
        (Some(rest), _) if rest.starts_with(separator) || rest.starts_with(['(', '（', '【', '「']) => rest,
        (None, Some(rest)) if rest.ends_with(separator) => rest,
        _ => return None,
    };
    let rest = rest.trim_matches(separator);
    // Of several parts the outermost names the site: `… | お知らせ | ○○市`, `○○市 | お知らせ | …`.
    let mut parts = rest.split(['|', '｜']).map(str::trim).filter(|p| !p.is_empty());
    let outermost = if title.starts_with(heading) { parts.next_back() } else { parts.next() };
    outermost.map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(title: &str, headings: &[&str], sites: &[&str], want: &str, suffix: Option<&str>) {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let (got, rest) = split(title, &own(headings), &own(sites));
        assert_eq!((got.as_str(), rest.as_deref()), (want, suffix), "{title}");
    }

    #[test]
    fn splits_the_site_off() {
        check("メールの誤送信について | みどり市", &[], &[], "メールの誤送信について", Some("みどり市"));
        check(
            "メールの誤送信について｜お知らせ｜みどり市",
            &[],
            &[],
            "メールの誤送信について｜お知らせ",
            Some("みどり市"),
        );
        check(
            "不正アクセスの発生 - 北風セキュリティ通信",
            &[],
            &[],
            "不正アクセスの発生",
            Some("北風セキュリティ通信"),
        );
        check("個人情報の漏えい：みどり市ホームページ", &[], &[], "個人情報の漏えい", Some("みどり市ホームページ"));
        check("みどり市/個人情報の漏えい", &[], &["みどり市"], "みどり市/個人情報の漏えい", None);
        check(
            "みどり市 | 個人情報の漏えいについて",
            &["個人情報の漏えいについて"],
            &[],
            "個人情報の漏えいについて",
            Some("みどり市"),
        );
        check(
            "南星大学 | お知らせ | メモリの紛失について",
            &["メモリの紛失について"],
            &[],
            "メモリの紛失について",
            Some("南星大学"),
        );
        check("USBメモリ紛失 - ひかり電鉄", &["USBメモリ紛失 - ひかり電鉄"], &[], "USBメモリ紛失 - ひかり電鉄", None);
        check("お知らせ - 第2報", &[], &[], "お知らせ - 第2報", None);
        check(
            "名簿の紛失について（2023年6月7日）｜みどり市",
            &["名簿の紛失について"],
            &[],
            "名簿の紛失について（2023年6月7日）",
            Some("みどり市"),
        );
        check(
            "名簿の紛失について（第2報）｜みどり市",
            &["名簿の紛失について"],
            &[],
            "名簿の紛失について",
            Some("みどり市"),
        );
        check("名簿の紛失について(2023.6.7)", &["名簿の紛失について"], &[], "名簿の紛失について(2023.6.7)", None);
    }
}
