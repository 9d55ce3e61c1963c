//! The built binary, as people and scripts use it.

mod backup;
mod binary;
mod database;
mod limits;
mod logs;
mod nodes;
mod people;
mod places;
mod schemas;
mod tour;
mod watching;
mod whole;
