//! What belongs to one engine: files, versions, and connections that are cut.

use std::time::Duration;

use baton_store::clusters::ClusterNo;
use baton_store::{
    FILE_NAME, Location, Scope, Settings, Store, StoreError, Tx, facts, progress, tenants, timers,
};

use crate::harness::{at, fresh_schema, keep, note, on_each_engine, on_folder, tenant};

on_each_engine!(migrating_again_changes_nothing, an_error_rolls_back, a_panic_rolls_back);

fn migrating_again_changes_nothing(store: &Store) {
    let (before, after) = store.migrate().unwrap();
    assert_eq!(before, after);
    store.check_schema().unwrap();
}

/// What one transaction holds no other one sets until it has ended, and what it takes no other one takes.
fn what_is_held_is_not_set(location: &Location) {
    let settings = Settings { busy_wait_max: Duration::from_millis(50), ..Settings::default() };
    let store = Store::open(location, &settings).unwrap();
    store.migrate().unwrap();
    let scope = tenant(&store, "main");
    let other = Store::open(location, &settings).unwrap();
    for _ in ["not there yet", "there"] {
        store
            .write(|tx| {
                progress::hold(tx, &scope, "roles")?;
                let set = other.write(|tx| progress::put(tx, &scope, "roles", "carrier"));
                assert_eq!(set, Err(StoreError::Busy));
                Ok(())
            })
            .unwrap();
        store
            .write(|tx| {
                let before = progress::take(tx, &scope, "count")?;
                let taken = other.write(|tx| progress::take(tx, &scope, "count"));
                assert_eq!(taken, Err(StoreError::Busy));
                progress::put(tx, &scope, "count", &format!("{before}I"))
            })
            .unwrap();
        other.write(|tx| progress::put(tx, &scope, "roles", "carrier")).unwrap();
        let kept = store.read(|tx| progress::get(tx, &scope, "roles")).unwrap();
        assert_eq!(kept.as_deref(), Some("carrier"));
    }
    assert_eq!(store.write(|tx| progress::take(tx, &scope, "count")).unwrap(), "II");
}

#[test]
fn what_is_held_is_not_set_in_a_file() {
    on_folder(|folder| what_is_held_is_not_set(&Location::Folder(folder.to_owned())));
}

#[test]
fn what_is_held_is_not_set_on_a_server() {
    if let Some(schema) = fresh_schema() {
        what_is_held_is_not_set(&schema.location());
    }
}

fn an_error_rolls_back(store: &Store) {
    let scope = tenant(store, "main");
    let refused: Result<(), StoreError> = store.write(|tx| {
        timers::set(tx, &scope, &[(ClusterNo(1), Some(at(1)))])?;
        Err(StoreError::Busy)
    });
    assert_eq!(refused, Err(StoreError::Busy));
    assert_eq!(store.read(|tx| timers::next(tx, &scope)).unwrap(), None);
}

fn a_panic_rolls_back(store: &Store) {
    let scope = tenant(store, "main");
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write::<()>(|tx| {
            timers::set(tx, &scope, &[(ClusterNo(1), Some(at(1)))]).unwrap();
            panic!("in the middle of a transaction");
        })
    }));
    assert!(caught.is_err());
    assert_eq!(store.read(|tx| timers::next(tx, &scope)).unwrap(), None);
    tenant(store, "other");
}

fn open(folder: &std::path::Path, settings: &Settings) -> Store {
    Store::open(&Location::Folder(folder.to_owned()), settings).unwrap()
}

#[test]
fn what_was_committed_is_there_when_opened_again() {
    on_folder(|folder| {
        let folder = folder.join("made on opening");
        let store = open(&folder, &Settings::default());
        let refused = store.check_schema();
        assert!(matches!(refused, Err(StoreError::NotMigrated { found: 0, .. })), "{refused:?}");
        store.migrate().unwrap();
        let scope = tenant(&store, "main");
        drop(store);
        let store = open(&folder, &Settings::default());
        store.check_schema().unwrap();
        let listed = store.read(|tx| tenants::list(tx, &Scope::operator())).unwrap();
        assert_eq!(Some(listed[0].id), scope.tenant_id());
    });
}

#[test]
fn a_newer_schema_is_refused() {
    on_folder(|folder| {
        let store = open(folder, &Settings::default());
        store.migrate().unwrap();
        let connection = rusqlite::Connection::open(folder.join(FILE_NAME)).unwrap();
        connection.execute("insert into schema_version (version) values (99)", []).unwrap();
        for refused in [store.check_schema(), store.migrate().map(drop)] {
            assert!(
                matches!(refused, Err(StoreError::SchemaTooNew { found: 99, .. })),
                "{refused:?}"
            );
        }
    });
}

#[test]
fn a_file_that_is_none_of_ours_is_refused() {
    on_folder(|folder| {
        std::fs::write(folder.join(FILE_NAME), "not a database".repeat(1_000)).unwrap();
        let refused = Store::open(&Location::Folder(folder.to_owned()), &Settings::default());
        assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    });
}

#[test]
fn a_look_between_writes_sees_what_is_committed_and_leaves_nothing() {
    on_folder(|folder| {
        let store = open(folder, &Settings::default());
        store.migrate().unwrap();
        let scope = tenant(&store, "main");
        let set = |tx: &mut Tx<'_>, n| timers::set(tx, &scope, &[(ClusterNo(n), Some(at(n)))]);
        store.write(|tx| set(tx, 1)).unwrap();
        let seen = store.between_writes(|tx| {
            set(tx, 2)?;
            timers::due(tx, &scope, at(9), 9)
        });
        assert_eq!(seen.unwrap().unwrap().len(), 2);
        assert_eq!(store.read(|tx| timers::due(tx, &scope, at(9), 9)).unwrap().len(), 1);
        let refused = store.between_writes(|_| Err::<(), _>(StoreError::Busy));
        assert_eq!(refused, Err(StoreError::Busy));
        store.write(|tx| set(tx, 3)).unwrap();
    });
    if let Some(schema) = fresh_schema() {
        let store = Store::open(&schema.location(), &Settings::default()).unwrap();
        assert_eq!(store.between_writes(|_| Ok(())), Ok(None), "it has several writers");
    }
}

#[test]
fn sqlite_is_compiled_as_it_is_said() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut listed = connection.prepare("pragma compile_options").unwrap();
    let options = listed.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let options: Vec<String> = options.map(Result::unwrap).collect();
    let check = |option: &str, is_on: bool| {
        assert_eq!(options.iter().any(|one| one == option), is_on, "{option} in {options:?}");
    };
    check("DEFAULT_MEMSTATUS=0", true);
    check("OMIT_SHARED_CACHE", true);
    check("ENABLE_API_ARMOR", false);
    check("ENABLE_MEMORY_MANAGEMENT", false);
}

/// While somebody always writes, the log begins anew again and again.
#[test]
fn the_log_is_moved_beside_those_who_write() {
    on_folder(|folder| {
        let settings = Settings { checkpoint_pages: 100, ..Settings::default() };
        let store = open(folder, &settings);
        store.migrate().unwrap();
        let scope = tenant(&store, "main");
        let file_bytes = || std::fs::metadata(folder.join(FILE_NAME)).unwrap().len();
        let log_bytes = || store.sizes().unwrap().log_bytes;
        let (before, mut written) = (file_bytes(), 0);
        for n in 1..300 {
            let facts: Vec<_> = (0..20).map(|i| note(&no_repeats(n * 20 + i), n, at(n))).collect();
            keep(&store, &scope, ClusterNo(n), &facts);
            written += 20 * 2_000;
        }
        assert!(written > 10 * log_bytes(), "{} bytes of log", log_bytes());
        assert!(file_bytes() - before > written / 2, "{} bytes of file", file_bytes());
    });
}

#[test]
fn the_log_stays_bounded_though_readers_hold_it_open() {
    on_folder(|folder| {
        let settings = Settings {
            log_bytes_max: 1 << 20,
            checkpoint_pages: 100,
            busy_wait_max: std::time::Duration::from_millis(50),
            ..Settings::default()
        };
        let store = open(folder, &settings);
        store.migrate().unwrap();
        let scope = tenant(&store, "main");
        let write = |n: i64| {
            let facts: Vec<_> =
                (0..100).map(|i| note(&no_repeats(n * 100 + i), n, at(n))).collect();
            keep(&store, &scope, ClusterNo(n), &facts);
        };
        let log = folder.join(format!("{FILE_NAME}-wal"));
        let size_bytes = || std::fs::metadata(&log).unwrap().len();
        store
            .read(|tx| {
                facts::load(tx, &scope, &[ClusterNo(1)], None)?;
                (0..10).for_each(write);
                assert!(size_bytes() > settings.log_bytes_max, "the reader did not hold it open");
                Ok(())
            })
            .unwrap();
        // Not at once, since it was tried in vain, but before it has doubled.
        (11..20).for_each(write);
        assert!(size_bytes() <= settings.log_bytes_max, "{} bytes of log", size_bytes());
    });
}

/// Two thousand letters that cannot be stored in much less.
fn no_repeats(seed: i64) -> String {
    let mut random = seed.unsigned_abs() + 1;
    let mut word = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        format!("{random:016x}")
    };
    (0..125).map(|_| word()).collect()
}

#[test]
fn a_cut_connection_is_replaced() {
    let Some(schema) = fresh_schema() else { return };
    // One connection, so that the one that is cut is the one that is used next.
    let settings = Settings { connections_max: 1, ..Settings::default() };
    // Sessions of other tests must live: this one's carry a name of their own.
    let name = format!("cut-{}", schema.name);
    let location = Location::Database(format!("{}&application_name={name}", schema.url));
    let store = Store::open(&location, &settings).unwrap();
    store.migrate().unwrap();
    let scope = tenant(&store, "main");
    let cut = || {
        let mut client = ::postgres::Client::connect(&schema.url, ::postgres::NoTls).unwrap();
        let all =
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1";
        client.query(all, &[&name]).unwrap().len()
    };
    assert!(cut() > 0);
    store.read(|tx| timers::next(tx, &scope)).unwrap();
    assert!(cut() > 0);
    store.write(|tx| timers::set(tx, &scope, &[(ClusterNo(1), Some(at(1)))])).unwrap();
    let during = store.write(|tx| {
        assert!(cut() > 0);
        timers::set(tx, &scope, &[(ClusterNo(2), Some(at(2)))])
    });
    assert!(matches!(during, Err(StoreError::Unavailable { .. })), "{during:?}");
    let due = store.read(|tx| timers::due(tx, &scope, at(9), 9)).unwrap();
    assert_eq!(due.len(), 1, "what was cut off in the middle left nothing");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for address in ["nonsense", "postgres://localhost:1/none"] {
        let refused = Store::open(&Location::Database(address.into()), &Settings::default());
        assert!(matches!(refused, Err(StoreError::Unavailable { .. })), "{address}");
    }
}
