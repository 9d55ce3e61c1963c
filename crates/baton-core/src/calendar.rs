//! Calendars: when a partner works, as a pack declares it.
//!
//! A calendar has a time zone and effective-dated versions; each version has a week (several
//! intervals a day), holidays, and exceptions such as an extra working Saturday. [`Calendar::compile`]
//! checks it and gives [`WorkingTime`], which does the arithmetic. A clock that should count elapsed
//! time uses the calendar named [`ALWAYS`], which needs no declaration.
//!
//! Dates and intervals are text in the declaration, so that a fault can name the very element that is
//! wrong and one bad interval does not hide the others. Deliberately absent: rules such as "last Monday
//! of May". A list of dates is what partners send, and it can be checked by eye.

mod day;
mod fault;
mod plan;
mod working_time;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::day::Day;
pub use self::fault::{CalendarFault, CalendarFaultKind};
use self::plan::{DayPlan, Version};
pub use self::working_time::{HORIZON, WorkingTime};

/// The calendar that is always open, so that its time is elapsed time.
pub const ALWAYS: &str = "always";

/// Versions that a calendar may have.
pub const VERSIONS_MAX: usize = 100;
/// Holidays and exceptions that one version may have, each.
pub const DATES_MAX: usize = 2_000;
/// Intervals that one day may have.
pub const INTERVALS_MAX: usize = 24;

/// The hours that somebody works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// What SLAs call it by, such as `fabrikam-dock`.
    #[schemars(with = "String")]
    pub name: SmolStr,
    /// IANA name of the zone that its hours are meant in, such as `Europe/Zurich`.
    #[schemars(with = "String")]
    pub time_zone: SmolStr,
    /// Each holds from its date to the next one's; the earliest also holds before its date.
    pub versions: Vec<CalendarVersion>,
}

/// The hours that hold from a date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarVersion {
    /// The first day on which it holds, in the calendar's zone.
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))]
    pub from: String,
    pub week: Week,
    /// Days without work.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Days with hours of their own; they win over the week and over holidays.
    #[serde(default)]
    pub exceptions: BTreeMap<String, Vec<String>>,
}

/// A day without work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))]
    pub on: String,
    #[schemars(with = "String")]
    pub name: SmolStr,
}

/// The intervals of each weekday, such as `08:00-12:00`. A day that is left out is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    pub mon: Vec<String>,
    pub tue: Vec<String>,
    pub wed: Vec<String>,
    pub thu: Vec<String>,
    pub fri: Vec<String>,
    pub sat: Vec<String>,
    pub sun: Vec<String>,
}

impl Week {
    fn days(&self) -> [(&'static str, &[String]); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }
}

impl Calendar {
    /// Checks the calendar and makes it ready for arithmetic.
    ///
    /// # Errors
    /// Every fault of the declaration, each with its place in it.
    pub fn compile(&self) -> Result<WorkingTime, Vec<CalendarFault>> {
        let mut faults = Vec::new();
        if self.name == ALWAYS {
            faults.push(CalendarFaultKind::ReservedName.at("/name"));
        }
        let zone = jiff::tz::TimeZone::get(&self.time_zone).ok();
        if zone.is_none() {
            let name = self.time_zone.to_string();
            faults.push(CalendarFaultKind::UnknownTimeZone { name }.at("/time_zone"));
        }
        let versions = self.compile_versions(&mut faults);
        match zone {
            Some(zone) if faults.is_empty() => Ok(WorkingTime::in_zone(zone, versions)),
            _ => Err(faults),
        }
    }

    fn compile_versions(&self, faults: &mut Vec<CalendarFault>) -> Vec<Version> {
        if self.versions.is_empty() {
            faults.push(CalendarFaultKind::NoVersions.at("/versions"));
        }
        limit(self.versions.len(), VERSIONS_MAX, "/versions", faults);
        let mut versions: Vec<Version> = Vec::new();
        for (n, declared) in self.versions.iter().take(VERSIONS_MAX).enumerate() {
            let path = format!("/versions/{n}");
            let version = declared.compile(&path, faults);
            if versions.iter().any(|v| v.from_day == version.from_day) {
                let date = declared.from.clone();
                faults.push(CalendarFaultKind::RepeatedDate { date }.at(format!("{path}/from")));
            }
            versions.push(version);
        }
        versions.sort_by_key(|v| v.from_day);
        if faults.is_empty() && versions.iter().all(Version::never_opens) {
            faults.push(CalendarFaultKind::NeverOpen.at("/versions"));
        }
        versions
    }
}

impl CalendarVersion {
    fn compile(&self, path: &str, faults: &mut Vec<CalendarFault>) -> Version {
        let from_day = plan::day_of(&self.from, &format!("{path}/from"), faults).unwrap_or(0);
        let week = self
            .week
            .days()
            .map(|(day, texts)| DayPlan::read(texts, &format!("{path}/week/{day}"), faults));
        limit(self.holidays.len(), DATES_MAX, &format!("{path}/holidays"), faults);
        limit(self.exceptions.len(), DATES_MAX, &format!("{path}/exceptions"), faults);
        let mut special = BTreeMap::new();
        for (n, holiday) in self.holidays.iter().take(DATES_MAX).enumerate() {
            let place = format!("{path}/holidays/{n}/on");
            if let Some(day) = plan::day_of(&holiday.on, &place, faults)
                && special.insert(day, DayPlan::default()).is_some()
            {
                let date = holiday.on.clone();
                faults.push(CalendarFaultKind::RepeatedDate { date }.at(place));
            }
        }
        for (date, texts) in self.exceptions.iter().take(DATES_MAX) {
            let place = format!("{path}/exceptions/{}", date.replace('~', "~0").replace('/', "~1"));
            let day_plan = DayPlan::read(texts, &place, faults);
            if let Some(day) = plan::day_of(date, &place, faults) {
                special.insert(day, day_plan);
            }
        }
        Version::new(from_day, week, special)
    }
}

fn limit(count: usize, most: usize, path: &str, faults: &mut Vec<CalendarFault>) {
    if count > most {
        faults.push(CalendarFaultKind::TooMany { count, most }.at(path));
    }
}

#[cfg(test)]
mod tests;
