//! What the operator says of providers of identities: a file with a list of them.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::http::KeyRole;
use crate::public_url::is_loopback;

/// A provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Part of addresses: small letters, digits, hyphens.
    pub id: String,
    /// As people know it: "Sign in with …".
    pub name: String,
    /// Its address, exactly as its tokens say it.
    pub issuer: String,
    pub client_id: String,
    /// A file with the client's secret, where it has one.
    pub client_secret_file: Option<PathBuf>,
    #[serde(skip)]
    pub client_secret: Option<String>,
    /// Whose mail addresses it speaks for. A verified address of one of these is the person of that login.
    pub mail_domains: Vec<String>,
    /// Scopes to ask for beside `openid`, `email` and `profile`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The tenant in which it gives seats; without it, only those come in who were invited.
    pub tenant: Option<String>,
    /// The claim by whose values it gives them.
    pub roles_claim: Option<String>,
    /// Which value gives which role. Of several, the first in this list.
    #[serde(default)]
    pub roles: Vec<RoleRule>,
    /// Whether whoever signs out here signs out there as well, where it has a place for that.
    #[serde(default = "yes")]
    pub sign_out: bool,
}

const fn yes() -> bool {
    true
}

/// A value of the claim, and the role that it gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    pub value: String,
    pub role: KeyRole,
}

impl std::fmt::Debug for Provider {
    // The secret stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// Reads a file of providers.
    ///
    /// # Errors
    /// In words, what is wrong and where.
    pub fn read(text: &str) -> Result<Vec<Self>, String> {
        let all: Vec<Self> = serde_saphyr::from_str(text).map_err(|why| why.to_string())?;
        for (n, provider) in all.iter().enumerate() {
            provider.check().map_err(|why| format!("{}: {why}", provider.id))?;
            if all.iter().take(n).any(|other| other.id == provider.id) {
                return Err(format!("{}: is there twice", provider.id));
            }
        }
        Ok(all)
    }

    fn check(&self) -> Result<(), String> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(is_plain) {
            return Err("id: expected small letters, digits and hyphens".into());
        }
        let issuer = Url::parse(&self.issuer).map_err(|why| format!("issuer: {why}"))?;
        if issuer.scheme() != "https" && !(issuer.scheme() == "http" && is_loopback(&issuer)) {
            return Err("issuer: expected an address of https".into());
        }
        // A provider that spoke for every address could say that anybody is the operator.
        let is_domain = |domain: &String| domain.contains('.') && !domain.contains(['@', '*', ' ']);
        if self.mail_domains.is_empty() || !self.mail_domains.iter().all(is_domain) {
            return Err(
                "mail_domains: expected those that it speaks for, such as northwind.example".into(),
            );
        }
        if self.roles.is_empty() != self.roles_claim.is_none()
            || (!self.roles.is_empty() && self.tenant.is_none())
        {
            return Err(
                "roles: expected with them `roles_claim` and `tenant`, or none of the three".into(),
            );
        }
        let cannot = |role: KeyRole| {
            !role.is_for_people() || matches!(role, KeyRole::Operator | KeyRole::Partner)
        };
        match self.roles.iter().find(|rule| cannot(rule.role)) {
            Some(rule) => Err(format!("roles: {} is given by invitation alone", rule.role.name())),
            None => Ok(()),
        }
    }

    /// Whether it speaks for a mail address.
    #[must_use]
    pub fn speaks_for(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| {
            self.mail_domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
        })
    }

    /// The role that somebody of these groups gets, if any.
    #[must_use]
    pub fn role(&self, groups: &[String]) -> Option<KeyRole> {
        self.roles.iter().find(|rule| groups.contains(&rule.value)).map(|rule| rule.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "
- id: northwind
  name: Northwind
  issuer: https://login.northwind.example
  client_id: baton
  mail_domains: [northwind.example]
  tenant: main
  roles_claim: groups
  roles:
    - {value: baton-admins, role: admin}
    - {value: everybody, role: auditor}
";

    #[test]
    fn a_provider_speaks_for_its_domains_and_gives_its_roles() {
        let provider = Provider::read(WHOLE).unwrap().remove(0);
        for (email, speaks) in [
            ("noor@northwind.example", true),
            ("noor@NORTHWIND.example", true),
            ("noor@evil.northwind.example", false),
            ("noor@northwind.example.evil.example", false),
            ("northwind.example", false),
            ("", false),
        ] {
            assert_eq!(provider.speaks_for(email), speaks, "{email}");
        }
        let role = |groups: &[&str]| {
            provider.role(&groups.iter().map(|group| (*group).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(role(&["everybody", "baton-admins"]), Some(KeyRole::Admin));
        assert_eq!(role(&["everybody"]), Some(KeyRole::Auditor));
        assert_eq!(role(&["others"]), None);
    }

    #[test]
    fn what_would_open_too_much_is_refused() {
        for (from, to, words) in [
            ("https://login", "http://login", "issuer"),
            ("id: northwind", "id: North Wind", "id"),
            ("[northwind.example]", "[]", "mail_domains"),
            ("[northwind.example]", "['*']", "mail_domains"),
            ("role: admin", "role: operator", "operator"),
            ("role: admin", "role: partner", "partner"),
            ("role: admin", "role: source", "source"),
            ("  tenant: main\n", "", "roles"),
            ("  roles_claim: groups\n", "", "roles"),
            ("client_id:", "client:", "client"),
        ] {
            let why = Provider::read(&WHOLE.replace(from, to)).unwrap_err();
            assert!(why.contains(words), "{to}: {why}");
        }
        assert!(Provider::read(&WHOLE.repeat(2)).unwrap_err().contains("twice"));
        let here = WHOLE.replace("https://login.northwind.example", "http://127.0.0.1:9000");
        assert!(Provider::read(&here).is_ok(), "on this machine");
    }
}
