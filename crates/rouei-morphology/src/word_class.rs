/// Word classes of IPADIC as far as the rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum WordClass {
    /// 名詞,一般 and what has no class of its own.
    Noun,
    /// 名詞,サ変接続 (紛失, 送信).
    VerbalNoun,
    /// 名詞,形容動詞語幹.
    AdjectivalNoun,
    /// 名詞,固有名詞,一般.
    ProperNoun,
    /// 名詞,固有名詞,人名.
    PersonName,
    /// 名詞,固有名詞,組織, and the domain entries.
    Organization,
    /// 名詞,固有名詞,地域.
    Place,
    /// 名詞,数.
    Number,
    /// 名詞,接尾,助数詞 (人, 名, 件).
    Counter,
    /// 名詞,接尾 (県, 市, 的, 者).
    NounSuffix,
    /// 名詞,代名詞 (当社, これ).
    Pronoun,
    /// 名詞,副詞可能 (今月, 前日) and 名詞,非自立.
    AdverbialNoun,
    /// 接頭詞.
    Prefix,
    /// 動詞.
    Verb,
    /// 形容詞.
    Adjective,
    /// 副詞.
    Adverb,
    /// 連体詞.
    Adnominal,
    /// 接続詞.
    Conjunction,
    /// 助詞.
    Particle,
    /// 助動詞.
    AuxiliaryVerb,
    /// 感動詞, フィラー.
    Interjection,
    /// 記号.
    Symbol,
}
