//! A drawn world: tenants with partners, orders, parcels that some orders share, trouble, messages that
//! could not be read, and a key for everyone. The same seed draws the same world.
//!
//! Everything that is somebody's own carries a mark that stands nowhere else, so that a single word in
//! an answer tells whose it is.

use std::collections::{BTreeMap, BTreeSet};

use baton_store::{Scope, Sight};
use serde_json::{Value, json};

use super::super::bench::{Bench, Calling, Reply, Tenant, booked, pack};
use super::super::events::stream_by;
use super::super::sign_in::{self, Browser, scope};
use crate::http::access::KeyRole;

pub(super) const TENANTS: [&str; 2] = ["northwind", "contoso"];
/// Partners as keys, and as the ERP names them. Both tenants know partners of the same names.
const PARTNERS: [(&str, &str); 2] = [("fabrikam", "FABRIKAM"), ("litware", "LITWARE")];

const CONNECTOR: &str = r#"
name: acme
title: Parcels
format: json
own_id: /id
versioned: true
issuers: {po: self, tracking: carrier}
map: |
  {about: {shipment: ["tracking", .parcel]}, at: .at} as $said
  | ($said + {pointer: "/parcel", milestone: "T20"}),
    (.pos[] | $said + {pointer: "/pos", part_of: {order: ["po", .]}}),
    ($said + {pointer: "/note", trouble: "E-TRN-08", text: .note})
"#;

/// Draws numbers; splitmix64.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// How somebody proves who they are.
pub(super) enum By {
    Key(String),
    /// A person who signed in.
    Session(Browser),
}

/// Somebody who calls.
pub(super) struct Caller {
    /// Of [`World::held`].
    pub(super) tenant: usize,
    pub(super) role: KeyRole,
    pub(super) partner: Option<&'static str>,
    pub(super) sight: Sight,
    pub(super) by: By,
}

/// What a partner is let see of prices and names: something else in each tenant.
fn sight(tenant: usize, partner: &str) -> Sight {
    let first = partner == PARTNERS[0].0;
    Sight { prices: first == (tenant == 0), names: !first && tenant == 0 }
}

/// A tenant, and what it has: public ids by the part of the path that they stand in.
pub(super) struct Held {
    pub(super) tenant: Tenant,
    pub(super) ids: BTreeMap<&'static str, Vec<String>>,
    /// The mark of each order, by its id.
    pub(super) marks: BTreeMap<String, String>,
}

pub(super) struct World {
    pub(super) bench: Bench,
    pub(super) held: Vec<Held>,
    pub(super) callers: Vec<Caller>,
}

impl World {
    pub(super) fn drawn(seed: u64) -> Self {
        let (bench, mut draw) = (sign_in::bench(), Draw(seed));
        let tenants: Vec<Tenant> = TENANTS.iter().map(|name| bench.tenant(name)).collect();
        for (number, tenant) in tenants.iter().enumerate() {
            fill(&bench, tenant, number, &mut draw);
        }
        bench.settle();
        let everyone = |(n, tenant)| {
            let people = persons(&bench, tenant, n).chain([staff(&bench, tenant, n)]);
            keys(&bench, tenant, n).chain(people)
        };
        let callers = tenants.iter().enumerate().flat_map(everyone).collect();
        let held: Vec<Held> = tenants.into_iter().map(|tenant| Held::of(&bench, tenant)).collect();
        Self { bench, held, callers }
    }

    /// A call of somebody: with a key, or from the pages that they are signed in to.
    pub(super) fn call(&self, caller: &Caller, method: &str, path: &str) -> Calling<'_> {
        match &caller.by {
            By::Key(key) => self.bench.call(key, method, path),
            By::Session(browser) => browser.call(&self.bench, method, path),
        }
    }

    /// The first events of somebody's stream.
    pub(super) fn stream(&self, caller: &Caller, enough: usize) -> String {
        let proof = match &caller.by {
            By::Key(key) => ("Authorization", format!("Bearer {key}")),
            By::Session(browser) => ("Cookie", browser.cookie.clone()),
        };
        stream_by(&self.bench, (proof.0, &proof.1), "/v1/events?after=0", enough)
    }

    pub(super) fn get(&self, caller: &Caller, path: &str) -> Reply {
        self.call(caller, "GET", path).send()
    }

    /// The marks that must not stand in an answer to this caller: those of other tenants and, for a
    /// partner, those of the orders in which it plays no part.
    pub(super) fn foreign_marks(&self, caller: &Caller) -> BTreeSet<String> {
        let mut foreign = BTreeSet::new();
        for (number, held) in self.held.iter().enumerate() {
            let visible =
                if number == caller.tenant { self.visible_orders(caller) } else { BTreeSet::new() };
            let all = held.marks.iter().filter(|(id, _)| !visible.contains(*id));
            foreign.extend(all.map(|(_, mark)| mark.clone()));
        }
        foreign
    }

    /// The orders of its tenant that a caller may see, by what the whole tenant's list says of the
    /// partners in them.
    pub(super) fn visible_orders(&self, caller: &Caller) -> BTreeSet<String> {
        let admin = &self.held[caller.tenant].tenant.admin;
        let plays = |order: &&Value| {
            caller.partner.is_none_or(|partner| {
                let partners = order["partners"].as_array().unwrap();
                partners.iter().any(|playing| playing["partner"] == partner)
            })
        };
        let all = self.bench.get(admin, "/v1/orders?limit=500").items();
        all.iter().filter(plays).map(|order| order["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything of a tenant that a call could have changed, as its administrator sees it.
    pub(super) fn picture(&self, tenant: usize) -> Vec<Value> {
        let admin = &self.held[tenant].tenant.admin;
        let lists = [
            "/v1/orders?limit=500",
            "/v1/exceptions?limit=500",
            "/v1/messages?limit=500",
            "/v1/quarantine?state=all&limit=500",
            "/v1/sources",
            "/v1/partners",
            "/v1/packs",
            "/v1/pack-requests",
            "/v1/pack-activations",
            "/v1/keys",
            "/v1/users",
            "/v1/subscriptions",
            "/v1/views",
            "/v1/outbox?state=pending&limit=500",
        ];
        let shown = |path: &&str| {
            let mut list = self.bench.get(admin, path).json();
            for item in list["items"].as_array_mut().unwrap() {
                let item = item.as_object_mut().unwrap();
                // Being refused is a use of a key as well, and deliveries are tried all the time.
                for field in ["last_used_at", "attempts", "next_at", "last_error"] {
                    item.remove(field);
                }
            }
            list
        };
        lists.iter().map(shown).collect()
    }
}

/// Orders of some suppliers, parcels of some orders, notes of partners, and what cannot be read.
fn fill(bench: &Bench, tenant: &Tenant, number: usize, draw: &mut Draw) {
    let activated = bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(CONNECTOR));
    assert_eq!(activated.status, 201, "{}", activated.json());
    let again = json!({
        "packs": [{ "pack": "acme", "version": "1.0.0" }], "reason": format!("for M{number}X0Y"),
    });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/pack-requests").json(&again).status, 201);
    let draft = json!({ "base": "1.0.0", "files": { "README.md": format!("for M{number}X0Y") } });
    assert_eq!(bench.call(&tenant.admin, "PUT", "/v1/packs/acme/draft").json(&draft).status, 200);
    let hook = json!({ "url": format!("http://127.0.0.1:9/M{number}"), "events": ["*"] });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/subscriptions").json(&hook).status, 201);
    for (partner, _) in PARTNERS {
        let Sight { prices, names } = sight(number, partner);
        let body = json!({
            "partner": partner, "name": partner, "role": "oem",
            "sees_prices": prices, "sees_names": names,
        });
        assert_eq!(bench.call(&tenant.admin, "POST", "/v1/partners").json(&body).status, 200);
    }
    let view = json!({ "page": "orders", "name": format!("M{number}"), "search": "late=true" });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/views").json(&view).status, 201);
    let user = json!({
        "login": format!("noor@m{number}.example"), "name": format!("Noor M{number}"), "role": "auditor",
    });
    assert_eq!(bench.call(&tenant.admin, "POST", "/v1/users").json(&user).status, 201);
    let feed = json!({
        "source": "parcels", "role": "carrier", "connector": "acme", "partner": "litware",
    });
    let parcels = bench.call(&tenant.admin, "POST", "/v1/sources").json(&feed).text("key");
    let orders = 2 + draw.below(4);
    let mark = |n: usize| format!("M{number}X{n}Y");
    for n in 0..orders {
        let (_, supplier) = PARTNERS[draw.below(PARTNERS.len())];
        let supplier = (draw.below(4) > 0).then_some(supplier);
        let mut message = booked(&mark(n), supplier);
        message["customer"]["name"] = json!(format!("Customer {}", mark(n)));
        message["purchase_order"] = json!(format!("PO-{}", mark(n)));
        assert_eq!(bench.send(tenant, &message).status, 202);
    }
    for parcel in 0..1 + draw.below(3) {
        let on: BTreeSet<usize> = (0..1 + draw.below(2)).map(|_| draw.below(orders)).collect();
        // A shared parcel bears the mark of none of its orders.
        let name = if let [only] = on.iter().copied().collect::<Vec<_>>()[..] {
            format!("TRK{parcel}-{}", mark(only))
        } else {
            format!("TRK{parcel}-{number}")
        };
        let pos: Vec<String> = on.iter().map(|n| format!("PO-{}", mark(*n))).collect();
        let body = json!({
            "id": name, "parcel": name, "pos": pos, "note": "damaged", "at": "2026-03-04T10:00:00Z",
        });
        let sent = bench.call(&parcels, "POST", "/v1/sources/parcels/messages").json(&body);
        assert_eq!(sent.status, 202);
    }
    // A parcel of nothing, which nobody but the tenant knows of.
    let stray = json!({
        "id": format!("stray-{number}"), "parcel": format!("STRAY-{}", mark(0)), "pos": [],
        "note": "found", "at": "2026-03-04T10:00:00Z",
    });
    assert_eq!(
        bench.call(&parcels, "POST", "/v1/sources/parcels/messages").json(&stray).status,
        202
    );
    // What cannot be read, of the seller and of a partner.
    bench.send(tenant, &json!({ "type": "unknown", "sales_order": mark(0) }));
    bench.call(&tenant.feed, "POST", "/v1/sources/fabrikam-feed/messages").raw("{");
}

fn caller(number: usize, role: KeyRole, partner: Option<&'static str>, by: By) -> Caller {
    let sight = partner.map_or(Sight::ALL, |partner| sight(number, partner));
    Caller { tenant: number, role, partner, sight, by }
}

/// Of a role whose people are of a partner, everybody's partner; else nobody's.
fn partners_of(role: KeyRole) -> Vec<Option<&'static str>> {
    match role {
        // An operator's key reaches every tenant, and a monitor's the metrics of all. Operator staff is in
        // the world as people: see `staff`.
        KeyRole::Operator | KeyRole::Monitor => Vec::new(),
        KeyRole::Partner => PARTNERS.iter().map(|(partner, _)| Some(*partner)).collect(),
        _ => vec![None],
    }
}

fn keys<'a>(
    bench: &'a Bench,
    tenant: &'a Tenant,
    number: usize,
) -> impl Iterator<Item = Caller> + 'a {
    KeyRole::ALL.into_iter().flat_map(move |role| {
        let of_role = partners_of(role).into_iter();
        of_role.map(move |partner| {
            let key = match role {
                KeyRole::Source => tenant.source.clone(),
                _ => bench.key(tenant, role.name(), partner),
            };
            caller(number, role, partner, By::Key(key))
        })
    })
}

/// One for each role that people have, and for each partner; all are signed in.
fn persons<'a>(
    bench: &'a Bench,
    tenant: &'a Tenant,
    number: usize,
) -> impl Iterator<Item = Caller> + 'a {
    let roles = KeyRole::ALL.into_iter().filter(|role| *role != KeyRole::Source);
    roles.flat_map(move |role| {
        let of_role = partners_of(role).into_iter();
        of_role.map(move |partner| {
            let name = partner.unwrap_or(role.name());
            let login = format!("{name}@{}.example", tenant.name);
            sign_in::seated(bench, &login, &scope(bench, tenant), (role.name(), partner));
            let body = json!({ "login": login, "password": sign_in::PASSWORD });
            let browser = Browser::of(&sign_in::sign_in(bench, &body));
            caller(number, role, partner, By::Session(browser))
        })
    })
}

/// Somebody of the operator's staff, who entered this tenant: a session is about one at a time.
fn staff(bench: &Bench, tenant: &Tenant, number: usize) -> Caller {
    let login = format!("sam@{}.operator.example", tenant.name);
    sign_in::seated(bench, &login, &Scope::operator(), (KeyRole::Operator.name(), None));
    let body = json!({ "login": login, "password": sign_in::PASSWORD });
    let mut browser = Browser::of(&sign_in::sign_in(bench, &body));
    let chosen =
        browser.call(bench, "PUT", "/v1/session/tenant").json(&json!({ "tenant": tenant.name }));
    assert_eq!(chosen.status, 200, "{}", chosen.json());
    browser.session = chosen.json();
    caller(number, KeyRole::Operator, None, By::Session(browser))
}

impl Held {
    fn of(bench: &Bench, tenant: Tenant) -> Self {
        let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (part, path) in [
            ("orders", "/v1/orders?limit=500"),
            ("exceptions", "/v1/exceptions?limit=500"),
            ("messages", "/v1/messages?limit=500"),
            ("quarantine", "/v1/quarantine?limit=500"),
            ("keys", "/v1/keys"),
            ("users", "/v1/users"),
            ("subscriptions", "/v1/subscriptions"),
            ("outbox", "/v1/outbox?limit=500"),
            ("views", "/v1/views"),
            ("pack-requests", "/v1/pack-requests"),
            ("unmatched", "/v1/unmatched?limit=500"),
        ] {
            let items = bench.get(&tenant.admin, path).items();
            assert!(!items.is_empty(), "{path} of {}", tenant.name);
            let all = items.iter().map(|item| item["id"].as_str().unwrap().to_owned());
            ids.insert(part, all.collect());
        }
        ids.insert(
            "sources",
            vec!["northwind-erp".into(), "fabrikam-feed".into(), "parcels".into()],
        );
        ids.insert("partners", vec!["fabrikam".into(), "litware".into()]);
        ids.insert("packs", vec!["starter".into(), "acme".into()]);
        let orders = bench.get(&tenant.admin, "/v1/orders?limit=500").items();
        let mark = |order: &Value| {
            let text = order["customer"].as_str().unwrap();
            (order["id"].as_str().unwrap().to_owned(), text.replace("Customer ", ""))
        };
        let marks = orders.iter().map(mark).collect();
        Self { tenant, ids, marks }
    }
}
