//! What partners say of hand-offs themselves: that one was as it is shown, or that it was not.
//!
//! A hand-off follows from the evidence of both sides. Beside it a partner's own people may accept it,
//! which takes the other side's word for their own, or dispute it, which says what was instead. Whoever
//! runs the tenant may settle a dispute. Each is a fact with a name under it, and the latest of each side
//! counts, whatever order they came in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::book::HandoffRule;
use crate::fact::Body;
use crate::id::FactId;
use crate::known::PERSON_PREFIX;
use crate::partner::{PartnerKey, Role};
use crate::picture::{Picture, Reached};
use crate::time::{Happened, Instant};

/// Which side of a hand-off speaks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Giver,
    Taker,
}

/// What a dispute is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It did not change hands at all. Over once the same side shows by its feed that it did.
    Custody,
    /// At another time.
    Time,
    Quantity,
    Condition,
    Documents,
    Other,
}

impl Ground {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Custody => "custody",
            Self::Time => "time",
            Self::Quantity => "quantity",
            Self::Condition => "condition",
            Self::Documents => "documents",
            Self::Other => "other",
        }
    }
}

/// What is said of a hand-off.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was as the other side says; at another time, where one is given.
    Accepted { side: Side, at: Option<Happened> },
    /// It was not: what was instead, and when that was.
    Disputed {
        side: Side,
        ground: Ground,
        #[schemars(with = "String")]
        instead: SmolStr,
        at: Option<Happened>,
    },
    /// Whoever runs the tenant ends what is disputed.
    Settled,
}

/// What was said of a hand-off, and until when it counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandoffWord {
    pub verdict: Verdict,
    #[schemars(with = "String")]
    pub reason: SmolStr,
    /// For which partner; none for the tenant itself.
    #[schemars(with = "Option<String>")]
    pub partner: Option<PartnerKey>,
    /// The person who said it.
    #[schemars(with = "String")]
    pub source: SmolStr,
    pub said_at: Instant,
    /// A later word of the same side, a settlement or the side's own evidence ended it.
    pub until: Option<Instant>,
    pub fact: FactId,
}

impl HandoffWord {
    /// What stands of a dispute.
    #[must_use]
    pub fn is_open_dispute(&self) -> bool {
        matches!(self.verdict, Verdict::Disputed { .. }) && self.until.is_none()
    }
    fn side(&self) -> Option<Side> {
        match self.verdict {
            Verdict::Accepted { side, .. } | Verdict::Disputed { side, .. } => Some(side),
            Verdict::Settled => None,
        }
    }
}

/// What the two sides' evidence shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'r> {
    pub(crate) released: Option<&'r Reached>,
    pub(crate) received: Option<&'r Reached>,
}

impl Shown<'_> {
    fn of(&self, side: Side) -> Option<&Reached> {
        match side {
            Side::Giver => self.released,
            Side::Taker => self.received,
        }
    }
    /// Whether a word spoke of what is shown: what came surely after it is not what it was about.
    fn was_before(&self, said_at: Instant) -> bool {
        let mut shown = [self.released, self.received].into_iter().flatten();
        shown.any(|reached| !reached.at.surely_after(said_at))
    }
}

/// What was said of a hand-off of an object, in time. None of it, where another partner than the one
/// that plays the part spoke.
pub(crate) fn words(
    picture: &Picture<'_, '_>,
    rule: &HandoffRule,
    object: usize,
    shown: Shown<'_>,
) -> Vec<HandoffWord> {
    if !picture.known.is_judged() {
        return Vec::new();
    }
    let mut said: Vec<HandoffWord> = Vec::new();
    for fact in picture.known.holding(object) {
        let Body::Judged { handoff, verdict, reason } = &fact.body else { continue };
        let source = picture.known.source(&fact.source);
        let partner = source.and_then(|source| source.partner.clone());
        let word = HandoffWord {
            verdict: (**verdict).clone(),
            reason: reason.clone(),
            partner,
            source: fact.source.clone(),
            said_at: fact.happened.latest,
            until: None,
            fact: fact.id,
        };
        if *handoff == rule.name && may_say(picture, rule, &word) {
            end_earlier(&mut said, &word);
            said.push(word);
        }
    }
    for word in &mut said {
        let Verdict::Disputed { side, ground: Ground::Custody, .. } = &word.verdict else {
            continue;
        };
        let shown_since = shown.of(*side).filter(|own| own.at.surely_after(word.said_at));
        if let Some(own) = shown_since {
            let at = own.at.earliest;
            word.until = Some(word.until.map_or(at, |until| until.min(at)));
        }
    }
    said
}

fn may_say(picture: &Picture<'_, '_>, rule: &HandoffRule, word: &HandoffWord) -> bool {
    let plays = |role: Role| {
        let player = picture.partner(role);
        word.partner.is_some() && player.is_none_or(|player| Some(player) == word.partner)
    };
    match word.side() {
        Some(Side::Giver) => plays(rule.from),
        Some(Side::Taker) => plays(rule.to),
        None => word.partner.is_none() && word.source.starts_with(PERSON_PREFIX),
    }
}

fn end_earlier(said: &mut [HandoffWord], word: &HandoffWord) {
    let ends = |earlier: &HandoffWord| match word.side() {
        Some(side) => earlier.side() == Some(side) && earlier.partner == word.partner,
        None => matches!(earlier.verdict, Verdict::Disputed { .. }),
    };
    for earlier in said.iter_mut().filter(|earlier| earlier.until.is_none()) {
        if ends(earlier) {
            earlier.until = Some(word.said_at);
        }
    }
}

/// When it changed hands by the word of a side that accepts what is shown of the other.
pub(crate) fn accepted(words: &[HandoffWord], side: Side, other: &Reached) -> Option<Happened> {
    words.iter().rev().filter(|word| word.until.is_none()).find_map(|word| match &word.verdict {
        Verdict::Accepted { side: by, at }
            if *by == side && !other.at.surely_after(word.said_at) =>
        {
            Some(at.unwrap_or(other.at))
        }
        _ => None,
    })
}

/// What of a hand-off is disputed, of all that is shown.
pub(crate) fn is_disputed(words: &[HandoffWord], shown: Shown<'_>) -> bool {
    words.iter().any(|word| word.is_open_dispute() && shown.was_before(word.said_at))
}

/// When a dispute was settled, where nobody who disputed said anything later.
pub(crate) fn settled(words: &[HandoffWord]) -> Option<Instant> {
    let last = words.iter().rposition(|word| word.verdict == Verdict::Settled)?;
    let (before, since) = words.split_at_checked(last)?;
    let settled_at = since.first()?.said_at;
    let said_again =
        |of: &HandoffWord| since.iter().any(|w| w.partner == of.partner && w.side() == of.side());
    let ended = before.iter().filter(|word| {
        matches!(word.verdict, Verdict::Disputed { .. }) && word.until == Some(settled_at)
    });
    let mut ended = ended.filter(|word| !said_again(word));
    ended.next().map(|_| settled_at)
}
