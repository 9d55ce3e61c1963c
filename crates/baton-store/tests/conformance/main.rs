//! What every store must do, run on SQLite always, and on PostgreSQL where `BATON_TEST_POSTGRES`
//! names a throw-away server (`postgres://user@host:port/database`). Each test gets fresh tables.

mod harness;
mod lists;

mod audit;
mod clusters;
mod customers;
mod engines;
mod facts;
mod messages;
mod nouns;
mod orders;
mod pack_requests;
mod people;
mod portal;
mod properties;
mod queues;
mod ranked;
mod reached;
mod scope;
mod statements;
mod usage;
mod whole;
