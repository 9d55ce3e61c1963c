//! Nothing crosses from one tenant to another, or from one partner to another.

use baton_store::messages::{self, Receipt};
use baton_store::sources;
use baton_store::{Scope, Store, StoreError, facts, pending, tenants};

use crate::harness::{at, keep, message, note, on_each_engine, source_id, tenant};

on_each_engine!(
    a_tenant_sees_only_its_own,
    a_partner_sees_only_its_own_messages,
    source_keys_say_whose_they_are,
);

fn a_tenant_sees_only_its_own(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let shop = source_id(store, &one, "shop");
    let batch = [message(shop, Some("1"), "secret")];
    let Receipt::Accepted(id) =
        store.write(|tx| messages::receive_batch(tx, &one, &batch)).unwrap()[0]
    else {
        panic!("not accepted")
    };
    let cluster = baton_store::clusters::ClusterNo(1);
    keep(store, &one, cluster, &[note("secret", id.0, at(20))]);
    store
        .read(|tx| {
            assert!(matches!(messages::get(tx, &two, id), Err(StoreError::NotFound { .. })));
            assert_eq!(messages::list(tx, &two, None, None, 10)?, []);
            assert_eq!(pending::count(tx, &two, 10)?, 0);
            assert!(facts::load(tx, &two, &[cluster], None)?.is_empty());
            assert_eq!(messages::list(tx, &one, None, None, 10)?.len(), 1);
            let operator = Scope::operator();
            let refused = messages::list(tx, &operator, None, None, 10);
            assert!(matches!(refused, Err(StoreError::OutOfScope { .. })));
            assert!(matches!(tenants::list(tx, &one), Err(StoreError::OutOfScope { .. })));
            assert_eq!(tenants::list(tx, &operator)?.len(), 2);
            assert_eq!(tenants::get(tx, &two)?.key, "two");
            Ok(())
        })
        .unwrap();
}

fn a_partner_sees_only_its_own_messages(store: &Store) {
    let all = tenant(store, "main");
    let id = all.tenant_id().unwrap();
    let (northwind, speedy) =
        (Scope::partner(id, "northwind".into()), Scope::partner(id, "speedy".into()));
    let shop = source_id(store, &all, "shop");
    let batch = [message(shop, Some("1"), "secret")];
    store.write(|tx| messages::receive_batch(tx, &all, &batch)).unwrap();
    store
        .read(|tx| {
            let entry = messages::list(tx, &northwind, None, None, 10)?.pop().unwrap();
            assert_eq!(messages::get(tx, &northwind, entry.id)?.body, b"secret");
            assert_eq!(messages::list(tx, &speedy, None, None, 10)?, []);
            assert!(messages::get(tx, &speedy, entry.id).is_err());
            let keys: Vec<_> =
                sources::list(tx, &speedy)?.into_iter().map(|source| source.key).collect();
            assert_eq!(keys, ["carrier"]);
            assert!(facts::load(tx, &speedy, &[], None).is_err());
            assert!(pending::count(tx, &speedy, 1).is_err());
            Ok(())
        })
        .unwrap();
}

fn source_keys_say_whose_they_are(store: &Store) {
    let scope = tenant(store, "main");
    let shop = source_id(store, &scope, "shop");
    store
        .write(|tx| {
            sources::add_key(tx, &scope, shop, b"old", at(0))?;
            sources::add_key(tx, &scope, shop, b"new", at(50))?;
            sources::expire_other_keys(tx, &scope, shop, b"new", at(100))?;
            assert!(sources::add_key(tx, &scope, shop, b"new", at(50)).is_err());
            Ok(())
        })
        .unwrap();
    let whose = |hash: &[u8], seconds| {
        let found = store.read(|tx| sources::authenticate(tx, hash, at(seconds))).unwrap();
        found.map(|(tenant, source, until)| (Some(tenant), source.key, until))
    };
    let shop = |until| Some((scope.tenant_id(), "shop".into(), until));
    assert_eq!(whose(b"old", 99), shop(Some(at(100))));
    assert_eq!(whose(b"old", 100), None);
    assert_eq!(whose(b"new", 1_000), shop(None));
    assert_eq!(whose(b"other", 0), None);
}
