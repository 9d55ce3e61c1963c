//! `baton tenant brand`: as whose the pages look.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Value, json};

use crate::api::{System, with_query};
use crate::exit::{Failure, Outcome, Result};
use crate::listing::cell;
use crate::print;

/// The longest logo, in bytes; the server says the same.
const LOGO_BYTES_MAX: u64 = 256 << 10;

/// Shows the brand where nothing else is said.
#[derive(Debug, Args)]
pub(crate) struct Brand {
    /// What the pages are called. What else is not said stays as it is.
    #[arg(long)]
    name: Option<String>,
    /// The colour of links and buttons, #rrggbb; none takes it away.
    #[arg(long, value_name = "COLOUR")]
    accent: Option<String>,
    /// The same on dark pages; none has it derived.
    #[arg(long, value_name = "COLOUR")]
    accent_dark: Option<String>,
    /// A PNG, JPEG or WebP image.
    #[arg(long, value_name = "FILE", conflicts_with = "no_logo")]
    logo: Option<PathBuf>,
    /// Have no logo.
    #[arg(long)]
    no_logo: bool,
    /// Where customers ask for help: an e-mail address or one with https://; none takes it away.
    #[arg(long, value_name = "ADDRESS")]
    support: Option<String>,
    /// At this name the sign-in page shows the brand; none takes it away.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// The name that letters come under, beside the operator's address; none takes it away.
    #[arg(long, value_name = "NAME")]
    mail_name: Option<String>,
    /// An e-mail address to which answers to letters go; none takes it away.
    #[arg(long, value_name = "ADDRESS")]
    mail_reply_to: Option<String>,
    /// Take the brand away.
    #[arg(long, conflicts_with_all = ["name", "accent", "accent_dark", "logo", "no_logo", "support", "host", "mail_name", "mail_reply_to"])]
    remove: bool,
    /// The one for all tenants that have none.
    #[arg(long)]
    operator: bool,
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(brand: &Brand, json: bool) -> Result<Outcome> {
    let api = brand.system.reach()?;
    let of = brand.operator.then(|| "operator".to_owned());
    let path = with_query("/v1/brand", &[("of", of)]);
    let shown = if brand.remove {
        api.delete(&path)?
    } else if brand.says_something() {
        let before = api.get(&path)?;
        api.put(&path, &brand.changed(&before)?)?
    } else {
        api.get(&path)?
    };
    if json {
        print::json(&shown)?;
    } else {
        for field in [
            "name",
            "accent",
            "accent_dark",
            "logo_url",
            "support",
            "host",
            "mail_name",
            "mail_reply_to",
            "own",
        ] {
            print::line(&format!("{field:<14} {}", cell(&shown[field])))?;
        }
    }
    Ok(Outcome::Fine)
}

impl Brand {
    const fn says_something(&self) -> bool {
        self.name.is_some()
            || self.accent.is_some()
            || self.accent_dark.is_some()
            || self.logo.is_some()
            || self.no_logo
            || self.support.is_some()
            || self.host.is_some()
            || self.mail_name.is_some()
            || self.mail_reply_to.is_some()
    }

    /// What is to be set: what was said, and of the rest what was there, where that was its own.
    fn changed(&self, before: &Value) -> Result<Value> {
        let own = before["own"] == true;
        let one = |said: &Option<String>, field: &str| match said.as_deref() {
            Some("none") => Value::Null,
            Some(said) => said.into(),
            None if own => before[field].clone(),
            None => Value::Null,
        };
        let name = match &self.name {
            Some(name) => name.clone(),
            None if own => before["name"].as_str().unwrap_or_default().to_owned(),
            None => return Err(Failure::usage("--name: a new brand has one")),
        };
        let logo = match &self.logo {
            Some(path) => {
                if std::fs::metadata(path)?.len() > LOGO_BYTES_MAX {
                    let why = format!("{}: has more than {LOGO_BYTES_MAX} bytes", path.display());
                    return Err(Failure::usage(why));
                }
                STANDARD.encode(std::fs::read(path)?).into()
            }
            None if self.no_logo => "".into(),
            None => Value::Null,
        };
        Ok(json!({
            "name": name,
            "accent": one(&self.accent, "accent"),
            "accent_dark": one(&self.accent_dark, "accent_dark"),
            "support": one(&self.support, "support"),
            "host": one(&self.host, "host"),
            "mail_name": one(&self.mail_name, "mail_name"),
            "mail_reply_to": one(&self.mail_reply_to, "mail_reply_to"),
            "logo_base64": logo,
        }))
    }
}
