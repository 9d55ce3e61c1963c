//! The senders: what each of them still has to say, what is under way, and what was acknowledged.

use std::collections::HashMap;
use std::sync::Arc;

use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_sim::Sent;
use baton_store::sources::Source;
use tokio::sync::oneshot::error::TryRecvError;

use super::fate::Fate;
use super::node::{Answer, Node};
use crate::intake::Incoming;

#[derive(Debug)]
pub(super) struct Post {
    letters: Arc<Vec<Sent>>,
    sources: HashMap<String, Source>,
    /// Letters that are to be sent (again), by their place among all.
    pub(super) unsent: Vec<usize>,
    under_way: Vec<(usize, Answer)>,
    /// What the senders were told.
    pub(super) acknowledged: Vec<(usize, MessageNo)>,
}

impl Post {
    pub(super) fn new(letters: &Arc<Vec<Sent>>, sources: &HashMap<String, Source>) -> Self {
        Self {
            letters: Arc::clone(letters),
            sources: sources.clone(),
            unsent: Vec::new(),
            under_way: Vec::new(),
            acknowledged: Vec::new(),
        }
    }
    pub(super) fn letter(&self, n: usize) -> &Sent {
        &self.letters[n]
    }
    pub(super) fn is_done(&self) -> bool {
        self.unsent.is_empty() && self.under_way.is_empty()
    }
    /// The letters that may be sent next where each source waits for the acknowledgement of the one
    /// before.
    pub(super) fn in_turn(&self) -> Vec<usize> {
        let source = |n: usize| &self.letters[n].source;
        let waits = |n: usize| self.under_way.iter().any(|(sent, _)| source(*sent) == source(n));
        let earlier = |n: usize| self.unsent.iter().any(|m| *m < n && source(*m) == source(n));
        self.unsent.iter().copied().filter(|n| !waits(*n) && !earlier(*n)).collect()
    }
    /// Hands a letter in, some times; it states its receipt or not.
    pub(super) fn send(
        &mut self,
        (node, fate): (&Node, &Fate),
        n: usize,
        copies: usize,
        received_at: Option<Instant>,
    ) {
        for _ in 0..copies {
            fate.note(format!("letter {n} is sent"));
            // The queue is full: later.
            let Ok(answer) = node.receive(self.incoming(n, received_at)) else { return };
            self.under_way.push((n, answer));
        }
        self.unsent.retain(|unsent| *unsent != n);
    }
    /// Senders hear what became of their letters; those that do not, send again.
    pub(super) fn hear(&mut self) {
        for (n, mut answer) in std::mem::take(&mut self.under_way) {
            match answer.try_recv() {
                Err(TryRecvError::Empty) => self.under_way.push((n, answer)),
                Ok(Ok(receipt)) => self.acknowledged.push((n, receipt.message())),
                _ if !self.unsent.contains(&n) => self.unsent.push(n),
                _ => {}
            }
        }
    }
    fn incoming(&self, n: usize, received_at: Option<Instant>) -> Incoming {
        let sent = &self.letters[n];
        Incoming {
            source: self.sources[sent.source.as_str()].clone(),
            content_type: sent.content_type.to_owned(),
            headers: sent.headers.iter().map(|(n, v)| (n.to_lowercase(), v.clone())).collect(),
            body: sent.body.clone(),
            own_id: None,
            received_at,
        }
    }
}
