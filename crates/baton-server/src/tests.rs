//! The engine from end to end on embedded SQLite, with a connector that reads plain statements, so that
//! each test says in the words of facts what came in.

mod as_of;
mod clock;
mod delivery;
mod environment;
mod foresight;
mod harness;
mod intake;
mod joining;
mod overtaken;
mod packs;
mod people;
mod receipts;
mod several;
mod simulation;
mod tidy;
