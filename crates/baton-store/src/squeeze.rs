//! Squeezing what is short and full of repeats: the facts of one message.
//!
//! By LZ4, with [`WORDS`] as a dictionary: a text that reader and writer both have, of what facts are
//! mostly made of. Without it the facts of one message are too short to be squeezed by much.
//!
//! INVARIANT: stored rows were made with [`WORDS`] as it is. It is never changed; other words are
//! another format, with a number of its own beside the old one.

use lz4_flex::block;

/// What facts are mostly made of, the likeliest last. MessagePack, as the core writes it.
const WORDS: &[u8] = b"\0\
    \xa6source\xa6source\xa6handed\xa8apart\x81\xa8unmapped\x91\x93\
    \x81\xaaheard_again\x91\xcf\x81\xa9delivered\x94\x81\xa6waived\x93\x81\xa6struck\x93\
    \x81\xadmessage_fault\x92\xa8E-DAT-05\x81\xa5noted\x91\xa4note\
    \xaabackordered\xa8received\xa9allocated\xa9cancelled\xa8invoiced\xa8returned\xa9delivered\
    \xa9requested\xa8promised\xa9appointed\x81\xa9retracted\x92\
    \xacdescription\xa8incoterm\xadservice_level\xafship_to_country\x81\xa4text\xa2\
    \xaccustomer_ref\xadcustomer_name\xa7channel\xa5price\x81\xa5money\x92\
    \x81\xa6stated\x92\xa5total\x81\xa5money\x92\xa6\xa3USD\xa3EUR\
    \x81\xa6stated\x92\xadship_to_place\x81\xa4text\
    \x81\xa7trouble\x93\xa8E-TRN-01\xa6raised\xa7cleared\
    \xa5plays\x92\xa8supplier\xa6seller\xa6vendor\xabmanufacturer\xabdistributor\xa8platform\
    \x81\xa5plays\x92\xa8commerce\x81\xa5plays\x92\xa9warehouse\xa33pl\xa3erp\
    \x81\xa5plays\x92\xa7carrier\xa7service\
    \xa7package\xa4sscc\xa7invoice\xa3job\xa3leg\xa3bol\xa3asn\
    \xaabilled_by\xa9served_by\xa8inferred\xa7unknown\xa7receipt\
    \x81\xa3act\x95\xa9withdrawn\x81\xa3act\x95\xa7cleared\xa8E-DAT-07\
    \xa5given\x81\xa5acted\x95\xa9announced\xa8E-DAT-01\xc4\x10\
    \x81\xa4same\x92\x94\xa5order\xa9shop_name\xa9reference\xacdeclared_key\
    \xa7shipped\xa9confirmed\x81\xa6amount\x93\xa7ordered\x92\xa11\xa2EA\xc0\
    \xa7segment\x93\x81\xa4line\x81\xa7segment\x93\
    \x81\xa7pointer\xad/line_items/0/\x81\xa7pointer\xa8/lines/0\
    \xa7planned\xa9estimated\xa8x12-214\xa6AT7-01\xa6AT7-02\xa5given\
    \x81\xa6within\x93\xa8contains\x94\xa5order\xabsales_order\xa5added\
    \x81\xa7related\x93\xa8contains\x94\xa8shipment\xa5added\
    \x93\x92\x94\xa8shipment\xa8tracking\xa8shipment\
    \x93\x92\x94\xa5order\xaashop_order\xa4shop\x93\x92\x94\xa5order\xabsales_order\xa4self\xaa\
    \x93\x92\x94\xa5order\xa2po\xa4self\xc0\x93\xcf\x00\x06\x4c\xcf\x00\x06\
    \xa5given\x81\xa8progress\x94\xa3O10\xa5given\x81\xa8progress\x94\xa3T\
    \xa6actual\xc0\x95\xc0\xc0\xc0\xc0\xc0";

/// No byte of LZ4 stands for more than this, so that a damaged length asks for no memory.
const EXPANDED_BY_MAX: usize = 256;

/// Appends `plain`, squeezed, to `out`; `None` where that fails, which it must not: nothing may be kept
/// then.
pub(crate) fn squeeze(plain: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    out.resize(start + block::get_maximum_output_size(plain.len()), 0);
    let room = out.get_mut(start..).unwrap_or_default();
    let taken = block::compress_into_with_dict(plain, room, WORDS).ok()?;
    out.truncate(start + taken);
    Some(())
}

/// Undoes [`squeeze`], into a buffer that is used again; `None` where that is not what made it, or made
/// it of more or fewer than `size` bytes.
pub(crate) fn expand<'a>(
    squeezed: &[u8],
    size: usize,
    buffer: &'a mut Vec<u8>,
) -> Option<&'a [u8]> {
    if size > squeezed.len().saturating_mul(EXPANDED_BY_MAX) {
        return None;
    }
    buffer.clear();
    buffer.resize(size, 0);
    let taken = block::decompress_into_with_dict(squeezed, buffer, WORDS).ok()?;
    (taken == size).then_some(buffer.as_slice())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(plain: &[u8]) -> Vec<u8> {
        let mut squeezed = Vec::new();
        squeeze(plain, &mut squeezed).unwrap();
        let mut buffer = Vec::new();
        assert_eq!(expand(&squeezed, plain.len(), &mut buffer), Some(plain));
        assert_eq!(expand(&squeezed, plain.len() + 1, &mut buffer), None);
        if !plain.is_empty() {
            assert_eq!(expand(&squeezed, plain.len() - 1, &mut buffer), None);
        }
        squeezed
    }

    #[test]
    fn repeats_and_known_words_take_little() {
        check(b"");
        check(b"abc");
        assert!(check(&[7; 100_000]).len() < 500);
        let fact = b"\xa5given\x81\xa8progress\x94\xa3T60\xa6actual\xc0\x95\xc0\xc0\xc0\xc0\xc0";
        assert!(check(fact).len() < fact.len() * 2 / 3, "{}", check(fact).len());
    }

    proptest! {
        #[test]
        fn everything_comes_back(
            parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..40), 1..9usize), 0..40),
        ) {
            let plain: Vec<u8> = parts.iter().flat_map(|(part, times)| part.repeat(*times)).collect();
            check(&plain);
        }

        #[test]
        fn garbage_is_refused_or_bounded(
            garbage in prop::collection::vec(any::<u8>(), 0..200),
            size in 0..5_000usize,
        ) {
            let mut buffer = Vec::new();
            if let Some(plain) = expand(&garbage, size, &mut buffer) {
                prop_assert_eq!(plain.len(), size);
            }
        }
    }
}
