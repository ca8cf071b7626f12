use super::*;

fn check(raw: &str, want: &str) {
    let normalized = Normalized::of_text(raw);
    assert_eq!(normalized.text, want, "{raw}");
    for (at, c) in normalized.text.char_indices() {
        let span = normalized.to_document(Span::new(at, at + c.len_utf8()));
        assert!(raw.get(span.start..span.end).is_some(), "{raw}: {span:?} is off a character boundary");
    }
}

#[test]
fn folds_compatibility_forms() {
    check("４０７万２，６５０件", "407万2,650件");
    check("407 万 2,650 件", "407万2,650件");
    check("㈱ﾃﾞｰﾀ", "(株)データ");
    check("12⽉4⽇", "12月4日");
    check("①ご担当者 約1000名", "①ご担当者 約1000名");
    check("2016年10月～23年5月", "2016年10月~23年5月");
}

#[test]
fn joins_lines_broken_in_mid_sentence() {
    check("北碧県は\n2025年12月25日、\n被害に遭い", "北碧県は2025年12月25日、被害に遭い");
    check("流出に関する報告とお詫び\n灯台市主催の", "流出に関する報告とお詫び\n灯台市主催の");
    check("電話連絡\nがありました。", "電話連絡がありました。");
    check("1月6日まで\n対象者は会員", "1月6日まで\n対象者は会員");
    check("メールが誤送信されました\n本市は、", "メールが誤送信されました\n本市は、");
    check("原因\nはい、操作の誤りです。", "原因\nはい、操作の誤りです。");
}

#[test]
fn a_number_with_a_blank_behind_each_digit_is_one_number() {
    check("箱には 3 , 7 0 3 名の名簿", "箱には3,703名の名簿");
    check("計 １ ２ ３ 件", "計123件");
    check("表 1 2 3 の順", "表1 2 3の順");
    check("12 3 4 名", "12 3 4名");
    check("1 2 名", "1 2名");
}

#[test]
fn a_run_of_blanks_is_one_blank() {
    check("氏名\u{3000} \u{a0}住所", "氏名 住所");
    check("計\u{3000}\u{3000}12\u{3000}\u{3000}名", "計12名");
    let long = format!("1{}名", "\u{3000}".repeat(200_000));
    check(&long, "1名");
}

proptest::proptest! {
    /// Every stretch of normalised text comes from whole characters inside the document, in order.
    #[test]
    fn offsets_land_on_characters(parts in proptest::collection::vec(tricky(), 0..40), cut in 0_usize..40) {
        let raw: String = parts.concat();
        let middle = parts.iter().take(cut).map(String::len).sum::<usize>().min(raw.len());
        let blocks = [Span::new(0, middle), Span::new(middle, raw.len())];
        let normalized = Normalized::of_spans(&raw, &blocks);
        proptest::prop_assert_eq!(normalized.blocks.len(), 2);
        let mut last = 0;
        for (at, c) in normalized.text.char_indices() {
            let span = normalized.to_document(Span::new(at, at + c.len_utf8()));
            proptest::prop_assert!(raw.get(span.start..span.end).is_some(), "{:?} {:?}", raw, span);
            proptest::prop_assert!(span.start >= last, "{:?} goes back at {}", raw, at);
            last = span.start;
        }
        for (block, original) in normalized.blocks.iter().zip(blocks) {
            proptest::prop_assert!(normalized.text.get(block.start..block.end).is_some());
            let back = normalized.to_document(*block);
            proptest::prop_assert!(block.is_empty() || original.contains(back), "{:?} {:?} {:?}", raw, back, original);
        }
    }

    /// What evidence quotes reads the same as what the rules read.
    #[test]
    fn a_quote_normalises_to_what_was_read(
        parts in proptest::collection::vec(tricky(), 1..30), from in 0_usize..60, length in 1_usize..60,
    ) {
        // Whether lines are joined depends on the lines around them: not of a quote.
        let raw: String = parts.concat().replace(['\n', '\r'], "");
        let normalized = Normalized::of_text(&raw);
        let ends: Vec<usize> =
            normalized.text.char_indices().map(|(i, _)| i).chain([normalized.text.len()]).collect();
        let from = from % ends.len();
        let to = (from + length).min(ends.len() - 1);
        let read = &normalized.text[ends[from]..ends[to]];
        let quote = normalized.to_document(Span::new(ends[from], ends[to])).of(&raw);
        let again = Normalized::of_text(quote);
        proptest::prop_assert!(again.text.contains(read.trim()), "{:?} -> {:?}, not {:?}", quote, again.text, read);
    }
}

fn tricky() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::strategy::Strategy;
    let fixed = [
        "㈱",
        "½",
        "ｶﾞ",
        "ﾊﾟ",
        "ﾞ",
        "ｱ",
        "⼀",
        "⽉",
        "①",
        "⑴",
        "…",
        "〜",
        "－",
        "―",
        " ",
        "\u{3000}",
        "\u{a0}",
        "1",
        "２",
        "９００",
        ",",
        "，",
        "件",
        "名",
        "万",
        "漢字",
        "ひらがな",
        "カタカナ",
        "を",
        "た",
        "、",
        "。",
        "abc",
        "é",
        "\u{200b}",
        "\u{feff}",
        "㍿",
        "㌔",
        "\n",
        "\r\n",
        "\t",
        "𠮷",
        "👨\u{200d}👩",
        "が\u{3099}",
        "(",
        ")",
        "%",
        "約 ",
    ];
    proptest::prop_oneof![
        9 => proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned),
        1 => proptest::char::any().prop_map(String::from),
    ]
}

#[test]
fn points_back_to_the_document() {
    let raw = "約 ９００ 万件の㈱";
    let normalized = Normalized::of_text(raw);
    let at = normalized.text.find("900万件").unwrap_or_default();
    let span = normalized.to_document(Span::new(at, at + "900万件".len()));
    assert_eq!(span.of(raw), "９００ 万件");
}
