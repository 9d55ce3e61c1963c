//! The built binary, as people and scripts use it.

mod binary;
mod database;
mod logs;
mod people;
mod places;
mod tour;
