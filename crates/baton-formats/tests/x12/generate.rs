//! Values that X12 can say, for proptest. Text never begins or ends with a blank and never contains
//! a delimiter: those are refused by the writer, which has its own tests.

use baton_formats::x12::sets::{
    AckLine, Assigned, Currency, DateReference, ElementNote, Equipment, FunctionalAck, Invoice,
    InvoiceLine, Item, Level, LineAck, Locality, Mark, OrderLine, OrderReference, Packaging, Party,
    ProductId, PurchaseOrder, PurchaseOrderAck, Reference, Routing, SegmentNote, SetAck,
    ShipNotice, ShipmentStatus, Status, Totals,
};
use baton_formats::x12::{Delimiters, X12Date, X12Time};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use rust_decimal::Decimal;

pub(crate) fn delimiters() -> impl Strategy<Value = Delimiters> {
    let marks: Vec<u8> = b"*~>:^|!'+\x1c\x1d\x1e\x1f{}`@\n".to_vec();
    Just(marks).prop_shuffle().prop_filter_map("a line break separates nothing", |marks| {
        let delimiters = Delimiters {
            element: marks[0],
            component: Some(marks[1]),
            repetition: Some(marks[2]),
            terminator: marks[3],
        };
        let breaks = marks[..3].contains(&b'\n');
        (!breaks && delimiters.usable()).then_some(delimiters)
    })
}

pub(crate) fn text(length: usize) -> impl Strategy<Value = String> {
    let pattern = format!("[A-Za-z0-9#%&()=?ßé][A-Za-z0-9 .,/#%_-]{{0,{}}}[A-Z0-9]", length - 2);
    proptest::string::string_regex(&pattern).unwrap()
}

fn code(length: usize) -> impl Strategy<Value = String> {
    proptest::string::string_regex(&format!("[A-Z0-9]{{{length}}}")).unwrap()
}

pub(crate) fn date() -> impl Strategy<Value = X12Date> {
    (1970u16..2069, 1u8..=12, 1u8..=28, any::<bool>()).prop_map(|(year, month, day, short)| {
        let date = X12Date::new(year, month, day).unwrap();
        if short { date.shortened().unwrap() } else { date }
    })
}

pub(crate) fn time() -> impl Strategy<Value = X12Time> {
    (0u32..24, 0u32..60, of((0u32..60, of(0u32..100)))).prop_map(|(hour, minute, rest)| {
        let mut text = format!("{hour:02}{minute:02}");
        if let Some((second, fraction)) = rest {
            text += &format!("{second:02}");
            text += &fraction.map_or_else(String::new, |f| format!("{f:02}"));
        }
        X12Time::parse(&text).unwrap()
    })
}

fn quantity() -> impl Strategy<Value = Decimal> {
    (0i64..99_999_999, 0u32..4).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn reference() -> impl Strategy<Value = Reference> {
    (code(2), text(20), of(text(30))).prop_map(|(qualifier, value, description)| Reference {
        qualifier,
        value: Some(value),
        description,
    })
}

fn date_reference() -> impl Strategy<Value = DateReference> {
    let zone = of(prop_oneof![Just("ET"), Just("LT"), Just("UT")]);
    (code(3), date(), of((time(), zone))).prop_map(|(qualifier, date, rest)| DateReference {
        qualifier,
        date: Some(date),
        zone: rest.as_ref().and_then(|(_, zone)| zone.map(str::to_owned)),
        time: rest.map(|(time, _)| time),
    })
}

fn party() -> impl Strategy<Value = Party> {
    let place = (of(text(20)), of(code(2)), of(code(5)), of(code(2)));
    (code(2), text(30), of((code(2), code(9))), vec(text(30), 0..=4), place).prop_map(
        |(entity, name, id, address, (city, state, postal_code, country))| Party {
            entity,
            name: Some(name),
            id_qualifier: id.as_ref().map(|(qualifier, _)| qualifier.clone()),
            id: id.map(|(_, id)| id),
            address,
            city,
            state,
            postal_code,
            country,
        },
    )
}

fn products() -> impl Strategy<Value = Vec<ProductId>> {
    vec((code(2), text(20)).prop_map(|(qualifier, id)| ProductId { qualifier, id }), 1..=4)
}

fn totals() -> impl Strategy<Value = Option<Totals>> {
    of((0u32..999_999, of(quantity()))
        .prop_map(|(line_count, hash_total)| Totals { line_count, hash_total }))
}

fn currency() -> impl Strategy<Value = Option<Currency>> {
    of((code(2), code(3)).prop_map(|(entity, code)| Currency { entity, code }))
}

fn order_line() -> impl Strategy<Value = OrderLine> {
    let price = of((quantity(), of(code(2))));
    let more = (vec(text(40), 0..3), vec(reference(), 0..3), vec(date_reference(), 0..3));
    (of(code(3)), quantity(), code(2), price, products(), more).prop_map(
        |(number, quantity, unit, price, products, (descriptions, references, dates))| OrderLine {
            number,
            quantity: Some(quantity),
            unit: Some(unit),
            unit_price: price.as_ref().map(|(price, _)| *price),
            price_basis: price.and_then(|(_, basis)| basis),
            products,
            descriptions,
            references,
            dates,
        },
    )
}

type Header = (Option<Currency>, Vec<Reference>, Vec<DateReference>, Vec<Party>, Option<Totals>);

fn header() -> impl Strategy<Value = Header> {
    (currency(), vec(reference(), 0..3), vec(date_reference(), 0..3), vec(party(), 0..3), totals())
}

pub(crate) fn purchase_order() -> impl Strategy<Value = PurchaseOrder> {
    let beg = (code(2), code(2), text(22), of(text(30)), date());
    (beg, header(), vec(order_line(), 1..4)).prop_map(|(beg, header, lines)| {
        let (purpose, order_type, number, release, placed_on) = beg;
        let (currency, references, dates, parties, totals) = header;
        let placed_on = Some(placed_on);
        PurchaseOrder {
            purpose,
            order_type,
            number,
            release,
            placed_on,
            currency,
            references,
            dates,
            parties,
            lines,
            totals,
        }
    })
}

pub(crate) fn purchase_order_ack() -> impl Strategy<Value = PurchaseOrderAck> {
    let ack = (code(2), of((quantity(), code(2))), of((code(3), date()))).prop_map(
        |(status, amount, date)| LineAck {
            status,
            quantity: amount.as_ref().map(|(quantity, _)| *quantity),
            unit: amount.map(|(_, unit)| unit),
            date_qualifier: date.as_ref().map(|(qualifier, _)| qualifier.clone()),
            date: date.map(|(_, date)| date),
        },
    );
    let line = (order_line(), vec(ack, 0..3)).prop_map(|(line, acks)| AckLine { line, acks });
    let bak = (code(2), code(2), text(22), date(), of(text(30)), of(text(30)), of(date()));
    (bak, header(), vec(line, 0..4)).prop_map(|(bak, header, lines)| {
        let (purpose, ack_type, number, placed_on, release, seller_number, acknowledged_on) = bak;
        let (currency, references, dates, parties, totals) = header;
        let placed_on = Some(placed_on);
        PurchaseOrderAck {
            purpose,
            ack_type,
            number,
            placed_on,
            release,
            seller_number,
            acknowledged_on,
            currency,
            references,
            dates,
            parties,
            lines,
            totals,
        }
    })
}

fn item() -> impl Strategy<Value = Level> {
    let ordered = of((quantity(), code(2)));
    (of(code(2)), products(), quantity(), code(2), of(quantity()), ordered, of(code(2))).prop_map(
        |(line, products, quantity, unit, quantity_to_date, ordered, status)| Level {
            item: Some(Item {
                line,
                products,
                quantity: Some(quantity),
                unit: Some(unit),
                quantity_to_date,
                quantity_ordered: ordered.as_ref().map(|(quantity, _)| *quantity),
                unit_ordered: ordered.map(|(_, unit)| unit),
                status,
            }),
            ..Level::new("I")
        },
    )
}

fn pack() -> impl Strategy<Value = Level> {
    let mark = (code(2), text(20)).prop_map(|(qualifier, value)| Mark { qualifier, value });
    (vec(mark, 1..3), vec(item(), 0..3)).prop_map(|(marks, levels)| Level {
        marks,
        levels,
        ..Level::new("P")
    })
}

fn order_level() -> impl Strategy<Value = Level> {
    let order = (text(22), of(text(30)), of(date()))
        .prop_map(|(number, release, placed_on)| OrderReference { number, release, placed_on });
    (order, vec(reference(), 0..2), vec(prop_oneof![pack(), item()], 0..4)).prop_map(
        |(order, references, levels)| Level {
            order: Some(order),
            references,
            levels,
            ..Level::new("O")
        },
    )
}

fn shipment() -> impl Strategy<Value = Level> {
    let packaging = (code(3), 1u32..9_999_999, of((code(2), quantity(), code(2)))).prop_map(
        |(code, count, weight)| {
            let (weight_qualifier, weight, weight_unit) = match weight {
                Some((qualifier, weight, unit)) => (Some(qualifier), Some(weight), Some(unit)),
                None => (None, None, None),
            };
            let (code, count) = (Some(code), Some(count));
            Packaging { code, count, weight_qualifier, weight, weight_unit }
        },
    );
    let routing = (of(code(2)), code(4), of(code(1)), of(text(35))).prop_map(
        |(sequence, id, mode, routing)| {
            let (id_qualifier, id) = (Some("2".to_owned()), Some(id));
            Routing { sequence, id_qualifier, id, mode, routing }
        },
    );
    let head = (vec(packaging, 0..3), vec(routing, 0..3), vec(reference(), 0..3));
    (head, vec(date_reference(), 0..3), vec(party(), 0..3), vec(order_level(), 0..3)).prop_map(
        |((packaging, routing, references), dates, parties, levels)| Level {
            packaging,
            routing,
            references,
            dates,
            parties,
            levels,
            ..Level::new("S")
        },
    )
}

pub(crate) fn ship_notice() -> impl Strategy<Value = ShipNotice> {
    let bsn = (code(2), text(30), date(), time(), of(code(4)));
    (bsn, vec(date_reference(), 0..3), vec(shipment(), 1..3), totals()).prop_map(
        |((purpose, shipment_id, date, time, structure), dates, levels, totals)| ShipNotice {
            purpose,
            shipment_id,
            date: Some(date),
            time: Some(time),
            structure,
            dates,
            levels,
            totals,
        },
    )
}

pub(crate) fn invoice() -> impl Strategy<Value = Invoice> {
    let line = order_line().prop_map(|line| InvoiceLine {
        number: line.number,
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        price_basis: line.price_basis,
        products: line.products,
        descriptions: line.descriptions,
        references: line.references,
    });
    let total = (-9_999_999i64..9_999_999).prop_map(|cents| Decimal::new(cents, 2));
    let big = (date(), text(22), of(date()), of(text(22)), of(code(2)));
    (big, header(), vec(line, 0..4), total).prop_map(|(big, header, lines, total)| {
        let (invoiced_on, number, order_placed_on, order_number, invoice_type) = big;
        let (currency, references, dates, parties, totals) = header;
        let (invoiced_on, total) = (Some(invoiced_on), Some(total));
        Invoice {
            invoiced_on,
            number,
            order_placed_on,
            order_number,
            invoice_type,
            currency,
            references,
            parties,
            dates,
            lines,
            total,
            totals,
        }
    })
}

fn status() -> impl Strategy<Value = Status> {
    let place = of((of(text(20)), of(code(2)), of(code(2))).prop_filter_map(
        "an empty segment says nothing",
        |(city, state, country)| {
            let empty = city.is_none() && state.is_none() && country.is_none();
            (!empty).then_some(Locality { city, state, country })
        },
    ));
    let equipment = of((of(code(4)), code(10))
        .prop_map(|(owner, number)| Equipment { owner, number: Some(number) }));
    let zone = of(prop_oneof![Just("LT"), Just("CT"), Just("ED"), Just("UT")]);
    (any::<bool>(), code(2), code(2), date(), of((time(), zone)), place, equipment).prop_map(
        |(appointment, status, reason, date, rest, locality, equipment)| {
            let zone = rest.as_ref().and_then(|(_, zone)| zone.map(str::to_owned));
            let time = rest.map(|(time, _)| time);
            let said =
                Status { date: Some(date), time, zone, locality, equipment, ..Status::default() };
            let (status, reason) = (Some(status), Some(reason));
            if appointment {
                Status { appointment_status: status, appointment_reason: reason, ..said }
            } else {
                Status { status, reason, ..said }
            }
        },
    )
}

pub(crate) fn shipment_status() -> impl Strategy<Value = ShipmentStatus> {
    let assigned = (1u32..999_999, vec(status(), 0..3), vec(reference(), 0..3)).prop_map(
        |(number, statuses, references)| Assigned { number: Some(number), statuses, references },
    );
    let bare =
        of(vec(status(), 1..3).prop_map(|statuses| Assigned { statuses, ..Assigned::default() }));
    let b10 = (text(30), of(text(30)), code(4));
    (b10, vec(reference(), 0..3), vec(party(), 0..2), bare, vec(assigned, 0..3)).prop_map(
        |((reference_id, shipment_id, carrier), references, parties, bare, assigned)| {
            ShipmentStatus {
                reference_id: Some(reference_id),
                shipment_id,
                carrier,
                references,
                parties,
                assigned: bare.into_iter().chain(assigned).collect(),
            }
        },
    )
}

pub(crate) fn functional_ack() -> impl Strategy<Value = FunctionalAck> {
    let element = (1u32..99, of(1u32..9), of(1u32..9999), code(1), of(text(20))).prop_map(
        |(position, component, reference, code, copy)| ElementNote {
            position,
            component,
            reference: reference.map(|number| number.to_string()),
            code,
            copy,
        },
    );
    let segment = (code(3), 1u32..999, of(code(3)), of(code(1)), vec(element, 0..3)).prop_map(
        |(segment_id, position, loop_id, code, elements)| SegmentNote {
            segment_id,
            position,
            loop_id,
            code,
            elements,
        },
    );
    let set = (code(3), code(4), vec(segment, 0..3), code(1), vec(code(1), 0..5)).prop_map(
        |(code, control_number, segments, status, codes)| SetAck {
            code,
            control_number,
            segments,
            status,
            codes,
        },
    );
    let counts = (0u32..999_999, 0u32..999_999, 0u32..999_999);
    (code(2), code(9), vec(set, 0..3), code(1), counts, vec(code(1), 0..5)).prop_map(
        |(functional_id, group_control_number, sets, status, counts, codes)| {
            let (included, received, accepted) = counts;
            FunctionalAck {
                functional_id,
                group_control_number,
                sets,
                status,
                included,
                received,
                accepted,
                codes,
            }
        },
    )
}
