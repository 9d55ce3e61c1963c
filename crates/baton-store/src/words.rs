//! The core's words as they stand in columns.

use baton_core::partner::Role;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::error::{Result, StoreError};

/// An enum of the core that is written as one word.
pub(crate) fn word<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(text).map_err(|_| StoreError::Corrupt { what })
}

pub(crate) fn role(text: &str) -> Result<Role> {
    word(text, "a role")
}

pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt { what: "a JSON column" })
}
