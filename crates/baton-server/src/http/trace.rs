//! Which call a line of the log belongs to: the trace that the caller says by `traceparent` (W3C), or one
//! that is drawn. Nothing of it is made where nobody logs.

use axum::http::HeaderMap;
use rand::TryRng as _;
use rand::rngs::SysRng;
use tracing::Span;
use tracing::field::Empty;

use crate::traces::Context;

/// Hexadecimal digits of a trace's id.
const DIGITS: usize = 32;

/// The span of a call in the log, with its trace: that of the span which is exported, where one is.
pub(super) fn span(endpoint: &'static str, headers: &HeaderMap, exported: Option<Context>) -> Span {
    let span = tracing::info_span!("call", endpoint, trace_id = Empty);
    if !span.is_disabled() {
        let exported = exported.map(|context| format!("{:032x}", context.trace));
        let said = || said(headers).and_then(trace_of).map(str::to_owned);
        span.record("trace_id", exported.or_else(said).unwrap_or_else(drawn));
    }
    span
}

/// The span of the caller's below which a call stands.
pub(super) fn caller(headers: &HeaderMap) -> Option<Context> {
    let value = said(headers)?;
    let trace = u128::from_str_radix(trace_of(value)?, 16).ok()?;
    let span = u64::from_str_radix(value.split('-').nth(2)?, 16).ok()?;
    (span != 0).then_some(Context { trace, span })
}

fn said(headers: &HeaderMap) -> Option<&str> {
    headers.get("traceparent").and_then(|value| value.to_str().ok())
}

/// The trace in a `traceparent`: version, trace, parent and flags. One of zeros is none.
fn trace_of(value: &str) -> Option<&str> {
    let mut parts = value.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let is_id = trace.len() == DIGITS
        && trace.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && trace.bytes().any(|b| b != b'0');
    (version.len() == 2 && parts.count() >= 2 && is_id).then_some(trace)
}

fn drawn() -> String {
    let mut bytes = [0; DIGITS / 2];
    // Without chance the lines of the call merely cannot be told from others'.
    let _ = SysRng.try_fill_bytes(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_taken_from_what_is_one() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (value, expected) in [
            (format!("00-{trace}-00f067aa0ba902b7-01"), Some(trace)),
            (format!("cc-{trace}-00f067aa0ba902b7-01-more"), Some(trace)),
            (format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), None),
            (format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()), None),
            (format!("00-{trace}"), None),
            (trace.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(trace_of(&value), expected, "{value}");
        }
    }
}
