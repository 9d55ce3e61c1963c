//! Bodies as they come and as they are read: limits, and decompression for reading.
//!
//! The body is kept byte for byte as it was sent. What is read is its decompressed form, bounded, so
//! that a small message cannot unfold into one that fills the memory.

use std::borrow::Cow;
use std::io::Read as _;

use baton_core::wording::Wording;
use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// Why a body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    #[error("the body is longer than {limit} bytes once decompressed, send it in parts")]
    TooLong { limit: usize },
    #[error("the body is not {encoding}, as its Content-Encoding says")]
    NotEncodedSo { encoding: &'static str },
    #[error("Content-Encoding can be gzip, deflate or identity, send the body in one of them")]
    UnknownEncoding,
    #[error("the body nests deeper than {limit} levels, flatten it")]
    TooDeep { limit: usize },
}

impl BodyFault {
    /// What it says, for words in other languages.
    #[must_use]
    pub fn wording(self) -> Wording {
        match self {
            Self::TooLong { limit } => Wording::new("body_long").with("most", limit),
            Self::NotEncodedSo { encoding } => {
                Wording::new("encoded_otherwise").with("encoding", encoding)
            }
            Self::UnknownEncoding => {
                Wording::new("encoding_unknown").with("known", "gzip, deflate, identity")
            }
            Self::TooDeep { limit } => Wording::new("nested_deep").with("most", limit),
        }
    }
}

/// The body as it is to be read.
///
/// # Errors
/// Where it is longer than `limit` bytes, or not encoded as declared.
pub fn decoded<'a>(
    body: &'a [u8],
    encoding: Option<&str>,
    limit: usize,
) -> Result<Cow<'a, [u8]>, BodyFault> {
    match encoding.map(str::trim).map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "identity") => Ok(Cow::Borrowed(body)),
        Some("gzip" | "x-gzip") => inflate(MultiGzDecoder::new(body), limit, "gzip"),
        Some("deflate") => inflate(ZlibDecoder::new(body), limit, "deflate"),
        Some(_) => Err(BodyFault::UnknownEncoding),
    }
}

fn inflate(
    from: impl std::io::Read,
    limit: usize,
    encoding: &'static str,
) -> Result<Cow<'static, [u8]>, BodyFault> {
    let mut plain = Vec::new();
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    from.take(bound).read_to_end(&mut plain).map_err(|_| BodyFault::NotEncodedSo { encoding })?;
    if plain.len() > limit { Err(BodyFault::TooLong { limit }) } else { Ok(Cow::Owned(plain)) }
}

/// Checks how deep a body nests if it is JSON; other bodies nest nothing.
///
/// # Errors
/// [`BodyFault::TooDeep`].
pub fn check_depth(body: &[u8], limit: usize) -> Result<(), BodyFault> {
    let first = body.iter().find(|b| !b.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[')) {
        return Ok(());
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => at = end_of_text(body, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(BodyFault::TooDeep { limit });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Where the quote stands that ends the text which begins at `from`; beyond the body if none does.
fn end_of_text(body: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_are_decompressed_up_to_the_limit() {
        let packed = gzip(&vec![b'x'; 10_000]);
        assert_eq!(decoded(&packed, Some("gzip"), 10_000).unwrap().len(), 10_000);
        let too_long = decoded(&packed, Some("GZIP"), 9_999);
        assert_eq!(too_long, Err(BodyFault::TooLong { limit: 9_999 }));
        assert_eq!(decoded(b"plain", None, 1).unwrap().as_ref(), b"plain");
        let wrong = decoded(b"plain", Some("gzip"), 100);
        assert_eq!(wrong, Err(BodyFault::NotEncodedSo { encoding: "gzip" }));
        assert_eq!(decoded(b"plain", Some("br"), 100), Err(BodyFault::UnknownEncoding));
    }

    #[test]
    fn depth_counts_brackets_outside_texts() {
        for (body, limit, fits) in [
            (r#"{"a":[1,{"b":2}]}"#, 3, true),
            (r#"{"a":[1,{"b":2}]}"#, 2, false),
            (r#"  {"a":"[[[[[\"[[["}"#, 1, true),
            (r#"{"a\\":[[]],"b":"\\"}"#, 2, false),
            (r#"{"a":"[[[\"#, 1, true),
            ("ISA*[[[[[", 1, true),
            ("", 0, true),
        ] {
            assert_eq!(check_depth(body.as_bytes(), limit).is_ok(), fits, "{body}");
        }
    }
}
