//! Recovery codes: what stands in for the second factor where the app for it is lost. Each is 80 random
//! bits in base32, good once, and kept as a hash only.

use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::http::problem::Problem;
use crate::http::secret;

/// How many a person gets.
pub(in crate::http) const CODES: usize = 10;
const CODE_BYTES: usize = 10;
const CODE_CHARS: usize = 16;
const GROUP_CHARS: usize = 4;

/// A new code, in groups that are easy to copy by hand.
fn mint() -> Result<String, Problem> {
    let mut bytes = vec![0; CODE_BYTES];
    SysRng.try_fill_bytes(&mut bytes).map_err(Problem::internal)?;
    let text = totp_rs::Secret::from(bytes).to_base32().to_lowercase();
    let groups: Vec<String> =
        text.as_bytes().chunks(GROUP_CHARS).map(|g| String::from_utf8_lossy(g).into()).collect();
    Ok(groups.join("-"))
}

/// New codes with what is kept of each.
pub(in crate::http) fn minted() -> Result<(Vec<String>, Vec<[u8; 32]>), Problem> {
    let codes = (0..CODES).map(|_| mint()).collect::<Result<Vec<_>, _>>()?;
    let hashes = codes.iter().filter_map(|code| hash(code)).collect();
    Ok((codes, hashes))
}

/// What is kept of a code, however it is grouped and in whatever case; `None` for what cannot be one.
pub(in crate::http) fn hash(said: &str) -> Option<[u8; 32]> {
    let plain: String =
        said.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_lowercase();
    let is_one = plain.len() == CODE_CHARS && plain.bytes().all(|b| b.is_ascii_alphanumeric());
    is_one.then(|| secret::hash(&format!("recovery code {plain}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_however_they_are_written() {
        let (codes, hashes) = minted().unwrap();
        assert_eq!((codes.len(), hashes.len()), (CODES, CODES));
        let code = &codes[0];
        assert_eq!((code.len(), code.matches('-').count()), (19, 3), "{code}");
        for said in [code.clone(), code.to_uppercase(), code.replace('-', " "), format!(" {code} ")]
        {
            assert_eq!(hash(&said), Some(hashes[0]), "{said}");
        }
        for wrong in ["", "123456", "abcd-efgh-ijkl", "abcd-efgh-ijkl-mno!", &format!("{code}a")] {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
        assert_ne!(hashes[0], hashes[1]);
    }
}
