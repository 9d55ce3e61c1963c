//! The API as its callers see it: without sockets, over a running engine and the shipped packs.

mod access;
mod account;
mod bench;
mod documents;
mod events;
mod guessing;
mod intake;
mod isolation;
mod lists;
mod mail;
mod oidc;
mod orders;
mod pack_requests;
mod portal;
mod postbox;
mod provider;
mod refusals;
mod relay;
mod repeats;
mod running;
mod scorecards;
mod separation;
mod sign_in;
mod traces;
mod unmatched;
mod users;
