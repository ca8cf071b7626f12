//! Every entry of `furniture.toml` finds its examples and no counterexample.

use super::*;

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
        let own = one_of(std::slice::from_ref(entry)).unwrap();
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
    check(&file().content_heading, is_content_heading);
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
    check(&behind, is_line_behind);
}
