//! E-DAT-08: feeds that were not heard for longer than they may be silent.

use baton_core::identifier::ObjectKind;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::Instant;

use super::ExpectedException;
use crate::cast::SOURCES;
use crate::post::Post;

/// When each feed was heard.
#[derive(Debug, Default)]
pub(crate) struct Feeds(Vec<(usize, Instant)>);

impl Feeds {
    pub(crate) fn hear(&mut self, post: &Post) {
        for posted in &post.posted {
            let source = SOURCES.iter().position(|s| s.key == posted.sent.source);
            self.0.extend(source.map(|n| (n, posted.sent.send_at)));
        }
    }

    /// Each silence, the one after the last message too: it ends only if more orders come.
    pub(crate) fn silences(mut self) -> Vec<ExpectedException> {
        self.0.sort_unstable();
        let Some(code) = ExceptionCode::find("E-DAT-08") else { return Vec::new() };
        let mut silences = Vec::new();
        for (n, &(source, heard_at)) in self.0.iter().enumerate() {
            let Some(feed) = SOURCES.get(source) else { continue };
            let next = self.0.get(n + 1).filter(|(other, _)| *other == source);
            let until = next.map(|(_, at)| *at);
            let from = heard_at + feed.silent_after;
            if until.is_none_or(|until| until > from) {
                silences.push(ExpectedException {
                    code,
                    kind: ObjectKind::Source,
                    object: vec![feed.key.to_owned()],
                    orders: Vec::new(),
                    from,
                    until,
                    deducible_at: Some(from),
                });
            }
        }
        silences
    }
}
