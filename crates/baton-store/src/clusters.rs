//! Clusters: the closure over all "same as" links, the unit of storage and of concurrency.
//!
//! An identifier leads to the cluster that it was first met in; a cluster that was merged keeps its
//! row, which leads on. So a merge moves facts and edges and rewrites no identifier. A cluster never
//! splits: what an unlink separates is for the derivation to tell apart within it.
//!
//! INVARIANT: a cluster that a transaction has resolved is locked by it, so that no other merges or
//! derives it meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baton_core::identifier::Identifier;

use crate::counter::Counter;
use crate::error::{Result, StoreError};
use crate::scope::Scope;
use crate::sql::{params, sql, sql_pair};
use crate::tx::Tx;

/// A cluster's number within its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterNo(pub i64);

/// What resolving groups of identifiers came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    /// The cluster of each group, in the order of the groups.
    pub clusters: Vec<ClusterNo>,
    /// Those among them that were made for it, and so hold nothing yet.
    pub made: Vec<ClusterNo>,
    /// Clusters that ceased, each with the one that holds its facts now.
    pub merged: Vec<(ClusterNo, ClusterNo)>,
}

/// How often a resolution is begun anew because another node merged clusters under it.
const ROUNDS_MAX: usize = 8;

type Known<'a> = HashMap<&'a Identifier, ClusterNo>;

/// Finds, makes and merges clusters so that the identifiers of each group share one, and locks them.
///
/// Groups that share an identifier, or a cluster, come out as one. Placeholders are for the caller
/// to leave out.
///
/// # Errors
/// [`StoreError::Busy`] where other nodes merge the same clusters without end.
pub fn resolve(tx: &mut Tx<'_>, scope: &Scope, groups: &[Vec<Identifier>]) -> Result<Resolved> {
    let tenant = scope.whole("clusters")?;
    let names: BTreeSet<&Identifier> = groups.iter().flatten().collect();
    let names: Vec<&Identifier> = names.into_iter().collect();
    let (mut made, mut merged) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS_MAX {
        let mut known = look_up(tx, tenant, &names)?;
        let mut sets = Sets::default();
        for group in groups {
            let mut ends = group.iter().map(|name| match known.get(name) {
                Some(cluster) => End::Cluster(*cluster),
                None => End::Name(name),
            });
            let Some(first) = ends.next() else {
                return Err(StoreError::Refused { code: "a group without identifiers".into() });
            };
            sets.add(first);
            ends.for_each(|end| sets.join(first, end));
        }
        match store_new(tx, tenant, &sets, &mut known, &names)? {
            Some(fresh) => made.extend(fresh),
            None => {
                made.clear();
                continue;
            }
        }
        let mut held: Vec<ClusterNo> = known.values().copied().collect();
        held.sort_unstable();
        held.dedup();
        if !lock(tx, scope, &held)? {
            made.clear();
            continue;
        }
        merge_sets(tx, tenant, &sets, &mut known, &mut merged)?;
        let clusters = groups
            .iter()
            .map(|group| group.first().and_then(|name| known.get(name)).copied())
            .collect::<Option<Vec<_>>>()
            .ok_or(StoreError::Corrupt { what: "an identifier" })?;
        return Ok(Resolved { clusters, made, merged });
    }
    Err(StoreError::Busy)
}

/// The clusters of those identifiers that are known. Nothing is made, and nothing locked.
///
/// # Errors
/// What the engine does.
pub fn find(
    tx: &mut Tx<'_>,
    scope: &Scope,
    names: &[Identifier],
) -> Result<HashMap<Identifier, ClusterNo>> {
    let tenant = scope.whole("clusters")?;
    let names: Vec<&Identifier> = names.iter().collect();
    let known = look_up(tx, tenant, &names)?;
    Ok(known.into_iter().map(|(name, cluster)| (name.clone(), cluster)).collect())
}

/// Locks clusters until the transaction ends. `false` where one of them was merged into another.
///
/// # Errors
/// What the engine does.
pub fn lock(tx: &mut Tx<'_>, scope: &Scope, clusters: &[ClusterNo]) -> Result<bool> {
    let tenant = scope.whole("clusters")?;
    if tx.is_only_writer() {
        return Ok(true);
    }
    let mut whole = true;
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("clusters/lock"), wanted, |row| {
        whole &= row.int_or_null(1)?.is_none();
        Ok(())
    })?;
    Ok(whole)
}

/// Locks those of these clusters that nobody else has locked, until the transaction ends; returns them
/// without those that were merged into others.
///
/// # Errors
/// What the engine does.
pub fn lock_free(
    tx: &mut Tx<'_>,
    scope: &Scope,
    clusters: &BTreeSet<ClusterNo>,
) -> Result<BTreeSet<ClusterNo>> {
    let tenant = scope.whole("clusters")?;
    if tx.is_only_writer() {
        return Ok(clusters.clone());
    }
    let mut locked = BTreeSet::new();
    let wanted = clusters.iter().map(|cluster| params![tenant, cluster.0]);
    tx.bulk_query(sql_pair!("clusters/lock_free"), wanted, |row| {
        if row.int_or_null(1)?.is_none() {
            locked.insert(ClusterNo(row.int(0)?));
        }
        Ok(())
    })?;
    Ok(locked)
}

/// Up to `limit` clusters after `after` that were not merged, by number.
///
/// # Errors
/// What the engine does.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    after: ClusterNo,
    limit: usize,
) -> Result<Vec<ClusterNo>> {
    let tenant = scope.whole("clusters")?;
    let values = params![tenant, after.0, limit as i64];
    tx.rows(sql!("clusters/list"), &values, |row| Ok(ClusterNo(row.int(0)?)))
}

/// The part of an alias that is not its value.
fn space(name: &Identifier) -> String {
    format!("{}:{}:{}", name.kind.name(), name.scheme, name.issuer)
}

fn look_up<'a>(tx: &mut Tx<'_>, tenant: i64, names: &[&'a Identifier]) -> Result<Known<'a>> {
    let spaces: Vec<String> = names.iter().map(|name| space(name)).collect();
    let mut found = HashMap::with_capacity(names.len());
    let wanted = (0..).zip(names).zip(&spaces);
    tx.bulk_query(
        sql_pair!("clusters/by_alias"),
        wanted.map(|((n, name), space)| params![tenant, name.value.as_str(), space, n]),
        |row| {
            let name = usize::try_from(row.int(0)?).ok().and_then(|n| names.get(n));
            let name = name.ok_or(StoreError::Corrupt { what: "an identifier" })?;
            found.insert(*name, ClusterNo(row.int(1)?));
            Ok(())
        },
    )?;
    Ok(found)
}

/// Stores the identifiers that are new, making clusters for sets that have none, and returns those;
/// `None` where another writer stored an identifier first.
fn store_new<'a>(
    tx: &mut Tx<'_>,
    tenant: i64,
    sets: &Sets<'a>,
    known: &mut Known<'a>,
    names: &[&'a Identifier],
) -> Result<Option<Vec<ClusterNo>>> {
    let new: Vec<_> = names.iter().copied().filter(|name| !known.contains_key(name)).collect();
    if new.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let homeless: BTreeSet<End<'a>> = new
        .iter()
        .map(|name| sets.root(End::Name(name)))
        .filter(|root| matches!(root, End::Name(_)))
        .collect();
    let numbers = tx.numbers(tenant, Counter::Cluster, homeless.len())?;
    tx.bulk(sql_pair!("clusters/insert"), numbers.clone().map(|number| params![tenant, number]))?;
    let fresh: BTreeMap<End<'a>, ClusterNo> =
        homeless.into_iter().zip(numbers.map(ClusterNo)).collect();
    let mut rows = Vec::with_capacity(new.len());
    for name in &new {
        let root = sets.root(End::Name(name));
        let cluster = match root {
            End::Cluster(cluster) => cluster,
            End::Name(_) => {
                *fresh.get(&root).ok_or(StoreError::Corrupt { what: "an identifier" })?
            }
        };
        rows.push((*name, space(name), cluster));
    }
    let stored = tx.bulk(
        sql_pair!("clusters/insert_alias"),
        rows.iter()
            .map(|(name, space, cluster)| params![tenant, name.value.as_str(), space, cluster.0]),
    )?;
    known.extend(rows.iter().map(|(name, _, cluster)| (*name, *cluster)));
    Ok((stored == rows.len() as u64).then(|| fresh.into_values().collect()))
}

fn merge_sets<'a>(
    tx: &mut Tx<'_>,
    tenant: i64,
    sets: &Sets<'a>,
    known: &mut Known<'a>,
    merged: &mut Vec<(ClusterNo, ClusterNo)>,
) -> Result<()> {
    for members in sets.clusters() {
        let mut rest = members.into_iter();
        let Some(mut kept) = rest.next() else { continue };
        for other in rest {
            let (stays, goes) = larger_first(tx, tenant, kept, other)?;
            re_home(tx, tenant, goes, stays)?;
            for cluster in known.values_mut().filter(|cluster| **cluster == goes) {
                *cluster = stays;
            }
            for earlier in merged.iter_mut().filter(|earlier| earlier.1 == goes) {
                earlier.1 = stays;
            }
            merged.push((goes, stays));
            kept = stays;
        }
    }
    Ok(())
}

/// The one whose facts take more room first, so that the less is moved.
fn larger_first(
    tx: &mut Tx<'_>,
    tenant: i64,
    one: ClusterNo,
    other: ClusterNo,
) -> Result<(ClusterNo, ClusterNo)> {
    let mut size = |cluster: ClusterNo| {
        tx.row(sql!("clusters/size"), &params![tenant, cluster.0], |row| row.int(0))
    };
    Ok(if size(other)? > size(one)? { (other, one) } else { (one, other) })
}

/// Moves what belongs to `goes` to `stays`. Rows that a derivation writes are deleted: both are
/// derived anew as one.
fn re_home(tx: &mut Tx<'_>, tenant: i64, goes: ClusterNo, stays: ClusterNo) -> Result<()> {
    let moves = [
        sql!("clusters/merge/facts"),
        sql!("clusters/merge/children"),
        sql!("clusters/merge/parents"),
        sql!("clusters/merge/exceptions"),
        sql_pair!("clusters/merge/outbox"),
        sql!("clusters/merge/clusters"),
    ];
    for statement in moves {
        tx.execute(statement, params![tenant, goes.0, stays.0])?;
    }
    let deletions = [
        sql!("clusters/merge/old_edges_up"),
        sql!("clusters/merge/old_edges_down"),
        sql!("clusters/merge/orders"),
        sql!("clusters/merge/partners"),
        sql!("clusters/merge/objects"),
        sql!("clusters/merge/timers"),
    ];
    for statement in deletions {
        tx.execute(statement, params![tenant, goes.0])?;
    }
    Ok(())
}

/// A member of a set: a cluster that is known, or a name that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum End<'a> {
    // Clusters come first, so that the root of a set is one where it has any.
    Cluster(ClusterNo),
    Name(&'a Identifier),
}

/// Disjoint sets. INVARIANT: a root is the least member of its set.
#[derive(Debug, Default)]
struct Sets<'a>(BTreeMap<End<'a>, End<'a>>);

impl<'a> Sets<'a> {
    fn add(&mut self, end: End<'a>) {
        self.0.entry(end).or_insert(end);
    }
    fn root(&self, end: End<'a>) -> End<'a> {
        let mut root = end;
        while let Some(above) = self.0.get(&root) {
            if *above == root {
                break;
            }
            root = *above;
        }
        root
    }
    fn join(&mut self, one: End<'a>, other: End<'a>) {
        self.add(one);
        self.add(other);
        let (one, other) = (self.root(one), self.root(other));
        self.0.insert(one.max(other), one.min(other));
    }
    /// The clusters of each set that holds more than one.
    fn clusters(&self) -> Vec<Vec<ClusterNo>> {
        let mut sets: BTreeMap<End<'a>, Vec<ClusterNo>> = BTreeMap::new();
        for end in self.0.keys() {
            if let End::Cluster(cluster) = end {
                sets.entry(self.root(*end)).or_default().push(*cluster);
            }
        }
        sets.into_values().filter(|clusters| clusters.len() > 1).collect()
    }
}
