//! Statements with a varying number of conditions, put together from the named parts of one file.
//!
//! A part begins with `-- part: name`. `$?` stands for the next value, `$1` for the tenant.

use crate::error::{Result, StoreError};
use crate::sql::{Param, Row, Sql};
use crate::tx::Tx;

/// A statement being put together.
pub(crate) struct Assembly<'a> {
    parts: &'static str,
    text: String,
    values: Vec<Param<'a>>,
    /// Where the current part stands for values that it has not got yet.
    whole: bool,
}

impl<'a> Assembly<'a> {
    pub(crate) fn new(parts: &'static str, tenant: i64) -> Self {
        Self { parts, text: String::new(), values: vec![Param::Int(tenant)], whole: true }
    }

    /// Adds a part; its values follow.
    pub(crate) fn part(&mut self, name: &str) -> &mut Self {
        match find(self.parts, name) {
            Some(part) => self.text.push_str(part),
            None => self.whole = false,
        }
        self
    }

    /// Gives the first place without a value one.
    pub(crate) fn value(&mut self, value: impl Into<Param<'a>>) -> &mut Self {
        self.values.push(value.into());
        let number = format!("${}", self.values.len());
        self.text = self.text.replacen("$?", &number, 1);
        self
    }

    /// Adds a part whose single place stands for a list.
    pub(crate) fn list(&mut self, name: &str, values: impl Iterator<Item = &'a str>) {
        self.part(name).values(values);
    }

    /// Gives the first place without a value a list.
    pub(crate) fn values(&mut self, values: impl Iterator<Item = &'a str>) {
        let first = self.values.len() + 1;
        self.values.extend(values.map(Param::Text));
        let numbers: Vec<String> =
            (first..=self.values.len()).map(|number| format!("${number}")).collect();
        self.text = self.text.replacen("$?", &numbers.join(", "), 1);
    }

    pub(crate) fn rows<T>(
        self,
        tx: &mut Tx<'_>,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        if !self.whole || self.text.contains("$?") {
            return Err(StoreError::Refused { code: "a part without its values".into() });
        }
        tx.rows(&Sql::assembled(self.text), &self.values, read)
    }
}

fn find(parts: &'static str, name: &str) -> Option<&'static str> {
    let mut sections = parts.split("-- part: ");
    sections.find_map(|section| section.strip_prefix(name)?.strip_prefix('\n'))
}
