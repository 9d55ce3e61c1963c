//! Lines must be where they say, in order, and none of them blank.
#![no_main]

use baton_formats::ndjson;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut number = 0;
    for line in ndjson::lines(bytes) {
        assert!(line.number > number);
        number = line.number;
        assert_eq!(&bytes[line.range.clone()], line.bytes);
        assert!(!line.bytes.trim_ascii().is_empty());
    }
});
