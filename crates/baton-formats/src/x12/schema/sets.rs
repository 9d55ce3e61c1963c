//! The loops of the sets that are read as trees. One line a loop; `m` mandatory, `o` optional
//! segment, `loops` a loop that may occur, `needs` one that must. The number is how often (0: any).

use super::super::segment::key_of;
use super::{Part, SetSchema};

const fn m(id: &'static str, repeat_max: u32) -> Part {
    Part { id, key: key_of(id), required: true, repeat_max, parts: &[] }
}

const fn o(id: &'static str, repeat_max: u32) -> Part {
    Part { id, key: key_of(id), required: false, repeat_max, parts: &[] }
}

const fn loops(id: &'static str, repeat_max: u32, parts: &'static [Part]) -> Part {
    Part { id, key: key_of(id), required: false, repeat_max, parts }
}

const fn needs(id: &'static str, repeat_max: u32, parts: &'static [Part]) -> Part {
    Part { id, key: key_of(id), required: true, repeat_max, parts }
}

pub(super) const ALL: &[SetSchema] = &[
    SetSchema { code: "850", name: "purchase order", parts: ORDER },
    SetSchema { code: "855", name: "purchase order acknowledgment", parts: ORDER_ACK },
    SetSchema { code: "856", name: "ship notice", parts: SHIP_NOTICE },
    SetSchema { code: "810", name: "invoice", parts: INVOICE },
    SetSchema { code: "214", name: "shipment status", parts: SHIPMENT_STATUS },
    SetSchema { code: "997", name: "functional acknowledgment", parts: FUNCTIONAL_ACK },
];

#[rustfmt::skip]
mod tables {
    use super::*;

    const SAC: &[Part] = &[m("SAC", 1), o("CUR", 1), o("CTP", 1), o("TXI", 0)];
    const PID: &[Part] = &[m("PID", 1), o("MEA", 10)];
    const PKG: &[Part] = &[m("PKG", 1), o("MEA", 0)];
    const N9: &[Part] = &[m("N9", 1), o("DTM", 0), o("MEA", 40), o("MSG", 1000), o("PWK", 0), o("EFI", 0)];
    const AMT: &[Part] = &[m("AMT", 1), o("REF", 0), o("DTM", 1), o("PCT", 0)];
    const QTY: &[Part] = &[m("QTY", 1), o("SI", 0), o("MEA", 40), o("REF", 0)];
    const SCH: &[Part] = &[m("SCH", 1), o("TD1", 2), o("TD5", 12), o("TD3", 12), o("TD4", 5), o("REF", 0)];
    const CTT: &[Part] = &[m("CTT", 1), o("AMT", 1)];
    const N1: &[Part] = &[
        m("N1", 1), o("N2", 2), o("N3", 2), o("N4", 0), o("NX2", 0), o("REF", 0), o("PER", 0), o("DMG", 1), o("SI", 0),
        o("FOB", 1), o("TD1", 2), o("TD5", 12), o("TD3", 12), o("TD4", 5), o("PKG", 200),
    ];
    const LINE_N1: &[Part] = &[
        m("N1", 1), o("N2", 2), o("N3", 2), o("N4", 0), o("QTY", 0), o("NX2", 0), o("REF", 0), o("PER", 0), o("SI", 0),
        o("DTM", 1), o("FOB", 1), o("SCH", 200), o("TD1", 2), o("TD5", 12), o("TD3", 12), o("TD4", 5), o("PKG", 200),
    ];
    const SLN: &[Part] = &[
        m("SLN", 1), o("MSG", 0), o("SI", 0), o("PID", 1000), o("PO3", 104), o("TC2", 0), o("ACK", 104),
        loops("SAC", 0, SAC), o("DTM", 10), o("REF", 0), o("CTP", 25), o("PAM", 10), o("PO4", 1), o("TAX", 3), o("TXI", 0),
        loops("N9", 0, N9), loops("N1", 10, LINE_N1),
    ];

    pub(in super::super) const ORDER: &[Part] = &[
        m("BEG", 1), o("NTE", 100), o("CUR", 1), o("REF", 0), o("PER", 3), o("TAX", 0), o("FOB", 0), o("CTP", 0),
        o("PAM", 10), o("CSH", 25), loops("SAC", 25, SAC), o("ITD", 0), o("DIS", 20), o("INC", 1), o("DTM", 0),
        o("LDT", 12), o("LIN", 5), o("SI", 0), o("PID", 200), o("MEA", 40), o("PWK", 25), o("PKG", 200), o("TD1", 2),
        o("TD5", 12), o("TD3", 12), o("TD4", 5), o("MAN", 10), o("PCT", 0), o("CTB", 0), o("TXI", 0),
        loops("AMT", 0, AMT), loops("N9", 1000, N9), loops("N1", 200, N1), needs("PO1", 100_000, ORDER_LINE),
        loops("CTT", 1, CTT),
    ];
    const ORDER_LINE: &[Part] = &[
        m("PO1", 1), o("LIN", 0), o("SI", 0), o("CUR", 1), o("CN1", 1), o("PO3", 25), loops("CTP", 0, &[m("CTP", 1), o("CUR", 1)]), o("PAM", 10),
        o("MEA", 40), loops("PID", 1000, PID), o("PWK", 25), o("PO4", 0), o("REF", 0), o("PER", 3),
        loops("SAC", 25, SAC), o("IT8", 25), o("CSH", 0), o("ITD", 2), o("DIS", 20), o("INC", 1), o("TAX", 3), o("FOB", 0),
        o("SDQ", 500), o("IT3", 5), o("DTM", 10), o("TC2", 0), o("TD1", 1), o("TD5", 12), o("TD3", 12), o("TD4", 5),
        o("PCT", 0), o("MAN", 10), o("MSG", 0), o("SPI", 0), o("TXI", 0), o("CTB", 0), loops("QTY", 0, QTY),
        loops("ACK", 104, &[m("ACK", 1), o("DTM", 1)]), loops("SCH", 200, SCH), loops("PKG", 200, PKG), o("LS", 1), loops("LDT", 0, &[m("LDT", 1), o("QTY", 0), o("MSG", 1), o("REF", 0)]),
        o("LE", 1), loops("N9", 1000, N9), loops("N1", 200, LINE_N1),
        loops("SLN", 1000, SLN), loops("AMT", 0, AMT),
    ];
    pub(in super::super) const ORDER_ACK: &[Part] = &[
        m("BAK", 1), o("NTE", 100), o("CUR", 1), o("REF", 0), o("PER", 3), o("TAX", 0), o("FOB", 0), o("CTP", 0),
        o("PAM", 10), o("CSH", 25), loops("SAC", 25, SAC), o("ITD", 0), o("DIS", 20), o("INC", 1), o("DTM", 0),
        o("LDT", 12), o("LIN", 5), o("SI", 0), o("PID", 200), o("MEA", 40), o("PWK", 25), o("PKG", 200), o("TD1", 2),
        o("TD5", 12), o("TD3", 12), o("TD4", 5), o("MAN", 10), o("CTB", 0), o("TXI", 0), loops("AMT", 0, AMT),
        loops("N9", 1000, N9), loops("N1", 200, N1), loops("PO1", 100_000, ORDER_LINE), loops("CTT", 1, CTT),
    ];
    pub(in super::super) const SHIP_NOTICE: &[Part] = &[
        m("BSN", 1), o("DTM", 10), needs("HL", 200_000, HIERARCHY), loops("CTT", 1, CTT),
    ];
    const HIERARCHY: &[Part] = &[
        m("HL", 1), o("LIN", 1), o("SN1", 1), o("SLN", 1000), o("PRF", 1), o("PO4", 1), o("PID", 200), o("UIT", 0),
        o("MEA", 40), o("PWK", 25), o("PKG", 25), o("TD1", 20), o("TD5", 12), o("TD3", 12), o("TD4", 5), o("TSD", 1),
        o("REF", 0), o("PER", 3), loops("LH1", 0, &[m("LH1", 1), o("LH2", 4), o("LH3", 12), o("LFH", 20)]),
        loops("CLD", 200, &[m("CLD", 1), o("REF", 200), o("DTP", 1)]), o("MAN", 0), o("DTM", 10), o("FOB", 1),
        o("PAL", 1), loops("N1", 200, N1), o("SDQ", 50), o("ETD", 1), o("CUR", 1), loops("SAC", 0, SAC),
        o("GF1", 1), o("YNQ", 10), loops("LM", 10, &[m("LM", 1), o("LQ", 100)]), loops("QTY", 0, QTY), o("CTP", 0), o("AMT", 0),
    ];
    pub(in super::super) const INVOICE: &[Part] = &[
        m("BIG", 1), o("NTE", 100), o("CUR", 1), o("REF", 0), o("YNQ", 10), o("PER", 3), loops("N1", 200, N1), o("ITD", 0),
        o("DTM", 10), o("FOB", 1), o("PID", 200), o("MEA", 40), o("PWK", 25), o("PKG", 25), o("L7", 1), o("BAL", 0),
        o("INC", 1), o("PAM", 0), loops("LM", 10, &[m("LM", 1), o("LQ", 100)]), loops("N9", 1, N9),
        loops("FA1", 0, &[m("FA1", 1), o("FA2", 0)]), loops("IT1", 200_000, INVOICE_LINE), m("TDS", 1), o("TXI", 10), loops("CAD", 0, &[m("CAD", 1)]), o("AMT", 0),
        loops("SAC", 25, SAC), loops("ISS", 0, &[m("ISS", 1), o("PID", 1)]), o("CTT", 1),
    ];
    const INVOICE_LINE: &[Part] = &[
        m("IT1", 1), o("CRC", 1), o("QTY", 5), o("CUR", 1), o("IT3", 5), o("TXI", 10), o("CTP", 25), o("PAM", 10),
        o("MEA", 40), loops("PID", 1000, PID), o("PWK", 25), o("PKG", 25), o("PO4", 1), o("ITD", 2), o("REF", 0),
        o("YNQ", 10), o("PER", 5), o("SDQ", 500), o("DTM", 10), o("CAD", 0), o("L7", 0), o("SR", 1), o("SI", 0),
        loops("SAC", 25, SAC), loops("SLN", 1000, SLN), loops("N9", 0, N9), loops("N1", 200, LINE_N1),
        loops("LM", 10, &[m("LM", 1), o("LQ", 100)]), loops("FA1", 0, &[m("FA1", 1), o("FA2", 0)]),
    ];
    // AT7 belongs inside LX; carriers who leave LX out are read all the same.
    const STATUS: &[Part] = &[m("AT7", 1), o("MS1", 1), o("MS2", 1), o("M7", 5)];
    const PARTY_214: &[Part] = &[m("N1", 1), o("N2", 1), o("N3", 2), o("N4", 1), o("G61", 1), o("G62", 1), o("L11", 10), o("PER", 3)];
    pub(in super::super) const SHIPMENT_STATUS: &[Part] = &[
        m("B10", 1), o("L11", 300), o("MAN", 0), o("K1", 10), o("G62", 0), o("AT5", 10), loops("N1", 10, PARTY_214), o("MS3", 12),
        loops("AT7", 10, STATUS), loops("LX", 999_999, SHIPMENT_STATUS_ASSIGNED),
    ];
    const SHIPMENT_STATUS_ASSIGNED: &[Part] = &[
        m("LX", 1), loops("AT7", 10, STATUS), o("L11", 0), o("MAN", 0), o("Q7", 10), o("K1", 10), o("AT5", 10), o("AT8", 10),
        loops("CD3", 999_999, &[m("CD3", 1), o("L11", 20), loops("AT7", 10, STATUS), o("NM1", 1), o("Q7", 10), o("AT8", 1), o("MAN", 0)]),
        loops("PRF", 999_999, &[m("PRF", 1), o("L11", 0), o("MAN", 0), o("Q7", 10)]),
        loops("N1", 999_999, PARTY_214), loops("SPO", 999_999, &[m("SPO", 1), o("SDQ", 10)]), o("EFI", 0), o("MS3", 12),
    ];
    pub(in super::super) const FUNCTIONAL_ACK: &[Part] = &[
        m("AK1", 1),
        loops("AK2", 999_999, &[m("AK2", 1), loops("AK3", 999_999, &[m("AK3", 1), o("AK4", 99)]), m("AK5", 1)]),
        m("AK9", 1),
    ];
}

use tables::{FUNCTIONAL_ACK, INVOICE, ORDER, ORDER_ACK, SHIP_NOTICE, SHIPMENT_STATUS};
