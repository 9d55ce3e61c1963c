//! Where a system's data is, and opening it: a data folder or a database.

use std::path::PathBuf;
use std::sync::Arc;

use baton_server::settings::Settings as Limits;
use baton_server::{Engine, EngineHandle, Sharing};
use baton_store::{FILE_NAME, Location, Settings, Store, StoreError};
use clap::Args;

use crate::exit::{Failure, Result, Why};
use crate::record;

const DATA_VARIABLE: &str = "BATON_DATA";
const DATABASE_VARIABLE: &str = "BATON_DATABASE";

/// A data folder or a database.
// The variables are read here and not by clap, which takes them for options that were given: what is
// said on the command line is to win over what the shell happens to hold.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data folder, for the embedded store [env: BATON_DATA]
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub(crate) data: Option<PathBuf>,
    /// The database: postgres://user:password@host:port/name [env: BATON_DATABASE]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// The value of a variable; one that is empty is not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Place {
    /// What the command line says.
    pub(crate) fn said(&self) -> Option<Location> {
        let folder = self.data.clone().map(Location::Folder);
        folder.or_else(|| self.database.clone().map(Location::Database))
    }

    /// What the command line says, else what the environment does.
    pub(crate) fn location(&self) -> Result<Option<Location>> {
        match self.said() {
            Some(said) => Ok(Some(said)),
            None => from_variables(variable(DATA_VARIABLE), variable(DATABASE_VARIABLE)),
        }
    }

    /// The location, or a failure that says how to give it.
    pub(crate) fn stated(&self) -> Result<Location> {
        let missing = || Failure::usage("where is the data? Say --data DIR or --database URL");
        self.location()?.ok_or_else(missing)
    }
}

fn from_variables(data: Option<String>, database: Option<String>) -> Result<Option<Location>> {
    match (data, database) {
        (Some(_), Some(_)) => {
            let text = format!(
                "{DATA_VARIABLE} and {DATABASE_VARIABLE} name two systems: unset one, or say --data or --database"
            );
            Err(Failure::usage(text))
        }
        (data, database) => {
            Ok(data.map(|dir| Location::Folder(dir.into())).or(database.map(Location::Database)))
        }
    }
}

/// Opens a store, making it where there is none, and brings its tables up to date.
pub(crate) fn open_or_make(location: &Location) -> Result<Store> {
    let store = Store::open(location, &Settings::default())?;
    record::migrate(&store)?;
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

/// As [`start`], for a process that has the database for itself as others have a folder.
pub(crate) fn start_alone(store: Store) -> Result<EngineHandle> {
    start_alone_with(store, Limits::default())
}

/// As [`start_alone`], with settings of its own.
pub(crate) fn start_alone_with(store: Store, settings: Limits) -> Result<EngineHandle> {
    start_sharing(store, settings, Sharing::Alone)
}

/// Starts the engine on a store. Several processes may share a database, never a folder.
pub(crate) fn start(store: Store, location: &Location) -> Result<EngineHandle> {
    start_with(store, location, Limits::default())
}

/// As [`start`], with settings of its own.
pub(crate) fn start_with(
    store: Store,
    location: &Location,
    settings: Limits,
) -> Result<EngineHandle> {
    let sharing = match location {
        Location::Folder(_) => Sharing::Alone,
        Location::Database(_) => Sharing::Several,
    };
    start_sharing(store, settings, sharing)
}

fn start_sharing(store: Store, settings: Limits, sharing: Sharing) -> Result<EngineHandle> {
    Engine::start(Arc::new(store), settings, sharing)
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
