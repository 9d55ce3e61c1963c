//! Absence is relative to hearing: what was due and has not come can be shown once its source was heard
//! after the due instant. So subjects wait not only for instants, but for a source to be heard, and
//! that is found here rather than by deriving everything whenever anything comes in.

use std::collections::{BTreeSet, HashMap};

use baton_core::correlate::source_identifier;
use baton_core::id::MessageNo;
use baton_core::partner::{SourceInfo, SourceKey};
use baton_core::time::Instant;
use baton_store::clusters::ClusterNo;
use baton_store::hearing::Heard;
use baton_store::sources::{Source, SourceId};
use baton_store::{Scope, StoreError, Tx, clusters, engine_timers, hearing, pending, progress};

use crate::rows::Rows;

/// Which clusters wait for word, since when, and how far each source was heard by the last step.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// None until it was read from the store.
    waiting: Option<BTreeSet<(Instant, ClusterNo)>>,
    heard: HashMap<SourceKey, Instant>,
    /// The roles that somebody was heard in by the last step; none until it was read.
    roles: Option<BTreeSet<String>>,
    /// What the last commits noted of each source; none until it was read.
    noted: Option<HashMap<SourceId, Heard>>,
}

/// A silence of a source: since its last receipt before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence {
    pub(crate) source: SourceId,
    pub(crate) since: Instant,
}

/// Under this name the store keeps the roles that somebody was heard in.
const ROLES: &str = "roles_heard";
/// Under this one the silences that ended, at least those of which it is not read yet.
const ENDED: &str = "silences_ended";

impl Hearing {
    /// What of it holds also where other nodes take steps between: how far each source was heard when
    /// this one had last derived all that waited for it.
    pub(crate) fn between_steps(self) -> Self {
        Self { heard: self.heard, ..Self::default() }
    }

    /// The clusters whose wait a source may have ended: one was heard for the first time after the
    /// instant from which they wait. And the sources themselves that seemed silent until now.
    pub(crate) fn answered(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        sources: &[SourceInfo],
        now: Instant,
    ) -> Result<BTreeSet<ClusterNo>, StoreError> {
        let waiting = match &self.waiting {
            Some(waiting) => waiting,
            None => self
                .waiting
                .insert(engine_timers::waiting_for_word(tx, scope)?.into_iter().collect()),
        };
        let mut answered = BTreeSet::new();
        let mut spoke = Vec::new();
        for source in sources {
            let Some(heard_at) = source.heard_at else { continue };
            let before = self.heard.insert(source.key.clone(), heard_at);
            // What was heard before this process began is not known: all may have been answered.
            let before = before.unwrap_or(Instant::MIN);
            if before < heard_at {
                // Nothing waits from beyond the present; and what was due after the receipt may be
                // provable by waiting, now that the source is not silent.
                let since = waiting.range((before, ClusterNo(0))..);
                answered.extend(since.map(|(_, cluster)| *cluster));
                // It may have been taken for silent, which it was not.
                if source.silent_after.is_some_and(|length| before + length <= now) {
                    spoke.push(source_identifier(&source.key));
                }
            }
        }
        if !spoke.is_empty() {
            answered.extend(clusters::find(tx, scope, &spoke)?.into_values());
        }
        Ok(answered)
    }

    /// A message was kept that tells of silences that ended. To be called in the commit of what ended them.
    pub(crate) fn will_tell(
        tx: &mut Tx<'_>,
        scope: &Scope,
        message: MessageNo,
        ended: &[Silence],
    ) -> Result<(), StoreError> {
        let kept = progress::take(tx, scope, ENDED)?;
        let mut unread = unread(tx, scope, &kept)?;
        unread.extend(ended.iter().map(|silence| (message, *silence)));
        let unread: Vec<String> = unread
            .iter()
            .map(|(message, Silence { source, since })| {
                format!("{}:{}:{}", message.0, source.0, since.micros())
            })
            .collect();
        progress::put(tx, scope, ENDED, &unread.join(" "))
    }

    /// Of a source of which it is not read yet that a silence ended, nothing is heard since that began, and `true` is
    /// returned: else it would be known to be heard by now and not to have been silent before, and what was said of
    /// its silence would be taken back. To be called after the sources were listed, since both come in one commit.
    pub(crate) fn hold_back(
        tx: &mut Tx<'_>,
        scope: &Scope,
        listed: &mut [Source],
    ) -> Result<bool, StoreError> {
        let kept = progress::get(tx, scope, ENDED)?.unwrap_or_default();
        let mut is_held_back = false;
        for (_, silence) in unread(tx, scope, &kept)? {
            for source in listed.iter_mut().filter(|source| source.id == silence.source) {
                source.heard_at = source.heard_at.map(|at| at.min(silence.since));
                is_held_back = true;
            }
        }
        Ok(is_held_back)
    }

    /// Notes what is heard by this commit, where it changed, so that its states can be derived again.
    pub(crate) fn note(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        sources: &[Source],
        now: Instant,
    ) -> Result<(), StoreError> {
        let noted = match &mut self.noted {
            Some(noted) => noted,
            None => {
                let known = hearing::as_of(tx, scope, Instant::MAX)?;
                self.noted.insert(known.into_iter().map(|heard| (heard.source, heard)).collect())
            }
        };
        let heard = sources.iter().filter_map(|source| {
            let Source { id, silent_after, heard_at, .. } = *source;
            Some(Heard { source: id, heard_at: heard_at?.min(now), silent_after })
        });
        let changed: Vec<Heard> =
            heard.filter(|heard| noted.get(&heard.source) != Some(heard)).collect();
        hearing::note(tx, scope, &changed, now)?;
        noted.extend(changed.into_iter().map(|heard| (heard.source, heard)));
        Ok(())
    }

    /// Where several nodes take steps at once: until this step has committed, no other one takes a role
    /// for heard for the first time. To be called before the sources are looked at. Else the other
    /// would wake what is there, and this step would write over it what it derived without that role.
    pub(crate) fn hold_roles(tx: &mut Tx<'_>, scope: &Scope) -> Result<(), StoreError> {
        progress::hold(tx, scope, ROLES)
    }

    /// Wakes everything where a role is heard for the first time: steps that nobody could report apply
    /// from then on, to every order.
    pub(crate) fn new_roles(
        &mut self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        sources: &[SourceInfo],
        now: Instant,
    ) -> Result<(), StoreError> {
        let known = match &mut self.roles {
            Some(known) => known,
            None => {
                let kept = progress::get(tx, scope, ROLES)?.unwrap_or_default();
                self.roles.insert(kept.split_whitespace().map(str::to_owned).collect())
            }
        };
        let heard = sources.iter().filter(|source| source.heard_at.is_some());
        let before = known.len();
        known.extend(heard.map(|source| source.role.name().to_owned()));
        if known.len() == before {
            return Ok(());
        }
        let all: Vec<&str> = known.iter().map(String::as_str).collect();
        progress::put(tx, scope, ROLES, &all.join(" "))?;
        engine_timers::wake_all(tx, scope, now).map(drop)
    }

    /// Takes note of what a cluster waits for from now on.
    pub(crate) fn changed(&mut self, cluster: ClusterNo, before: &Rows, after: &Rows) {
        let Some(waiting) = &mut self.waiting else { return };
        for (since, _) in waits(cluster, before) {
            waiting.remove(&(since, cluster));
        }
        waiting.extend(waits(cluster, after));
    }
}

/// What is kept of silences that ended and is not read yet: each a message, a source, and since when that was silent.
fn unread(
    tx: &mut Tx<'_>,
    scope: &Scope,
    kept: &str,
) -> Result<Vec<(MessageNo, Silence)>, StoreError> {
    let mut told = Vec::new();
    for entry in kept.split_whitespace() {
        let mut numbers = entry.split(':').map(str::parse::<i64>);
        let (Some(Ok(message)), Some(Ok(source)), Some(Ok(since))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(StoreError::Corrupt { what: "what is kept of silences" });
        };
        let since = Instant::from_micros(since);
        told.push((MessageNo(message), Silence { source: SourceId(source), since }));
    }
    let messages: Vec<MessageNo> = told.iter().map(|(message, _)| *message).collect();
    let waiting = pending::among(tx, scope, &messages)?;
    told.retain(|(message, _)| waiting.contains(message));
    Ok(told)
}

fn waits(cluster: ClusterNo, rows: &Rows) -> impl Iterator<Item = (Instant, ClusterNo)> {
    let unproved = rows.exceptions.iter().filter(|row| row.state == "not_provable");
    unproved.map(move |row| (row.opened_at, cluster))
}
