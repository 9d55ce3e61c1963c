//! How people come in: where their browsers reach this Baton, the mail server by which they get links,
//! and who is asked for a second factor.

use std::path::{Path, PathBuf};

use baton_server::PublicUrl;
use baton_server::http::KeyRole;
use baton_server::mail::{MailSettings, Server};
use baton_server::oidc::Provider;
use baton_server::settings::Settings;
use clap::Args;

use crate::exit::{Failure, Result};
use crate::place;

const PUBLIC_URL_VARIABLE: &str = "BATON_PUBLIC_URL";
const MAIL_VARIABLE: &str = "BATON_MAIL";
const MAIL_PASSWORD_VARIABLE: &str = "BATON_MAIL_PASSWORD";
const MAIL_FROM_VARIABLE: &str = "BATON_MAIL_FROM";

#[derive(Debug, Args)]
#[command(next_help_heading = "People")]
pub(crate) struct People {
    /// Where browsers reach this Baton, such as https://baton.example: what links in letters begin with
    /// [env: BATON_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The mail server by which people are sent links: smtps://USER@HOST for TLS, smtp://USER@HOST for
    /// STARTTLS, smtp://HOST?tls=none for one on this machine. Without it, links are shown to whoever makes
    /// them [env: BATON_MAIL]
    // Read by hand: clap would repeat an address that it does not take, password and all.
    #[arg(long, value_name = "URL")]
    mail: Option<String>,
    /// A file with the password for it; BATON_MAIL_PASSWORD may hold the password itself.
    #[arg(long, value_name = "FILE", env = "BATON_MAIL_PASSWORD_FILE")]
    mail_password_file: Option<PathBuf>,
    /// As whom letters come, such as `Baton <baton@northwind.example>` [env: BATON_MAIL_FROM]
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// A file with a certificate in PEM to believe beside the public ones, for a mail server of one's own.
    #[arg(long, value_name = "FILE", env = "BATON_MAIL_CA")]
    mail_ca: Option<PathBuf>,
    /// A file with the providers of identities (OpenID Connect) by which people come in; the page on people
    /// and sign-in has one.
    #[arg(long, value_name = "FILE", env = "BATON_OIDC")]
    oidc: Option<PathBuf>,
    /// Roles whose people have to set a second factor before anything else, in every tenant, with commas
    /// between.
    #[arg(long, value_name = "ROLES", env = "BATON_SECOND_FACTOR_ROLES")]
    second_factor_roles: Option<String>,
}

/// What the command line says, else the environment; with where it was said.
fn said(
    option: Option<&String>,
    name: &'static str,
    variable: &'static str,
) -> Option<(&'static str, String)> {
    match (option, place::variable(variable)) {
        (Some(text), _) => Some((name, text.clone())),
        (None, Some(text)) => Some((variable, text)),
        (None, None) => None,
    }
}

pub(super) fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|why| {
        Failure::usage(format!("{what} cannot be read from {}: {why}", path.display()))
    })
}

/// A text from a file, without the end of its last line.
pub(super) fn secret(path: &Path, what: &str) -> Result<String> {
    let text = String::from_utf8(read(path, what)?);
    let text =
        text.map_err(|_| Failure::usage(format!("{what} in {} is no text", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl People {
    pub(crate) fn set(&self, settings: &mut Settings) -> Result<()> {
        if let Some((from, text)) =
            said(self.public_url.as_ref(), "--public-url", PUBLIC_URL_VARIABLE)
        {
            let url = text.parse::<PublicUrl>();
            let url = url.map_err(|why| Failure::usage(format!("{from}: `{text}` {why}")))?;
            settings.public_url = Some(url);
        }
        settings.mail = self.mail()?;
        if settings.mail.is_some() && settings.public_url.is_none() {
            let why = "--mail sends links, and they need a beginning: say --public-url as well";
            return Err(Failure::usage(why.to_owned()));
        }
        if let Some(path) = &self.oidc {
            settings.oidc = providers(path)?;
            if settings.public_url.is_none() {
                let why = "--oidc has browsers sent back here: say --public-url as well";
                return Err(Failure::usage(why.to_owned()));
            }
        }
        if let Some(text) = &self.second_factor_roles {
            settings.access.second_factor_roles = roles(text)?;
        }
        Ok(())
    }

    fn mail(&self) -> Result<Option<MailSettings>> {
        let Some((from, text)) = said(self.mail.as_ref(), "--mail", MAIL_VARIABLE) else {
            return Ok(None);
        };
        let server = text.parse::<Server>();
        let mut server = server.map_err(|why| Failure::usage(format!("{from}: it {why}")))?;
        if let Some(path) = &self.mail_password_file {
            server = server.with_password(&secret(path, "the mail server's password")?);
        } else if let Some(password) = place::variable(MAIL_PASSWORD_VARIABLE) {
            server = server.with_password(&password);
        }
        if server.wants_password() {
            let why =
                "names a user and no password: say --mail-password-file or BATON_MAIL_PASSWORD";
            return Err(Failure::usage(format!("{from} {why}")));
        }
        let Some((named, sender)) =
            said(self.mail_from.as_ref(), "--mail-from", MAIL_FROM_VARIABLE)
        else {
            let why = "--mail needs --mail-from: as whom letters come";
            return Err(Failure::usage(why.to_owned()));
        };
        let wrong = |why| {
            let expected = "expected such as `Baton <baton@northwind.example>`";
            Failure::usage(format!("{named}: `{sender}` is no sender ({why}): {expected}"))
        };
        let from = sender.parse().map_err(wrong)?;
        let authorities_pem =
            self.mail_ca.as_deref().map(|path| read(path, "a certificate")).transpose()?;
        Ok(Some(MailSettings { server, from, authorities_pem }))
    }
}

/// Providers of identities, with their secrets.
fn providers(path: &Path) -> Result<Vec<Provider>> {
    let text = secret(path, "providers of identities")?;
    let wrong = |why| Failure::usage(format!("{}: {why}", path.display()));
    let mut all = Provider::read(&text).map_err(wrong)?;
    for provider in &mut all {
        if let Some(file) = &provider.client_secret_file {
            provider.client_secret = Some(secret(file, "a provider's secret")?);
        }
    }
    Ok(all)
}

/// Roles with commas between.
fn roles(text: &str) -> Result<Vec<KeyRole>> {
    let role = |name: &str| {
        let found = KeyRole::find(name).filter(|role| role.is_for_people());
        found.ok_or_else(|| {
            Failure::usage(format!("--second-factor-roles: `{name}` is no role that people have"))
        })
    };
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(role).collect()
}
