//! The web app's files, as they were built into the binary: served beside the API, at every path that
//! the API does not have.
//!
//! The pages know no more than the API tells them, so they need no key; what they show does. A path
//! that is no file is a place within the app and gets its one document, which reads the path itself.

use std::borrow::Cow;
use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use flate2::read::GzDecoder;

/// Name and compressed bytes of each file.
type Files = &'static [(&'static str, &'static [u8])];

static FILES: Files = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The one document of the app.
const DOCUMENT: &str = "index.html";

/// Files in here have a hash of their content in their names, so that they never change.
const HASHED: &str = "assets/";

/// What is the API's own, whether it has that very path or not.
const OF_THE_API: [&str; 4] = ["v1", "health", "metrics", "docs"];

/// Nothing from elsewhere, and no script or style but those of the binary.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const WITHOUT_PAGES: &str = "This build of Baton has no web pages: they were not built before it.
`cargo xtask web` builds them (it needs Node 20 or later), the next build of the binary takes them in.
Everything that the pages show is in the API below /v1; GET /v1/openapi.json describes it.
";

/// The answer where a page is asked for; none where the path is the API's.
pub(super) fn page(parts: &Parts) -> Option<Response> {
    let path = parts.uri.path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    if !reads || OF_THE_API.contains(&first) {
        return None;
    }
    Some(answer(FILES, path, &parts.headers))
}

fn answer(files: Files, path: &str, headers: &HeaderMap) -> Response {
    let named = |name: &str| files.iter().find(|(known, _)| *known == name);
    let Some((name, packed)) = named(path).or_else(|| named(DOCUMENT)) else {
        let mut response = Response::new(Body::from(WITHOUT_PAGES));
        *response.status_mut() = StatusCode::NOT_FOUND;
        set(&mut response, "text/plain; charset=utf-8", "no-store");
        return response;
    };
    // A file of an earlier build, asked for by a page that is still open somewhere: the document in
    // its place would only be a script that cannot be read.
    if path.starts_with(HASHED) && *name == DOCUMENT {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        set(&mut response, "text/plain; charset=utf-8", "no-store");
        return response;
    }
    let caching =
        if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", &blake3::hash(packed).to_hex()[..16]);
    let held = headers.get(IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
    let mut response = if held {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        body(packed, takes_gzip(headers))
    };
    set(&mut response, content_type(name), caching);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The file as it lies, or unpacked for a caller that does not take it so.
fn body(packed: &'static [u8], takes_gzip: bool) -> Response {
    if takes_gzip {
        let mut response = Response::new(Body::from(Bytes::from_static(packed)));
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return response;
    }
    let mut plain = Vec::new();
    if GzDecoder::new(packed).read_to_end(&mut plain).is_err() {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    }
    Response::new(Body::from(plain))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get(ACCEPT_ENCODING).map(|taken| String::from_utf8_lossy(taken.as_bytes()));
    let taken = taken.unwrap_or(Cow::Borrowed(""));
    taken.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip"))
}

fn set(response: &mut Response, content_type: &'static str, caching: &'static str) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, caching),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (VARY, "Accept-Encoding"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &str) -> &'static [u8] {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory takes all");
        Box::leak(encoder.finish().expect("memory takes all").into_boxed_slice())
    }

    fn check(path: &str, status: u16, content_type: &str, caching: &str) {
        let files: Files = Box::leak(Box::new([
            ("assets/app-1a2b.js", packed("app()")),
            ("index.html", packed("<html>")),
            ("baton.svg", packed("<svg>")),
        ]));
        let response = answer(files, path, &HeaderMap::new());
        let header =
            |name| response.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok());
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(header(CONTENT_TYPE), Some(content_type), "{path}");
        assert_eq!(header(CACHE_CONTROL), Some(caching), "{path}");
        assert_eq!(header(CONTENT_SECURITY_POLICY), Some(POLICY), "{path}");
    }

    #[test]
    fn files_are_served_and_places_within_the_app_get_its_document() {
        let html = "text/html; charset=utf-8";
        check("", 200, html, "no-cache");
        check("orders/ord_1", 200, html, "no-cache");
        check("baton.svg", 200, "image/svg+xml", "no-cache");
        let script = "text/javascript; charset=utf-8";
        check("assets/app-1a2b.js", 200, script, "public, max-age=31536000, immutable");
        check("assets/app-of-yesterday.js", 404, "text/plain; charset=utf-8", "no-store");
    }

    #[test]
    fn a_build_without_pages_says_how_to_get_them() {
        let response = answer(&[], "", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(WITHOUT_PAGES.contains("cargo xtask web"));
    }

    #[test]
    fn what_the_caller_holds_already_is_not_sent_again() {
        let files: Files = Box::leak(Box::new([("index.html", packed("<html>"))]));
        let first = answer(files, "", &HeaderMap::new());
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        assert_eq!(answer(files, "", &headers).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn gzip_goes_to_those_that_take_it() {
        for (taken, expected) in [("gzip", true), ("br, gzip;q=0.8", true), ("br", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(taken));
            assert_eq!(takes_gzip(&headers), expected, "{taken}");
        }
    }

    #[test]
    fn paths_of_the_api_are_no_pages() {
        for (path, is_page) in [
            ("/", true),
            ("/orders", true),
            ("/v1", false),
            ("/v1/nothing", false),
            ("/health/none", false),
            ("/docs/x", false),
            ("/metrics", false),
        ] {
            let request = axum::http::Request::get(path).body(()).expect("a request");
            assert_eq!(page(&request.into_parts().0).is_some(), is_page, "{path}");
        }
    }
}
