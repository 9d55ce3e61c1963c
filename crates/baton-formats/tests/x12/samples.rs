//! A plain interchange to change, and the writing of one, for the other tests.

use baton_formats::x12::write::{
    Address, GroupHeader, InterchangeHeader, InterchangeWriter, WriteError, WriteSet,
};
use baton_formats::x12::{Delimiters, X12Date, X12Time};

/// One order, one line, sound.
pub(crate) const ORDER: &str = "\
ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*TRADEWINDS     *260105*0930*^*00501*000000007*0*T*:~
GS*PO*NORTHWIND*TRADEWINDS*20260105*0930*7*X*005010~
ST*850*0001~
BEG*00*SA*PO-1001**20260105~
N1*BY*Northwind Traders*92*NW1~
PO1*1*12*EA*9.95**VP*WIDGET-1~
PID*F****Blue widget~
CTT*1~
SE*7*0001~
GE*1*7~
IEA*1*000000007~
";

/// An interchange from envelope-less segments of one set: counts and headers are made to fit.
pub(crate) fn envelope(function: &str, set: &str, body: &str) -> String {
    let segments = body.matches('~').count() + 2;
    let isa = ORDER.lines().next().unwrap_or_default();
    format!(
        "{isa}\nGS*{function}*NORTHWIND*TRADEWINDS*20260105*0930*7*X*005010~\nST*{set}*0001~\n\
         {body}\nSE*{segments}*0001~\nGE*1*7~\nIEA*1*000000007~\n"
    )
}

pub(crate) fn write(set: &dyn WriteSet, delimiters: Delimiters) -> Result<Vec<u8>, WriteError> {
    let (date, time) = (X12Date::new(2026, 1, 5), X12Time::new(9, 30));
    let (date, time) = (date.unwrap(), time.unwrap());
    let header = InterchangeHeader {
        sender: Address::agreed("NORTHWIND"),
        receiver: Address::agreed("TRADEWINDS"),
        date,
        time: time.clone(),
        version: if delimiters.repetition.is_some() { "00501" } else { "00401" }.to_owned(),
        control_number: 7,
        test: true,
    };
    let mut writer = InterchangeWriter::new(delimiters, &header)?;
    writer.begin_group(GroupHeader {
        sender: "NORTHWIND".to_owned(),
        receiver: "TRADEWINDS".to_owned(),
        date,
        time,
        control_number: 7,
        version: "005010".to_owned(),
    })?;
    writer.write_set(set, "0001")?;
    Ok(writer.finish())
}
