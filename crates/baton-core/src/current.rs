//! Which version of a milestone counts, for each classifier that somebody stated.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fact::Classifier;
use crate::state::Version;

/// The believed version of each classifier: at most one of each, in the order of classifiers. As a
/// document it is a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Current(Vec<Version>);

impl Current {
    #[must_use]
    pub fn get(&self, classifier: Classifier) -> Option<&Version> {
        self.0.iter().find(|version| version.classifier == classifier)
    }
    #[must_use]
    pub fn has(&self, classifier: Classifier) -> bool {
        self.get(classifier).is_some()
    }
    pub fn iter(&self) -> impl Iterator<Item = &Version> {
        self.0.iter()
    }
}

impl FromIterator<Version> for Current {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        let mut versions: Vec<Version> = versions.into_iter().collect();
        versions.sort_by_key(|version| version.classifier);
        versions.dedup_by_key(|version| version.classifier);
        Self(versions)
    }
}

impl Serialize for Current {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|version| (version.classifier, version)))
    }
}

impl<'de> Deserialize<'de> for Current {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let by_classifier = BTreeMap::<Classifier, Version>::deserialize(from)?;
        Ok(by_classifier.into_values().collect())
    }
}

impl JsonSchema for Current {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Current".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        BTreeMap::<Classifier, Version>::json_schema(generator)
    }
    fn inline_schema() -> bool {
        true
    }
}
