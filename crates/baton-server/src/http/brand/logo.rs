//! Logos: which images are taken. Raster images only: an SVG is a document, with links and scripts, and
//! making one harmless is a craft of its own.

use baton_core::wording::Wording;

/// The longest logo, in bytes, and the longest side, in pixels, of those whose size is read.
const BYTES_MAX: usize = 256 << 10;
const SIDE_MAX: u32 = 4_096;
const DIGEST_CHARS: usize = 16;

/// The content type of an image, by its own first bytes.
pub(super) fn read(bytes: &[u8]) -> Result<&'static str, (String, Wording)> {
    if bytes.len() > BYTES_MAX {
        let why = format!("logo_base64: the image has more than {BYTES_MAX} bytes");
        return Err((why, Wording::new("body_long").with("most", BYTES_MAX)));
    }
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if is_webp {
        return Ok("image/webp");
    }
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok("image/jpeg");
    }
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.get(12..16) != Some(b"IHDR") {
        let why = "logo_base64: expected a PNG, JPEG or WebP image";
        return Err((why.to_owned(), Wording::new("no_image")));
    }
    let side = |at: usize| {
        let bytes: Option<[u8; 4]> = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    let (width, height) = (side(16), side(20));
    if !(1..=SIDE_MAX).contains(&width) || !(1..=SIDE_MAX).contains(&height) {
        let why = format!(
            "logo_base64: the image has {width} by {height} pixels, expected 1 to {SIDE_MAX}"
        );
        let wording = Wording::new("image_sides").with("width", width).with("height", height);
        return Err((why, wording.with("most", SIDE_MAX)));
    }
    Ok("image/png")
}

/// What stands for an image in its address.
pub(super) fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(DIGEST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn raster_images_are_known_by_their_first_bytes() {
        let check = |bytes: &[u8], expected: Result<&str, &str>| match (read(bytes), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err((why, _)), Err(words)) => assert!(why.contains(words), "{why}"),
            (found, _) => panic!("{found:?}, expected {expected:?}"),
        };
        check(&png(64, 32), Ok("image/png"));
        check(&png(0, 32), Err("0 by 32 pixels"));
        check(&png(64, 5_000), Err("5000"));
        check(b"\x89PNG\r\n\x1a\n", Err("expected a PNG"));
        check(&[0xff, 0xd8, 0xff, 0xe0], Ok("image/jpeg"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Ok("image/webp"));
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err("expected a PNG"));
        check(b"", Err("expected a PNG"));
        check(&vec![0xff; BYTES_MAX + 1], Err("more than"));
    }
}
