//! What is sent can be read, but for what is broken on purpose; and every fault really strikes.

use std::collections::BTreeSet;

use baton_formats::x12;
use baton_sim::{Config, Fault, FaultRates, Sent, World};

fn is_x12(sent: &Sent) -> bool {
    sent.content_type == "application/edi-x12"
}

#[test]
fn every_interchange_reads_back_sound_where_nothing_is_broken() {
    let world = World::new(Config::test(21, 600).with_faults(FaultRates::none()));
    let mut codes = BTreeSet::new();
    for sent in world.messages().filter(is_x12) {
        let document = x12::read(&sent.body);
        let text = String::from_utf8_lossy(&sent.body).into_owned();
        assert_eq!(document.verdict(), x12::Verdict::Sound, "{text}\n{:?}", document.faults);
        codes.extend(document.sets.iter().enumerate().filter_map(|(n, _)| {
            document.set(n).map(|set| set.segments().first().map(|s| s.text(1).into_owned()))
        }));
    }
    let codes: Vec<String> = codes.into_iter().flatten().collect();
    assert_eq!(codes, ["214", "810", "850", "855", "856"]);
}

#[test]
fn a_damaged_set_spoils_only_itself() {
    let rates = FaultRates::none().with(Fault::MalformedX12, 0.5);
    let world = World::new(Config::test(22, 200).with_faults(rates));
    let expected = world.truth().quarantine;
    assert!(expected.len() > 50);
    let mut damaged = 0;
    for sent in world.messages().filter(is_x12) {
        let document = x12::read(&sent.body);
        if document.verdict() == x12::Verdict::Broken {
            damaged += 1;
            assert_eq!(document.sets.len(), 2, "{}", String::from_utf8_lossy(&sent.body));
            let report = x12::Report::of(&document);
            let verdicts: Vec<x12::Verdict> = report
                .interchanges
                .iter()
                .flat_map(|i| &i.groups)
                .flat_map(|g| &g.sets)
                .map(|s| s.verdict)
                .collect();
            assert_eq!(verdicts, [x12::Verdict::Sound, x12::Verdict::Broken]);
        }
    }
    assert_eq!(damaged, expected.len());
}

#[test]
fn json_is_json_unless_it_is_cut_off() {
    let world = World::new(Config::test(23, 600));
    let broken = world
        .messages()
        .filter(|sent| !is_x12(sent))
        .filter(|sent| serde_json::from_slice::<serde_json::Value>(&sent.body).is_err())
        .count();
    let cut = world.truth().quarantine.iter().filter(|q| q.reason.contains("cut off")).count();
    assert_eq!(broken, cut);
    assert!(cut > 0);
}
