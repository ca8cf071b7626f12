//! The closed vocabularies of the contract. Each serialises to the `snake_case` code of `../shared/design.md`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $code)] $variant),+
        }
        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code that stands in JSON, SQL and the lexicons.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value of a code, or nothing where the vocabulary does not know it.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

vocabulary! {
    /// What an organization has to do with the incident.
    OrganizationRole {
        /// Answers for the data: whose customers, citizens, pupils, staff they are.
        Victim = "victim",
        /// Processes the data for the victim, and leaked.
        Contractor = "contractor",
        /// Works for the contractor.
        Subcontractor = "subcontractor",
        /// The group that the victim belongs to.
        Parent = "parent",
        /// Tells of the incident on behalf of the victim.
        Discloser = "discloser",
        /// A shop, application or system by name.
        Service = "service",
        /// Received what was leaked.
        Recipient = "recipient",
        /// Customer of a provider whose own service leaked.
        AffectedClient = "affected_client",
        /// Supervises, investigates or prosecutes.
        Regulator = "regulator",
        /// The attacker.
        Actor = "actor",
    }
}

vocabulary! {
    /// How a figure bounds the truth.
    Bound {
        /// The figure itself.
        Exact = "exact",
        /// 最大, 以下.
        AtMost = "at_most",
        /// 以上, 少なくとも.
        AtLeast = "at_least",
        /// 超, 余, 強: slightly more.
        Over = "over",
        /// 未満, 弱: slightly less.
        Under = "under",
    }
}

vocabulary! {
    /// Whether the figure is feared or established.
    CountScope {
        /// 可能性, おそれ.
        Possible = "possible",
        /// 確認, 判明.
        Confirmed = "confirmed",
        /// The text does not say.
        Unstated = "unstated",
    }
}

vocabulary! {
    /// What a figure counts.
    CountSubject {
        /// Persons, or records about persons.
        PersonalData = "personal_data",
        /// Payment cards.
        Card = "card",
        /// Mail addresses.
        EmailAddress = "email_address",
        /// Accounts, user names, identifiers.
        Account = "account",
        /// Files.
        File = "file",
        /// Sheets of paper, booklets, records on paper.
        DocumentItem = "document",
        /// Storage media and machines.
        Device = "device",
        /// Mails sent.
        MailsSent = "mails_sent",
        /// Log-in attempts.
        Attempts = "attempts",
        /// Contracts.
        Contract = "contract",
        /// Companies, offices, associations.
        Organization = "organization",
        /// Households.
        Household = "household",
        /// Everybody that the affected persons were drawn from.
        Population = "population",
        /// Anything else.
        Other = "other",
    }
}

vocabulary! {
    /// Why a document that speaks of a number gives none.
    Undisclosed {
        /// 非公表.
        Withheld = "withheld",
        /// 調査中.
        UnderInvestigation = "under_investigation",
        /// 不明.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Which rule chose the headline count.
    Derivation {
        /// One figure only.
        Stated = "stated",
        /// The de-duplicated figure.
        Deduplicated = "deduplicated",
        /// A stated total.
        StatedTotal = "stated_total",
        /// A sum of disjoint classes that the text shows.
        Summed = "summed",
        /// First notice: the largest possible.
        LargestPossible = "largest_possible",
        /// Later notice: the latest official figure.
        LatestOfficial = "latest_official",
        /// Confirmed before possible about the same thing.
        Confirmed = "confirmed",
        /// Persons before accounts before records.
        Persons = "persons",
        /// Only card figures are stated.
        CardsOnly = "cards_only",
        /// Y of "XのうちY".
        PartOfPopulation = "part_of_population",
    }
}

vocabulary! {
    /// Which moment a date names.
    DateKind {
        /// The incident happened.
        Occurred = "occurred",
        /// The data could be seen, or a tampered payment page saw purchases.
        Exposed = "exposed",
        /// Somebody noticed.
        Discovered = "discovered",
        /// The organization told the public.
        Announced = "announced",
        /// A newspaper told.
        Reported = "reported",
        /// The regulator was told.
        NotifiedRegulator = "notified_regulator",
        /// The page was changed.
        Updated = "updated",
    }
}

vocabulary! {
    /// How exactly a date is known.
    DatePrecision {
        /// A day.
        Day = "day",
        /// A month; `date_from` is its first day, `date_to` its last.
        Month = "month",
        /// A year or fiscal year.
        Year = "year",
    }
}

vocabulary! {
    /// Why data leaked.
    CauseCode {
        /// 不正アクセス.
        UnauthorizedAccess = "unauthorized_access",
        /// ランサムウェア.
        Ransomware = "ransomware",
        /// マルウェア感染.
        Malware = "malware",
        /// 詐取・なりすまし.
        SocialEngineering = "social_engineering",
        /// 誤送信・誤送付・誤交付.
        Misdelivery = "misdelivery",
        /// 誤公開・誤掲載.
        Publishing = "publishing",
        /// 設定ミス.
        Misconfiguration = "misconfiguration",
        /// 不具合.
        SystemFault = "system_fault",
        /// 紛失.
        Loss = "loss",
        /// 誤廃棄.
        ImproperDisposal = "improper_disposal",
        /// 盗難.
        Theft = "theft",
        /// 不正持ち出し・内部不正.
        Insider = "insider",
        /// 不適切な閲覧・取扱い.
        Mishandling = "mishandling",
        /// その他.
        Other = "other",
        /// 不明・調査中.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// A counting of incidents by others, with classes of cause of its own.
    Coding {
        /// ScanNetSecurity's monthly counting of its articles.
        Scan = "scan",
        /// 東京商工リサーチ, survey of listed companies and their subsidiaries, as of 2023.
        Tsr = "tsr",
        /// JNSA, survey of 2018.
        Jnsa = "jnsa",
        /// VERIS (Vocabulary for Event Recording and Incident Sharing).
        Veris = "veris",
    }
}

vocabulary! {
    /// Why a leak is to be reported to the PPC (個人情報の保護に関する法律施行規則 第7条; of public bodies 第43条).
    ReportType {
        /// 要配慮個人情報 (第7条1号, 第43条1号).
        SpecialCare = "special_care",
        /// 財産的被害が生じるおそれ (第7条2号, 第43条2号).
        PropertyDamage = "property_damage",
        /// 不正の目的をもって行われたおそれ (第7条3号, 第43条3号).
        ImproperPurpose = "improper_purpose",
        /// 本人の数が千人を超える (第7条4号).
        Over1000 = "over_1000",
        /// A public body, 本人の数が百人を超える (第43条4号).
        Over100Public = "over_100_public",
    }
}

vocabulary! {
    /// What happened to the data, or is feared to have happened.
    Effect {
        /// 漏えい.
        Leak = "leak",
        /// 滅失.
        Loss = "loss",
        /// 毀損.
        Damage = "damage",
    }
}

vocabulary! {
    /// Who leaked, as the PPC counts it.
    LeakedBy {
        /// 報告者: who answers for the data.
        Reporter = "reporter",
        /// 委託先.
        Contractor = "contractor",
    }
}

vocabulary! {
    /// What kind of data.
    DataTypeCode {
        /// 氏名.
        Name = "name",
        /// 住所.
        Address = "address",
        /// 電話番号.
        Phone = "phone",
        /// メールアドレス.
        EmailAddress = "email_address",
        /// 生年月日, 年齢.
        BirthDate = "birth_date",
        /// 性別.
        Sex = "sex",
        /// パスワード, 認証情報.
        Credential = "credential",
        /// アカウント, ID.
        AccountId = "account_id",
        /// クレジットカード情報.
        Card = "card",
        /// セキュリティコード.
        CardSecurityCode = "card_security_code",
        /// 口座情報.
        BankAccount = "bank_account",
        /// マイナンバー.
        MyNumber = "my_number",
        /// 病名, カルテ, 健康診断 (要配慮個人情報).
        Health = "health",
        /// 犯罪歴, 信条 and other special-care data.
        SpecialCare = "special_care",
        /// 成績, 学籍.
        SchoolRecord = "school_record",
        /// 職歴, 給与, 人事.
        Employment = "employment",
        /// 税, 所得, 給付.
        TaxAndBenefit = "tax_and_benefit",
        /// 購入履歴, 契約内容.
        Transaction = "transaction",
        /// 顔写真, 画像.
        Photograph = "photograph",
        /// メール本文, 通信.
        MailContent = "mail_content",
        /// 免許証, 本人確認書類.
        IdentityDocument = "identity_document",
        /// 営業秘密.
        TradeSecret = "trade_secret",
    }
}

vocabulary! {
    /// Whether a kind of data leaked.
    DataState {
        /// Leaked, or feared to be.
        Leaked = "leaked",
        /// The text says that it did not.
        Denied = "denied",
    }
}

vocabulary! {
    /// Whether data left.
    LeakStatus {
        /// 漏えいはない.
        None = "none",
        /// 可能性がある.
        Possible = "possible",
        /// 可能性を完全には否定できない.
        NotRuledOut = "not_ruled_out",
        /// 漏えいした.
        Confirmed = "confirmed",
        /// 回収した, 発見された.
        Recovered = "recovered",
        /// The attacker published it.
        PublishedByAttacker = "published_by_attacker",
    }
}

vocabulary! {
    /// What the document tells of.
    Event {
        /// The incident.
        Incident = "incident",
        /// A later report.
        FollowUp = "follow_up",
        /// An earlier report was wrong.
        Correction = "correction",
        /// 懲戒, 行政処分.
        Sanction = "sanction",
        /// 逮捕.
        Arrest = "arrest",
        /// 訴訟.
        Lawsuit = "lawsuit",
        /// The lost thing was found.
        Recovery = "recovery",
    }
}

vocabulary! {
    /// Which report it is.
    Stage {
        /// 第一報.
        First = "first",
        /// 続報.
        FollowUp = "follow_up",
        /// 最終報.
        Final = "final",
        /// 訂正.
        Correction = "correction",
    }
}

vocabulary! {
    /// Who speaks.
    SourceTier {
        /// The organization itself.
        Official = "official",
        /// A newspaper or news site.
        Press = "press",
        /// A page that carries somebody else's notice.
        Repost = "repost",
        /// Many incidents told again.
        Roundup = "roundup",
    }
}

vocabulary! {
    /// The genre of a document.
    DocumentKind {
        /// A notice or press release of an organization.
        PressRelease = "press_release",
        /// A news article.
        News = "news",
        /// Several incidents.
        Roundup = "roundup",
        /// No incident in it.
        NoDisclosure = "no_disclosure",
    }
}
