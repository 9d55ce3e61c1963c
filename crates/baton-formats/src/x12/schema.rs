//! What the standard declares of transaction sets.

/// The functional identifier (GS01) that a set belongs under, for the sets known here.
pub fn functional_id(set_code: &str) -> Option<&'static str> {
    let found = FUNCTIONAL_IDS.iter().find(|(code, _)| *code == set_code);
    found.map(|(_, functional_id)| *functional_id)
}

const FUNCTIONAL_IDS: [(&str, &str); 36] = [
    ("204", "SM"),
    ("210", "IM"),
    ("214", "QM"),
    ("270", "HS"),
    ("271", "HB"),
    ("276", "HR"),
    ("277", "HN"),
    ("278", "HI"),
    ("310", "IO"),
    ("810", "IN"),
    ("812", "CD"),
    ("820", "RA"),
    ("824", "AG"),
    ("830", "PS"),
    ("832", "SC"),
    ("834", "BE"),
    ("835", "HP"),
    ("837", "HC"),
    ("840", "RQ"),
    ("843", "RR"),
    ("846", "IB"),
    ("850", "PO"),
    ("852", "PD"),
    ("855", "PR"),
    ("856", "SH"),
    ("858", "SI"),
    ("860", "PC"),
    ("861", "RC"),
    ("862", "SS"),
    ("865", "CA"),
    ("940", "OW"),
    ("943", "AR"),
    ("944", "RE"),
    ("945", "SW"),
    ("997", "FA"),
    ("999", "FA"),
];
