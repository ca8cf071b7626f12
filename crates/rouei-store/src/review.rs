use jiff::{Timestamp, ToSpan, civil::Date};
use rouei_model::{CauseCode, CountScope, DatePrecision, Review, ReviewAction, ReviewField};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Store, StoreError,
    codes::{code, date, integer, parse_time, time},
    typed_count::parse_count,
};

/// A decision to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// [`rouei_model::Disclosure::id`].
    pub disclosure: String,
    /// Which field.
    pub field: ReviewField,
    /// What was decided; [`ReviewAction::Undo`] goes by [`Store::undo_review`].
    pub action: ReviewAction,
    /// The corrected value, for [`ReviewAction::Correct`]:
    ///
    /// - organization: the name; `unknown`
    /// - headline count: digits, with `,` or without, 万 or 億, and a unit (`1,234人`, `16万件`; without one it is 人),
    ///   with 最大 少なくとも 約 およそ before and 以上 以下 超 未満 程度 余 強 弱 behind; `unknown`. 延べ is refused: a
    ///   review has no place to keep it
    /// - cause: a [`CauseCode`]
    /// - dates: `YYYY-MM-DD`, `YYYY-MM-DD/YYYY-MM-DD`, `YYYY-MM`, `YYYY`; `unknown`
    pub value: Option<String>,
    /// Who decides.
    pub reviewer: String,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub decided: Timestamp,
}

impl Store {
    /// Keeps a decision.
    ///
    /// Accepting one field keeps the machine's value of it, accepting the record keeps every field as it stands,
    /// corrections included: what a later run reads does not change either, but is listed in the queue.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::BadValue`], [`StoreError::Sql`].
    pub fn add_review(&self, new: &NewReview) -> Result<Review, StoreError> {
        check(new)?;
        self.in_transaction(|store| {
            if !store.exists("SELECT 1 FROM disclosure WHERE id = ?1", &new.disclosure)? {
                return Err(StoreError::NotFound { what: "disclosure", id: new.disclosure.clone() });
            }
            let decision = match (new.action, new.field) {
                (ReviewAction::Correct, field) => correction(field, new.value.as_deref().unwrap_or(""))?,
                (ReviewAction::Accept, ReviewField::Record) => store.snapshot("current_disclosure", &new.disclosure)?,
                (ReviewAction::Accept, field) => store.snapshot("disclosure", &new.disclosure)?.only(field),
                (ReviewAction::Reject | ReviewAction::Undo, _) => Decision::default(),
            };
            let id = store.insert_review(new, None, &decision)?;
            store.review(id)
        })
    }

    /// Takes a decision back; what stood before it stands again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::BadValue`] if it was taken back before or is itself an undo.
    pub fn undo_review(
        &self,
        id: i64,
        reviewer: &str,
        note: Option<&str>,
        decided: Timestamp,
    ) -> Result<Review, StoreError> {
        self.in_transaction(|store| {
            let undone = store.review(id)?;
            let expected = "a decision that stands";
            if undone.action == ReviewAction::Undo || store.exists("SELECT 1 FROM review WHERE undoes = ?1", id)? {
                return Err(StoreError::BadValue { field: "undo", value: id.to_string(), expected });
            }
            let new = NewReview {
                disclosure: undone.disclosure,
                field: undone.field,
                action: ReviewAction::Undo,
                value: None,
                reviewer: reviewer.into(),
                note: note.map(str::to_owned),
                decided,
            };
            let id = store.insert_review(&new, Some(id), &Decision::default())?;
            store.review(id)
        })
    }

    /// Every decision on a record, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn reviews(&self, disclosure: &str) -> Result<Vec<Review>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("{SELECT} WHERE disclosure_id = ?1 ORDER BY id"))?;
        let mut rows = statement.query([disclosure])?;
        let mut reviews = Vec::new();
        while let Some(row) = rows.next()? {
            reviews.push(read(row)?);
        }
        Ok(reviews)
    }

    /// The latest decision of a reviewer that was not taken back. None if none stands.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn last_standing_review(&self, reviewer: &str) -> Result<Option<Review>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE id = (SELECT max(id) FROM standing_review WHERE reviewer = ?1)"
        ))?;
        let mut rows = statement.query([reviewer])?;
        rows.next()?.map(read).transpose()
    }

    /// One decision.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Sql`].
    pub fn review(&self, id: i64) -> Result<Review, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
        let mut rows = statement.query([id])?;
        match rows.next()? {
            Some(row) => read(row),
            None => Err(StoreError::NotFound { what: "review", id: id.to_string() }),
        }
    }

    fn exists(&self, sql: &str, key: impl rusqlite::ToSql) -> Result<bool, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.exists([key])?)
    }

    /// The values of a record, out of the table (the machine's) or the view (as they stand).
    fn snapshot(&self, relation: &str, id: &str) -> Result<Decision, StoreError> {
        let sql = format!("SELECT {} FROM {relation} WHERE id = ?1", DECISION_COLUMNS);
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([id], Decision::read).optional()?.unwrap_or_default())
    }

    fn insert_review(&self, new: &NewReview, undoes: Option<i64>, decision: &Decision) -> Result<i64, StoreError> {
        let sql = format!(
            "INSERT INTO review (disclosure_id, field, action, value, undoes, reviewer, note, decided, basis,
                                 {DECISION_COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                     (SELECT value FROM machine_value WHERE disclosure_id = ?1 AND field = ?2),
                     ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
        );
        self.execute(
            &sql,
            params![
                new.disclosure,
                new.field.code(),
                new.action.code(),
                new.value,
                undoes,
                new.reviewer,
                new.note,
                time(new.decided),
                decision.organization,
                decision.headline.value,
                decision.headline.unit,
                decision.headline.bound,
                decision.headline.approx,
                decision.headline.scope,
                decision.headline.derived,
                decision.cause,
                decision.announced.from,
                decision.announced.to,
                decision.announced.precision,
                decision.occurred.from,
                decision.occurred.to,
                decision.occurred.precision,
                decision.discovered.from,
                decision.discovered.to,
                decision.discovered.precision,
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }
}

const SELECT: &str = "SELECT id, disclosure_id, field, action, value, undoes, reviewer, note, decided FROM review";

const DECISION_COLUMNS: &str = "organization, headline_value, headline_unit, headline_bound, headline_approx, \
    headline_scope, headline_derived, cause, announced_from, announced_to, announced_precision, occurred_from, \
    occurred_to, occurred_precision, discovered_from, discovered_to, discovered_precision";

/// What a review makes of the fields.
#[derive(Default)]
struct Decision {
    organization: Option<String>,
    headline: Headline,
    cause: Option<String>,
    announced: Range,
    occurred: Range,
    discovered: Range,
}

#[derive(Default)]
struct Headline {
    value: Option<i64>,
    unit: Option<String>,
    bound: Option<String>,
    approx: Option<bool>,
    scope: Option<String>,
    derived: Option<String>,
}

#[derive(Default)]
struct Range {
    from: Option<String>,
    to: Option<String>,
    precision: Option<String>,
}

impl Decision {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let range =
            |i| Ok::<_, rusqlite::Error>(Range { from: row.get(i)?, to: row.get(i + 1)?, precision: row.get(i + 2)? });
        Ok(Self {
            organization: row.get(0)?,
            headline: Headline {
                value: row.get(1)?,
                unit: row.get(2)?,
                bound: row.get(3)?,
                approx: row.get(4)?,
                scope: row.get(5)?,
                derived: row.get(6)?,
            },
            cause: row.get(7)?,
            announced: range(8)?,
            occurred: range(11)?,
            discovered: range(14)?,
        })
    }

    fn only(self, field: ReviewField) -> Self {
        let mut one = Self::default();
        match field {
            ReviewField::Record => return self,
            ReviewField::Organization => one.organization = self.organization,
            ReviewField::HeadlineCount => one.headline = self.headline,
            ReviewField::Cause => one.cause = self.cause,
            ReviewField::Announced => one.announced = self.announced,
            ReviewField::Occurred => one.occurred = self.occurred,
            ReviewField::Discovered => one.discovered = self.discovered,
        }
        one
    }
}

fn check(new: &NewReview) -> Result<(), StoreError> {
    let bad =
        |value: &str, expected| Err(StoreError::BadValue { field: new.field.code(), value: value.into(), expected });
    match (new.action, new.field, &new.value) {
        (ReviewAction::Undo, ..) => bad("undo", "the number of the review, by undo_review"),
        (ReviewAction::Correct, ReviewField::Record, _) => bad("correct", "one field of the record"),
        (ReviewAction::Correct, _, None) => bad("", "a value"),
        (ReviewAction::Accept | ReviewAction::Reject, _, Some(value)) => bad(value, "no value"),
        (ReviewAction::Reject, field, _) if field != ReviewField::Record => bad("reject", "the whole record"),
        _ => Ok(()),
    }
}

/// What a person says in place of a value that is not known.
const UNKNOWN: &str = "unknown";

fn correction(field: ReviewField, value: &str) -> Result<Decision, StoreError> {
    let value = value.trim();
    let bad = |expected| StoreError::BadValue { field: field.code(), value: value.into(), expected };
    let mut decision = Decision::default();
    let range = || parse_range(value).ok_or_else(|| bad("YYYY-MM-DD, YYYY-MM-DD/YYYY-MM-DD, YYYY-MM, YYYY or unknown"));
    match field {
        ReviewField::Record => return Err(bad("one field of the record")),
        ReviewField::Organization if value.is_empty() => return Err(bad("a name, or unknown")),
        ReviewField::Organization => decision.organization = (value != UNKNOWN).then(|| value.to_owned()),
        ReviewField::HeadlineCount if value == UNKNOWN => {}
        ReviewField::HeadlineCount => {
            let count = parse_count(value)
                .ok_or_else(|| bad("digits and a unit, as 1,234人 or 最大約16万件 (without 延べ), or unknown"))?;
            decision.headline = Headline {
                value: Some(integer(count.value)?),
                unit: Some(count.unit),
                bound: Some(count.bound.code().into()),
                approx: Some(count.approx),
                scope: Some(CountScope::Unstated.code().into()),
                derived: None,
            };
        }
        ReviewField::Cause => {
            let code = CauseCode::from_code(value).ok_or_else(|| bad("the code of a cause, as misdelivery"))?;
            decision.cause = Some(code.code().into());
        }
        ReviewField::Announced => decision.announced = range()?,
        ReviewField::Occurred => decision.occurred = range()?,
        ReviewField::Discovered => decision.discovered = range()?,
    }
    Ok(decision)
}

fn parse_range(text: &str) -> Option<Range> {
    if text == UNKNOWN {
        return Some(Range::default());
    }
    let range = |from: Date, to: Date, precision: DatePrecision| Range {
        from: date(Some(from)),
        to: date(Some(to)),
        precision: Some(precision.code().into()),
    };
    if let Some((from, to)) = text.split_once('/') {
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        return (from <= to).then(|| range(from, to, DatePrecision::Day));
    }
    match text.len() {
        10 => text.parse().ok().map(|day| range(day, day, DatePrecision::Day)),
        7 => {
            let first: Date = format!("{text}-01").parse().ok()?;
            Some(range(first, first.last_of_month(), DatePrecision::Month))
        }
        4 => {
            let first: Date = format!("{text}-01-01").parse().ok()?;
            Some(range(first, first.checked_add(1.year()).ok()?.yesterday().ok()?, DatePrecision::Year))
        }
        _ => None,
    }
}

fn read(row: &Row<'_>) -> Result<Review, StoreError> {
    Ok(Review {
        id: row.get(0)?,
        disclosure: row.get(1)?,
        field: code(&row.get::<_, String>(2)?)?,
        action: code(&row.get::<_, String>(3)?)?,
        value: row.get(4)?,
        undoes: row.get(5)?,
        reviewer: row.get(6)?,
        note: row.get(7)?,
        decided: parse_time(&row.get::<_, String>(8)?)?,
    })
}
