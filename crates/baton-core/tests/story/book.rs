//! A small rulebook that exercises every form of rule; packs ship richer ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::book::*;
use baton_core::calendar::Calendar;
use baton_core::identifier::ObjectKind;
use baton_core::partner::Role;
use serde_json::json;

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn office() -> Calendar {
    let day = json!(["08:00-12:00", "13:00-17:00"]);
    read(json!({
        "name": "office", "time_zone": "UTC",
        "versions": [{ "from": "2020-01-01",
            "week": { "mon": day, "tue": day, "wed": day, "thu": day, "fri": day } }]
    }))
}

pub(crate) fn book() -> Rulebook {
    let scheme = |kind, scheme: &str, rank, single| Scheme {
        kind,
        scheme: scheme.into(),
        rank,
        single,
        reuse_after: None,
    };
    let mut schemes = vec![
        scheme(ObjectKind::Order, "po", 10, true),
        scheme(ObjectKind::Order, "shop_order", 20, true),
        scheme(ObjectKind::Order, "sales_order", 5, true),
        scheme(ObjectKind::Shipment, "asn", 10, true),
        scheme(ObjectKind::Package, "tracking", 10, false),
    ];
    schemes[4].reuse_after = Some("60d".parse().unwrap());
    let rules = json!([
        { "code": "E-FUL-03", "on": "shipment",
          "detect": { "overdue": { "from": [{"reached": "T10"}], "within": "4h",
            "until": [{"reached": "F60"}], "by": "receipt", "awaits": "oem", "proof_wait": "1h" } } },
        { "code": "E-FUL-06", "on": "package",
          "detect": { "overdue": { "from": [{"reached": "F60"}], "within": "24h",
            "until": [{"reached": "T10"}, {"reached": "T25"}, {"reached": "T60"}], "awaits": "carrier" } } },
        { "code": "E-TRN-05", "on": "package", "settle": "0s", "reopen": "6h",
          "detect": { "silent": { "after": "48h", "events": ["T10", "T25", "T30", "T50"],
            "ends": ["T60"], "awaits": "carrier" } } },
        { "code": "E-TRN-22", "on": "order",
          "detect": { "late": { "milestone": "T60", "classifier": "promised" } } },
        { "code": "E-TRN-23", "on": "order",
          "detect": { "early": { "milestone": "T60", "classifier": "promised", "tolerance": "24h" } } },
        { "code": "E-TRN-04", "on": "order",
          "detect": { "slipping": { "milestone": "T60", "classifier": "promised" } } },
        { "code": "E-ORD-03", "on": "order",
          "detect": { "differs": { "measure": "confirmed", "from": "ordered", "direction": "either" } } },
        { "code": "E-ORD-04", "on": "order",
          "detect": { "disagree": { "field": "price", "between": ["seller", "oem"] } } },
        { "code": "E-DAT-09", "on": "order", "for": "1h",
          "detect": { "disagree": { "measure": "ordered", "between": ["commerce", "seller"] } } },
        { "code": "E-ORD-06", "on": "order",
          "detect": { "after": { "milestone": "O90", "reached": ["T10", "T60"] } } },
        { "code": "E-SUP-01", "on": "order", "detect": { "signalled": { "cleared_by": ["O30"] } } },
        { "code": "E-TRN-27", "on": "package", "detect": { "custody_gap": "H4" } },
        { "code": "E-TRN-24", "on": "package",
          "detect": { "overdue": { "from": [{"reached": "T60"}], "within": "24h",
            "until": [{"reached": "T65"}], "by": "receipt", "awaits": "carrier" } } }
    ]);
    Rulebook {
        version: "test@1".into(),
        schemes,
        journeys: read(json!([{
            "name": "b2b", "promise": "T60",
            "steps": [
                { "milestone": "O10", "owner": "commerce", "reported_by": ["commerce"] },
                { "milestone": "O20", "owner": "oem", "reported_by": ["oem"] },
                { "milestone": "T60", "owner": "carrier", "reported_by": ["carrier"] },
                { "milestone": "T70", "owner": "customer", "reported_by": ["customer"] },
                { "milestone": "B40", "owner": "finance", "reported_by": ["finance"] }
            ],
            "handoffs": [
                { "name": "H2", "from": "seller", "to": "oem", "on": "order", "grace": "8h",
                  "released": [{"milestone": "O10"}], "received": [{"milestone": "O20", "by": "oem"}],
                  "target": "8h",
                  "pauses": [{ "during": "E-ORD-07", "party": "finance", "max": "3d" },
                      { "during": "E-TRN-30", "party": "seller", "max": "3d" }] },
                { "name": "H4", "from": "oem", "to": "carrier", "on": "package", "grace": "12h",
                  "released": [{"milestone": "F60"}], "target": "2d",
                  "received": [{"milestone": "T10", "by": "carrier"}, {"milestone": "T60", "by": "carrier"}] },
                { "name": "H6", "from": "carrier", "to": "customer", "on": "package", "grace": "12h",
                  "released": [{"milestone": "T60"}], "received": [{"milestone": "T60"}], "target": "3d",
                  "pauses": [{ "during": "E-TRN-29", "party": "customer", "max": "10d" }] }
            ],
            "excludes": { "T60": ["T20", "T25", "T30", "T35", "T50"] },
            "closes_on": ["T60", "B40"]
        }])),
        slas: read(json!([{
            "name": "acknowledge", "on": "order", "owner": "oem", "start": {"reached": "O10"},
            "stop": [{"reached": "O20"}], "cancel": [{"reached": "O90"}], "target": "8h",
            "calendar": "office", "warn_at": [50, 80], "by": "receipt", "breach": "E-ORD-01",
            "pauses": [{ "during": "E-ORD-07", "party": "finance", "max": "10d" }]
        }])),
        rules: read(rules),
        authority: vec![
            Authority {
                over: AuthorityOver::Measure(baton_core::fact::Measure::Ordered),
                roles: vec![Role::Commerce, Role::Seller],
            },
            Authority {
                over: AuthorityOver::Milestone(
                    baton_core::milestone::Milestone::find("T60").unwrap(),
                ),
                roles: vec![Role::Carrier, Role::Commerce],
            },
            Authority { over: AuthorityOver::Anything, roles: vec![Role::Seller, Role::Commerce] },
        ],
        calendars: BTreeMap::from([("office".into(), Arc::new(office().compile().unwrap()))]),
    }
}
