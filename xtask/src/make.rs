//! The program `make`, by which the allocator is built that the binary is linked with: found, else installed by
//! apt as root on Debian, else whoever builds is told in one line why that is about to fail.

use crate::apt;

const MAKE: &str = "make";

pub(crate) fn look_for() {
    if apt::is_there(MAKE) {
        return;
    }
    if apt::is_ours() {
        eprintln!("no make found: installing Debian's package");
        apt::install(MAKE);
    }
    if !apt::is_there(MAKE) {
        eprintln!(
            "no make found, by which a part of Baton is built: install it (Debian: `apt-get install make`; \
             macOS: `xcode-select --install`)"
        );
    }
}
