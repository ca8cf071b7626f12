//! Every entry of `furniture.toml` finds its examples and no counterexample.

use super::bare::bare;
use super::*;

/// Pages with much of what the patterns are for.
const PAGES: [&str; 4] = [
    include_str!("../../tests/fixtures/01_modern_news.html"),
    include_str!("../../tests/fixtures/04_wordpress.html"),
    include_str!("../../tests/fixtures/07_corporate_release.html"),
    include_str!("../../tests/fixtures/10_short_news.html"),
];

fn file() -> File {
    toml::from_str(include_str!("../furniture.toml")).unwrap()
}

#[test]
fn every_class_entry_keeps_its_examples() {
    for class in file().class {
        for example in &class.examples {
            assert!(class_words(example).is_some_and(|w| w >= class.when), "{}: {example}", class.id);
        }
        for counter in &class.counterexamples {
            assert!(class_words(counter).is_none(), "{}: {counter}", class.id);
        }
    }
}

fn check(patterns: &[Pattern], ask: fn(&str) -> bool) {
    for entry in patterns {
        let own = Regex::new(&format!("^(?:{})$", entry.pattern)).unwrap();
        for example in &entry.examples {
            assert!(own.is_match(&bare(example)), "{}: {example} ({})", entry.id, bare(example));
            assert!(ask(example), "{}: {example}", entry.id);
        }
        for counter in &entry.counterexamples {
            assert!(!ask(counter), "{}: {counter}", entry.id);
        }
    }
}

#[test]
fn every_heading_entry_keeps_its_examples() {
    let (behind, heading): (Vec<_>, Vec<_>) = file().heading.into_iter().partition(|p| p.behind);
    check(&heading, is_heading);
    check(&behind, is_heading_behind);
    for counter in heading.iter().flat_map(|p| &p.counterexamples) {
        assert!(!is_heading_behind(counter), "behind: {counter}");
    }
}

#[test]
fn every_key_and_content_heading_keeps_its_examples() {
    check(&file().key, is_key);
    check(&file().content_heading, |text| Line::of(text).is_content_heading());
    check(&file().site_name, is_site_name);
}

#[test]
fn every_atom_keeps_its_examples() {
    for atom in file().atom {
        for example in &atom.examples {
            assert_eq!(meta(example).as_deref(), Some(""), "{}: {example}", atom.id);
        }
        for counter in &atom.counterexamples {
            assert_eq!(meta(counter), None, "{}: {counter}", atom.id);
        }
    }
    assert_eq!(meta("2022年8月19日 11時20分コメント 82件").as_deref(), Some("2022年8月19日 11時20分"));
    assert_eq!(meta("ページ番号 1008812 更新日 令和8年4月1日 印刷").as_deref(), Some("更新日 令和8年4月1日"));
    assert_eq!(meta("2020.06.23 7,496view").as_deref(), Some("2020.06.23"));
    assert_eq!(meta("公開された：2021-01-15"), None);
}

#[test]
fn heads_of_posts() {
    assert_eq!(post_number("2 ：名無しさん：2025/11/24(月) 10:02 ID:xyZ120"), Some(2));
    assert_eq!(post_number("1 : 名無しさん ID:787342"), Some(1));
    assert_eq!(post_number("2 : 名簿 120件"), None);
    assert_eq!(post_number("3 ユーザーIDとパスワード"), None);
}

#[test]
fn every_line_entry_keeps_its_examples() {
    let (behind, line): (Vec<_>, Vec<_>) = file().line.into_iter().partition(|p| p.behind);
    check(&line, is_line);
    check(&behind, |text| Line::of(text).is_line_behind());
}

/// Over every example and every line of the pages among the fixtures: the gate before the patterns says no to none.
#[test]
fn what_is_not_tried_does_not_match() {
    let file = file();
    let patterns: Vec<(Regex, Kinds)> =
        file.patterns().map(|(p, kinds)| (Regex::new(&format!("^(?:{})$", p.pattern)).unwrap(), kinds)).collect();
    let mut lines: Vec<String> =
        file.patterns().flat_map(|(p, _)| p.examples.iter().chain(&p.counterexamples)).cloned().collect();
    lines.extend(file.atom.iter().flat_map(|p| p.examples.iter().chain(&p.counterexamples)).cloned());
    for page in PAGES {
        lines.extend(page.split(['\n', '<', '>', '。']).map(str::to_owned));
    }
    for line in &lines {
        let folded = bare(line);
        for kind in (0..9).map(|bit| 1 << bit) {
            let plain = !folded.is_empty() && patterns.iter().any(|(p, k)| k & kind != 0 && p.is_match(&folded));
            assert_eq!(WORDS.lines.matches(&folded, kind), plain, "{line} {kind}");
        }
        for gated in [&WORDS.meta, &WORDS.date, &WORDS.post] {
            let gated = gated.as_ref().unwrap();
            assert_eq!(gated.is_match(line), !line.is_empty() && gated.regex().unwrap().is_match(line), "{line}");
        }
        let before = WORDS.before.as_ref().unwrap();
        assert!(before.may_begin(line) || before.regex().unwrap().find(line).is_some_and(|m| m.is_empty()), "{line}");
        let after = WORDS.after.as_ref().unwrap();
        assert!(after.may_end(line) || after.regex().unwrap().find(line).is_none(), "{line}");
    }
}

#[test]
fn the_class_entries_fit_into_bits() {
    assert!(file().class.len() <= Entries::BITS as usize);
}

#[test]
fn announced_lists_keep_their_examples() {
    let words = file().announces_list;
    words.examples.iter().for_each(|e| assert!(announces_list(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!announces_list(e), "{e}"));
}

#[test]
fn hints_keep_their_examples() {
    let words = file().hint;
    words.examples.iter().for_each(|e| assert!(hints_at_others(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!hints_at_others(e), "{e}"));
}

#[test]
fn what_pages_are_shared_with_keeps_its_examples() {
    let words = file().share;
    words.examples.iter().for_each(|e| assert!(is_share(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!is_share(e), "{e}"));
}

#[test]
fn flashes_keep_their_examples() {
    let words = file().flash;
    words.examples.iter().for_each(|e| assert!(is_flash(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!is_flash(e), "{e}"));
}

#[test]
fn tables_of_contents_keep_their_examples() {
    let words = file().contents;
    words.examples.iter().for_each(|e| assert!(is_contents(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!is_contents(e), "{e}"));
}

#[test]
fn labels_keep_their_examples() {
    let words = file().label;
    words.examples.iter().for_each(|e| assert!(is_labelled_headline(e), "{e}"));
    words.counterexamples.iter().for_each(|e| assert!(!is_labelled_headline(e), "{e}"));
}

#[test]
fn comments_are_signed() {
    let signed = ["匿名0 2019-12-13 03:28", "たぬきさん 2021年9月9日 09:14"];
    signed.iter().for_each(|e| assert!(is_signed_at(e), "{e}"));
    let none = ["2026年3月4日 10:23", "2026年3月4日 10:23 検知", "発生日 2026年3月4日", "会員120名"];
    none.iter().for_each(|e| assert!(!is_signed_at(e), "{e}"));
}
