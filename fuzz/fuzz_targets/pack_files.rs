//! One file of a shipped pack with other bytes in it: the first byte says which. Whatever is wrong is
//! told with its place in a file of the pack; a pack without findings compiles, or says why not.
#![no_main]

use std::sync::LazyLock;

use baton_packs::{Pack, PackFiles, compile, shipped};
use libfuzzer_sys::fuzz_target;

/// Every pack with each of its files once.
static FILES: LazyLock<Vec<(PackFiles, String)>> = LazyLock::new(|| {
    let names = |pack: PackFiles| {
        let names: Vec<String> = pack.files.keys().cloned().collect();
        names.into_iter().map(move |name| (pack.clone(), name))
    };
    shipped().into_iter().flat_map(names).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((which, content)) = bytes.split_first() else { return };
    let (mut files, name) = FILES[usize::from(*which) % FILES.len()].clone();
    files.files.insert(name, content.to_vec());
    let (pack, findings) = Pack::from_files(files.clone());
    for finding in &findings {
        assert!(!finding.expected.is_empty(), "{finding:?}");
    }
    if let Some(pack) = pack.filter(|_| findings.is_empty()) {
        let _told = compile(&[pack]);
    }
});
