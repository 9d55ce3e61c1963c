//! Intake: a message is durable before its sender is told so, and nothing is understood before that.
//!
//! [`Intake::receive`] checks the limits, finds the sender's own number of the message and hands it to
//! the committer (see [`crate::group_commit`]); it answers when the commit that holds the message is
//! done.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use baton_core::id::MessageNo;
use baton_core::time::Instant;
use baton_store::sources::Source;
use baton_store::{PackedBody, StoreError, messages};
use tokio::sync::oneshot;

use crate::acting::Shared;
use crate::body::{BodyFault, check_depth, decoded};
use crate::group_commit::Request;
use crate::metrics::Metrics;
use crate::reading::Letter;
use crate::settings::IntakeLimits;
use crate::tenant::Tenant;
use crate::traces::Context;

/// A message as it comes in, from a source that is known by its key.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub source: Source,
    pub content_type: String,
    /// The headers that matter, with names in lower case; `content-encoding` among them.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The caller's number of it, for messages in which the connector finds none of the sender's own.
    pub own_id: Option<String>,
    /// When it was first received, where that was elsewhere and earlier (a replay); else now, by the
    /// tenant's clock.
    pub received_at: Option<Instant>,
}

/// What goes with a message on its way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    /// The span that waits for it.
    pub(crate) context: Option<Context>,
    /// What tells of it in the record of acts. A source's own messages are in the list of messages, and
    /// need no line beside it.
    pub(crate) line: Option<Arc<Shared>>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    Accepted {
        id: MessageNo,
    },
    /// The same as one that is kept already: counted, and processed once.
    Duplicate {
        of: MessageNo,
    },
    /// Its number was used before with other bytes: kept, read, and flagged.
    Differs {
        id: MessageNo,
        of: MessageNo,
    },
}

impl Receipt {
    /// The message to answer with: for a duplicate the first one.
    #[must_use]
    pub const fn message(&self) -> MessageNo {
        match self {
            Self::Accepted { id } | Self::Differs { id, .. } => *id,
            Self::Duplicate { of } => *of,
        }
    }
}

/// Why a message was not received. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    #[error("the body has {bytes} bytes, the limit is {limit}: send it in parts")]
    BodyTooLong { bytes: usize, limit: usize },
    #[error("the headers to keep have {bytes} bytes, the limit is {limit}")]
    HeadersTooLong { bytes: usize, limit: usize },
    #[error(transparent)]
    Body(#[from] BodyFault),
    #[error("too many messages wait to be read, send it again in {retry_after_seconds} s")]
    Busy { retry_after_seconds: u32 },
    #[error("the server is stopping, send it again")]
    Stopping,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntakeError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BodyTooLong { .. } => "body_too_long",
            Self::HeadersTooLong { .. } => "headers_too_long",
            Self::Body(BodyFault::TooLong { .. }) => "decompressed_too_long",
            Self::Body(BodyFault::TooDeep { .. }) => "nested_too_deep",
            Self::Body(BodyFault::NotEncodedSo { .. } | BodyFault::UnknownEncoding) => {
                "encoding_wrong"
            }
            Self::Busy { .. } => "busy",
            Self::Stopping => "stopping",
            Self::Store(_) => "store",
        }
    }
}

/// The way in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Intake {
    limits: Arc<IntakeLimits>,
    metrics: Arc<Metrics>,
    committer: SyncSender<Request>,
}

impl Intake {
    pub(crate) fn new(
        limits: Arc<IntakeLimits>,
        metrics: Arc<Metrics>,
        committer: SyncSender<Request>,
    ) -> Self {
        Self { limits, metrics, committer }
    }

    /// Receives a message; resolved when the commit that made it durable is done.
    ///
    /// # Errors
    /// Over a limit, while too much waits, or where the store fails: then nothing was kept, except
    /// that on [`StoreError::Unavailable`] it may have been, and sending it again is safe.
    pub async fn receive(
        &self,
        tenant: &Arc<Tenant>,
        incoming: Incoming,
    ) -> Result<Receipt, IntakeError> {
        self.receive_with(tenant, incoming, Beside::default()).await
    }

    /// As [`Intake::receive`], with what goes beside it.
    pub(crate) async fn receive_with(
        &self,
        tenant: &Arc<Tenant>,
        incoming: Incoming,
        beside: Beside,
    ) -> Result<Receipt, IntakeError> {
        let source_type = incoming.source.connector.clone();
        let content_type = incoming.content_type.clone();
        let outcome = match self.submit(tenant, incoming, beside) {
            Ok(answer) => answer.await.unwrap_or(Err(IntakeError::Stopping)),
            Err(error) => Err(error),
        };
        if let Err(error) = &outcome {
            self.metrics.event(&source_type, &content_type, error.code());
        }
        outcome
    }

    /// As [`Intake::receive`], for a caller without async.
    ///
    /// # Errors
    /// As there.
    pub fn receive_blocking(
        &self,
        tenant: &Arc<Tenant>,
        incoming: Incoming,
    ) -> Result<Receipt, IntakeError> {
        self.submit(tenant, incoming, Beside::default())?
            .blocking_recv()
            .unwrap_or(Err(IntakeError::Stopping))
    }

    pub(crate) fn submit(
        &self,
        tenant: &Arc<Tenant>,
        incoming: Incoming,
        beside: Beside,
    ) -> Result<oneshot::Receiver<Result<Receipt, IntakeError>>, IntakeError> {
        let busy = || IntakeError::Busy { retry_after_seconds: self.limits.retry_after_seconds };
        if tenant.waiting() >= self.limits.messages_waiting_max {
            return Err(busy());
        }
        let message = self.prepare(tenant, &incoming)?;
        let (reply, answer) = oneshot::channel();
        let request = Request {
            tenant: Arc::clone(tenant),
            source: incoming.source,
            received_at: incoming.received_at,
            message,
            reply,
            beside,
        };
        match self.committer.try_send(request) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(busy()),
            Err(TrySendError::Disconnected(_)) => Err(IntakeError::Stopping),
        }
    }

    fn prepare(
        &self,
        tenant: &Tenant,
        incoming: &Incoming,
    ) -> Result<messages::NewMessage, IntakeError> {
        let Incoming { source, content_type, headers, body, .. } = incoming;
        let limit = self.limits.body_bytes_max;
        if body.len() > limit {
            return Err(IntakeError::BodyTooLong { bytes: body.len(), limit });
        }
        let bytes =
            headers.iter().map(|(n, v)| n.len() + v.len()).sum::<usize>() + content_type.len();
        let limit = self.limits.header_bytes_max;
        if bytes > limit {
            return Err(IntakeError::HeadersTooLong { bytes, limit });
        }
        let plain = decoded(body, encoding(headers), self.limits.decompressed_bytes_max)?;
        check_depth(&plain, self.limits.nesting_depth_max)?;
        let declared = tenant.declared();
        let letter =
            Letter { source, content_type, headers, body: &plain, received_at: Instant::default() };
        // What the message says of itself is the same whichever way it comes; a caller's number is not.
        let number = declared.connectors.own_id(&letter);
        let bytes_identify = number.is_none() && declared.connectors.bytes_identify(source);
        let own_id = number.or_else(|| incoming.own_id.clone());
        Ok(messages::NewMessage {
            source: source.id,
            received_at: Instant::default(),
            content_type: content_type.clone(),
            headers: headers_text(headers),
            own_id,
            bytes_identify,
            content: declared.connectors.content(&letter),
            body: PackedBody::new(body.clone()),
        })
    }
}

/// The declared encoding of a body.
pub(crate) fn encoding(headers: &[(String, String)]) -> Option<&str> {
    let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    found.map(|(_, value)| value.as_str())
}

/// Headers as they are kept: a JSON object.
fn headers_text(headers: &[(String, String)]) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    serde_json::Value::Object(object).to_string()
}

/// Headers as they were kept.
pub(crate) fn read_headers(text: &str) -> Vec<(String, String)> {
    let object: std::collections::BTreeMap<String, String> =
        serde_json::from_str(text).unwrap_or_default();
    object.into_iter().collect()
}
