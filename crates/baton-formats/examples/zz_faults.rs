use baton_formats::x12;
fn main() {
    for f in std::env::args().skip(1) {
        let b = std::fs::read(&f).unwrap();
        let d = x12::read(&b);
        println!("## {f} {}", d.verdict());
        for x in &d.faults {
            println!("   {:?} {x}", x.severity);
        }
    }
}
