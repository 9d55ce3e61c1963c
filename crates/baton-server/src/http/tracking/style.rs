//! The style of the pages for customers. Its address is its two colours, so that it says nothing of
//! anybody and can be kept by browsers for ever; pages without scripts or inline styles have no other way
//! to be in a tenant's colours.

use axum::http::header;

use crate::http::answer::Answer;
use crate::http::brand::Brand;
use crate::http::brand::colour::Colour;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::problem::Problem;

const STYLE: &str = include_str!("style.css");
/// Baton's own, as `web/src/ui/tokens.css` has them.
const OWN: (&str, &str) = ("0f5c63", "6cc3c9");

/// Where the style in a brand's colours is.
pub(super) fn address(brand: &Brand) -> String {
    let accent = brand.accent.as_deref().and_then(|accent| accent.parse::<Colour>().ok());
    let dark = brand.accent_dark.as_deref().and_then(|accent| accent.parse::<Colour>().ok());
    let digits = |colour: Colour| colour.to_string().trim_start_matches('#').to_owned();
    let (light, dark) = match accent {
        Some(accent) => (digits(accent), digits(dark.unwrap_or_else(|| accent.on_dark()))),
        None => (OWN.0.to_owned(), OWN.1.to_owned()),
    };
    format!("/v1/brand/styles/{light}-{dark}.css")
}

pub(in crate::http) fn style(call: &Call) -> Outcome {
    let named = call.parameter("style");
    let none = || Problem::not_found("style", named);
    let colours = named.strip_suffix(".css").and_then(|name| name.split_once('-'));
    let (light, dark) = colours.ok_or_else(none)?;
    let colour = |digits: &str| format!("#{digits}").parse::<Colour>().map_err(|_| none());
    let (light, dark) = (colour(light)?, colour(dark)?);
    let text = format!(":root{{--accent:light-dark({light},{dark})}}\n{STYLE}");
    let answer = Answer::page("text/css; charset=utf-8", text);
    Ok(answer.with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
}
