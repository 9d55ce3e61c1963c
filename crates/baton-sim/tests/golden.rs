//! The bytes of a seed never change. If one of these hashes does, every stored sample, bench figure
//! and closing report that names the seed means something else: say so in the changelog.

use baton_sim::{Config, FaultRates, Sent, World, standard_mix};

fn hash(messages: impl Iterator<Item = Sent>) -> String {
    let mut hasher = blake3::Hasher::new();
    for sent in messages {
        hasher.update(&sent.send_at.micros().to_le_bytes());
        hasher.update(sent.source.as_bytes());
        hasher.update(sent.own_id.as_deref().unwrap_or("-").as_bytes());
        for (name, value) in &sent.headers {
            hasher.update(name.as_bytes());
            hasher.update(value.as_bytes());
        }
        hasher.update(&sent.body);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[test]
fn golden_bytes() {
    let world = |seed, faults| World::new(Config::test(seed, 300).with_faults(faults));
    let got = [
        hash(world(1, FaultRates::none()).messages()),
        hash(world(1, FaultRates::default()).messages()),
        hash(world(2, FaultRates::all()).messages()),
        hash(standard_mix(1, 100, 1_000)),
    ];
    assert_eq!(
        got,
        ["da36f154bdb630d5", "5e5a84ffc3705003", "7ce84a1a62b1f999", "2f0b42721105df95"]
    );
}
