//! A partner's status code through the pack's code tables.

use baton_core::fact::{Body, Classifier, CodeRef, Signal};
use jaq_json::Val;
use smol_str::SmolStr;

use super::{Common, Read, Reader, Result, parts};
use crate::codes::{CodeRow, Rows};
use crate::finding::nearest;
use crate::mapping_fault::{MappingCode, MappingFault};

impl Reader<'_> {
    /// `{"table": "parcel", "code": "OD", "reason": "…", "due": …}`.
    ///
    /// An unknown code becomes [`Body::Unmapped`], an unknown reason too, beside what the status says.
    /// A code that is an estimate or a plan is due at `due`, or else at the statement's own time.
    pub(super) fn status(&self, value: &Val, common: &Common, into: &mut Read) -> Result<()> {
        let table = parts::text(parts::member(value, "table")?)?;
        let rows = self.table(&table)?;
        let Some(code) = parts::optional(value, "code").map(parts::text).transpose()? else {
            return Ok(());
        };
        let code = SmolStr::from(code.trim());
        if code.is_empty() {
            return Ok(());
        }
        let status = CodeRef { system: rows.system.clone(), element: rows.element.clone(), code };
        let Some(row) = rows.get(&status.code) else {
            return common.state(Body::Unmapped { code: status }, into);
        };
        let reason = parts::optional(value, "reason").map(parts::text).transpose()?;
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let mut detail = common.detail.clone();
        detail.status = Some(Box::new(status));
        detail.liable = detail.liable.or(row.liable);
        let mut reason_row = None;
        if let (Some(reason), Some(table)) = (reason, &rows.reasons) {
            let reasons = self.table(table)?;
            let code = SmolStr::from(reason.trim());
            let (system, element) = (reasons.system.clone(), reasons.element.clone());
            let reason = CodeRef { system, element, code };
            reason_row = reasons.get(&reason.code);
            if reason_row.is_none() {
                common.state(Body::Unmapped { code: reason.clone() }, into)?;
            }
            detail.liable = reason_row.and_then(|r| r.liable).or(detail.liable);
            detail.reason = Some(Box::new(reason));
        }
        let common = Common { detail, ..common.again() };
        let zone = self.zone;
        let due = match parts::optional(value, "due") {
            Some(due) => self.time(due, zone).map_err(|fault| fault.key("due"))?,
            None => None,
        };
        self.progress(row, due, &common, into)?;
        for row in [Some(row), reason_row].into_iter().flatten() {
            if let Some(exception) = row.exception {
                common.signal(exception, Signal::Raised, into)?;
            }
            if let Some(exception) = row.clears {
                common.signal(exception, Signal::Cleared, into)?;
            }
        }
        Ok(())
    }

    fn progress(
        &self,
        row: &CodeRow,
        due: Option<baton_core::time::Happened>,
        common: &Common,
        into: &mut Read,
    ) -> Result<()> {
        let Some(milestone) = row.milestone else { return Ok(()) };
        let (classifier, detail) = (row.classifier, common.detail.clone());
        if classifier == Classifier::Actual {
            return common.state(Body::Progress { milestone, classifier, due: None, detail }, into);
        }
        // The one time that such a status carries is when the thing is to be, not when it was said.
        let mut said = common.again();
        if due.is_none() {
            said.happened = baton_core::time::Happened::received(self.received_at);
        }
        let due = Some(due.unwrap_or(common.happened));
        said.state(Body::Progress { milestone, classifier, due, detail }, into)
    }

    fn table(&self, name: &str) -> Result<&Rows> {
        self.tables.get(name).ok_or_else(|| {
            let hint = nearest(name, self.tables.names());
            let hint = hint.map_or_else(String::new, |n| format!(" such as `{n}`"));
            let expected = format!("a code table of the active packs{hint}");
            MappingFault::new(MappingCode::UnknownName, name, expected)
        })
    }
}

impl Common {
    fn again(&self) -> Self {
        Self {
            about: self.about.clone(),
            happened: self.happened,
            detail: self.detail.clone(),
            place: self.place.clone(),
            via: self.via.clone(),
            class: self.class,
            presence: self.presence,
        }
    }
}
