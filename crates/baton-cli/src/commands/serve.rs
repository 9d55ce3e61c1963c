//! `baton serve`: the server, on a data folder or a database.

mod limits;
mod people;
mod tuning;

use std::net::{Ipv4Addr, SocketAddr};

use baton_server::EngineHandle;
use baton_server::http::KeyRole;
use baton_server::relay::Address;
use baton_server::roles::Roles;
use baton_server::settings::Settings;
use baton_server::traces;
use baton_store::Location;
use clap::Args;
use ipnet::IpNet;
use serde_json::json;

use self::limits::Limits;
use self::people::People;
use self::tuning::Tuning;
use crate::api::Api;
use crate::exit::{Failure, Outcome, Result};
use crate::lock::Lock;
use crate::place::Place;
use crate::serving::Serving;
use crate::{bootstrap, place, print};

/// Who uses the key that a first start prints.
const FIRST_KEY: &str = "first operator";
/// Who uses the tenant's own.
const FIRST_ADMINISTRATOR: &str = "first administrator";

const OTLP_VARIABLE: &str = "BATON_OTLP";
const REDIS_VARIABLE: &str = "BATON_REDIS";
const LISTEN_VARIABLE: &str = "BATON_LISTEN";
const PORT_DEFAULT: u16 = 7300;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen; 127.0.0.1:7300 otherwise. The API speaks plain HTTP: put a proxy with TLS before
    /// any other address than this machine's own [env: BATON_LISTEN]
    // Read by hand: clap takes a variable for an option that was given, and `--port` wins over it.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The port on 127.0.0.1 to listen on; 0 takes a free one.
    #[arg(long, conflicts_with = "listen")]
    port: Option<u16>,
    /// A proxy in front, by its network: where calls come from is what it says in X-Forwarded-For. May be
    /// said several times.
    #[arg(long = "trust-proxy", value_name = "CIDR")]
    trusted_proxies: Vec<IpNet>,
    /// What this node does of intake, interpret, derive and dispatch, where several share a database;
    /// everything otherwise.
    #[arg(long, value_name = "ROLES")]
    roles: Option<Roles>,
    /// The Redis through which nodes that share a database tell each other what to look at:
    /// redis://user:password@host:port/number, or rediss:// with TLS [env: BATON_REDIS]
    // Read by hand: clap would repeat an address that it does not take, password and all.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// The collector to which traces go, as OTLP over HTTP, such as http://127.0.0.1:4318 [env: BATON_OTLP]
    #[arg(long, value_name = "URL")]
    otlp: Option<String>,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    tuning: Tuning,
}

impl Serve {
    /// What the command line says, else the environment, else the usual address.
    fn address(&self) -> Result<SocketAddr> {
        let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if let Some(said) = self.listen.or_else(|| self.port.map(here)) {
            return Ok(said);
        }
        let Some(text) = place::variable(LISTEN_VARIABLE) else { return Ok(here(PORT_DEFAULT)) };
        let wrong = |_| {
            let why = "is no address and port, such as 127.0.0.1:7300";
            Failure::usage(format!("{LISTEN_VARIABLE}: `{text}` {why}"))
        };
        text.parse().map_err(wrong)
    }

    /// The collector of traces, where there is one.
    fn otlp(&self) -> Result<Option<traces::Address>> {
        let (from, text) = match (&self.otlp, place::variable(OTLP_VARIABLE)) {
            (Some(said), _) => ("--otlp", said.clone()),
            (None, Some(set)) => (OTLP_VARIABLE, set),
            (None, None) => return Ok(None),
        };
        text.parse().map(Some).map_err(|why| Failure::usage(format!("{from}: {why}")))
    }

    /// The Redis between nodes, where there is one.
    fn redis(&self, location: &Location) -> Result<Option<Address>> {
        let (from, text) = match (&self.redis, place::variable(REDIS_VARIABLE)) {
            (Some(said), _) => ("--redis", said.clone()),
            (None, Some(set)) => (REDIS_VARIABLE, set),
            (None, None) => return Ok(None),
        };
        if matches!(location, Location::Folder(_)) {
            let why =
                format!("{from} is for nodes that share a database: a folder has one process");
            return Err(Failure::usage(why));
        }
        text.parse().map(Some).map_err(|why| Failure::usage(format!("{from}: it {why}")))
    }
}

pub(crate) fn run(serve: &Serve, json: bool) -> Result<Outcome> {
    let location = serve.place.stated()?;
    let listen = serve.address()?;
    let mut lock = Lock::take(&location)?;
    let mut settings = Settings::default();
    settings.access.trusted_proxies.clone_from(&serve.trusted_proxies);
    if serve.roles.is_some() && matches!(location, Location::Folder(_)) {
        let why =
            "--roles is for nodes that share a database: one process on a folder does everything";
        return Err(Failure::usage(why.to_owned()));
    }
    serve.limits.set(&mut settings.intake);
    serve.tuning.set(&mut settings);
    serve.people.set(&mut settings)?;
    settings.roles = serve.roles.unwrap_or_default();
    settings.redis = serve.redis(&location)?;
    settings.otlp = serve.otlp()?;
    let engine = place::start_with(place::open_or_make(&location)?, &location, settings)?;
    let first = first_start(&engine)?;
    let serving = Serving::start(&engine, listen)?;
    let url = format!("http://{}", serving.address());
    lock.note(&format!("baton serve at {url}"))?;
    tell(&url, &location, first.as_ref(), json)?;
    serving.until_asked();
    engine.stop();
    eprintln!("ended cleanly");
    Ok(Outcome::Fine)
}

/// What a first start made.
struct First {
    /// The operator's: every tenant, and what is outside of any.
    key: String,
    /// The one that runs the tenant `main` and nothing else.
    administrator: String,
    sources: Vec<(&'static str, String)>,
}

/// An empty system gets a tenant, feeds for first messages, and a key.
fn first_start(engine: &EngineHandle) -> Result<Option<First>> {
    if engine.tenants().iter().any(|tenant| tenant.key != bootstrap::MAIN) {
        return Ok(None);
    }
    let (_, administrator) = bootstrap::tenant(engine, (bootstrap::MAIN, "Main"), None)?;
    let api = Api::of(engine, Some(bootstrap::MAIN))?;
    // Made last: where it is missing, a first start was broken off, and nobody has seen the others.
    let known = api.get("/v1/keys")?;
    let is_first = |key: &serde_json::Value| key["label"] == FIRST_KEY;
    if known["items"].as_array().is_some_and(|keys| keys.iter().any(is_first)) {
        return Ok(None);
    }
    let administrator = match administrator {
        Some(key) => key,
        // A start that was broken off made one, and nobody has seen it.
        None => bootstrap::key(&api, FIRST_ADMINISTRATOR, KeyRole::Admin)?,
    };
    let mut sources = Vec::new();
    for feed in bootstrap::FEEDS {
        sources.push((feed.key, bootstrap::feed(&api, feed)?));
    }
    let key = bootstrap::key(&api, FIRST_KEY, KeyRole::Operator)?;
    Ok(Some(First { key, administrator, sources }))
}

fn tell(url: &str, location: &Location, first: Option<&First>, json: bool) -> Result<()> {
    let data = match location {
        Location::Folder(folder) => folder.display().to_string(),
        Location::Database(_) => "the database".to_owned(),
    };
    if json {
        let sources = first.map(|first| {
            let each =
                first.sources.iter().map(|(name, key)| json!({ "source": name, "key": key }));
            each.collect::<Vec<_>>()
        });
        let key = first.map(|first| &first.key);
        let administrator = first.map(|first| &first.administrator);
        let told = json!({
            "url": url, "key": key, "administrator_key": administrator, "sources": sources,
        });
        return print::line(&told.to_string());
    }
    print::line(&format!("Baton serves {data} at {url}; Ctrl-C ends it"))?;
    let Some(first) = first else { return Ok(()) };
    print::line("This is its first start. These keys are shown once; keep them:")?;
    print::line(&format!("  export BATON_URL={url} BATON_KEY={}", first.key))?;
    print::line(&format!("  {:<21} {}", "administrator of main", first.administrator))?;
    for (name, key) in &first.sources {
        print::line(&format!("  source {name:<14} {key}"))?;
    }
    Ok(())
}
