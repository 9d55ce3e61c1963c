//! How fast are tokenising and the checks of the envelope? Makes a file of purchase orders in
//! memory, so that nothing but the reader is measured, and prints MB/s. Run in release mode:
//! `cargo run --release -p baton-formats --example x12_speed`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use baton_formats::x12::{self, Verdict};

const FILE_BYTES: usize = 64 * 1024 * 1024;
const ROUNDS: usize = 5;
const LINES_PER_ORDER: usize = 10;
const ORDERS_PER_GROUP: usize = 500;

fn main() {
    let file = file();
    println!("{} MB of 850", file.len() / 1_000_000);
    measure("tokenise", &file, |bytes| {
        let elements = x12::tokenise(bytes).map(|s| s.bytes().len()).sum::<usize>();
        black_box(elements);
    });
    measure("tokenise into a vector", &file, |bytes| {
        black_box(x12::tokenise(bytes).collect::<Vec<_>>().len());
    });
    measure("tokenise + envelope", &file, |bytes| {
        let document = x12::read_envelope(bytes);
        assert_eq!(document.verdict(), Verdict::Sound);
        black_box(document.segments.len());
    });
    measure("tokenise + envelope + content", &file, |bytes| {
        black_box(x12::read(bytes).sets.len());
    });
}

fn measure(what: &str, bytes: &[u8], run: impl Fn(&[u8])) {
    let best = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            run(bytes);
            started.elapsed()
        })
        .min()
        .unwrap_or_default();
    println!("{what:32} {:8.0} MB/s", bytes.len() as f64 / 1e6 / best.as_secs_f64());
}

fn file() -> Vec<u8> {
    let mut text = String::with_capacity(FILE_BYTES + 1024 * 1024);
    let mut number = 0;
    while text.len() < FILE_BYTES {
        number += 1;
        let _ = write!(
            text,
            "ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*TRADEWINDS     \
             *260105*0930*^*00501*{number:09}*0*P*:~\n\
             GS*PO*NORTHWIND*TRADEWINDS*20260105*0930*{number}*X*005010~\n"
        );
        for order in 1..=ORDERS_PER_GROUP {
            let _ = writeln!(text, "ST*850*{order:04}~\nBEG*00*SA*PO-{number}-{order}**20260105~");
            for line in 1..=LINES_PER_ORDER {
                let _ = writeln!(text, "PO1*{line}*12*EA*9.95**VP*WIDGET-{line}~");
                text.push_str("PID*F****BLUE WIDGET, LARGE, WITH HANDLE~\n");
            }
            let segments = 4 + 2 * LINES_PER_ORDER;
            let _ = writeln!(text, "CTT*{LINES_PER_ORDER}~\nSE*{segments}*{order:04}~");
        }
        let _ = writeln!(text, "GE*{ORDERS_PER_GROUP}*{number}~\nIEA*1*{number:09}~");
    }
    text.into_bytes()
}
