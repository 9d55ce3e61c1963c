//! One attempt at one webhook.

use std::time::Duration;

use baton_core::time::Instant;
use baton_store::outbox::Command;
use baton_store::subscriptions::Subscription;

use super::sign::{Secret, sign};
use crate::event::act_of;

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Delivered,
    /// To be tried again.
    Failed(String),
    /// To be tried again, and nothing else to the same receiver before: it did not answer at all.
    Unanswered(String),
    /// It was not tried, because another one was not answered.
    PutBack,
    /// Trying again is of no use.
    Refused(String),
}

/// The longest reason that is kept.
const REASON_BYTES_MAX: usize = 300;

/// How a command leaves.
pub(crate) trait Deliver: Send + Sync {
    /// Makes one attempt; `at` is the machine's present.
    fn send(&self, subscription: &Subscription, command: &Command, at: Instant) -> Outcome;
}

/// Sends webhooks.
#[derive(Debug)]
pub(crate) struct Sender {
    agent: ureq::Agent,
}

impl Sender {
    pub(crate) fn new(answer_wait_max: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(answer_wait_max))
            .http_status_as_error(false)
            // A redirect would carry the signed body to where nobody subscribed.
            .max_redirects(0)
            .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }
}

impl Deliver for Sender {
    fn send(&self, subscription: &Subscription, command: &Command, at: Instant) -> Outcome {
        let secret: Secret = match subscription.secret.parse() {
            Ok(secret) => secret,
            Err(wrong) => return Outcome::Refused(reason(&wrong)),
        };
        let act = act_of(&command.payload).unwrap_or(command.act);
        let body = command.payload.as_bytes();
        let headers = sign(&secret, &act.to_string(), at, body);
        let answer = self
            .agent
            .post(&subscription.url)
            .header("content-type", "application/json")
            .header("webhook-id", &headers.id)
            .header("webhook-timestamp", &headers.timestamp)
            .header("webhook-signature", &headers.signature)
            .send(body);
        match answer {
            Ok(answer) if answer.status().is_success() => Outcome::Delivered,
            // The specification's word for: never send this again.
            Ok(answer) if answer.status().as_u16() == 410 => {
                Outcome::Refused("the receiver answered 410 Gone".to_owned())
            }
            Ok(answer) => Outcome::Failed(format!("the receiver answered {}", answer.status())),
            Err(error) => Outcome::Unanswered(reason(&error)),
        }
    }
}

fn reason(error: &impl std::fmt::Display) -> String {
    let mut text = error.to_string();
    let end = (0..=REASON_BYTES_MAX.min(text.len())).rev().find(|n| text.is_char_boundary(*n));
    text.truncate(end.unwrap_or(0));
    text
}
