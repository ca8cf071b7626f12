//! What other countings call our classes of cause.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rouei_model::{CauseCode, CauseCodings, Coding};
use serde::Deserialize;

/// The labels of one class in four codings. A list is empty where the coding has no place for the class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codings {
    /// ScanNetSecurity's monthly counting of its articles.
    pub scan: Vec<CodingLabel>,
    /// 東京商工リサーチ, survey of listed companies and their subsidiaries, as of 2023.
    pub tsr: Vec<CodingLabel>,
    /// JNSA, 情報セキュリティインシデントに関する調査報告書 of 2018.
    pub jnsa: Vec<CodingLabel>,
    /// VERIS (Vocabulary for Event Recording and Incident Sharing), action and variety.
    pub veris: Vec<CodingLabel>,
}

/// One label of a coding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodingLabel {
    /// As the coding writes it; of VERIS the action.
    pub label: String,
    /// Of VERIS the variety of the action, where one fits.
    #[serde(default)]
    pub variety: Option<String>,
    /// The assignment is ours: the coding itself does not say where the class belongs.
    #[serde(default)]
    pub judgement: bool,
}

/// The labels of a class in the other codings, from `causes/codings.toml`.
#[must_use]
pub fn of(code: CauseCode) -> Codings {
    static TABLE: LazyLock<BTreeMap<String, Codings>> =
        LazyLock::new(|| parse(include_str!("codings.toml")).unwrap_or_default());
    TABLE.get(code.code()).cloned().unwrap_or_default()
}

/// The labels of a class as a record has them.
#[must_use]
pub fn claimed(code: CauseCode) -> CauseCodings {
    let Codings { scan, tsr, jnsa, veris } = of(code);
    let told = |labels: &[CodingLabel]| {
        let texts: Vec<String> = labels
            .iter()
            .map(|l| l.variety.as_ref().map_or_else(|| l.label.clone(), |variety| format!("{}, {variety}", l.label)))
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let each = [(Coding::Scan, &scan), (Coding::Tsr, &tsr), (Coding::Jnsa, &jnsa), (Coding::Veris, &veris)];
    CauseCodings {
        scan: told(&scan),
        tsr: told(&tsr),
        jnsa: told(&jnsa),
        veris: told(&veris),
        judgement: each.iter().filter(|(_, labels)| labels.iter().any(|l| l.judgement)).map(|(c, _)| *c).collect(),
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, Codings>, toml::de::Error> {
    toml::from_str(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_codings_and_nothing_else_has() {
        let table = parse(include_str!("codings.toml")).unwrap();
        let mut codes: Vec<_> = CauseCode::ALL.iter().map(|code| code.code().to_owned()).collect();
        codes.sort();
        assert_eq!(table.keys().cloned().collect::<Vec<_>>(), codes);
        // The design leaves out: Scan nothing, TSR three classes, JNSA two, VERIS one.
        let without = |pick: fn(&Codings) -> &Vec<CodingLabel>| table.values().filter(|c| pick(c).is_empty()).count();
        assert_eq!(
            (without(|c| &c.scan), without(|c| &c.tsr), without(|c| &c.jnsa), without(|c| &c.veris)),
            (0, 3, 2, 1)
        );
    }

    #[test]
    fn our_own_assignments_say_so() {
        let ours = |labels: &[CodingLabel]| labels.iter().any(|l| l.judgement);
        let marked: Vec<_> = CauseCode::ALL
            .iter()
            .flat_map(|&code| {
                let c = of(code);
                [("scan", ours(&c.scan)), ("tsr", ours(&c.tsr)), ("jnsa", ours(&c.jnsa)), ("veris", ours(&c.veris))]
                    .into_iter()
                    .filter(|(_, ours)| *ours)
                    .map(move |(coding, _)| format!("{} {coding}", code.code()))
            })
            .collect();
        let mut want = vec!["system_fault tsr", "publishing jnsa"];
        let scan =
            ["ransomware", "malware", "social_engineering", "publishing", "misconfiguration", "system_fault", "loss"];
        let scan: Vec<_> = scan
            .iter()
            .chain(&["improper_disposal", "theft", "mishandling", "unknown"])
            .map(|c| format!("{c} scan"))
            .collect();
        want.extend(scan.iter().map(String::as_str));
        let (mut marked, mut want): (Vec<&str>, _) = (marked.iter().map(String::as_str).collect(), want);
        marked.sort_unstable();
        want.sort_unstable();
        assert_eq!(marked, want);
    }

    #[test]
    fn an_insider_has_two_labels_in_the_survey_of_2018() {
        let labels: Vec<_> = of(CauseCode::Insider).jnsa.into_iter().map(|l| l.label).collect();
        assert_eq!(labels, ["内部犯罪・内部不正行為", "不正な情報持ち出し"]);
        assert_eq!(claimed(CauseCode::Insider).jnsa.as_deref(), Some("内部犯罪・内部不正行為, 不正な情報持ち出し"));
    }

    #[test]
    fn a_record_has_labels_nulls_and_what_is_ours() {
        let codings = claimed(CauseCode::SocialEngineering);
        assert_eq!(codings.label(Coding::Scan), Some("その他"));
        assert_eq!((codings.label(Coding::Tsr), codings.label(Coding::Jnsa)), (None, None));
        assert_eq!(codings.judgement, [Coding::Scan]);
        assert_eq!(claimed(CauseCode::Publishing).label(Coding::Veris), Some("error, Publishing error"));
        assert_eq!(claimed(CauseCode::Publishing).judgement, [Coding::Scan, Coding::Jnsa]);
    }
}
