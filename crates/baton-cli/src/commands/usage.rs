//! `baton usage`: what was used, by month and day in UTC, which whoever runs Baton for others bills by.

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::api::{Request, System, with_query};
use crate::exit::{Outcome, Result};
use crate::listing::cell;
use crate::print;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum By {
    #[default]
    Month,
    Day,
}

#[derive(Debug, Args)]
pub(crate) struct Usage {
    /// This month alone, such as 2026-05.
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    month: Option<String>,
    /// The first month; else eleven before the last one.
    #[arg(long, value_name = "MONTH")]
    from: Option<String>,
    /// The last month; else the present one.
    #[arg(long, value_name = "MONTH")]
    to: Option<String>,
    /// Of all tenants, for whoever runs Baton; the last month alone unless --from is given.
    #[arg(long)]
    all_tenants: bool,
    /// A line for each month or day.
    #[arg(long, value_enum, default_value_t)]
    by: By,
    /// Write a file of CSV to standard output.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    system: System,
}

/// Fields of a month or day, under their own names.
const FIGURES: [&str; 6] = ["messages", "bytes", "repeats", "quarantined", "orders", "deliveries"];

pub(crate) fn run(usage: &Usage, json: bool) -> Result<Outcome> {
    let by_day = usage.by == By::Day;
    let mut query = vec![
        ("from", usage.month.clone().or_else(|| usage.from.clone())),
        ("to", usage.month.clone().or_else(|| usage.to.clone())),
        ("of", usage.all_tenants.then(|| "tenants".to_owned())),
    ];
    let api = usage.system.reach()?;
    if usage.csv || (by_day && usage.all_tenants) {
        query.push(("by", Some(if by_day { "day" } else { "month" }.to_owned())));
        let path = with_query("/v1/usage/export", &query);
        let request = Request { method: "GET", path: &path, headers: Vec::new(), body: Vec::new() };
        print::bytes(&api.bytes(request)?)?;
        return Ok(Outcome::Fine);
    }
    let found = api.get(&with_query("/v1/usage", &query))?;
    if json {
        print::json(&found)?;
        return Ok(Outcome::Fine);
    }
    let (list, first) = if by_day { ("days", "day") } else { ("months", "month") };
    let items = found[list].as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = |item: &Value| {
        let [messages, bytes, repeats, quarantined, orders, deliveries] =
            FIGURES.map(|field| cell(&item[field]));
        let named =
            if by_day { cell(&found["months"][0]["tenant"]) } else { cell(&item["tenant"]) };
        let people = if by_day { "-".to_owned() } else { cell(&item["people"]) };
        let span = cell(&item[first]);
        let is_final = cell(&item["is_final"]);
        [named, span, messages, bytes, repeats, quarantined, orders, deliveries, people, is_final]
    };
    let rows: Vec<[String; 10]> = items.iter().map(shown).collect();
    let [messages, bytes, repeats, quarantined, orders, deliveries] = FIGURES;
    let heads = [
        "tenant",
        first,
        messages,
        bytes,
        repeats,
        quarantined,
        orders,
        deliveries,
        "people",
        "final",
    ];
    print::text(&print::table(heads, &rows))?;
    if found["is_behind"] == true {
        eprintln!("some is not counted yet: figures that are not final are at least these");
    }
    Ok(Outcome::Fine)
}
