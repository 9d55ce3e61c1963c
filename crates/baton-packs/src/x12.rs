//! Reading X12 sets by tables.
#[derive(Debug, Clone)]
pub(crate) struct SetTable;

pub(crate) fn control_numbers(_bytes: &[u8]) -> Option<String> { None }
impl SetTable {
    pub(crate) fn compile(_set: &crate::connector::SetDeclaration) -> (Self, Vec<(String, String, String)>) { (Self, Vec::new()) }
}
impl crate::connector::Connector {
    pub(crate) fn interchanges(&self, _bytes: &[u8], _reader: &crate::statement::Reader<'_>) -> Vec<crate::reading::PartReading> { Vec::new() }
}
