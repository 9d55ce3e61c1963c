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
const MIGRATIONS: &[Migration] = &[
    Migration {
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0002_earlier_receipts.sql"),
        postgres: include_str!("../migrations/postgres/0002_earlier_receipts.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0003_hearing.sql"),
        postgres: include_str!("../migrations/postgres/0003_hearing.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0004_epochs.sql"),
        postgres: include_str!("../migrations/postgres/0004_epochs.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0005_key_networks.sql"),
        postgres: include_str!("../migrations/postgres/0005_key_networks.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0006_identity.sql"),
        postgres: include_str!("../migrations/postgres/0006_identity.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0007_long_lists.sql"),
        postgres: include_str!("../migrations/postgres/0007_long_lists.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0008_workers.sql"),
        postgres: include_str!("../migrations/postgres/0008_workers.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0009_void_edges.sql"),
        postgres: include_str!("../migrations/postgres/0009_void_edges.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0010_people.sql"),
        postgres: include_str!("../migrations/postgres/0010_people.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0011_links.sql"),
        postgres: include_str!("../migrations/postgres/0011_links.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0012_accounts.sql"),
        postgres: include_str!("../migrations/postgres/0012_accounts.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0013_portal.sql"),
        postgres: include_str!("../migrations/postgres/0013_portal.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0014_pack_requests.sql"),
        postgres: include_str!("../migrations/postgres/0014_pack_requests.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0015_audit.sql"),
        postgres: include_str!("../migrations/postgres/0015_audit.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0016_lists_of_holders.sql"),
        postgres: include_str!("../migrations/postgres/0016_lists_of_holders.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0017_usage.sql"),
        postgres: include_str!("../migrations/postgres/0017_usage.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0018_ranked_exceptions.sql"),
        postgres: include_str!("../migrations/postgres/0018_ranked_exceptions.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0019_customers.sql"),
        postgres: include_str!("../migrations/postgres/0019_customers.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0020_exceptions_by_subject.sql"),
        postgres: include_str!("../migrations/postgres/0020_exceptions_by_subject.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0021_orders_noted_at_once.sql"),
        postgres: include_str!("../migrations/postgres/0021_orders_noted_at_once.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0022_receipts_of_what_waits.sql"),
        postgres: include_str!("../migrations/postgres/0022_receipts_of_what_waits.sql"),
    },
];

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
    if tx.by_engine(true, false) && (found < target || !planner_is_told(tx)?) {
        tx.batch(include_str!("../migrations/sqlite/planner.sql"))?;
    }
    Ok((found, found.max(target)))
}

/// Whether the planner knows what to believe of indices.
fn planner_is_told(tx: &mut Tx<'_>) -> Result<bool> {
    let there = tx.row(sql_pair!("schema/planner_told"), &[], |row| row.int(0))?;
    Ok(there.unwrap_or(0) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Settings, Store};

    /// The tables and indices, as the engine describes them.
    fn tables(store: &Store) -> Vec<String> {
        let described =
            crate::sql::Sql::both("select sql from sqlite_schema where sql is not null");
        let mut tables =
            store.read(|tx| tx.rows(&described, &[], |row| Ok(row.text(0)?.to_owned()))).unwrap();
        tables.sort();
        tables
    }

    #[test]
    fn a_tenant_is_not_taken_for_few_rows() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Folder(folder.path().into()), &Settings::default());
        let store = store.unwrap();
        store.migrate().unwrap();
        for (rows, index) in [
            ("distinct cluster from orders where tenant = 1 and holder = 'h'", "orders_by_holder"),
            (
                "cluster from orders where tenant = 1 and holder = 'h' order by promised_at, cluster",
                "orders_by_holder (",
            ),
            (
                "number from orders where tenant = 1 and holder = 'h' and (state || '') in ('open')
                and (updated_at, cluster, component) < (9, 9, 9)
                order by updated_at desc, cluster desc, component desc limit 9",
                "orders_by_holder_update (",
            ),
            ("cluster from orders where tenant = 1 and exceptions_open > 0", "orders_troubled"),
            ("distinct cluster from orders where tenant = 1 and late_minutes > 0", "orders_late"),
            (
                "cluster from exception where tenant = 1 and code = 'c' and closed_at is null",
                "exception_open_ranked",
            ),
            (
                "id from exception where tenant = 1 and cluster = 2 order by opened_at, id",
                "exception USING PRIMARY KEY (tenant=? AND cluster=?)",
            ),
            (
                "cluster from timer where tenant = 1 and wake_at <= 7 order by wake_at, cluster limit 9",
                "timer_by_wake",
            ),
        ] {
            let text = format!("explain query plan select {rows}");
            let plan = crate::sql::Sql::assembled(text);
            let plan = store.read(|tx| tx.rows(&plan, &[], |row| Ok(row.text(3)?.to_owned())));
            let plan = plan.unwrap();
            assert!(plan.iter().any(|step| step.contains(index)), "{rows}: {plan:?}");
        }
    }

    #[test]
    fn every_earlier_version_becomes_the_newest() {
        let mut expected = None;
        for from in (0..=NEWEST).rev() {
            let folder = tempfile::tempdir().unwrap();
            let location = Location::Folder(folder.path().to_owned());
            let store = Store::open(&location, &Settings::default()).unwrap();
            store.write(|tx| migrate_to(tx, from)).unwrap();
            assert_eq!(store.migrate().unwrap(), (from, NEWEST));
            store.check_schema().unwrap();
            let tables = tables(&store);
            assert!(tables.len() > 30);
            assert_eq!(*expected.get_or_insert(tables.clone()), tables, "from version {from}");
        }
    }

    #[test]
    fn what_was_released_is_never_edited() {
        let known = [
            "b1b10070d5d608c1",
            "91c62044e58fee0e",
            "4e2697e7f2c5b3d7",
            "9622897993c32164",
            "e6247d0f086aa2b7",
            "16c9e19700c70292",
            "a6f6d8b2565e8997",
            "029bdb7a82bacc6c",
            "adf640cd73384ccf",
            "20e93827bad8af36",
            "8c66010079f0873d",
            "53872e12335774f3",
            "48a5cabbf66ebe51",
            "104ec93a03a2f1bb",
            "e2220fca77cc76b1",
            "54931b5c4cec98d1",
            "8987c05fc4ea558b",
            "4864586f694c87e4",
            "a0de08281fcc65ec",
            "f3770b4ecfc6bf96",
            "b1b013e3b93da38a",
            "e8b19bef6df87c26",
        ];
        let digests = MIGRATIONS.iter().map(|migration| {
            let both = [migration.sqlite, migration.postgres].concat();
            blake3::hash(both.as_bytes()).to_hex().chars().take(16).collect::<String>()
        });
        assert_eq!(digests.collect::<Vec<_>>(), known);
    }

    #[test]
    fn both_engines_have_the_same_tables() {
        let lines = |text: &str| -> Vec<String> {
            let text = text
                .replace("bigint", "integer")
                .replace("bytea", "blob")
                .replace(" collate \"C\"", "")
                .replace(" strict, without rowid", "")
                .replace(" strict", "")
                // SQLite keeps messages by their number alone, which is unique in the store.
                .replace(
                    "message (\n    id integer primary key",
                    "message (\n    id integer not null",
                )
                .replace("body blob not null,\n    primary key (tenant, id)", "body blob not null")
                // Chance is drawn in the engine's own way.
                .replace("replace(gen_random_uuid()::text, '-', '')", "lower(hex(randomblob(16)))");
            text.lines().filter(|line| !line.starts_with("--")).map(str::to_owned).collect()
        };
        for migration in MIGRATIONS {
            assert_eq!(lines(migration.sqlite), lines(migration.postgres));
        }
    }
}
