//! X12.
use super::Draft;
use crate::life::Group;

pub(super) fn say(_group: &Group, _drafts: &mut Vec<Draft>) {}

pub(super) fn damage(_draft: &mut Draft) {}
