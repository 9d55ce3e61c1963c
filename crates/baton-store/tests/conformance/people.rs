//! People, what they may do where, and the sessions that stand for them.

use baton_store::links::{self, Kind};
use baton_store::memberships::{self, NewMembership};
use baton_store::people::{self, PersonId};
use baton_store::sessions::{self, Holder, NewSession};
use baton_store::{Scope, Store, StoreError};
use baton_store::{identities, recovery_codes};

use crate::harness::{at, on_each_engine, tenant};

on_each_engine!(
    a_person_is_known_to_the_tenants_that_made_it_a_member,
    sessions_end_by_themselves_and_when_they_are_told_to,
    logins_are_counted_whether_anybody_has_them_or_not,
    a_step_of_time_is_used_once,
    a_seat_is_taken_up_ended_and_offered_anew,
    a_link_is_good_once_and_for_a_while,
    a_link_of_ones_own_leaves_those_of_seats_alone,
    a_persons_sessions_are_listed_and_ended_one_by_one,
    a_recovery_code_is_good_once,
    a_subject_of_an_issuer_is_one_person,
    a_first_password_is_set_once,
    what_a_seat_says_is_changed_while_it_holds,
);

fn person(store: &Store, login: &str) -> PersonId {
    store.write(|tx| people::create(tx, login, Some("kept"), at(0))).unwrap()
}

fn member(store: &Store, scope: &Scope, person: PersonId, name: &str) -> Result<(), StoreError> {
    let new = NewMembership {
        person,
        name,
        role: "partner",
        partner: Some("speedy"),
        created_at: at(1),
        accepted_at: Some(at(2)),
    };
    store.write(|tx| memberships::create(tx, scope, &new))
}

fn a_person_is_known_to_the_tenants_that_made_it_a_member(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let ada = person(store, "ada@northwind.example");
    let taken = store.write(|tx| people::create(tx, "ada@northwind.example", None, at(0)));
    assert!(matches!(taken, Err(StoreError::Conflict { .. })));
    for (scope, name) in [(&one, "Ada"), (&Scope::operator(), "A. Hart")] {
        member(store, scope, ada, name).unwrap();
        let again = member(store, scope, ada, name);
        assert!(matches!(again, Err(StoreError::Conflict { .. })));
    }
    store
        .read(|tx| {
            let found = people::by_login(tx, "ada@northwind.example")?.unwrap();
            assert_eq!((found.id, found.password.as_deref()), (ada, Some("kept")));
            assert_eq!(people::get(tx, ada)?, Some(found));
            assert_eq!(people::by_login(tx, "bob@northwind.example")?, None);
            let seats = memberships::of_person(tx, ada)?;
            let tenants: Vec<_> = seats.iter().map(|m| (m.tenant, m.holds())).collect();
            assert_eq!(tenants, [(None, true), (one.tenant_id(), true)]);
            let listed = memberships::list(tx, &one)?;
            assert_eq!(listed.len(), 1);
            let shown = &listed[0];
            assert_eq!(
                (shown.membership.name.as_str(), shown.login.as_str()),
                ("Ada", "ada@northwind.example")
            );
            assert_eq!((shown.has_password, shown.has_second_factor), (true, false));
            assert_eq!(memberships::list(tx, &two)?, []);
            let speedy = Scope::partner(one.tenant_id().unwrap(), "speedy".into());
            let refused = memberships::list(tx, &speedy);
            assert!(matches!(refused, Err(StoreError::OutOfScope { .. })));
            Ok(())
        })
        .unwrap();
}

fn sessions_end_by_themselves_and_when_they_are_told_to(store: &Store) {
    let one = tenant(store, "one").tenant_id().unwrap();
    let ada = person(store, "ada@northwind.example");
    let open = |hash: &[u8], holder, created| {
        let new = NewSession {
            hash,
            holder,
            tenant: None,
            created_at: at(created),
            expires_at: at(created + 100),
            agent: "a browser",
            address: "192.0.2.9",
            way: "password",
        };
        store.write(|tx| sessions::open(tx, &new))
    };
    let found = |hash: &[u8], seconds| {
        store.read(|tx| sessions::authenticate(tx, hash, at(seconds))).unwrap()
    };
    let first = open(b"one", Holder::Person(ada), 0).unwrap();
    assert!(open(b"one", Holder::Person(ada), 0).is_err());
    let session = found(b"one", 99).unwrap();
    assert_eq!((session.id, session.holder, session.tenant), (first, Holder::Person(ada), None));
    assert_eq!(found(b"one", 100), None);
    store
        .write(|tx| {
            sessions::seen(tx, b"one", at(50), at(150))?;
            sessions::choose_tenant(tx, b"one", one)
        })
        .unwrap();
    let session = found(b"one", 149).unwrap();
    assert_eq!((session.seen_at, session.tenant), (at(50), Some(one)));
    open(b"two", Holder::Key(one, 3), 150).unwrap();
    assert_eq!(found(b"one", 0), None, "ended ones are forgotten");
    assert_eq!(found(b"two", 151).unwrap().holder, Holder::Key(one, 3));
    store.write(|tx| sessions::end(tx, b"two")).unwrap();
    assert_eq!(found(b"two", 151), None);
}

fn logins_are_counted_whether_anybody_has_them_or_not(store: &Store) {
    let note = |seconds, since| {
        store.write(|tx| people::note_failure(tx, b"hash", at(seconds), at(since))).unwrap();
    };
    let count = || store.read(|tx| people::failures(tx, b"hash")).unwrap();
    assert_eq!(count(), None);
    note(10, 0);
    note(20, 0);
    assert_eq!(count().map(|f| (f.count, f.last_at)), Some((2, at(20))));
    note(90, 30);
    assert_eq!(count().map(|f| (f.count, f.last_at)), Some((1, at(90))), "the old are forgotten");
    store.write(|tx| people::forget_failures(tx, b"hash")).unwrap();
    assert_eq!(count(), None);
}

fn a_step_of_time_is_used_once(store: &Store) {
    let ada = person(store, "ada@northwind.example");
    let used = |step| store.write(|tx| people::use_step(tx, ada, step)).unwrap();
    assert_eq!([used(7), used(7), used(6), used(8)], [true, false, false, true]);
}

fn a_seat_is_taken_up_ended_and_offered_anew(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let ada = person(store, "ada@northwind.example");
    let holds = || {
        let seats = store.read(|tx| memberships::of_person(tx, ada)).unwrap();
        seats.iter().any(memberships::Membership::holds)
    };
    let invite = || {
        let (role, partner) = ("auditor", None);
        let (created_at, accepted_at) = (at(1), None);
        let new =
            NewMembership { person: ada, name: "Ada", role, partner, created_at, accepted_at };
        store.write(|tx| memberships::create(tx, &one, &new))
    };
    let accept = |scope| store.write(|tx| memberships::accept(tx, scope, ada, at(5))).unwrap();
    let disable = |scope| store.write(|tx| memberships::disable(tx, scope, ada, at(6)));
    invite().unwrap();
    assert!(!holds());
    accept(&two);
    assert!(!holds(), "the other tenant's is another seat");
    accept(&one);
    assert!(holds() && invite().is_err());
    assert!(matches!(disable(&two), Err(StoreError::NotFound { .. })));
    disable(&one).unwrap();
    assert!(!holds());
    accept(&one);
    assert!(!holds(), "an ended seat is not taken up");
    invite().unwrap();
    assert!(!holds());
    accept(&one);
    assert!(holds());
}

fn a_link_is_good_once_and_for_a_while(store: &Store) {
    let one = tenant(store, "one");
    let ada = person(store, "ada@northwind.example");
    let make = |hash: &[u8], kind| {
        let link = (hash, ada, kind);
        store.write(|tx| links::create(tx, &one, link, (at(0), at(100)))).unwrap();
    };
    let found = |hash: &[u8], seconds| {
        let link = store.read(|tx| links::get(tx, hash, at(seconds))).unwrap();
        link.map(|link| (link.person, link.tenant, link.kind))
    };
    make(b"first", Kind::Invitation);
    assert_eq!(found(b"first", 99), Some((ada, one.tenant_id(), Kind::Invitation)));
    assert_eq!(found(b"first", 100), None);
    make(b"second", Kind::Reset);
    assert_eq!(found(b"first", 1), None, "the newest replaces the one before");
    let take = || store.write(|tx| links::take(tx, b"second")).unwrap();
    assert_eq!([take(), take()], [true, false]);
    assert_eq!(found(b"second", 1), None);
}

fn a_link_of_ones_own_leaves_those_of_seats_alone(store: &Store) {
    let one = tenant(store, "one");
    let ada = person(store, "ada@northwind.example");
    let span = (at(0), at(100));
    store
        .write(|tx| {
            links::create(tx, &one, (b"seat", ada, Kind::Invitation), span)?;
            links::create_for_oneself(tx, (b"first", ada), span)?;
            links::create_for_oneself(tx, (b"second", ada), span)
        })
        .unwrap();
    let found = |hash: &[u8]| {
        let link = store.read(|tx| links::get(tx, hash, at(1))).unwrap();
        link.map(|link| (link.tenant, link.kind, link.expires_at))
    };
    assert_eq!(found(b"seat"), Some((one.tenant_id(), Kind::Invitation, at(100))));
    assert_eq!(found(b"first"), None, "the newest replaces the one before");
    assert_eq!(found(b"second"), Some((None, Kind::Reset, at(100))));
}

fn a_persons_sessions_are_listed_and_ended_one_by_one(store: &Store) {
    let one = tenant(store, "one").tenant_id().unwrap();
    let (ada, bob) = (person(store, "ada@northwind.example"), person(store, "bob@x.example"));
    let open = |hash: &[u8], holder, seconds| {
        let (created_at, expires_at) = (at(seconds), at(seconds + 100));
        let new = NewSession {
            hash,
            holder,
            tenant: Some(one),
            created_at,
            expires_at,
            agent: "a browser",
            address: "192.0.2.9",
            way: "oidc",
        };
        store.write(|tx| sessions::open(tx, &new)).unwrap()
    };
    let numbers = |person, seconds| {
        let found = store.read(|tx| sessions::of_person(tx, person, at(seconds))).unwrap();
        assert!(found.iter().all(|session| session.way == "oidc"));
        found.iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let first = open(b"one", Holder::Person(ada), 0);
    let second = open(b"two", Holder::Person(ada), 10);
    let third = open(b"three", Holder::Person(ada), 20);
    let other = open(b"bob", Holder::Person(bob), 0);
    open(b"key", Holder::Key(one, 3), 0);
    assert_eq!(numbers(ada, 30), [third, second, first]);
    assert_eq!(numbers(ada, 105), [third, second], "ended by itself");
    let end = |id| store.write(|tx| sessions::end_one(tx, ada, id)).unwrap();
    assert_eq!([end(other), end(second), end(second)], [false, true, false]);
    assert_eq!(store.write(|tx| sessions::end_others(tx, ada, b"three")).unwrap(), 1);
    assert_eq!((numbers(ada, 30), numbers(bob, 30)), (vec![third], vec![other]));
}

fn a_recovery_code_is_good_once(store: &Store) {
    let (ada, bob) = (person(store, "ada@northwind.example"), person(store, "bob@x.example"));
    let set = |hashes: &[&[u8]]| {
        store.write(|tx| recovery_codes::replace(tx, ada, hashes, at(0))).unwrap();
    };
    let take = |who, hash: &[u8]| store.write(|tx| recovery_codes::take(tx, who, hash)).unwrap();
    let left = || store.read(|tx| recovery_codes::count(tx, ada)).unwrap();
    set(&[b"a", b"b"]);
    assert_eq!([take(bob, b"a"), take(ada, b"a"), take(ada, b"a")], [false, true, false]);
    assert_eq!(left(), 1);
    set(&[b"c", b"d", b"e"]);
    assert_eq!((take(ada, b"b"), left()), (false, 3));
    set(&[]);
    assert_eq!(left(), 0);
}

fn a_subject_of_an_issuer_is_one_person(store: &Store) {
    let (ada, bob) = (person(store, "ada@northwind.example"), person(store, "bob@x.example"));
    let (issuer, other) = ("https://id.example", "https://other.example");
    let link =
        |issuer, who| store.write(|tx| identities::link(tx, (issuer, "subject"), who, at(0)));
    link(issuer, ada).unwrap();
    link(other, ada).unwrap();
    assert!(matches!(link(issuer, bob), Err(StoreError::Conflict { .. })));
    store
        .read(|tx| {
            assert_eq!(identities::get(tx, issuer, "subject")?, Some(ada));
            assert_eq!(identities::get(tx, issuer, "Subject")?, None);
            assert_eq!(identities::of_person(tx, ada)?, [issuer, other]);
            assert_eq!(identities::of_person(tx, bob)?, [""; 0]);
            Ok(())
        })
        .unwrap();
}

fn a_first_password_is_set_once(store: &Store) {
    let ada = store.write(|tx| people::create(tx, "ada@x.example", None, at(0))).unwrap();
    let set = |kept| store.write(|tx| people::set_first_password(tx, ada, kept)).unwrap();
    assert_eq!([set("one"), set("two")], [true, false]);
    store.write(|tx| people::set_locale(tx, ada, Some("de"))).unwrap();
    let found = store.read(|tx| people::get(tx, ada)).unwrap().unwrap();
    assert_eq!((found.password.as_deref(), found.locale.as_deref()), (Some("one"), Some("de")));
}

fn what_a_seat_says_is_changed_while_it_holds(store: &Store) {
    let (one, two) = (tenant(store, "one"), tenant(store, "two"));
    let ada = person(store, "ada@northwind.example");
    member(store, &one, ada, "Ada").unwrap();
    let change =
        |scope| store.write(|tx| memberships::change(tx, scope, ada, ("A. Hart", "auditor", None)));
    assert!(matches!(change(&two), Err(StoreError::NotFound { .. })));
    change(&one).unwrap();
    let seat = store.read(|tx| memberships::of_person(tx, ada)).unwrap().remove(0);
    assert_eq!(
        (seat.name.as_str(), seat.role.as_str(), seat.partner),
        ("A. Hart", "auditor", None)
    );
    store.write(|tx| memberships::disable(tx, &one, ada, at(9))).unwrap();
    assert!(matches!(change(&one), Err(StoreError::NotFound { .. })));
}
