//! The table of endpoints: the map of the API, in parts.

mod account;
mod governing;
mod packs;
mod people;
mod running;
mod work;

use super::access::KeyRole::{
    self, Admin, Auditor, CustomerSuccess, Executive, Finance, Operations, Operator, Partner,
    PartnerManager, Source,
};
use super::endpoint::Endpoint;

/// Sees everything of the tenant.
const READ: &[KeyRole] =
    &[Operator, Admin, Operations, Finance, CustomerSuccess, PartnerManager, Executive, Auditor];
/// The same, or what a partner may see of it.
const SEE: &[KeyRole] = &[
    Operator,
    Admin,
    Operations,
    Finance,
    CustomerSuccess,
    PartnerManager,
    Executive,
    Auditor,
    Partner,
];
/// Sees how it is wired to others.
const WIRING: &[KeyRole] = &[Operator, Admin, Operations, Auditor];
/// Speaks about orders.
const SPEAK: &[KeyRole] = &[Operator, Admin, Operations, Finance, CustomerSuccess, PartnerManager];
/// Sees to partners.
const PARTNERS: &[KeyRole] = &[Operator, Admin, PartnerManager];
/// Sees who did what.
const AUDIT: &[KeyRole] = &[Operator, Admin, Auditor];
/// Sees what the tenant used, which it may be billed by.
const USAGE: &[KeyRole] = &[Operator, Admin, Finance, Executive, Auditor];
/// Works on orders.
const WORK: &[KeyRole] = &[Operator, Admin, Operations];
/// Runs a tenant.
const ADMIN: &[KeyRole] = &[Operator, Admin];
/// Sends messages; a partner those of its own sources.
const SEND: &[KeyRole] = &[Operator, Admin, Operations, Partner, Source];
/// Looks at what would be understood of a message.
const PREVIEW: &[KeyRole] = &[Operator, Admin, Operations, Partner];
/// Speaks of hand-offs: partners for themselves, and those who settle what they dispute.
const ANSWER: &[KeyRole] = &[Operator, Admin, Operations, PartnerManager, Partner];
const EVERYBODY: &[KeyRole] = &KeyRole::ALL;

const ANY: &str = "*/*";

/// Groups of endpoints, in words.
pub(super) const TAGS: &[(&str, &str)] = &[
    ("intake", "Sending messages."),
    ("messages", "Messages as they were received, and what of them could not be read."),
    ("orders", "What holds of every order, and why."),
    ("exceptions", "What went wrong."),
    ("events", "Being told of changes, by a stream or by signed deliveries."),
    ("sources", "The feeds of partners and systems."),
    ("packs", "How messages are read and what is expected of orders."),
    ("running", "Tenants, keys and verifying."),
    ("people", "Signing in, and users."),
    ("governing", "Who did what; how the pages look; what customers see."),
    ("server", "The server itself."),
];

/// Every endpoint.
pub(super) fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    let parts = [
        work::ENDPOINTS,
        packs::ENDPOINTS,
        running::ENDPOINTS,
        people::ENDPOINTS,
        account::ENDPOINTS,
        governing::ENDPOINTS,
    ];
    parts.into_iter().flatten()
}
