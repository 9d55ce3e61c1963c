//! Colours of a brand, and whether text can be read in them: WCAG 2's contrast between two colours, from
//! 1 to 21, and what its level AA asks for. The grounds are those of the app's own tokens.

use std::fmt;
use std::str::FromStr;

use baton_core::wording::Wording;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What WCAG's level AA asks for texts of ordinary size.
pub(in crate::http) const CONTRAST_MIN: f64 = 4.5;

/// Grounds of the pages and what is written on the accent, as `web/src/ui/tokens.css` has them.
const LIGHT_GROUND: Colour = Colour(0xff, 0xff, 0xff);
const LIGHT_SUNKEN: Colour = Colour(0xf5, 0xf6, 0xf6);
const LIGHT_ON_ACCENT: Colour = Colour(0xff, 0xff, 0xff);
const DARK_GROUND: Colour = Colour(0x14, 0x18, 0x1b);
const DARK_RAISED: Colour = Colour(0x1c, 0x21, 0x25);
const DARK_ON_ACCENT: Colour = Colour(0x06, 0x28, 0x2b);
/// How much of the accent is in a ground that is tinted by it, and how much of it is left on dark pages.
const SOFT: f64 = 0.12;
const ON_DARK: f64 = 0.55;
/// How far a suggestion goes at once, and how often.
const STEP: f64 = 0.06;
const STEPS_MAX: usize = 60;

/// `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(in crate::http) struct Colour(u8, u8, u8);

/// Where a text meets a colour.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(in crate::http) struct Contrast {
    /// `links_light`, `buttons_light`, `chosen_light`, and the same with `dark`.
    place: &'static str,
    text: String,
    ground: String,
    contrast: f64,
    enough: bool,
}

impl FromStr for Colour {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no colour, expected one such as #0f5c63");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
        let digits = digits.ok_or_else(wrong)?;
        let byte = |at: usize| {
            let two = digits.get(at..at + 2).filter(|two| !two.starts_with('+'));
            two.and_then(|two| u8::from_str_radix(two, 16).ok()).ok_or_else(wrong)
        };
        Ok(Self(byte(0)?, byte(2)?, byte(4)?))
    }
}

impl TryFrom<String> for Colour {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Colour {
    /// So much of this and the rest of another, as CSS's `color-mix(in srgb, …)` does it.
    fn mixed(self, share: f64, other: Self) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes"
        )]
        let mix = |a: u8, b: u8| {
            (f64::from(a) * share + f64::from(b) * (1.0 - share)).round().clamp(0.0, 255.0) as u8
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
    /// What stands for it on dark pages where nothing else is said.
    pub(in crate::http) fn on_dark(self) -> Self {
        self.mixed(ON_DARK, Self(0xff, 0xff, 0xff))
    }
    /// Relative luminance, from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// Where texts meet an accent on light pages.
fn on_light(accent: Colour) -> [(&'static str, Colour, Colour); 3] {
    [
        ("links_light", accent, LIGHT_SUNKEN),
        ("buttons_light", LIGHT_ON_ACCENT, accent),
        ("chosen_light", accent, accent.mixed(SOFT, LIGHT_GROUND)),
    ]
}

fn on_dark(accent: Colour) -> [(&'static str, Colour, Colour); 3] {
    [
        ("links_dark", accent, DARK_RAISED),
        ("buttons_dark", DARK_ON_ACCENT, accent),
        ("chosen_dark", accent, accent.mixed(SOFT, DARK_GROUND)),
    ]
}

/// Every place where a text meets the accents.
pub(super) fn contrasts(accent: Colour, dark: Colour) -> Vec<Contrast> {
    let all = on_light(accent).into_iter().chain(on_dark(dark));
    all.map(|(place, text, ground)| {
        let contrast = text.contrast(ground);
        Contrast {
            place,
            text: text.to_string(),
            ground: ground.to_string(),
            contrast: (contrast * 100.0).floor() / 100.0,
            enough: contrast >= CONTRAST_MIN,
        }
    })
    .collect()
}

/// A place in words.
fn told(place: &str) -> &'static str {
    match place {
        "links_light" => "links on light pages",
        "buttons_light" => "buttons on light pages",
        "chosen_light" => "what is chosen on light pages",
        "links_dark" => "links on dark pages",
        "buttons_dark" => "buttons on dark pages",
        _ => "what is chosen on dark pages",
    }
}

/// Whether everything can be read; else what was found, what was expected, and the nearest colour that
/// would do.
pub(super) fn legible(accent: Colour, dark: Option<Colour>) -> Result<(), (String, Wording)> {
    check("accent", accent, on_light, Colour(0, 0, 0))?;
    let (field, dark) = match dark {
        Some(dark) => ("accent_dark", dark),
        None => ("accent_dark, derived from accent", accent.on_dark()),
    };
    check(field, dark, on_dark, Colour(0xff, 0xff, 0xff))
}

type Places = fn(Colour) -> [(&'static str, Colour, Colour); 3];

fn check(
    field: &str,
    colour: Colour,
    places: Places,
    towards: Colour,
) -> Result<(), (String, Wording)> {
    let worst = |colour: Colour| {
        let all = places(colour).map(|(place, text, ground)| (text.contrast(ground), place));
        all.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, ""))
    };
    let (contrast, place) = worst(colour);
    if contrast >= CONTRAST_MIN {
        return Ok(());
    }
    let mut steps = (1..=STEPS_MAX).scan(colour, |near, _| {
        *near = near.mixed(1.0 - STEP, towards);
        Some(*near)
    });
    let near = steps.find(|near| worst(*near).0 >= CONTRAST_MIN);
    let would_do = near.map(|near| format!("; {near} would do")).unwrap_or_default();
    let why = format!(
        "{field}: in {colour} {} have a contrast of {contrast:.1} to 1, expected at least {CONTRAST_MIN}{would_do}",
        told(place)
    );
    let wording = match near {
        Some(near) => Wording::new("faint_but_near").with("near", near),
        None => Wording::new("faint"),
    };
    let wording = wording.with("colour", colour).with("place", place);
    let wording =
        wording.with("contrast", format_args!("{contrast:.1}")).with("least", CONTRAST_MIN);
    Err((why, wording))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    #[test]
    fn colours_are_six_digits() {
        for text in ["#0f5c63", "#FFFFFF", "#000000"] {
            assert_eq!(colour(text).to_string(), text.to_lowercase());
        }
        for text in ["", "#fff", "0f5c63", "#0f5c6g", "red", "#+f5c63", "#0f5c63;", "#äöü"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
    }

    /// As WCAG's own definition has it.
    #[test]
    fn contrasts_are_those_of_the_standard() {
        for (a, b, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#0000ff", "#ffffff", 8.59),
        ] {
            let found = colour(a).contrast(colour(b));
            assert!((found - expected).abs() < 0.01, "{a} on {b}: {found}");
            assert!((found - colour(b).contrast(colour(a))).abs() < 1e-9);
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_one_that_can() {
        for (accent, dark, field) in [
            ("#ffcc00", None, Some("accent:")),
            ("#ffffff", None, Some("accent:")),
            ("#0f5c63", Some("#0f5c63"), Some("accent_dark:")),
            ("#0f5c63", None, None),
            ("#7a1f5c", None, None),
            ("#1a4fa3", Some("#9ec1ff"), None),
        ] {
            let found = legible(colour(accent), dark.map(colour));
            match (field, found) {
                (None, found) => assert_eq!(found, Ok(()), "{accent}"),
                (Some(field), Err((why, _))) => {
                    assert!(why.starts_with(field), "{why}");
                    let (_, near) = why.rsplit_once("; ").expect("a colour that would do");
                    let near = colour(near.split(' ').next().expect("a word"));
                    let (accent, dark) = match field {
                        "accent:" => (near, None),
                        _ => (colour(accent), Some(near)),
                    };
                    assert_eq!(check("", accent, on_light, LIGHT_GROUND), Ok(()), "{why}");
                    assert_eq!(dark.map(|d| legible(accent, Some(d))).unwrap_or(Ok(())), Ok(()));
                }
                (Some(_), Ok(())) => panic!("{accent} was taken"),
            }
        }
    }

    /// The tokens are in the web app; a copy that differs would check something else.
    #[test]
    fn the_grounds_are_those_of_the_pages() {
        let tokens = include_str!("../../../../../web/src/ui/tokens.css");
        for (name, light, dark) in
            [("ground", LIGHT_GROUND, DARK_GROUND), ("on-accent", LIGHT_ON_ACCENT, DARK_ON_ACCENT)]
        {
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(tokens.contains(&line), "{line}");
        }
        assert!(tokens.contains(&format!("--sunken: light-dark({LIGHT_SUNKEN}, ")));
        assert!(tokens.contains(&format!("--raised: light-dark(#ffffff, {DARK_RAISED});")));
    }
}
