//! A message's body as it is stored: its bytes, squeezed where that is worth it, and their hash.
//!
//! Packing takes time and needs no transaction: do it before one is opened.

use std::cell::RefCell;

use crate::error::{Result, StoreError};

/// Bodies below this are stored as they came: squeezing them saves next to nothing.
const SQUEEZE_BYTES_MIN: usize = 1_024;
const ZSTD_LEVEL: i32 = 1;
const RAW: i64 = 0;
const ZSTD: i64 = 1;

/// A body, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedBody {
    pub(crate) bytes: Vec<u8>,
    pub(crate) encoding: i64,
    pub(crate) size_bytes: usize,
    pub(crate) hash: BodyHash,
}

/// The first 16 bytes of the BLAKE3 hash of a body as it came.
pub type BodyHash = [u8; 16];

thread_local! {
    // A compressor is large and can be used again.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

impl PackedBody {
    #[must_use]
    pub fn new(body: Vec<u8>) -> Self {
        let mut hash = BodyHash::default();
        hash.copy_from_slice(&blake3::hash(&body).as_bytes()[..16]);
        let size_bytes = body.len();
        match squeeze(&body) {
            Some(bytes) => Self { bytes, encoding: ZSTD, size_bytes, hash },
            None => Self { bytes: body, encoding: RAW, size_bytes, hash },
        }
    }
    #[must_use]
    pub const fn hash(&self) -> BodyHash {
        self.hash
    }
    /// The length as it came, in bytes.
    #[must_use]
    pub const fn size_bytes(&self) -> usize {
        self.size_bytes
    }
}

fn squeeze(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < SQUEEZE_BYTES_MIN {
        return None;
    }
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Compressor::new(ZSTD_LEVEL).ok();
        }
        let squeezed = slot.as_mut()?.compress(body).ok()?;
        (squeezed.len() < body.len()).then_some(squeezed)
    })
}

pub(crate) fn unpack(bytes: &[u8], encoding: i64, size_bytes: i64) -> Result<Vec<u8>> {
    const WRONG: StoreError = StoreError::Corrupt { what: "a message body" };
    let size_bytes = usize::try_from(size_bytes).map_err(|_| WRONG)?;
    let body = match encoding {
        RAW => bytes.to_vec(),
        ZSTD => zstd::bulk::decompress(bytes, size_bytes).map_err(|_| WRONG)?,
        _ => return Err(WRONG),
    };
    if body.len() == size_bytes { Ok(body) } else { Err(WRONG) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_byte_for_byte() {
        for body in
            [vec![], vec![7; 100], vec![b'x'; 100_000], (0..=255).cycle().take(5_000).collect()]
        {
            let packed = PackedBody::new(body.clone());
            assert_eq!(packed.size_bytes(), body.len());
            let size = i64::try_from(body.len()).unwrap();
            assert_eq!(unpack(&packed.bytes, packed.encoding, size).unwrap(), body);
        }
        assert!(PackedBody::new(vec![b'x'; 100_000]).bytes.len() < 1_000);
        assert!(unpack(b"abc", RAW, 4).is_err());
        assert!(unpack(b"abc", ZSTD, 3).is_err());
    }
}
