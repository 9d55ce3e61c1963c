//! A place on a throw-away PostgreSQL for one test of any crate, so that only this crate has a client.
//!
//! `BATON_TEST_POSTGRES` names the server (`cargo xtask test` starts one and sets it); its contents
//! are nobody's. Compiled with the feature `throwaway`, which only tests ask for.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::settings::Location;

const VARIABLE: &str = "BATON_TEST_POSTGRES";

/// A schema of its own, dropped with this.
#[derive(Debug)]
pub struct Schema {
    pub name: String,
    server: String,
    /// The server's address, with this schema as the only one that is looked in.
    pub url: String,
}

impl Schema {
    /// Makes one; `None`, with a note, where no server is named.
    ///
    /// # Panics
    /// Where the server that is named cannot be used: a test that was asked for must not be left out.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
    pub fn fresh() -> Option<Self> {
        static SCHEMAS: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(VARIABLE) else {
            eprintln!("skipped on PostgreSQL: {VARIABLE} is not set");
            return None;
        };
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let connected = ::postgres::Client::connect(&server, ::postgres::NoTls);
        let mut client = connected.expect("the throw-away server answers");
        client.batch_execute(&format!("create schema {name}")).expect("a schema can be made");
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options=-csearch_path%3D{name}&application_name={name}");
        Some(Self { name, server, url })
    }

    /// Ends the sessions that use this place, as an administrator does; whatever they were at is undone.
    /// Returns how many there were.
    ///
    /// # Panics
    /// Where the server cannot be used.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
    pub fn end_sessions(&self) -> usize {
        let connected = ::postgres::Client::connect(&self.server, ::postgres::NoTls);
        let mut client = connected.expect("the throw-away server answers");
        let ended = client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1",
            &[&self.name],
        );
        ended.expect("sessions can be ended").len()
    }

    #[must_use]
    pub fn location(&self) -> Location {
        Location::Database(self.url.clone())
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let drop = format!("drop schema {} cascade", self.name);
        let client = ::postgres::Client::connect(&self.server, ::postgres::NoTls);
        client.and_then(|mut client| client.batch_execute(&drop)).ok();
    }
}
