//! Prints the messages of the first orders of a world, as they are sent, for whoever writes a
//! connector: `cargo run -p baton-sim --example sample -- SEED ORDERS`.

use std::io::{self, Write};

use baton_sim::{Config, World};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let (seed, orders) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(3));
    let mut out = io::stdout().lock();
    for sent in World::new(Config::test(seed, orders)).messages() {
        writeln!(out, "## {} {} {}", sent.send_at, sent.source, sent.content_type)?;
        for (name, value) in &sent.headers {
            writeln!(out, "{name}: {value}")?;
        }
        out.write_all(&sent.body)?;
        writeln!(out, "\n")?;
    }
    Ok(())
}
