//! What `tesseract` writes.

/// The text without the blanks that the program sets between characters of Japanese, and with one empty line between
/// paragraphs at most.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank_lines = 0;
    // The form feed ends a page.
    for line in text.replace('\u{c}', "").lines() {
        let line = without_inner_blanks(line.trim());
        if line.is_empty() {
            blank_lines += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank_lines > 0 { "\n\n" } else { "\n" });
        }
        blank_lines = 0;
        out.push_str(&line);
    }
    out
}

/// How sure the program is of each word, 0 to 100: the column `conf` of its table, -1 where a row is no word.
pub fn certainties(table: &str) -> Vec<f64> {
    let mut lines = table.lines();
    let column = lines.next().and_then(|head| head.split('\t').position(|name| name == "conf"));
    let Some(column) = column else { return Vec::new() };
    lines.filter_map(|line| line.split('\t').nth(column)?.parse().ok()).filter(|c: &f64| *c >= 0.0).collect()
}

fn without_inner_blanks(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        // One blank beside a wide character is the program's; several are a gap on the page.
        let beside_wide = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace());
        let single = c == ' ' && !out.ends_with(' ') && rest.peek() != Some(&' ');
        let before = out.chars().next_back();
        if single && (beside_wide(before.as_ref()) || beside_wide(rest.peek())) {
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_between_wide_characters_go() {
        for (text, expected) in [
            ("個人 情報 の 漏え い に つ い て", "個人情報の漏えいについて"),
            ("合計 38 人 分", "合計38人分"),
            ("NTT East  電話", "NTT East  電話"),
            ("a b", "a b"),
            ("一\n\n\n\n二\n三\n\u{c}", "一\n\n二\n三"),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    #[test]
    fn certainties_are_those_of_words() {
        let table = "level\tpage_num\tconf\ttext\n1\t1\t-1\t\n5\t1\t96.5\t個人\n5\t1\t80\t情報\n";
        assert_eq!(certainties(table), [96.5, 80.0]);
        assert_eq!(certainties(""), Vec::<f64>::new());
    }
}
