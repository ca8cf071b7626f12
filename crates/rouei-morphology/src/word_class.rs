/// Word classes of IPADIC as far as the rules tell them apart.
///
/// The discriminant is the byte that the class table holds; `build.rs` maps IPADIC's parts of speech (品詞体系) to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum WordClass {
    /// 名詞,一般 and what has no class of its own.
    Noun,
    /// 名詞,サ変接続 (紛失, 送信).
    VerbalNoun,
    /// 名詞,形容動詞語幹 and 名詞,ナイ形容詞語幹.
    AdjectivalNoun,
    /// 名詞,固有名詞,一般.
    ProperNoun,
    /// 名詞,固有名詞,人名.
    PersonName,
    /// 名詞,固有名詞,組織, and the domain entries of class `organization`.
    Organization,
    /// 名詞,固有名詞,地域.
    Place,
    /// 名詞,数.
    Number,
    /// 名詞,接尾,助数詞 (人, 名, 件).
    Counter,
    /// 名詞,接尾 (県, 市, 的, 者).
    NounSuffix,
    /// 名詞,代名詞 (私, これ).
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

impl WordClass {
    /// Every class, at the index of its own discriminant.
    pub const ALL: [Self; 22] = [
        Self::Noun,
        Self::VerbalNoun,
        Self::AdjectivalNoun,
        Self::ProperNoun,
        Self::PersonName,
        Self::Organization,
        Self::Place,
        Self::Number,
        Self::Counter,
        Self::NounSuffix,
        Self::Pronoun,
        Self::AdverbialNoun,
        Self::Prefix,
        Self::Verb,
        Self::Adjective,
        Self::Adverb,
        Self::Adnominal,
        Self::Conjunction,
        Self::Particle,
        Self::AuxiliaryVerb,
        Self::Interjection,
        Self::Symbol,
    ];

    /// The class of a byte of the class table, `None` for a byte that stands for no class.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}
