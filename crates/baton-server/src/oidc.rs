//! Providers of identities (OpenID Connect): whoever an organisation's own sign-in vouches for comes in
//! without a password here.
//!
//! [`settings`] is what the operator says of a provider, [`Oidc`] the conversation with it: discovery, the
//! way there, and from the code that comes back to who it is. `openidconnect` knows the protocol; what is
//! left to us is kept narrow: the authorization code flow with PKCE, state and nonce, tokens signed by a
//! key of the provider, endpoints by https.
//!
//! Nothing is stored between the way there and the way back. State, nonce and PKCE's verifier are all
//! derived from one secret that the browser holds in a cookie: another browser has no use for the
//! answer, and any node can take it.
//!
//! INVARIANT: a code is taken once by a process, and once by the provider, whichever sees it first.

mod leaving;
pub mod settings;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout,
    RedirectUrl, Scope, TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

pub use settings::Provider;

use crate::PublicUrl;
use crate::lru::Lru;
use crate::public_url::is_loopback;

/// How long a provider may take for an answer, and how long that may be.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: u64 = 1 << 20;
/// How long what a provider says of itself is believed, and how soon it is asked again when a token is
/// signed by a key that nobody knows.
const BELIEVED_FOR: Duration = Duration::from_secs(3_600);
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(60);
/// Ways back that are remembered so that none is gone twice.
const USED_MAX: usize = 10_000;
/// By which tokens may be signed: with a key of the provider's own. What is signed by a secret that both
/// sides have, or not at all, is no token.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Who somebody is, as a provider says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// In lower case, and only where the provider says that it is verified.
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
    /// The values of the claim that roles are told by.
    pub(crate) groups: Vec<String>,
}

/// Why nobody comes in: for the log, and not for whoever tries.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    #[error("the provider cannot be reached, or makes no sense: {0}")]
    Provider(String),
    #[error("the answer is not to this browser's question")]
    State,
    #[error("the answer was used before")]
    Used,
    #[error("the provider refused: {0}")]
    Refused(String),
    #[error("the token does not hold: {0}")]
    Token(String),
}

/// What comes back by the browser.
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    /// The provider, where it says so (RFC 9207).
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
}

/// The conversation with every provider.
#[derive(Debug)]
pub(crate) struct Oidc {
    providers: Vec<Provider>,
    back: PublicUrl,
    agent: ureq::Agent,
    known: Mutex<HashMap<String, (Instant, ProviderMetadataWithLogout)>>,
    used: Mutex<Lru<[u8; 32], ()>>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Claims beside those of the standard.
#[derive(Debug, Deserialize, Serialize)]
struct MoreClaims(Map<String, Value>);
impl AdditionalClaims for MoreClaims {}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct HttpError(String);

/// What is derived from the secret that the browser holds.
struct Derived {
    state: String,
    nonce: String,
    verifier: String,
}

impl Derived {
    fn of(secret: &str) -> Self {
        let derived = |context: &str| {
            blake3::Hash::from_bytes(blake3::derive_key(context, secret.as_bytes())).to_string()
        };
        Self {
            state: derived("baton oidc state, version 1"),
            nonce: derived("baton oidc nonce, version 1"),
            verifier: derived("baton oidc pkce verifier, version 1"),
        }
    }
}

impl Oidc {
    pub(crate) fn new(providers: Vec<Provider>, back: PublicUrl) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WAIT_MAX))
            .http_status_as_error(false)
            // The standard has none where a client asks, and each would lead somewhere unchecked.
            .max_redirects(0)
            .build();
        Self {
            providers,
            back,
            agent: config.into(),
            known: Mutex::default(),
            used: Mutex::new(Lru::new(USED_MAX)),
        }
    }

    pub(crate) fn providers(&self) -> &[Provider] {
        &self.providers
    }

    pub(crate) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Where a browser with this secret goes.
    pub(crate) fn way_there(&self, provider: &Provider, secret: &str) -> Result<Url, OidcError> {
        let Derived { state, nonce, verifier } = Derived::of(secret);
        let client = self.client(provider, BELIEVED_FOR)?;
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
        let mut way = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .set_pkce_challenge(challenge);
        for scope in
            ["email", "profile"].into_iter().chain(provider.scopes.iter().map(String::as_str))
        {
            way = way.add_scope(Scope::new(scope.to_owned()));
        }
        Ok(way.url().0)
    }

    /// Who came back with this, and the secret from its cookie; and the token that says so.
    pub(crate) fn came_back(
        &self,
        provider: &Provider,
        secret: &str,
        back: &Back,
    ) -> Result<(Identity, String), OidcError> {
        let Derived { state, nonce, verifier } = Derived::of(secret);
        let said = back.state.as_deref().unwrap_or_default();
        // Hashes of blake3 are compared in constant time.
        if blake3::hash(said.as_bytes()) != blake3::hash(state.as_bytes())
            || back.iss.as_ref().is_some_and(|issuer| *issuer != provider.issuer)
        {
            return Err(OidcError::State);
        }
        {
            let key = *blake3::hash(secret.as_bytes()).as_bytes();
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            if used.peek(&key).is_some() {
                return Err(OidcError::Used);
            }
            used.put(key, (), |()| 1);
            used.trim();
        }
        let Some(code) = &back.code else {
            return Err(OidcError::Refused(back.error.clone().unwrap_or_default()));
        };
        let client = self.client(provider, BELIEVED_FOR)?;
        let http = |request| self.call(provider, request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.clone()))
            .map_err(OidcError::of_provider)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request(&http)
            .map_err(|why| OidcError::Refused(why.to_string()))?;
        let token = tokens.id_token().ok_or_else(|| OidcError::Token("there is none".into()))?;
        let claims = match verified(&client, token, &nonce) {
            // Providers change their keys.
            Err(first) => match self.client(provider, ASKED_AGAIN_AFTER) {
                Ok(anew) => verified(&anew, token, &nonce).map_err(|_| first)?,
                Err(_) => return Err(first),
            },
            Ok(claims) => claims,
        };
        let claims = self.with_user_info(provider, &client, claims, tokens.access_token());
        Ok((identity(provider, &claims)?, token.to_string()))
    }

    /// Many providers tell a mail address only where they are asked for more about the user.
    fn with_user_info(
        &self,
        provider: &Provider,
        client: &Client,
        mut claims: Map<String, Value>,
        token: &AccessToken,
    ) -> Map<String, Value> {
        let wanted = ["email"].into_iter().chain(provider.roles_claim.as_deref());
        if wanted.into_iter().all(|name| claims.contains_key(name)) {
            return claims;
        }
        let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        let subject = openidconnect::SubjectIdentifier::new(subject);
        let Ok(request) = client.user_info(token.clone(), Some(subject)) else { return claims };
        let http = |request| self.call(provider, request);
        let told: Result<UserInfoClaims<MoreClaims, CoreGenderClaim>, _> = request.request(&http);
        match told.map(serde_json::to_value) {
            Ok(Ok(Value::Object(more))) => {
                for (name, value) in more {
                    claims.entry(name).or_insert(value);
                }
            }
            Ok(_) => {}
            Err(why) => {
                tracing::warn!(provider = %provider.id, %why, "a provider tells no more about a user");
            }
        }
        claims
    }

    /// What a provider says of itself.
    fn metadata(
        &self,
        provider: &Provider,
        believed_for: Duration,
    ) -> Result<ProviderMetadataWithLogout, OidcError> {
        let known = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&provider.id).filter(|(at, _)| at.elapsed() < believed_for).cloned()
        };
        match known {
            Some((_, metadata)) => Ok(metadata),
            None => {
                let issuer =
                    IssuerUrl::new(provider.issuer.clone()).map_err(OidcError::of_provider)?;
                let http = |request| self.call(provider, request);
                // That the document is the issuer's own, `discover` sees to.
                let found = ProviderMetadataWithLogout::discover(&issuer, &http);
                let found = found.map_err(|why| OidcError::Provider(format!("{why:?}")))?;
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(provider.id.clone(), (Instant::now(), found.clone()));
                Ok(found)
            }
        }
    }

    /// A client of a provider, by what that says of itself.
    fn client(&self, provider: &Provider, believed_for: Duration) -> Result<Client, OidcError> {
        let metadata = self.metadata(provider, believed_for)?;
        check_address(provider, metadata.authorization_endpoint().url())
            .map_err(OidcError::of_provider)?;
        let back = self.back.at(&format!("/v1/oidc/{}/callback", provider.id));
        let back = RedirectUrl::new(back).map_err(OidcError::of_provider)?;
        let secret = provider.client_secret.clone().map(ClientSecret::new);
        let client = ClientId::new(provider.client_id.clone());
        Ok(CoreClient::from_provider_metadata(metadata, client, secret).set_redirect_uri(back))
    }

    fn call(&self, provider: &Provider, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let failed = |why: &dyn std::fmt::Display| HttpError(why.to_string());
        let url = Url::parse(&request.uri().to_string()).map_err(|why| failed(&why))?;
        check_address(provider, &url)?;
        let answer = self.agent.run(request).map_err(|why| failed(&why))?;
        let (parts, mut body) = answer.into_parts();
        let read = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        Ok(HttpResponse::from_parts(parts, read.map_err(|why| failed(&why))?))
    }
}

impl OidcError {
    fn of_provider(why: impl std::fmt::Display) -> Self {
        Self::Provider(why.to_string())
    }
}

/// Nothing is asked in the open, but for a provider that is on this machine altogether.
fn check_address(provider: &Provider, url: &Url) -> Result<(), HttpError> {
    let of_issuer = Url::parse(&provider.issuer).is_ok_and(|issuer| is_loopback(&issuer));
    match url.scheme() {
        "https" => Ok(()),
        "http" if of_issuer && is_loopback(url) => Ok(()),
        _ => Err(HttpError(format!("{url} is not of https"))),
    }
}

/// The claims of a token that holds: signed by the provider, for us, now, in answer to this question.
fn verified(
    client: &Client,
    token: &CoreIdToken,
    nonce: &str,
) -> Result<Map<String, Value>, OidcError> {
    let wrong = |why: &dyn std::fmt::Display| OidcError::Token(why.to_string());
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNED_BY);
    let nonce = Nonce::new(nonce.to_owned());
    token.claims(&verifier, &nonce).map_err(|why| wrong(&why))?;
    // The library reads the standard's claims; what else there is stands in the same bytes.
    let text = token.to_string();
    let payload = text.split('.').nth(1).unwrap_or_default();
    let bytes = {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload)
    };
    serde_json::from_slice(&bytes.map_err(|why| wrong(&why))?).map_err(|why| wrong(&why))
}

fn identity(provider: &Provider, claims: &Map<String, Value>) -> Result<Identity, OidcError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = text("sub").filter(|subject| !subject.is_empty());
    let subject = subject.ok_or_else(|| OidcError::Token("it is of nobody".into()))?;
    let is_verified = claims.get("email_verified") == Some(&Value::Bool(true));
    let groups = provider.roles_claim.as_ref().and_then(|name| claims.get(name));
    let groups = match groups {
        Some(Value::Array(all)) => {
            all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    };
    Ok(Identity {
        issuer: provider.issuer.clone(),
        subject,
        email: text("email").filter(|_| is_verified).map(|email| email.to_lowercase()),
        name: text("name"),
        groups,
    })
}
