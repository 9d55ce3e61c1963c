//! The first line is a pointer, the rest a document. What is located in a document that can be read
//! must be what the pointer finds in its value.
#![no_main]

use baton_formats::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |&b| b == b'\n');
    let pointer = parts.next().and_then(|p| std::str::from_utf8(p).ok()).unwrap_or_default();
    let document = parts.next().unwrap_or_default();
    let located = json::locate(document, pointer);
    match json::read(document, &json::Limits::default()) {
        Ok(value) => {
            let found = located.map(|range| {
                json::read(&document[range], &json::Limits::default()).expect("an element is JSON")
            });
            assert_eq!(found.as_ref(), value.pointer(pointer));
        }
        Err(error) => assert!(error.offset <= document.len()),
    }
});
