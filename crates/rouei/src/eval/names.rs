//! When two names are the same organization, for scoring: more lenient than the extractor's own rule, and apart from it,
//! so that a mistake of the one is not hidden by the other.

use unicode_normalization::UnicodeNormalization as _;

const LEGAL_FORMS: [&str; 15] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "独立行政法人",
    "国立大学法人",
    "学校法人",
    "医療法人",
    "社会福祉法人",
    "特定非営利活動法人",
    "(株)",
    "(公財)",
];

/// Whether `got` names the labelled organization: the same without legal form, blanks and letter case, or one inside the
/// other (北碧大, 北碧大学) unless the name found is a whole clause.
pub fn same(got: &str, want: &str) -> bool {
    let (got, want) = (bare(got), bare(want));
    let (long, short) = (got.chars().count(), want.chars().count());
    !got.is_empty()
        && !want.is_empty()
        && (got == want
            || (long.min(short) >= 2 && long <= 2 * short + 4 && (got.contains(&want) || want.contains(&got))))
}

fn bare(name: &str) -> String {
    let mut name: String = name.nfkc().collect();
    for form in LEGAL_FORMS {
        name = name.replace(form, "");
    }
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_dress() {
        for (got, want, expect) in [
            ("㈱ほしづき", "株式会社ほしづき", true),
            ("北碧大", "北碧大学", true),
            ("ＨＯＳＨＩ　ＮＯＴＥ", "hoshi note", true),
            ("三笠野市", "灯台市", false),
            ("", "灯台市", false),
            ("市", "灯台市", false),
            ("灯台市の職員が誤って市民の個人情報を含む書類を", "灯台市", false),
        ] {
            assert_eq!(same(got, want), expect, "{got} / {want}");
        }
    }
}
