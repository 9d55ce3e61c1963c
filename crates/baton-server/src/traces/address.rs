//! Where traces go, as people say it.

use std::fmt;
use std::str::FromStr;

/// Where a collector takes traces over HTTP, beneath what people give.
const PATH: &str = "/v1/traces";

/// The address of a collector of OTLP over HTTP, such as `http://127.0.0.1:4318`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Where spans are posted to.
    pub(super) fn url(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_http = ["http://", "https://"].iter().any(|scheme| {
            text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
        if !is_http || text.contains(['@', '?', '#', ' ']) {
            return Err(
                "expected the address of a collector of OTLP over HTTP, such as http://127.0.0.1:4318"
                    .to_owned(),
            );
        }
        let base = text.trim_end_matches('/');
        let base = base.strip_suffix(PATH).unwrap_or(base);
        Ok(Self(format!("{base}{PATH}")))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_with_or_without_its_path() {
        let traces = "http://127.0.0.1:4318/v1/traces";
        for (text, expected) in [
            ("http://127.0.0.1:4318", Some(traces)),
            ("http://127.0.0.1:4318/", Some(traces)),
            ("http://127.0.0.1:4318/v1/traces", Some(traces)),
            ("https://collector/otlp", Some("https://collector/otlp/v1/traces")),
            ("127.0.0.1:4318", None),
            ("grpc://127.0.0.1:4317", None),
            ("http://", None),
            ("http:///v1/traces", None),
            ("http://ada:s3cret@collector", None),
            ("", None),
        ] {
            let found = text.parse::<Address>().ok();
            assert_eq!(found.as_ref().map(Address::url), expected, "{text}");
        }
    }
}
