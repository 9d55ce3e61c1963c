//! Typed documents: what a program that knows the set by name works with. Each can be read from a
//! set and written again, and what is written reads back as the same value.
//!
//! Reading is lenient: a value that cannot be read is absent in the document and a fault beside it.
//! What a document has no field for (text segments, hazardous goods …) stays in the set's tree.

mod functional_ack;
mod invoice;
mod parts;
mod purchase_order;
mod purchase_order_ack;
mod ship_notice;
mod shipment_status;

pub use functional_ack::{CODES_MAX, ElementNote, FunctionalAck, SegmentNote, SetAck};
pub use invoice::{Invoice, InvoiceLine};
pub use parts::{ADDRESS_LINES_MAX, Currency, DateReference, Party, ProductId, Reference, Totals};
pub use purchase_order::{OrderLine, PurchaseOrder};
pub use purchase_order_ack::{AckLine, LineAck, PurchaseOrderAck};
pub use ship_notice::{
    Item, Level, Mark, OrderReference, Packaging, Routing, ShipNotice, ShippedItem,
};
pub use shipment_status::{Assigned, Equipment, Locality, ShipmentStatus, Status};
