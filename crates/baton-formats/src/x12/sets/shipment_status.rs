//! 214: a carrier tells what happened to a shipment.

use serde::Serialize;

use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::moment::{X12Date, X12Time};
use super::super::segment::Segment;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, Party, Reference, text};

/// A shipment status message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShipmentStatus {
    /// B1001, the carrier's reference (a PRO number).
    pub reference_id: Option<String>,
    /// B1002, the shipper's shipment identifier.
    pub shipment_id: Option<String>,
    /// B1003, the carrier's SCAC.
    pub carrier: String,
    /// L11 before the statuses.
    pub references: Vec<Reference>,
    /// N1 loops.
    pub parties: Vec<Party>,
    /// LX loops with their statuses.
    pub assigned: Vec<Assigned>,
}

/// One LX loop. Carriers who leave LX out put AT7 straight after the header; that is read as the
/// first entry, without a number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Assigned {
    /// LX01.
    pub number: Option<u32>,
    /// AT7 loops.
    pub statuses: Vec<Status>,
    /// L11 of the loop.
    pub references: Vec<Reference>,
}

/// One AT7 loop. `status` (AT701) and `appointment_status` (AT703) exclude each other: with the
/// one, date and time say when it happened, with the other, what was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Status {
    /// AT701, element 1650, such as `D1` (unloaded at the delivery place).
    pub status: Option<String>,
    /// AT702, element 1651, the reason.
    pub reason: Option<String>,
    /// AT703, element 1652, such as `AB` (delivery appointment).
    pub appointment_status: Option<String>,
    /// AT704, the reason of the appointment.
    pub appointment_reason: Option<String>,
    /// AT705.
    pub date: Option<X12Date>,
    /// AT706.
    pub time: Option<X12Time>,
    /// AT707 as written, such as `LT`; see [`super::super::zone`].
    pub zone: Option<String>,
    /// MS1.
    pub locality: Option<Locality>,
    /// MS2.
    pub equipment: Option<Equipment>,
}

/// MS1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Locality {
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// MS2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equipment {
    /// SCAC of the owner.
    pub owner: Option<String>,
    /// Number of the trailer or container.
    pub number: Option<String>,
}

impl ShipmentStatus {
    /// Reads a 214. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (ShipmentStatus, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let b10 = root.first("B10");
        let bare: Vec<Status> = root.children("AT7").map(Status::read).collect();
        let bare = Assigned { statuses: bare, ..Assigned::default() };
        let bare = Some(bare).filter(|assigned| !assigned.statuses.is_empty());
        let assigned = bare.into_iter().chain(root.children("LX").map(Assigned::read));
        let message = ShipmentStatus {
            reference_id: b10.and_then(|s| s.value(1)),
            shipment_id: b10.and_then(|s| s.value(2)),
            carrier: text(b10, 3),
            references: references(&root),
            parties: parts::parties(&root),
            assigned: assigned.collect(),
        };
        (message, faults)
    }

    /// Every status, whichever loop it stands in.
    pub fn statuses(&self) -> impl Iterator<Item = &Status> {
        self.assigned.iter().flat_map(|assigned| &assigned.statuses)
    }
}

/// L11 has the number first and its kind second.
fn references(node: &LoopNode<'_>) -> Vec<Reference> {
    let read = |l11: Segment<'_>| Reference {
        qualifier: text(Some(l11), 2),
        value: l11.value(1),
        description: l11.value(3),
    };
    node.all("L11").map(read).collect()
}

fn write_references(out: &mut SetWriter<'_>, references: &[Reference]) -> Result<(), WriteError> {
    for reference in references {
        out.segment("L11")
            .opt(reference.value.as_deref())
            .text(&reference.qualifier)
            .opt(reference.description.as_deref())
            .end()?;
    }
    Ok(())
}

impl Assigned {
    fn read(lx: &LoopNode<'_>) -> Assigned {
        // Parcel carriers put statuses into the CD3 loops of an LX.
        let statuses = lx.descendants("AT7").into_iter().map(Status::read);
        Assigned {
            number: lx.first("LX").and_then(|s| parts::whole(s, 1)),
            statuses: statuses.collect(),
            references: references(lx),
        }
    }
}

impl Status {
    fn read(node: &LoopNode<'_>) -> Status {
        let at7 = node.first("AT7");
        let value = |position| at7.and_then(|s| s.value(position));
        Status {
            status: value(1),
            reason: value(2),
            appointment_status: value(3),
            appointment_reason: value(4),
            date: at7.and_then(|s| parts::date(s, 5)),
            time: at7.and_then(|s| parts::time(s, 6)),
            zone: value(7),
            locality: node.first("MS1").map(|s| Locality {
                city: s.value(1),
                state: s.value(2),
                country: s.value(3),
            }),
            equipment: node
                .first("MS2")
                .map(|s| Equipment { owner: s.value(1), number: s.value(2) }),
        }
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("AT7")
            .opt(self.status.as_deref())
            .opt(self.reason.as_deref())
            .opt(self.appointment_status.as_deref())
            .opt(self.appointment_reason.as_deref())
            .opt(self.date)
            .opt(self.time.as_ref())
            .opt(self.zone.as_deref())
            .end()?;
        if let Some(Locality { city, state, country }) = &self.locality {
            out.segment("MS1")
                .opt(city.as_deref())
                .opt(state.as_deref())
                .opt(country.as_deref())
                .end()?;
        }
        if let Some(Equipment { owner, number }) = &self.equipment {
            out.segment("MS2").opt(owner.as_deref()).opt(number.as_deref()).end()?;
        }
        Ok(())
    }
}

impl WriteSet for ShipmentStatus {
    fn set_code(&self) -> &'static str {
        "214"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("B10")
            .opt(self.reference_id.as_deref())
            .opt(self.shipment_id.as_deref())
            .need(&self.carrier)
            .end()?;
        write_references(out, &self.references)?;
        parts::write_parties(out, &self.parties)?;
        for assigned in &self.assigned {
            if let Some(number) = assigned.number {
                out.segment("LX").number(number).end()?;
            }
            for status in &assigned.statuses {
                status.write(out)?;
            }
            write_references(out, &assigned.references)?;
        }
        Ok(())
    }
}
