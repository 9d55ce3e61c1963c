//! The cookie by which a browser holds its session. Scripts of the page cannot read it, and no other
//! site's page can have it sent.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

const NAME: &str = "baton_session";
/// What a browser holds on its way to a provider of identities and back, which is another site: the answer
/// comes by a link from there, so that this one has to come along then.
const ROUND_TRIP: &str = "baton_oidc";
const ROUND_TRIP_PATH: &str = "/v1/oidc/";
const ROUND_TRIP_SECONDS: u32 = 900;

/// The session's secret, where the browser sent one.
pub(in crate::http) fn session(headers: &HeaderMap) -> Option<&str> {
    named(headers, NAME)
}

/// What the browser was given for its way to a provider and back.
pub(in crate::http) fn round_trip(headers: &HeaderMap) -> Option<&str> {
    named(headers, ROUND_TRIP)
}

fn named<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim())
}

/// Gives the browser a session.
pub(in crate::http) fn set(secret: &str, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!("{NAME}={secret}; HttpOnly; SameSite=Strict; Path=/{secure}")
}

/// Gives the browser what it needs for its way to a provider and back.
pub(in crate::http) fn set_round_trip(secret: &str, is_https: bool) -> String {
    round_trip_for(secret, ROUND_TRIP_SECONDS, is_https)
}

/// Has the browser forget that.
pub(in crate::http) fn clear_round_trip(is_https: bool) -> String {
    round_trip_for("", 0, is_https)
}

fn round_trip_for(secret: &str, seconds: u32, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!(
        "{ROUND_TRIP}={secret}; HttpOnly; SameSite=Lax; Path={ROUND_TRIP_PATH}; Max-Age={seconds}{secure}"
    )
}

/// Has the browser forget it.
pub(in crate::http) fn clear(is_https: bool) -> String {
    set("", is_https) + "; Max-Age=0"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_among_other_cookies() {
        for (texts, found) in [
            (&["baton_session=bas_1"][..], Some("bas_1")),
            (&["theme=dark; baton_session=bas_1; x=y"], Some("bas_1")),
            (&["theme=dark", " baton_session = bas_1 "], Some("bas_1")),
            (&["xbaton_session=bas_1", "baton_session"], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for text in texts {
                headers.append(COOKIE, text.parse().unwrap());
            }
            assert_eq!(session(&headers), found, "{texts:?}");
        }
    }

    #[test]
    fn cookies_are_for_nobody_else() {
        assert_eq!(set("bas_1", false), "baton_session=bas_1; HttpOnly; SameSite=Strict; Path=/");
        assert!(set("bas_1", true).ends_with("; Secure"));
        assert!(clear(false).ends_with("; Max-Age=0"));
    }
}
