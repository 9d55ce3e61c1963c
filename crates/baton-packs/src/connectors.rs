//! The reading half of several packs, made ready.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::codes::CodeTables;
use crate::connector::{Connector, OwnId};
use crate::finding::{Finding, FindingCode};
use crate::moment;
use crate::pack::Pack;

/// Connectors by name.
pub type Connectors = BTreeMap<SmolStr, Arc<Connector>>;

/// Makes the connectors of some packs ready. Tables of all of them can be looked into; of two
/// declarations of one name the later is taken where its pack overrides.
///
/// # Errors
/// Every name that is declared twice, and every table that another refers to and none declares.
pub fn connectors(packs: &[Pack]) -> Result<Connectors, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut tables = BTreeMap::new();
    for pack in packs {
        for table in &pack.tables {
            let known = tables.insert(table.value.name.clone(), &table.value).is_some();
            if known && !pack.manifest.overrides {
                let expected = "a name of its own, or `overrides: true` in the manifest";
                let code = FindingCode::RepeatedName;
                findings.push(table.finding("name", code, &table.value.name, expected));
            }
        }
    }
    for table in packs.iter().flat_map(|pack| &pack.tables) {
        if let Some(reasons) = table.value.reasons.as_ref().filter(|r| !tables.contains_key(*r)) {
            let code = FindingCode::UnknownName;
            let finding = table.finding("reasons", code, reasons, "a code table of these packs");
            findings.push(finding.meant(tables.keys().map(SmolStr::as_str)));
        }
    }
    let ready = Arc::new(CodeTables::new(tables.values().copied()));
    let mut all = Connectors::new();
    for pack in packs {
        for loaded in &pack.connectors {
            let connector = one(pack, loaded, &ready);
            let name = connector.name.clone();
            if all.insert(name.clone(), Arc::new(connector)).is_some() && !pack.manifest.overrides {
                let expected = "a name of its own, or `overrides: true` in the manifest";
                findings.push(loaded.finding("name", FindingCode::RepeatedName, &name, expected));
            }
        }
    }
    if findings.is_empty() { Ok(all) } else { Err(findings) }
}

fn one(
    pack: &Pack,
    loaded: &crate::pack::Loaded<crate::pack::ConnectorParts>,
    tables: &Arc<CodeTables>,
) -> Connector {
    let parts = &loaded.value;
    let declared = &parts.declared;
    let issuers = declared.issuers.iter();
    Connector {
        name: declared.name.clone(),
        pack: pack.label(),
        format: declared.format,
        own_id: declared.own_id.as_deref().map(OwnId::read),
        versioned: declared.versioned,
        zone: declared.time_zone.as_deref().and_then(moment::zone),
        issuer: SmolStr::from(declared.issuer.as_str()),
        issuers: issuers.map(|(scheme, by)| (scheme.into(), by.into())).collect(),
        ignore: declared.ignore.clone(),
        mappings: parts.mappings.clone(),
        sets: parts.sets.clone(),
        tables: Arc::clone(tables),
    }
}
