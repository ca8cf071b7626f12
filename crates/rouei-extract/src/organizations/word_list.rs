//! The lists of words that rules of the code ask for.

use serde::Deserialize;

/// Words that a rule of the code asks for, by their use there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WordList {
    /// Stand before a name without being part of it: 被告, 運営.
    Lead,
    /// Endings of nouns for persons and parts of an organization, who announce on behalf of somebody.
    Announcer,
    /// Behind a name: a subsidiary of it, which is meant and not named.
    Subsidiary,
    /// Behind a quotation: what is quoted was attacked or has members, so it is a name.
    AttackedBehind,
    /// Endings of services, applications and shops.
    ServiceEnding,
    /// A quotation that ends with one of these is a clause.
    ClauseEnding,
    /// A quotation that holds one of these is a clause.
    ClauseInside,
    /// Words before a legal form that hold one of these are a clause.
    ClauseBeforeForm,
    /// Particles that link a name in hiragana to what follows, longest first.
    Particle,
    /// Posts behind the name of a company.
    Post,
    /// What was lost, where the title of a notice runs on from the name without a particle.
    BehindAName,
    /// A name does not begin with these: 本学地域交流センター is a part of whoever speaks.
    SpeakerPart,
    /// A chain that holds one of these is no name, whatever it ends with.
    PlainNoun,
    /// Kinds of school that a town has many of.
    KindOfSchool,
    /// Words in hiragana that stand before a name without being part of it.
    FunctionWord,
    /// Hiragana that ends with one of these links what follows to what stands before it.
    FunctionEnding,
    /// Posts that hold the name of a town: 市長.
    TownPost,
    /// Behind a name, only where it is a town's: 長, 役所.
    OfATown,
    /// Words of a contract that stand right before the name of who works under it.
    ContractBefore,
    /// Words that begin names in hiragana: コープ.
    NamePrefix,
    /// Signs of countries before the name of a foreign company.
    CountrySign,
    /// What may stand right before a name in hiragana that announces.
    HiraganaBefore,
    /// Kinds that stand before the name: 専門学校, ホテル.
    KindPrefix,
    /// Words of a business right before the name of who does it.
    BusinessBefore,
    /// Verbs of announcing, in news.
    Announced,
    /// 県立: says who founded what follows, and names nobody alone.
    Founder,
    /// Behind a name: what it does for somebody, no part of it (ミナモ提供).
    SupplierWord,
    /// Words of use that stand right before the name of whose service is used.
    UseBefore,
    /// Particles that end a name in hiragana although more hiragana follows.
    ParticleInside,
    /// Behind a name, where something is entrusted to it.
    EntrustedBehind,
    /// Departments that are houses of their own: 水道局.
    OwnDepartment,
    /// Verbs of announcing that need no day.
    PlainlyAnnounced,
    /// Right before the name of who leads its trade: 大手.
    LeaderBefore,
    /// Legal forms of clubs and homes.
    ClubForm,
    /// Endings of their names behind の.
    ClubEnding,
    /// What an organization is, before a name with its legal form.
    KindBeforeForm,
    /// Right before a foreign name: 会社.
    KindBefore,
    /// Common nouns that a name may begin with: 全国.
    PartOfName,
    /// How newspapers shorten a school: 高.
    ShortSchool,
    /// Before [`WordList::ShortSchool`] these make another word.
    NoSchool,
    /// With 県 or 府 behind them no names.
    NoPrefecture,
    /// Between a founder and the kind of its school, taken off in this order.
    BehindFounder,
    /// Signs of founders: 市, 私.
    FounderSign,
    /// Nouns for somebody under a contract, right before its name.
    ContractorBefore,
    /// What is done with work behind a name and に.
    GivingVerb,
    /// What is done with work behind a name and から or の.
    TakingVerb,
    /// Endings of nouns for what somebody runs, right before its name in quotation marks.
    SiteNoun,
    /// Behind a quotation: somebody runs what it names.
    RunBehind,
    /// Endings of what is no name, where a name has to stand.
    NoNameEnding,
    /// Endings in 区 of what is no town: 選挙区.
    NoTownEnding,
    /// Right before hiragana that the dictionary cuts, where a name begins: 元, 国保.
    BeforeCutHiragana,
    /// What a document about a school speaks of: 教諭, 生徒.
    OfASchool,
    /// What a regulator does to whom it calls to order.
    SanctionNoun,
    /// Behind loanwords, where only an organization can stand: に不正アクセス.
    FrameBehind,
    /// Before loanwords, where only an organization can stand: 流出したのは.
    ItWas,
    /// Ends of loanwords that name things and kinds, wherever they stand: サーバー, コンビニ.
    NoFramedName,
    /// Ends of verbs, longest first, behind which a name in hiragana begins.
    VerbEndBefore,
    /// Regulators as the subject of what they do.
    RegulatorBefore,
    /// Say which of its kind a house is, and name none: 出身, 登録.
    DescribesKind,
    /// Ends of the line above a signature: 各位, 以上.
    EndsBesideSignature,
    /// What the line below a signature begins with, or stands behind it: 代表取締役.
    BeginsBesideSignature,
    /// In the heading above a desk for questions: 問い合わせ.
    AsksForQuestions,
    /// Ends of desks and departments: 総務部, 相談窓口.
    DeskEnding,
    /// Before a name: thanks for what it is used for: 平素より.
    GreetingBefore,
    /// Behind it: をご利用.
    GreetingBehind,
    /// Sections of sites, alone in a line: トピックス.
    SectionLabel,
    /// Trades that nobody has without a name before them: 自動車.
    FramedTrade,
    /// Ends of the names of those who report, alone in a line or in brackets: 放送.
    MediaEnding,
    /// In a text that tells what others said: によると.
    Hearsay,
}

impl WordList {
    /// Every list; the file has to hold each.
    pub(super) const ALL: [Self; 69] = [
        Self::Lead,
        Self::Announcer,
        Self::Subsidiary,
        Self::AttackedBehind,
        Self::ServiceEnding,
        Self::ClauseEnding,
        Self::ClauseInside,
        Self::ClauseBeforeForm,
        Self::Particle,
        Self::Post,
        Self::BehindAName,
        Self::SpeakerPart,
        Self::PlainNoun,
        Self::KindOfSchool,
        Self::FunctionWord,
        Self::FunctionEnding,
        Self::TownPost,
        Self::OfATown,
        Self::ContractBefore,
        Self::UseBefore,
        Self::NamePrefix,
        Self::CountrySign,
        Self::HiraganaBefore,
        Self::KindPrefix,
        Self::BusinessBefore,
        Self::Announced,
        Self::Founder,
        Self::SupplierWord,
        Self::ParticleInside,
        Self::EntrustedBehind,
        Self::OwnDepartment,
        Self::PlainlyAnnounced,
        Self::LeaderBefore,
        Self::ClubForm,
        Self::ClubEnding,
        Self::KindBeforeForm,
        Self::KindBefore,
        Self::PartOfName,
        Self::ShortSchool,
        Self::NoSchool,
        Self::NoPrefecture,
        Self::BehindFounder,
        Self::FounderSign,
        Self::ContractorBefore,
        Self::GivingVerb,
        Self::TakingVerb,
        Self::SiteNoun,
        Self::RunBehind,
        Self::NoNameEnding,
        Self::NoTownEnding,
        Self::BeforeCutHiragana,
        Self::OfASchool,
        Self::SanctionNoun,
        Self::FrameBehind,
        Self::ItWas,
        Self::NoFramedName,
        Self::VerbEndBefore,
        Self::RegulatorBefore,
        Self::DescribesKind,
        Self::EndsBesideSignature,
        Self::BeginsBesideSignature,
        Self::AsksForQuestions,
        Self::DeskEnding,
        Self::GreetingBefore,
        Self::GreetingBehind,
        Self::SectionLabel,
        Self::FramedTrade,
        Self::MediaEnding,
        Self::Hearsay,
    ];
}
