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
/// By which provider somebody came in, and its token: sent to signing out, and to nothing else.
const CAME_BY: &str = "baton_came_by";
const CAME_BY_PATH: &str = "/v1/session";
/// What browsers take of a cookie, less its name and attributes.
const CAME_BY_BYTES_MAX: usize = 3_800;

/// The session's secret, where the browser sent one.
pub(in crate::http) fn session(headers: &HeaderMap) -> Option<&str> {
    named(headers, NAME)
}

/// What the browser was given for its way to a provider and back.
pub(in crate::http) fn round_trip(headers: &HeaderMap) -> Option<&str> {
    named(headers, ROUND_TRIP)
}

/// By which provider the browser's session came about, and the token that was given for it, if it is there.
pub(in crate::http) fn came_by(headers: &HeaderMap) -> Option<(&str, Option<&str>)> {
    let kept = named(headers, CAME_BY).filter(|kept| !kept.is_empty())?;
    Some(kept.split_once('~').map_or((kept, None), |(id, token)| (id, Some(token))))
}

/// Has the browser keep by which provider it came; a token that is too long for it is left out.
pub(in crate::http) fn set_came_by(provider: &str, token: &str, is_https: bool) -> String {
    let whole = format!("{provider}~{token}");
    came_by_for(if whole.len() <= CAME_BY_BYTES_MAX { &whole } else { provider }, is_https)
}

/// Has the browser forget that.
pub(in crate::http) fn clear_came_by(is_https: bool) -> String {
    came_by_for("", is_https) + "; Max-Age=0"
}

fn came_by_for(kept: &str, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!("{CAME_BY}={kept}; HttpOnly; SameSite=Strict; Path={CAME_BY_PATH}{secure}")
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
    fn what_one_came_by_is_kept_as_far_as_it_fits() {
        let long = "x".repeat(4_000);
        for (provider, token, found) in [
            ("northwind", "a.b.c", Some(("northwind", Some("a.b.c")))),
            ("northwind", long.as_str(), Some(("northwind", None))),
        ] {
            let cookie = set_came_by(provider, token, true);
            assert!(cookie.ends_with("; Path=/v1/session; Secure"), "{cookie}");
            let mut headers = HeaderMap::new();
            headers.append(COOKIE, cookie.split(';').next().unwrap().parse().unwrap());
            assert_eq!(came_by(&headers), found);
        }
        let mut headers = HeaderMap::new();
        let gone = clear_came_by(false);
        headers.append(COOKIE, gone.split(';').next().unwrap().parse().unwrap());
        assert_eq!(came_by(&headers), None);
    }

    #[test]
    fn cookies_are_for_nobody_else() {
        assert_eq!(set("bas_1", false), "baton_session=bas_1; HttpOnly; SameSite=Strict; Path=/");
        assert!(set("bas_1", true).ends_with("; Secure"));
        assert!(clear(false).ends_with("; Max-Age=0"));
    }
}
