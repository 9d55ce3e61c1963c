//! What the time codes of X12 (element 623) say of an offset from UTC. Whether a shipment in Memphis
//! is on daylight time on a given day is not known here: a code such as `CT` means one of two
//! offsets, and `LT` (local time, the most frequent of all) means none that can be told.

use serde::Serialize;

/// What a time code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ZoneMeaning {
    /// One offset.
    Fixed {
        /// Minutes east of UTC.
        offset_minutes: i32,
    },
    /// The offset of a region, by the season.
    Seasonal {
        /// Minutes east of UTC in winter.
        standard_minutes: i32,
        /// Minutes east of UTC in summer.
        daylight_minutes: i32,
    },
}

/// Regions by the first letter of their codes: `E` for `ET`, `ES` and `ED`. Hours east of UTC in
/// winter, as minutes. `AT` is Alaska; Atlantic is `TT`.
const REGIONS: [(&str, i32); 8] = [
    ("A", -9 * 60),
    ("C", -6 * 60),
    ("E", -5 * 60),
    ("H", -10 * 60),
    ("M", -7 * 60),
    ("N", -(3 * 60 + 30)),
    ("P", -8 * 60),
    ("T", -4 * 60),
];

const HOUR: i32 = 60;

/// What a code says of the offset from UTC; `None` for `LT` and for codes that are not known.
pub fn offset_minutes(code: &str) -> Option<ZoneMeaning> {
    let fixed = |offset_minutes| Some(ZoneMeaning::Fixed { offset_minutes });
    let code = code.trim();
    match code {
        "UT" | "GM" => return fixed(0),
        "LT" => return None,
        _ => {}
    }
    if code.len() == 2
        && let Ok(number) = code.parse::<i32>()
    {
        // 01 to 12 are hours east; 13 to 24 count down from twelve hours west.
        return match number {
            1..=12 => fixed(number * HOUR),
            13..=24 => fixed((number - 25) * HOUR),
            _ => None,
        };
    }
    let (region, season) = code.split_at_checked(1)?;
    let (_, standard) = *REGIONS.iter().find(|(letter, _)| *letter == region)?;
    match season {
        "S" => fixed(standard),
        "D" => fixed(standard + HOUR),
        "T" => Some(ZoneMeaning::Seasonal {
            standard_minutes: standard,
            daylight_minutes: standard + HOUR,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: Option<(i32, i32)>) {
        let found = offset_minutes(code).map(|meaning| match meaning {
            ZoneMeaning::Fixed { offset_minutes } => (offset_minutes, offset_minutes),
            ZoneMeaning::Seasonal { standard_minutes, daylight_minutes } => {
                (standard_minutes, daylight_minutes)
            }
        });
        assert_eq!(found, expected, "{code}");
    }

    #[test]
    fn trap_11_a_stamp_without_a_zone_has_no_offset() {
        check("LT", None);
        check("", None);
        check("QQ", None);
        check("00", None);
        check("25", None);
        check("XT", None);
    }

    #[test]
    fn known_codes() {
        check("UT", Some((0, 0)));
        check("GM", Some((0, 0)));
        check("ES", Some((-300, -300)));
        check("ED", Some((-240, -240)));
        check("ET", Some((-300, -240)));
        check("CT", Some((-360, -300)));
        check("NT", Some((-210, -150)));
        check("01", Some((60, 60)));
        check("12", Some((720, 720)));
        check("13", Some((-720, -720)));
        check("24", Some((-60, -60)));
    }
}
