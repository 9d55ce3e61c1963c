//! X12 as a caller sees it: round trips, traps, faults with their places, reports, hostile bytes.

mod faults;
mod generate;
mod hostile;
mod roundtrip;
mod samples;
mod shown;
mod traps;
