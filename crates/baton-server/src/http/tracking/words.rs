//! The words of the pages for customers, in English and German, and dates as people write them.

use axum::http::{HeaderMap, header};
use baton_core::milestone::Milestone;
use baton_core::time::{Duration, Happened, Instant};

/// Within how long something has to have happened for its time to be told.
const KNOWN_WITHIN: Duration = Duration::hours(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

/// The fixed words of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    YourOrder,
    Ordered,
    Confirmed,
    OnItsWay,
    Delivered,
    Cancelled,
    LookingInto,
    PartlyOnItsWay,
    PartlyDelivered,
    PromisedFor,
    ExpectedOn,
    DeliveredOn,
    LaterThanPromised,
    Items,
    Article,
    Quantity,
    Shipped,
    Parcels,
    Parcel,
    Nothing,
    Questions,
    Updated,
    GoneTitle,
    GoneText,
    BusyTitle,
    BusyText,
    OtherLanguage,
}

impl Language {
    /// What is asked for, else what the browser likes best of the two.
    pub(super) fn of(wanted: Option<&str>, headers: &HeaderMap) -> Self {
        match wanted {
            Some("de") => return Self::German,
            Some("en") => return Self::English,
            _ => {}
        }
        let liked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let known = liked.unwrap_or_default().split(',').find_map(|part| {
            let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            match tag.split('-').next().unwrap_or_default() {
                "de" => Some(Self::German),
                "en" => Some(Self::English),
                _ => None,
            }
        });
        known.unwrap_or(Self::English)
    }
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
    pub(super) const fn other(self) -> Self {
        match self {
            Self::English => Self::German,
            Self::German => Self::English,
        }
    }
    pub(super) const fn word(self, word: Word) -> &'static str {
        let (english, german) = both(word);
        match self {
            Self::English => english,
            Self::German => german,
        }
    }
    /// What a point of progress means to a customer; none for what is no business of theirs.
    pub(super) fn progress(self, milestone: Milestone) -> Option<&'static str> {
        let (english, german) = match milestone.code() {
            "T10" => ("Picked up by the carrier", "Vom Transportunternehmen abgeholt"),
            "T20" | "T25" | "T35" => ("On its way", "Unterwegs"),
            "T30" => ("At a depot on the way", "In einem Depot auf dem Weg"),
            "T46" => ("At the depot near you", "Im Depot in Ihrer Nähe"),
            "T48" => ("Delivery date agreed", "Zustelltermin vereinbart"),
            "T50" => ("Out for delivery", "In Zustellung"),
            "T57" => ("Ready for you to collect", "Zur Abholung bereit"),
            "T58" => ("Delivery was attempted", "Zustellversuch erfolglos"),
            "T60" => ("Delivered", "Zugestellt"),
            "T90" => ("On its way back to the sender", "Auf dem Rückweg zum Absender"),
            "S10" => ("Visit agreed", "Termin vor Ort vereinbart"),
            "S30" => ("Installed", "Installiert"),
            _ => return None,
        };
        Some(if self == Self::English { english } else { german })
    }
    /// The day; of an interval that of its middle, which is the day that was meant in whichever zone.
    pub(super) fn date(self, happened: &Happened) -> String {
        let width = happened.latest.since(happened.earliest);
        self.day(happened.earliest + Duration::from_micros(width.micros() / 2))
    }
    /// The day, and where it is known the time.
    pub(super) fn date_time(self, happened: &Happened) -> String {
        let day = self.date(happened);
        if happened.latest.since(happened.earliest) > KNOWN_WITHIN {
            return day;
        }
        format!("{day}, {}", happened.earliest.to_jiff().strftime("%H:%M UTC"))
    }
    fn day(self, at: Instant) -> String {
        let jiff = at.to_jiff();
        let number = |format: &str| jiff.strftime(format).to_string();
        let month = number("%m").parse::<usize>().unwrap_or(1);
        let name = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or(("", ""));
        let (day, year) = (number("%-d"), number("%Y"));
        match self {
            Self::English => format!("{day} {} {year}", name.0),
            Self::German => format!("{day}. {} {year}", name.1),
        }
    }
}

/// Whether a point of progress is any business of a customer's.
pub(super) fn is_told(milestone: Milestone) -> bool {
    Language::English.progress(milestone).is_some()
}

const MONTHS: [(&str, &str); 12] = [
    ("January", "Januar"),
    ("February", "Februar"),
    ("March", "März"),
    ("April", "April"),
    ("May", "Mai"),
    ("June", "Juni"),
    ("July", "Juli"),
    ("August", "August"),
    ("September", "September"),
    ("October", "Oktober"),
    ("November", "November"),
    ("December", "Dezember"),
];

const fn both(word: Word) -> (&'static str, &'static str) {
    match word {
        Word::YourOrder => ("Your order", "Ihre Bestellung"),
        Word::Ordered | Word::Quantity => ("Ordered", "Bestellt"),
        Word::Confirmed => ("Confirmed", "Bestätigt"),
        Word::OnItsWay => ("On its way", "Unterwegs"),
        Word::Delivered | Word::DeliveredOn => ("Delivered", "Zugestellt"),
        Word::Cancelled => ("This order was cancelled.", "Diese Bestellung wurde storniert."),
        Word::LookingInto => (
            "Something about this order is not clear to us, and we are looking into it.",
            "Zu dieser Bestellung ist etwas unklar. Wir gehen dem nach.",
        ),
        Word::PartlyOnItsWay => ("A part of it is on its way.", "Ein Teil ist unterwegs."),
        Word::PartlyDelivered => ("A part of it was delivered.", "Ein Teil wurde zugestellt."),
        Word::PromisedFor => ("Promised for", "Zugesagt für"),
        Word::ExpectedOn => ("Expected", "Voraussichtlich"),
        Word::LaterThanPromised => (
            "This is later than was promised. We are sorry.",
            "Das ist später als zugesagt. Das tut uns leid.",
        ),
        Word::Items => ("What you ordered", "Ihre Artikel"),
        Word::Article => ("Article", "Artikel"),
        Word::Shipped => ("Sent", "Versandt"),
        Word::Parcels => ("Parcels", "Sendungen"),
        Word::Parcel => ("Parcel", "Sendung"),
        Word::Nothing => ("Nothing to tell yet.", "Noch nichts zu berichten."),
        Word::Questions => ("Questions?", "Fragen?"),
        Word::Updated => ("As known on", "Stand"),
        Word::GoneTitle => ("This link does not work", "Dieser Link funktioniert nicht"),
        Word::GoneText => (
            "It may have ended, or a part of it got lost. Whoever sent it to you can send another.",
            "Er ist vielleicht abgelaufen, oder ein Teil davon ging verloren. Wer ihn Ihnen geschickt hat, kann einen neuen schicken.",
        ),
        Word::BusyTitle => ("One moment, please", "Einen Moment, bitte"),
        Word::BusyText => (
            "This page was asked for very often. Try again in a minute.",
            "Diese Seite wurde sehr oft abgerufen. Versuchen Sie es in einer Minute wieder.",
        ),
        Word::OtherLanguage => ("Deutsch", "English"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_is_what_is_asked_for_else_what_the_browser_likes() {
        for (wanted, liked, expected) in [
            (None, "", Language::English),
            (None, "de-AT,de;q=0.9,en;q=0.5", Language::German),
            (None, "fr, de;q=0.8", Language::German),
            (None, "en-GB, de", Language::English),
            (None, "fr", Language::English),
            (Some("de"), "en", Language::German),
            (Some("xx"), "de", Language::German),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(liked));
            assert_eq!(Language::of(wanted, &headers), expected, "{wanted:?} {liked}");
        }
    }

    #[test]
    fn dates_are_days_unless_the_time_is_known() {
        let at = |text: &str| text.parse::<Instant>().expect("an instant");
        let moment = Happened::at(at("2026-03-05T18:04:00Z"));
        let day = Happened {
            earliest: at("2026-03-05T06:00:00Z"),
            latest: at("2026-03-06T05:59:59Z"),
            ..moment
        };
        for (happened, english, german) in [
            (moment, "5 March 2026, 18:04 UTC", "5. März 2026, 18:04 UTC"),
            (day, "5 March 2026", "5. März 2026"),
        ] {
            assert_eq!(Language::English.date_time(&happened), english);
            assert_eq!(Language::German.date_time(&happened), german);
            assert_eq!(Language::English.date(&happened), "5 March 2026");
        }
    }
}
