//! Requests to the same routes in this process, on data that it has opened itself.

use baton_server::EngineHandle;
use baton_server::http::{InProcess, app, local_principal};
use baton_store::Location;
use tokio::runtime::Runtime;

use super::{Answer, Request};
use crate::exit::{Failure, Result};
use crate::lock::Lock;
use crate::place;

/// The routes over an engine. Where the engine was started for them, it ends with them.
#[derive(Debug)]
pub(super) struct Local {
    runtime: Runtime,
    routes: InProcess,
    own: Option<(EngineHandle, Lock)>,
}

impl Local {
    /// Opens data that must be there, and that nobody else works on.
    pub(super) fn open(location: &Location) -> Result<Self> {
        let store = place::open(location)?;
        let lock = Lock::take(location)?;
        let engine = place::start(store, location)?;
        let mut local = Self::over(&engine)?;
        local.own = Some((engine, lock));
        Ok(local)
    }

    /// Over an engine that somebody else starts and stops.
    pub(super) fn over(engine: &EngineHandle) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|why| Failure::failed(format!("cannot start: {why}")))?;
        let routes = InProcess::new(app(engine.clone()), local_principal(&person()));
        Ok(Self { runtime, routes, own: None })
    }

    pub(super) fn send(&self, request: &Request<'_>) -> Result<Answer> {
        let Request { method, path, headers, body } = request;
        let call = self.routes.call(method, path, headers, body.clone());
        let answer = self.runtime.block_on(call).map_err(|why| Failure::usage(why.to_string()))?;
        Ok(Answer { status: answer.status, headers: answer.headers, body: answer.body })
    }

    pub(super) fn engine(&self) -> Option<&EngineHandle> {
        self.own.as_ref().map(|(engine, _)| engine)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if let Some((engine, _)) = &self.own {
            engine.stop();
        }
    }
}

/// The name under which what this person states is kept.
pub(crate) fn person() -> String {
    let named = std::env::var("BATON_PERSON").or_else(|_| std::env::var("USER"));
    named.ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "local".to_owned())
}
