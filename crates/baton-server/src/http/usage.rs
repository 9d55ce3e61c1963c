//! What was used, by month and day in UTC: of the caller's tenant, or for whoever runs Baton of all of them.
//! What is counted, and when a figure is final, is told in [`crate::usage`].

use axum::http::header;
use baton_core::usage::{Day, Figures, Month};
use baton_core::wording::Wording;
use baton_store::{Scope, tenants};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::csv::row;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{USAGE_MONTHS_DEFAULT, USAGE_MONTHS_MAX};
use super::page;
use super::problem::Problem;
use crate::clock::machine_now;
use crate::usage::{Counted, asked};

/// Whose usage, and of which months.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UsageQuery {
    /// The first month, such as `2026-05`; else eleven before the last one.
    from: Option<String>,
    /// The last month; else the present one, by the tenant's clock.
    to: Option<String>,
    /// `tenants`: of all tenants, for whoever runs Baton; the last month alone unless `from` is given.
    of: Option<String>,
}

/// The same, as a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UsageExportQuery {
    /// The first month, such as `2026-05`; else eleven before the last one.
    from: Option<String>,
    /// The last month; else the present one, by the tenant's clock.
    to: Option<String>,
    /// `tenants`: of all tenants, for whoever runs Baton; the last month alone unless `from` is given.
    of: Option<String>,
    /// A line for each `month` (the default) or `day`.
    by: Option<String>,
}

/// What was used in some months.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UsageAnswer {
    #[schemars(with = "String")]
    from: Month,
    #[schemars(with = "String")]
    to: Month,
    /// By tenant and month, without months before the first in which there was something.
    months: Vec<UsageMonth>,
    /// The days that have something; none where it is about all tenants.
    days: Vec<UsageDay>,
    /// Whether there is more that is not counted yet than one answer looks at: figures that are not final
    /// are at least these.
    is_behind: bool,
}

/// What a tenant used in a month, in UTC.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct UsageMonth {
    tenant: String,
    name: String,
    #[schemars(with = "String")]
    month: Month,
    #[serde(flatten)]
    figures: Figures,
    /// People who signed in or were signed in, each once; of the operator's staff none.
    people: i64,
    /// Whether nothing is added to it any more.
    is_final: bool,
}

/// What a tenant used on a day, in UTC.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct UsageDay {
    #[schemars(with = "String")]
    day: Day,
    #[serde(flatten)]
    figures: Figures,
    /// Whether nothing is added to it any more.
    is_final: bool,
}

/// A tenant as it is told of.
struct Named {
    scope: Scope,
    key: String,
    name: String,
}

/// Whose usage, and which months: from the first, before the second.
struct Wanted {
    tenants: Vec<Named>,
    is_of_all: bool,
    from: Month,
    until: Month,
}

impl Wanted {
    fn read(
        call: &Call,
        (from, to): (Option<&str>, Option<&str>),
        of: Option<&str>,
    ) -> Result<Self, Problem> {
        let is_of_all = match of {
            None => false,
            Some("tenants") if call.principal.role() == KeyRole::Operator => true,
            Some("tenants") => {
                let why = "of: the usage of all tenants is for whoever runs Baton";
                return Err(Problem::of_operator(why));
            }
            Some(other) => {
                return Err(Problem::none_of(ErrorCode::QueryWrong, "of", other, &["tenants"]));
            }
        };
        let now = if is_of_all { machine_now() } else { call.tenant()?.clock.now() };
        let to = page::value("to", to)?.unwrap_or_else(|| Month::of(now));
        let before = if is_of_all { 0 } else { USAGE_MONTHS_DEFAULT - 1 };
        let from = page::value("from", from)?.unwrap_or_else(|| to.before(before));
        let until = to.next();
        if until <= from || until.0 - from.0 > USAGE_MONTHS_MAX {
            let why = format!(
                "from, to: expected 1 to {USAGE_MONTHS_MAX} months, the last not before the first"
            );
            let wording = Wording::new("span_months").with("most", USAGE_MONTHS_MAX);
            return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
        }
        let found = if is_of_all {
            call.store().read(|tx| tenants::list(tx, &Scope::operator()))?
        } else {
            let scope = call.scope()?;
            vec![call.store().read(|tx| tenants::get(tx, &scope))?]
        };
        let tenants = found
            .into_iter()
            .map(|t| Named { scope: Scope::tenant(t.id), key: t.key, name: t.name })
            .collect();
        Ok(Self { tenants, is_of_all, from, until })
    }

    /// Each tenant is read by itself: nothing reaches two of them.
    fn counted(&self, call: &Call) -> Result<Vec<(&Named, Counted)>, Problem> {
        let count = |tenant| {
            let of: &Named = tenant;
            let counted = call.store().read(|tx| asked(tx, &of.scope, (self.from, self.until)))?;
            Ok((of, counted))
        };
        self.tenants.iter().map(count).collect()
    }
}

/// A tenant's months; of several tenants each month is there, so that none goes missing in a bill.
fn months(of: &Named, counted: &Counted, (wanted, all): (&Wanted, bool)) -> Vec<UsageMonth> {
    let mut months: Vec<UsageMonth> = Vec::new();
    let mut month = wanted.from;
    while month < wanted.until {
        let days = counted.days.range(month.first_day()..month.next().first_day());
        let figures = days.fold(Figures::default(), |sum, (_, figures)| sum + *figures);
        let people = counted.people.get(&month).copied().unwrap_or(0);
        let is_last = month.next() == wanted.until;
        if all || is_last || !months.is_empty() || !figures.is_nothing() || people > 0 {
            months.push(UsageMonth {
                tenant: of.key.clone(),
                name: of.name.clone(),
                month,
                figures,
                people,
                is_final: month.next().first_day() <= counted.closed_before,
            });
        }
        month = month.next();
    }
    months
}

fn days(counted: &Counted) -> impl Iterator<Item = UsageDay> + '_ {
    counted.days.iter().map(|(day, figures)| UsageDay {
        day: *day,
        figures: *figures,
        is_final: *day < counted.closed_before,
    })
}

pub(super) fn show(call: &Call) -> Outcome {
    let UsageQuery { from, to, of } = call.query()?;
    let wanted = Wanted::read(call, (from.as_deref(), to.as_deref()), of.as_deref())?;
    let all = wanted.counted(call)?;
    let of_one = || all.iter().filter(|_| !wanted.is_of_all);
    Answer::json(UsageAnswer {
        from: wanted.from,
        to: wanted.until.before(1),
        months: all
            .iter()
            .flat_map(|(of, counted)| months(of, counted, (&wanted, wanted.is_of_all)))
            .collect(),
        days: of_one().flat_map(|(_, counted)| days(counted)).collect(),
        is_behind: all.iter().any(|(_, counted)| counted.is_behind),
    })
}

pub(super) fn export(call: &Call) -> Outcome {
    let UsageExportQuery { from, to, of, by } = call.query()?;
    let by_day = match by.as_deref() {
        None | Some("month") => false,
        Some("day") => true,
        Some(other) => {
            let known = ["month", "day"];
            return Err(Problem::none_of(ErrorCode::QueryWrong, "by", other, &known));
        }
    };
    let wanted = Wanted::read(call, (from.as_deref(), to.as_deref()), of.as_deref())?;
    let all = wanted.counted(call)?;
    let span = if by_day { "day" } else { "month" };
    let mut columns = vec!["tenant", "name", span];
    columns.extend(["messages", "bytes", "repeats", "quarantined", "orders", "deliveries"]);
    // Whoever was there on two days is one person.
    columns.extend((!by_day).then_some("people"));
    columns.push("is_final");
    let mut text = row(&columns.into_iter().map(str::to_owned).collect::<Vec<_>>());
    for (of, counted) in &all {
        if by_day {
            for day in days(counted) {
                let first = [of.key.clone(), of.name.clone(), day.day.to_string()];
                text += &line(first, day.figures, None, day.is_final);
            }
        } else {
            for month in months(of, counted, (&wanted, wanted.is_of_all)) {
                let first = [month.tenant, month.name, month.month.to_string()];
                text += &line(first, month.figures, Some(month.people), month.is_final);
            }
        }
    }
    let file = Answer::page("text/csv; charset=utf-8", text);
    Ok(file.with_header(header::CONTENT_DISPOSITION, "attachment; filename=\"usage.csv\""))
}

fn line(first: [String; 3], figures: Figures, people: Option<i64>, is_final: bool) -> String {
    let Figures { messages, bytes, repeats, quarantined, orders, deliveries } = figures;
    let numbers = [messages, bytes, repeats, quarantined, orders, deliveries];
    let cells: Vec<String> = first
        .into_iter()
        .chain(numbers.iter().map(i64::to_string))
        .chain(people.map(|people| people.to_string()))
        .chain([is_final.to_string()])
        .collect();
    row(&cells)
}
