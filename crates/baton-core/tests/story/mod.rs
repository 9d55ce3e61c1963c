//! A story is what partners said about one order, told briefly: the tests' way to make facts.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file tells its stories with some of these words"
)]

pub(crate) mod book;

use baton_core::amount::{Money, Quantity};
use baton_core::book::Rulebook;
use baton_core::derive::derive;
use baton_core::fact::{
    Body, Classifier, Detail, Fact, Field, LinkClass, Measure, Place, Presence, Relation, Signal,
    Statement, Value,
};
use baton_core::id::MessageNo;
use baton_core::identifier::{About, Identifier, LineRef, ObjectKind};
use baton_core::known::Known;
use baton_core::milestone::Milestone;
use baton_core::partner::{Role, SourceInfo};
use baton_core::state::State;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Duration, Happened, Instant};

pub(crate) fn at(text: &str) -> Instant {
    let full = if text.len() == 16 { format!("{text}:00Z") } else { format!("{text}T00:00:00Z") };
    full.parse().unwrap()
}

/// The whole day, for promises.
pub(crate) fn day(text: &str) -> Happened {
    let start = at(text);
    let end = start + Duration::hours(24).saturating_sub(Duration::seconds(1));
    Happened { earliest: start, latest: end, ..Happened::at(start) }
}

pub(crate) fn code(text: &str) -> Milestone {
    Milestone::find(text).unwrap()
}

pub(crate) fn exception(text: &str) -> ExceptionCode {
    ExceptionCode::find(text).unwrap()
}

pub(crate) fn po(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Order, "po", "erp", value)
}

pub(crate) fn shop_order(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Order, "shop_order", "shop", value)
}

pub(crate) fn shipment(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Shipment, "asn", "oem", value)
}

pub(crate) fn package(value: &str) -> Identifier {
    Identifier::new(ObjectKind::Package, "tracking", "parcel", value)
}

pub(crate) fn line(object: Identifier, numbering: &str, number: &str, sku: &str) -> About {
    let line = LineRef {
        numbering: numbering.into(),
        number: (!number.is_empty()).then(|| number.into()),
        sku: (!sku.is_empty()).then(|| sku.into()),
    };
    About { object, line: Some(Box::new(line)) }
}

pub(crate) fn sources() -> Vec<SourceInfo> {
    let heard = |key: &str, role, silent: Option<i64>| SourceInfo {
        key: key.into(),
        partner: Some(key.into()),
        role,
        heard_at: Some(at("2026-12-31")),
        silent_after: silent.map(Duration::hours),
    };
    vec![
        heard("shop", Role::Commerce, None),
        heard("erp", Role::Seller, None),
        heard("oem", Role::Oem, Some(48)),
        heard("parcel", Role::Carrier, Some(48)),
        heard("fitter", Role::Service, None),
        heard("ledger", Role::Finance, None),
        person("person:parcel:ines", Some("parcel")),
        person("person:oem:tom", Some("oem")),
        person("person:ada", None),
    ]
}

/// The source through which a person speaks, for a partner or for the tenant.
fn person(key: &str, partner: Option<&str>) -> SourceInfo {
    SourceInfo {
        key: key.into(),
        partner: partner.map(Into::into),
        role: Role::Platform,
        heard_at: None,
        silent_after: None,
    }
}

/// Tells facts one after the other; each is received a minute after it happened unless said otherwise.
#[derive(Debug, Default, Clone)]
pub(crate) struct Story {
    pub(crate) facts: Vec<Fact>,
    messages: i64,
}

impl Story {
    pub(crate) fn say(
        &mut self,
        source: &str,
        about: impl Into<About>,
        when: Happened,
        body: Body,
    ) -> &mut Self {
        let received = when.latest + Duration::minutes(1);
        self.say_late(source, about, when, body, received)
    }

    pub(crate) fn say_late(
        &mut self,
        source: &str,
        about: impl Into<About>,
        when: Happened,
        body: Body,
        received_at: Instant,
    ) -> &mut Self {
        self.messages += 1;
        let statement = Statement { about: about.into(), happened: when, body, place: Place::None };
        let number = MessageNo(self.messages);
        for s in statement.mirrored().into_iter().chain([statement]) {
            self.facts.push(Fact::new(s, &source.into(), number, received_at, received_at));
        }
        self
    }

    pub(crate) fn reached(
        &mut self,
        source: &str,
        about: impl Into<About>,
        milestone: &str,
        when: &str,
    ) -> &mut Self {
        let body = progress(milestone, Classifier::Actual, None);
        self.say(source, about, Happened::at(at(when)), body)
    }

    pub(crate) fn due(
        &mut self,
        source: &str,
        about: impl Into<About>,
        (milestone, classifier): (&str, Classifier),
        due: Happened,
        said: &str,
    ) -> &mut Self {
        self.say(source, about, Happened::at(at(said)), progress(milestone, classifier, Some(due)))
    }

    pub(crate) fn amount(
        &mut self,
        source: &str,
        about: About,
        (measure, value): (Measure, i64),
        via: Option<Identifier>,
        when: &str,
    ) -> &mut Self {
        let quantity = Quantity { value: value.into(), unit: "EA".into() };
        self.say(
            source,
            about,
            Happened::at(at(when)),
            Body::Amount { measure, quantity, via: via.map(Box::new) },
        )
    }

    pub(crate) fn price(
        &mut self,
        source: &str,
        about: impl Into<About>,
        field: Field,
        cents: i64,
        when: &str,
    ) -> &mut Self {
        let amount = rust_decimal::Decimal::new(cents, 2);
        let value = Value::Money(Money { amount, currency: "USD".into() });
        self.say(source, about, Happened::at(at(when)), Body::Stated { field, value })
    }

    pub(crate) fn same(
        &mut self,
        source: &str,
        one: Identifier,
        other: Identifier,
        class: LinkClass,
        when: &str,
    ) -> &mut Self {
        self.say(source, one, Happened::at(at(when)), Body::Same { other, class })
    }

    pub(crate) fn contains(
        &mut self,
        source: &str,
        parent: Identifier,
        child: Identifier,
        when: &str,
    ) -> &mut Self {
        self.related(source, parent, child, Presence::Added, when)
    }

    pub(crate) fn related(
        &mut self,
        source: &str,
        parent: Identifier,
        child: Identifier,
        presence: Presence,
        when: &str,
    ) -> &mut Self {
        let body = Body::Related { relation: Relation::Contains, child, presence };
        self.say(source, parent, Happened::at(at(when)), body)
    }

    pub(crate) fn trouble(
        &mut self,
        source: &str,
        about: impl Into<About>,
        exc: &str,
        signal: Signal,
        when: &str,
    ) -> &mut Self {
        let body = Body::Trouble { exception: exception(exc), signal, detail: Detail::default() };
        self.say(source, about, Happened::at(at(when)), body)
    }

    /// The state of the object that `name` names, derived at `now`.
    pub(crate) fn state(&self, name: &Identifier, book: &Rulebook, now: &str) -> State {
        state_of(&self.facts, name, book, &sources(), at(now))
    }
}

pub(crate) fn progress(milestone: &str, classifier: Classifier, due: Option<Happened>) -> Body {
    Body::Progress { milestone: code(milestone), classifier, due, detail: Detail::default() }
}

pub(crate) fn state_of(
    facts: &[Fact],
    name: &Identifier,
    book: &Rulebook,
    sources: &[SourceInfo],
    now: Instant,
) -> State {
    let known = Known::new(facts, &[], sources, book);
    let root = known
        .roots()
        .iter()
        .copied()
        .find(|r| known.object(*r).is_some_and(|o| o.names.iter().any(|n| *n.identifier == *name)))
        .unwrap_or_else(|| panic!("no object is named {name}"));
    derive(&known, root, now)
}

/// The codes of the exceptions that are open.
pub(crate) fn open(state: &State) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        state.exceptions.iter().filter(|e| e.status.is_open()).map(|e| e.code.code()).collect();
    codes.sort_unstable();
    codes
}
