//! Where a system's data is, and opening it: a data folder or a database.

use std::path::PathBuf;
use std::sync::Arc;

use baton_server::{Engine, EngineHandle, Sharing};
use baton_store::{FILE_NAME, Location, Settings, Store, StoreError};
use clap::Args;

use crate::exit::{Failure, Result, Why};

/// A data folder or a database.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data folder, for the embedded store.
    #[arg(long, value_name = "DIR", env = "BATON_DATA", conflicts_with = "database")]
    pub(crate) data: Option<PathBuf>,
    /// The database: postgres://user:password@host:port/name
    #[arg(long, value_name = "URL", env = "BATON_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

impl Place {
    pub(crate) fn location(&self) -> Option<Location> {
        let folder = self.data.clone().map(Location::Folder);
        folder.or_else(|| self.database.clone().map(Location::Database))
    }

    /// The location, or a failure that says how to give it.
    pub(crate) fn stated(&self) -> Result<Location> {
        self.location()
            .ok_or_else(|| Failure::usage("where is the data? Say --data DIR or --database URL"))
    }
}

/// Opens a store, making it where there is none, and brings its tables up to date.
pub(crate) fn open_or_make(location: &Location) -> Result<Store> {
    let store = Store::open(location, &Settings::default())?;
    store.migrate()?;
    Ok(store)
}

/// Opens a store that must be there: a mistyped folder is not to become a new system.
pub(crate) fn open(location: &Location) -> Result<Store> {
    if let Location::Folder(folder) = location
        && !folder.join(FILE_NAME).is_file()
    {
        let text = format!(
            "there is no Baton data in {}: `baton serve --data {0}` makes it",
            folder.display()
        );
        return Err(Failure::not_found(text));
    }
    let store = Store::open(location, &Settings::default())?;
    store.check_schema()?;
    Ok(store)
}

/// Starts the engine on a store. Several processes may share a database, never a folder.
pub(crate) fn start(store: Store, location: &Location) -> Result<EngineHandle> {
    let sharing = match location {
        Location::Folder(_) => Sharing::Alone,
        Location::Database(_) => Sharing::Several,
    };
    Engine::start(Arc::new(store), baton_server::settings::Settings::default(), sharing)
        .map_err(|why| Failure::failed(format!("the engine cannot start: {why}")))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let why = match &error {
            StoreError::NotFound { .. } | StoreError::Unavailable { .. } => Why::NotFound,
            StoreError::NotMigrated { .. }
            | StoreError::SchemaTooNew { .. }
            | StoreError::Conflict { .. }
            | StoreError::OutOfScope { .. } => Why::Refused,
            _ => Why::Failed,
        };
        Self::new(why, error.to_string())
    }
}
