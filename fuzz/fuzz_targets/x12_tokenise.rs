//! Segments must come in order, not overlap, and leave nothing out but what stands between them.
#![no_main]

use baton_formats::x12;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut at = 0;
    let mut terminator = None;
    for segment in x12::tokenise(bytes) {
        assert!(segment.offset() >= at);
        between(&bytes[at..segment.offset()], terminator);
        terminator = Some(segment.delimiters().terminator);
        at = segment.offset() + segment.bytes().len();
        let mut parts = segment.elements().map(|element| element.len() + 1).sum::<usize>();
        parts += segment.id_bytes().len();
        assert!(parts >= segment.bytes().len() || segment.id().is_empty());
    }
    between(&bytes[at..], terminator);
});

fn between(gap: &[u8], terminator: Option<u8>) {
    let blank = |b: &u8| b"\r\n\t \0\x1a\xef\xbb\xbf".contains(b) || Some(*b) == terminator;
    assert!(gap.iter().all(blank));
}
