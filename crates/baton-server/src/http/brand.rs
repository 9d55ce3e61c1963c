//! The brand: as whose the pages look. A tenant may have one; whoever has none shows the operator's, and
//! where that has none either, Baton's own.
//!
//! What is set is checked first: texts have to stay legible in the colours (by WCAG's arithmetic, see
//! [`colour`]), and a logo is a raster image, which a browser cannot be made to run anything by.

pub(super) mod colour;
mod logo;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::brands::{self, NewBrand};
use baton_store::{Scope, Store, StoreError, TenantId, Tx, tenants};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::colour::{Colour, Contrast};
use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::problem::{Problem, Unsaid};
use super::sign_in::host_name;
use crate::clock::machine_now;
use crate::mail::Sender;

/// How the server calls itself where nobody has a say.
const OWN_NAME: &str = "Baton";
/// The name, an address, a host: in bytes.
const TEXT_BYTES_MAX: usize = 200;
/// A body that sets a brand, its logo written as base64 in it.
pub(super) const BRAND_BYTES_MAX: usize = 400 << 10;

/// A brand as pages need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Brand {
    pub(super) name: String,
    pub(super) logo_url: Option<String>,
    /// `#rrggbb`, on light ground.
    pub(super) accent: Option<String>,
    /// The same on dark ground; derived from `accent`, if null.
    pub(super) accent_dark: Option<String>,
    /// Where customers and users ask for help: an e-mail address or an `https` address.
    pub(super) support: Option<String>,
}

/// A brand as it is set.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BrandItem {
    #[serde(flatten)]
    brand: Brand,
    /// Whether it is the tenant's own; else it is the operator's, or Baton's.
    own: bool,
    /// The name of the host at which its sign-in page is.
    host: Option<String>,
    changed_at: Option<Instant>,
    /// The name that letters come under, beside the operator's address.
    mail_name: Option<String>,
    /// Where answers to letters go.
    mail_reply_to: Option<String>,
}

/// What is kept, beside the logo.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Content {
    name: String,
    accent: Option<Colour>,
    accent_dark: Option<Colour>,
    support: Option<String>,
    mail_name: Option<String>,
    mail_reply_to: Option<String>,
    /// The beginning of the logo's hash: a part of its address, so that it can be kept by browsers.
    logo: Option<String>,
}

impl Content {
    fn kept(row: &brands::Brand) -> Self {
        serde_json::from_str(&row.content).unwrap_or_default()
    }
}

/// A brand to be set, whole; only the logo may be left as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandRequest {
    name: String,
    /// `#rrggbb`, on light ground.
    accent: Option<String>,
    /// On dark ground; a lighter `accent`, if left out.
    accent_dark: Option<String>,
    support: Option<String>,
    /// The name of the host at which the sign-in page shows this brand.
    host: Option<String>,
    /// The name that letters come under, beside the operator's address; the operator's, if left out.
    mail_name: Option<String>,
    /// An e-mail address to which answers to letters go.
    mail_reply_to: Option<String>,
    /// A PNG, JPEG or WebP image as base64; empty takes the logo away, left out leaves it.
    logo_base64: Option<String>,
}

/// Whose brand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandQuery {
    /// `operator`: the one for whoever has none.
    of: Option<String>,
}

/// How a colour would do.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BrandChecked {
    /// Where texts meet the colours, with the contrast that they have there.
    contrasts: Vec<Contrast>,
    contrast_min: f64,
    /// What dark pages use, where it was not said.
    accent_dark: Option<String>,
}

impl Brand {
    fn own() -> Self {
        Self { name: OWN_NAME.to_owned(), ..Self::default() }
    }
    /// The brand of a tenant, or what stands in for one.
    pub(super) fn of(store: &Store, tenant: Option<TenantId>) -> Result<Self, StoreError> {
        let found = store.read(|tx| effective(tx, tenant))?;
        Ok(found.map_or_else(Self::own, |found| Self::shown(&found)))
    }
    /// The brand of whoever's pages are at this host, or of the tenant that an address names.
    pub(super) fn before_sign_in(call: &Call, tenant: Option<&str>) -> Result<Self, StoreError> {
        let tenants = call.api.engine.tenants();
        let named = tenants.iter().find(|found| tenant == Some(found.key.as_str()));
        if let Some(tenant) = named {
            return Self::of(call.store(), Some(tenant.id));
        }
        let Some(host) = host_name(&call.headers) else { return Self::of(call.store(), None) };
        let found = call.store().read(|tx| brands::by_host(tx, &host))?;
        match found {
            Some(found) => Ok(Self::shown(&found)),
            None => Self::of(call.store(), None),
        }
    }
    fn shown(row: &brands::Brand) -> Self {
        let content = Content::kept(row);
        let owner = row.tenant.map_or(0, |tenant| tenant.0);
        Self {
            name: content.name,
            logo_url: content.logo.map(|digest| format!("/v1/brand/logos/{owner}-{digest}")),
            accent: content.accent.map(|colour| colour.to_string()),
            accent_dark: content.accent_dark.map(|colour| colour.to_string()),
            support: content.support,
        }
    }
}

/// The brand of a tenant, else the operator's.
fn effective(
    tx: &mut Tx<'_>,
    tenant: Option<TenantId>,
) -> Result<Option<brands::Brand>, StoreError> {
    if let Some(tenant) = tenant
        && let Some(found) = brands::get(tx, &Scope::tenant(tenant))?
    {
        return Ok(Some(found));
    }
    brands::get(tx, &Scope::operator())
}

fn wrong(why: impl std::fmt::Display) -> Unsaid {
    Problem::of(ErrorCode::ValueWrong, why)
}

/// What colours and images cannot be used for, as a text and as a sentence.
fn unfit((why, wording): (String, Wording)) -> Problem {
    wrong(why).said(wording)
}

/// Whose brand a call is about; `None` for the operator's.
fn owner(call: &Call) -> Result<Option<TenantId>, Problem> {
    let query: BrandQuery = call.query()?;
    match query.of.as_deref() {
        None => Ok(Some(call.tenant()?.id)),
        Some("operator") if call.principal.role() == KeyRole::Operator => Ok(None),
        Some("operator") => Err(Problem::of_operator("of: only an operator sees to this one")),
        Some(other) => Err(Problem::none_of(ErrorCode::QueryWrong, "of", other, &["operator"])),
    }
}

fn scope_of(owner: Option<TenantId>) -> Scope {
    owner.map_or_else(Scope::operator, Scope::tenant)
}

fn item(tx: &mut Tx<'_>, owner: Option<TenantId>) -> Result<BrandItem, StoreError> {
    let found = effective(tx, owner)?;
    let own = found.as_ref().is_some_and(|found| found.tenant == owner);
    let kept = found.as_ref().filter(|_| own);
    let content = kept.map(Content::kept).unwrap_or_default();
    Ok(BrandItem {
        own,
        host: kept.and_then(|found| found.host.clone()),
        changed_at: kept.map(|found| found.changed_at),
        mail_name: content.mail_name,
        mail_reply_to: content.mail_reply_to,
        brand: found.as_ref().map_or_else(Brand::own, Brand::shown),
    })
}

/// In whose name letters of a tenant, or of the operator, go out: by its own brand's name if it has one,
/// and with the sender that its brand, or the one that stands in for it, says.
pub(super) fn sender(tx: &mut Tx<'_>, tenant: Option<TenantId>) -> Result<Sender, StoreError> {
    let scope = scope_of(tenant);
    let name = match (brands::get(tx, &scope)?, tenant) {
        (Some(own), _) => Content::kept(&own).name,
        (None, Some(_)) => tenants::get(tx, &scope)?.name,
        (None, None) => OWN_NAME.to_owned(),
    };
    let content = effective(tx, tenant)?.map(|found| Content::kept(&found)).unwrap_or_default();
    let reply_to = content.mail_reply_to.and_then(|address| address.parse().ok());
    Ok(Sender { name, shown: content.mail_name, reply_to })
}

pub(super) fn show(call: &Call) -> Outcome {
    let owner = owner(call)?;
    Answer::json(call.store().read(|tx| item(tx, owner))?)
}

fn content(request: &BrandRequest) -> Result<Content, Problem> {
    let text = |field: &str, text: &str| {
        let text = text.trim();
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return Err(Problem::length(ErrorCode::ValueWrong, field, 1, TEXT_BYTES_MAX));
        }
        Ok(text.to_owned())
    };
    let colour = |field: &str, text: &Option<String>| {
        let read = |text: &String| {
            text.parse::<Colour>().map_err(|why| {
                let wording = Wording::new("no_colour").with("field", field).with("found", text);
                wrong(format_args!("{field}: {why}")).said(wording)
            })
        };
        text.as_ref().filter(|text| !text.is_empty()).map(read).transpose()
    };
    let accent = colour("accent", &request.accent)?;
    let accent_dark = colour("accent_dark", &request.accent_dark)?;
    let support = request.support.as_deref().filter(|text| !text.is_empty());
    let support = support.map(|said| text("support", said)).transpose()?;
    if let Some(said) = &support {
        let is_address = said.starts_with("https://") || said.contains('@');
        if !is_address || said.contains(char::is_whitespace) {
            let why = "support: expected an e-mail address or one with https://";
            return Err(wrong(why).said(Wording::new("no_support")));
        }
    }
    let optional = |field: &str, said: &Option<String>| {
        let said = said.as_deref().filter(|said| !said.trim().is_empty());
        said.map(|said| text(field, said)).transpose()
    };
    let mail_name = optional("mail_name", &request.mail_name)?;
    if mail_name.as_ref().is_some_and(|name| name.contains(char::is_control)) {
        let wording = Wording::new("one_line").with("field", "mail_name");
        return Err(wrong("mail_name: expected one line").said(wording));
    }
    let mail_reply_to = optional("mail_reply_to", &request.mail_reply_to)?;
    if let Some(said) = &mail_reply_to {
        said.parse::<lettre::Address>().map_err(|why| {
            wrong(format_args!("mail_reply_to: no e-mail address ({why})"))
                .said(Wording::new("no_address").with("field", "mail_reply_to"))
        })?;
    }
    let name = text("name", &request.name)?;
    Ok(Content { name, accent, accent_dark, support, mail_name, mail_reply_to, logo: None })
}

/// The name of a host, as browsers send it, without a port.
fn host(request: &BrandRequest) -> Result<Option<String>, Problem> {
    let Some(host) = request.host.as_deref().map(str::trim).filter(|host| !host.is_empty()) else {
        return Ok(None);
    };
    let host = host.to_ascii_lowercase();
    let is_name = host.len() <= TEXT_BYTES_MAX
        && host.contains('.')
        && host.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    if is_name {
        Ok(Some(host))
    } else {
        let why = "host: expected a name such as orders.example";
        Err(wrong(why).said(Wording::new("no_host")))
    }
}

/// Says how the colours would do, and refuses those that cannot be read; keeps nothing.
pub(super) fn check(call: &Call) -> Outcome {
    let request: BrandRequest = call.json()?;
    let content = content(&request)?;
    host(&request)?;
    if let Some(text) = request.logo_base64.as_deref().filter(|text| !text.is_empty()) {
        logo::read(&decoded(text)?).map_err(unfit)?;
    }
    let Some(accent) = content.accent else {
        let contrast_min = colour::CONTRAST_MIN;
        return Answer::json(BrandChecked { contrasts: vec![], contrast_min, accent_dark: None });
    };
    let dark = content.accent_dark.unwrap_or_else(|| accent.on_dark());
    let contrasts = colour::contrasts(accent, dark);
    colour::legible(accent, content.accent_dark).map_err(unfit)?;
    Answer::json(BrandChecked {
        contrasts,
        contrast_min: colour::CONTRAST_MIN,
        accent_dark: Some(dark.to_string()),
    })
}

fn decoded(base64: &str) -> Result<Vec<u8>, Problem> {
    STANDARD.decode(base64.trim()).map_err(|why| Problem::of_base64("logo_base64", &why))
}

pub(super) fn put(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let request: BrandRequest = call.json()?;
    let (owner, mut content, host) = (owner(call)?, content(&request)?, host(&request)?);
    if let Some(accent) = content.accent {
        colour::legible(accent, content.accent_dark).map_err(unfit)?;
    }
    let scope = scope_of(owner);
    let logo = match request.logo_base64.as_deref() {
        Some("") => None,
        Some(text) => {
            let bytes = decoded(text)?;
            Some((logo::read(&bytes).map_err(unfit)?.to_owned(), bytes))
        }
        None => brands::logo(tx, &scope)?,
    };
    content.logo = logo.as_ref().map(|(_, bytes)| logo::digest(bytes));
    let text = serde_json::to_string(&content).map_err(Problem::internal)?;
    let logo = logo.as_ref().map(|(kind, bytes)| (kind.as_str(), bytes.as_slice()));
    let new = NewBrand { host: host.as_deref(), content: &text, logo, changed_at: machine_now() };
    brands::put(tx, &scope, &new)?;
    Answer::json(item(tx, owner)?)
}

/// Takes a brand away: the operator's shows again, or Baton's own.
pub(super) fn remove(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let owner = owner(call)?;
    brands::remove(tx, &scope_of(owner))?;
    Answer::json(item(tx, owner)?)
}

/// A logo by its address, which holds its hash: what has changed has another one.
pub(super) fn logo(call: &Call) -> Outcome {
    let named = call.parameter("logo");
    let none = || Problem::not_found("logo", named);
    let (owner, digest) = named.split_once('-').ok_or_else(none)?;
    let owner: i64 = owner.parse().map_err(|_| none())?;
    let scope = scope_of((owner != 0).then_some(TenantId(owner)));
    let found = call.store().read(|tx| brands::logo(tx, &scope))?;
    let (kind, bytes) =
        found.filter(|(_, bytes)| logo::digest(bytes) == digest).ok_or_else(none)?;
    let answer = Answer::raw(&kind, bytes);
    Ok(answer.with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
}
