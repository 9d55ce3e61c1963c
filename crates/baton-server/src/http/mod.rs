//! The HTTP API: one table of endpoints, from which the routes, the OpenAPI description and the table
//! of permissions are made.
//!
//! [`table`] is the map; each endpoint's function is in the module of its noun. [`serving`] is the one
//! way from a request to its answer: limits, key, role, tenant, then the function. Nothing here knows a
//! rule or a statement of SQL.
//!
//! [`app`] needs no sockets: tests and the command line call it within the process, the latter as the
//! person at this machine ([`local_principal`]).

mod access;
mod account;
mod affected;
mod answer;
mod audit;
mod brand;
mod call;
mod changes;
mod csv;
mod customers;
mod difference;
mod doctor;
mod endpoint;
mod errors;
mod exceptions;
mod explain;
mod facts;
mod failures;
mod fanout;
mod feed;
mod handoffs;
mod health;
mod home;
mod idempotency;
mod in_process;
mod intake;
mod keyring;
mod keys;
mod limits;
mod messages;
mod networks;
mod openapi;
mod order_row;
mod orders;
mod outbox;
mod overview;
mod packs;
mod page;
mod pages;
mod partner_profile;
mod partners;
mod permissions;
mod preview;
mod problem;
mod quarantine;
mod reader;
mod scorecards;
mod secret;
mod serving;
mod shown_fact;
mod sign_in;
mod sources;
mod subscriptions;
mod table;
mod tenants;
mod timeline;
mod trace;
mod tracking;
mod unmatched;
mod usage;
mod users;
mod verify;
mod views;
mod what_if;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use baton_core::usage::Month;
use baton_store::TenantId;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

pub(crate) use access::owner_of;
pub use access::{KeyRole, LocalPrincipal, local_principal};
pub use errors::{ErrorCode, error_pages};
pub use in_process::{InProcess, NoAnswer, PlainAnswer};
pub use openapi::openapi;
pub use permissions::permissions;

use crate::clock::machine_now;
use crate::engine::EngineHandle;
use crate::mail::Post;
use crate::oidc::Oidc;
use crate::relay::Word;

/// What every call works with.
#[derive(Debug)]
struct Api {
    engine: EngineHandle,
    keyring: keyring::Keyring,
    /// `None` where failed authentications are not bounded.
    failures: Option<failures::Failures>,
    /// Calls that may use the store now.
    store_calls: Semaphore,
    /// Passwords that may be checked now.
    hashing: Semaphore,
    /// Room for bodies, in KiB.
    bodies: Arc<Semaphore>,
    /// Streams of events that may be opened.
    event_streams: Arc<Semaphore>,
    fanout: Arc<fanout::Fanout>,
    in_progress: idempotency::InProgress,
    /// Where letters leave, if they do.
    post: Option<Post>,
    /// Providers of identities, where there are any.
    oidc: Option<Oidc>,
    /// Who forgot a password and is still to be sent a letter.
    forgetful: Arc<Semaphore>,
    /// Counts that took long, by tenant.
    counts: overview::Believed,
    refusals: audit::Refusals,
    tracking: tracking::Views,
}

impl Api {
    /// Asks the store whose session it is.
    fn look_up_session(&self, secret: &str) -> Result<Option<keyring::Known>, problem::Problem> {
        let limits = &self.engine.settings().access;
        let months = |tenant| self.month_of(tenant);
        self.keyring.look_up_session(self.engine.store(), limits, &months, secret)
    }

    /// The month that it is by a tenant's clock.
    fn month_of(&self, tenant: TenantId) -> Month {
        Month::of(self.engine.tenant(tenant).map_or_else(machine_now, |tenant| tenant.clock.now()))
    }
}

/// Told to streams when the server stops: they would hold it up for ever.
#[derive(Debug, Clone)]
struct Closing(watch::Receiver<bool>);

/// The API over a running engine.
pub fn app(engine: EngineHandle) -> Router {
    let post = engine.settings().mail.as_ref().and_then(|settings| {
        let post = Post::new(settings);
        post.inspect_err(|why| tracing::error!(%why, "no letters can be sent")).ok()
    });
    let providers = engine.settings().oidc.clone();
    let oidc = engine.settings().public_url.clone().filter(|_| !providers.is_empty());
    let oidc = oidc.map(|back| Oidc::new(providers, back));
    let api = Arc::new(Api {
        post,
        oidc,
        forgetful: Arc::new(Semaphore::new(limits::FORGETFUL_MAX)),
        failures: failures::Failures::within(&engine.settings().access),
        engine,
        keyring: keyring::Keyring::default(),
        store_calls: Semaphore::new(limits::STORE_CALLS_MAX),
        hashing: Semaphore::new(limits::HASHING_MAX),
        bodies: Arc::new(Semaphore::new(limits::BODIES_KIB_MAX as usize)),
        fanout: Arc::default(),
        event_streams: Arc::new(Semaphore::new(limits::EVENT_STREAMS_MAX)),
        in_progress: idempotency::InProgress::default(),
        counts: overview::Believed::default(),
        refusals: audit::Refusals::default(),
        tracking: tracking::Views::default(),
    });
    if let Some(relay) = api.engine.relay() {
        // Not held by it: the engine would be held by its own relay.
        let told = Arc::downgrade(&api);
        relay.hear(move |word, times| {
            let (Word::Failed(address), Some(api)) = (word, told.upgrade()) else { return };
            let Some(failures) = &api.failures else { return };
            (0..times).for_each(|_| failures.note(address, std::time::Instant::now()));
        });
    }
    serving::routes(&api)
}

/// Serves `app` until `shutdown` comes; calls that are under way are answered first.
///
/// Bind the listener to a loopback address unless told otherwise: the API speaks plain HTTP.
///
/// # Errors
/// What the sockets do.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (close, closing) = watch::channel(false);
    let app = app.layer(axum::Extension(Closing(closing)));
    let stop = async move {
        shutdown.await;
        // Nobody listens where no stream is open.
        let _ = close.send(true);
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(stop).await
}
