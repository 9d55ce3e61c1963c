//! The versions of the tables. A migration is never edited once released: a change is a new file,
//! one for each engine, under `migrations/`.

use crate::error::{Result, StoreError};
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

struct Migration {
    sqlite: &'static str,
    postgres: &'static str,
}

/// In order; the first makes version 1.
const MIGRATIONS: &[Migration] = &[Migration {
    sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
    postgres: include_str!("../migrations/postgres/0001_first.sql"),
}];

/// The version that this program works with.
pub(crate) const NEWEST: i64 = MIGRATIONS.len() as i64;

/// The version of the tables; 0 where there are none.
pub(crate) fn version(tx: &mut Tx<'_>) -> Result<i64> {
    let there = tx.row(sql_pair!("schema/there"), &[], |row| row.int(0))?.unwrap_or(0);
    if there == 0 {
        return Ok(0);
    }
    Ok(tx.row(sql!("schema/version"), &[], |row| row.int(0))?.unwrap_or(0))
}

pub(crate) fn migrate(tx: &mut Tx<'_>) -> Result<(i64, i64)> {
    migrate_to(tx, NEWEST)
}

/// Migrates up to `target`, for tests that start from each earlier version.
pub(crate) fn migrate_to(tx: &mut Tx<'_>, target: i64) -> Result<(i64, i64)> {
    tx.batch(tx.by_engine(
        include_str!("../sql/schema/begin.sqlite.sql"),
        include_str!("../sql/schema/begin.postgres.sql"),
    ))?;
    let found = version(tx)?;
    if found > NEWEST {
        return Err(StoreError::SchemaTooNew { found, known: NEWEST });
    }
    for (migration, number) in MIGRATIONS.iter().zip(1..) {
        if number <= found || number > target {
            continue;
        }
        tx.batch(tx.by_engine(migration.sqlite, migration.postgres))?;
        tx.execute(sql!("schema/record"), params![number])?;
        tracing::info!(version = number, "the store was migrated");
    }
    Ok((found, found.max(target)))
}
