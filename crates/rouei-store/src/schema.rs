use rusqlite_migration::{M, Migrations};

/// Every migration, oldest first. A migration that was released is never edited; views change by a new one.
const STEPS: &[M<'_>] = &[
    M::up(include_str!("../migrations/01-tables.sql")),
    M::up(include_str!("../migrations/02-views.sql")),
    M::up(include_str!("../migrations/03-withdrawals.sql")),
    M::up(include_str!("../migrations/04-sources.sql")),
    M::up(include_str!("../migrations/05-order-of-arrival.sql")),
    M::up(include_str!("../migrations/06-canonical-addresses.sql")),
    M::up(include_str!("../migrations/07-feed-entries.sql")),
];

pub(crate) const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// What `user_version` is when all are applied.
pub(crate) const VERSION: i64 = STEPS.len() as i64;
