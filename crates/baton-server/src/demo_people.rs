//! The people of the demo: one for each role, made up, without passwords. Anybody at the demo's own
//! machine may be any of them.

use baton_core::time::Instant;
use baton_store::memberships::{self, NewMembership};
use baton_store::{Scope, Store, StoreError, Tx, customers, people};

use crate::http::{KeyRole, owner_of};

struct Person {
    role: KeyRole,
    name: &'static str,
    login: &'static str,
}

const fn person(role: KeyRole, name: &'static str, login: &'static str) -> Person {
    Person { role, name, login }
}

const PEOPLE: [Person; 9] = [
    person(KeyRole::Operator, "Sam Fielding", "sam@msp.example"),
    person(KeyRole::Admin, "Ada Hartwell", "ada@northwind.example"),
    person(KeyRole::Operations, "Noor Lindqvist", "noor@northwind.example"),
    person(KeyRole::Finance, "Felix Brandt", "felix@northwind.example"),
    person(KeyRole::CustomerSuccess, "Carla Moreno", "carla@northwind.example"),
    person(KeyRole::PartnerManager, "Piet Visser", "piet@northwind.example"),
    person(KeyRole::Executive, "Erin Walshe", "erin@northwind.example"),
    person(KeyRole::Auditor, "Aiko Tanabe", "aiko@northwind.example"),
    person(KeyRole::Partner, "Tom Ridgeway", "tom@tailspin.example"),
];

/// Has whoever sees to customers look after these, unless they have chosen.
fn look_after(tx: &mut Tx<'_>, tenant: &Scope, companies: &[&str]) -> Result<(), StoreError> {
    let companies: Vec<String> = companies.iter().map(|name| (*name).to_owned()).collect();
    for person in PEOPLE.iter().filter(|person| person.role == KeyRole::CustomerSuccess) {
        let owner = owner_of(person.login);
        if customers::of(tx, tenant, &owner)?.is_empty() {
            customers::choose(tx, tenant, &owner, &companies)?;
        }
    }
    Ok(())
}

/// Gives each of them their seat in the tenant, unless they have it; the partner's user sees what
/// `partner` may, and whoever sees to customers looks after `companies`.
///
/// # Errors
/// What the store does.
pub fn seat(
    store: &Store,
    tenant: &Scope,
    (partner, companies): (&str, &[&str]),
    at: Instant,
) -> Result<(), StoreError> {
    let operator = Scope::operator();
    store.write(|tx| {
        for person in &PEOPLE {
            let id = match people::by_login(tx, person.login)? {
                Some(found) => found.id,
                None => people::create(tx, person.login, None, at)?,
            };
            let scope = if person.role == KeyRole::Operator { &operator } else { tenant };
            let seated = memberships::list(tx, scope)?;
            if seated.iter().any(|member| member.membership.person == id) {
                continue;
            }
            let new = NewMembership {
                person: id,
                name: person.name,
                role: person.role.name(),
                partner: (person.role == KeyRole::Partner).then_some(partner),
                created_at: at,
                accepted_at: Some(at),
            };
            memberships::create(tx, scope, &new)?;
        }
        look_after(tx, tenant, companies)
    })
}
