//! The pages for customers, as HTML that works without scripts. The template library escapes whatever is
//! put in.

use baton_core::time::Happened;
use maud::{DOCTYPE, Markup, html};

use super::seen::{Order, Parcel, Stands};
use super::style;
use super::words::{Language, Word};
use crate::http::brand::Brand;

fn frame(brand: &Brand, language: Language, title: &str, body: &Markup) -> String {
    let other = language.other();
    let switch = format!("?lang={}", other.tag());
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (brand.name) }
                link rel="stylesheet" href=(style::address(brand));
            }
            body {
                header {
                    @if let Some(logo) = &brand.logo_url { img src=(logo) alt=""; }
                    strong { (brand.name) }
                    nav { a href=(switch) lang=(other.tag()) hreflang=(other.tag()) { (language.word(Word::OtherLanguage)) } }
                }
                main { (body) }
                footer class="soft" {
                    @if let Some(support) = &brand.support {
                        (language.word(Word::Questions)) " " (help(support))
                    }
                }
            }
        }
    }
    .into_string()
}

fn help(support: &str) -> Markup {
    let address = if support.starts_with("https://") {
        support.to_owned()
    } else {
        format!("mailto:{support}")
    };
    html! { a href=(address) rel="noreferrer" { (support) } }
}

/// For every link that does not hold, whatever the reason.
pub(super) fn gone(brand: &Brand, language: Language) -> String {
    message(brand, language, Word::GoneTitle, Word::GoneText)
}

pub(super) fn busy(brand: &Brand, language: Language) -> String {
    message(brand, language, Word::BusyTitle, Word::BusyText)
}

fn message(brand: &Brand, language: Language, title: Word, text: Word) -> String {
    let title = language.word(title);
    let body = html! { section { h1 { (title) } p { (language.word(text)) } } };
    frame(brand, language, title, &body)
}

pub(super) fn order(brand: &Brand, order: &Order, language: Language) -> String {
    let title = format!("{} {}", language.word(Word::YourOrder), order.number);
    let body = html! {
        section {
            h1 { (title) }
            @if let Some(word) = told(order.stands) { p class="note" { (language.word(word)) } }
            @if order.stands != Stands::Cancelled { (steps(order, language)) }
        }
        @if order.stands != Stands::Cancelled { (dates(order, language)) }
        section {
            h2 { (language.word(Word::Parcels)) }
            @if order.parcels.is_empty() { p class="soft" { (language.word(Word::Nothing)) } }
            @for parcel in &order.parcels { (one_parcel(parcel, language)) }
        }
        @if !order.lines.is_empty() { (lines(order, language)) }
        p class="soft" {
            (language.word(Word::Updated)) " "
            (language.date_time(&Happened::at(order.known_at)))
        }
    };
    frame(brand, language, &title, &body)
}

const fn told(stands: Stands) -> Option<Word> {
    match stands {
        Stands::Step(_) => None,
        Stands::PartlyOnItsWay => Some(Word::PartlyOnItsWay),
        Stands::PartlyDelivered => Some(Word::PartlyDelivered),
        Stands::Cancelled => Some(Word::Cancelled),
        Stands::Unclear => Some(Word::LookingInto),
    }
}

fn steps(order: &Order, language: Language) -> Markup {
    let words = [Word::Ordered, Word::Confirmed, Word::OnItsWay, Word::Delivered];
    let reached = order.stands.reached();
    html! {
        ol class="steps" {
            @for (n, (word, at)) in words.into_iter().zip(order.steps).enumerate() {
                @let class = match n + 1 {
                    step if step < reached => "done",
                    step if step == reached => "done now",
                    _ => "",
                };
                li class=(class) aria-current=[(n + 1 == reached).then_some("step")] {
                    @if n < reached { "✓ " }
                    (language.word(word))
                    @if let Some(at) = at { span { (language.date(&at)) } }
                }
            }
        }
    }
}

fn dates(order: &Order, language: Language) -> Markup {
    let is_there = order.stands == Stands::Step(4);
    let second = if is_there { Word::DeliveredOn } else { Word::ExpectedOn };
    if order.promised.is_none() && order.projected.is_none() {
        return html! {};
    }
    html! {
        section {
            dl {
                @if let Some(promised) = order.promised {
                    dt { (language.word(Word::PromisedFor)) }
                    dd { (language.date(&promised)) }
                }
                @if let Some(projected) = order.projected {
                    dt { (language.word(second)) }
                    dd { (language.date(&projected)) }
                }
            }
            @if order.is_late { p class="note" { (language.word(Word::LaterThanPromised)) } }
        }
    }
}

fn one_parcel(parcel: &Parcel, language: Language) -> Markup {
    let events = parcel.events.iter().filter_map(|(milestone, at)| {
        Some((language.progress(*milestone)?, language.date_time(at)))
    });
    let events: Vec<_> = events.collect();
    html! {
        div {
            strong { (language.word(Word::Parcel)) @if let Some(number) = &parcel.number { " " (number) } }
            @if events.is_empty() { p class="soft" { (language.word(Word::Nothing)) } }
            ol class="events" {
                @for (what, at) in events { li { span { (what) } span class="soft" { (at) } } }
            }
        }
    }
}

fn lines(order: &Order, language: Language) -> Markup {
    html! {
        section {
            h2 { (language.word(Word::Items)) }
            table {
                thead {
                    tr {
                        th scope="col" { (language.word(Word::Article)) }
                        th scope="col" class="num" { (language.word(Word::Quantity)) }
                        th scope="col" class="num" { (language.word(Word::Shipped)) }
                    }
                }
                tbody {
                    @for line in &order.lines {
                        tr {
                            td { (line.article) }
                            td class="num" { (line.ordered) }
                            td class="num" { (line.shipped) }
                        }
                    }
                }
            }
        }
    }
}
