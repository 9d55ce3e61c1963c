//! `GET /v1/doctor`: the server looks itself over, and says what to do.

use baton_core::wording::Wording;
use baton_store::Scope;
use baton_store::tenants::{self, Clock, Tenant};
use schemars::JsonSchema;
use serde::Serialize;

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::problem::Problem;
use super::serving::TENANT_HEADER;
use crate::clock::machine_now;
use crate::doctor::{self, Health, Line};
use crate::oidc::Provider;

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Examination {
    /// The worst of all.
    health: Health,
    /// The machine's present, to compare one's own with.
    at: baton_core::time::Instant,
    version: &'static str,
    items: Vec<Line>,
}

/// An operator sees the machine and every tenant, or the one that is named; an administrator the
/// tenant's own affairs.
pub(super) fn examine(call: &Call) -> Outcome {
    let store = call.store();
    let items = if call.principal.role() == KeyRole::Operator {
        let mut tenants = match call.header(TENANT_HEADER)? {
            Some(_) => vec![own(call)?],
            None => store.read(|tx| tenants::list(tx, &Scope::operator()))?,
        };
        tenants.iter_mut().for_each(|tenant| set_clock(call, tenant));
        let mut lines = doctor::examine(store, store.folder(), &tenants)?;
        lines.push(letters(call));
        lines.extend(providers(call));
        lines
    } else {
        doctor::of_tenant(store, &own(call)?, machine_now())?
    };
    let health = items.iter().map(|line| line.health).max().unwrap_or(Health::Ok);
    let version = env!("CARGO_PKG_VERSION");
    Answer::json(Examination { health, at: machine_now(), version, items })
}

/// Whether letters leave.
fn letters(call: &Call) -> Line {
    const WHAT: &str = "letters";
    let settings = call.api.engine.settings();
    let Some(mail) = &settings.mail else {
        let found = "no mail server is set: links are shown to whoever makes them";
        return Line::new(
            WHAT,
            Health::Ok,
            found,
            "to send them, start with --mail, --mail-from and --public-url",
        )
        .said(Wording::new("letters_none"));
    };
    let server = &mail.server;
    let Some(post) = &call.api.post else {
        let found = format!("{server} cannot be used: its certificates cannot be read");
        return Line::new(WHAT, Health::Warn, found, "see what --mail-ca names, and start again")
            .said(Wording::new("letters_unusable").with("server", server));
    };
    if let Err(why) = post.answers() {
        let found = format!("{server}: {why}");
        let what_to_do = "see that it runs, and that its address, name and password hold; until then links are shown to whoever makes them";
        return Line::new(WHAT, Health::Warn, found, what_to_do)
            .said(Wording::new("letters_unanswered").with("server", server));
    }
    if settings.public_url.is_none() {
        let found = format!("{server} answers, and nobody said where browsers reach this Baton");
        return Line::new(
            WHAT,
            Health::Warn,
            found,
            "start with --public-url: links in letters begin with it",
        )
        .said(Wording::new("letters_nowhere").with("server", server));
    }
    let wording = Wording::new("letters_well").with("server", server).with("from", &mail.from);
    Line::well(WHAT, format!("{server} answers; letters come from {}", mail.from)).said(wording)
}

/// Whether people can come in by the providers of identities that are set.
fn providers(call: &Call) -> Vec<Line> {
    let settings = call.api.engine.settings();
    let named = |provider: &Provider| format!("sign-in by {}", provider.id);
    let Some(oidc) = &call.api.oidc else {
        let what_to_do = "start with --public-url: providers send people back to it";
        let found = "nobody said where browsers reach this Baton";
        let lines = settings.oidc.iter().map(named);
        let nowhere = |what: String| {
            Line::new(&what, Health::Fail, found, what_to_do).said(Wording::new("provider_nowhere"))
        };
        return lines.map(nowhere).collect();
    };
    let ask = |provider: &Provider| match oidc.answers(provider) {
        Ok(true) => {
            let wording = Wording::new("provider_well").with("issuer", &provider.issuer);
            Line::well(&named(provider), format!("{} answers", provider.issuer)).said(wording)
        }
        Ok(false) => {
            let found = format!(
                "{} answers, and has no place to sign out at: whoever signs out here stays signed in there",
                provider.issuer
            );
            let wording = Wording::new("provider_keeps").with("issuer", &provider.issuer);
            Line::well(&named(provider), found).said(wording)
        }
        Err(why) => {
            let found = format!("{}: {why}", provider.issuer);
            let what_to_do =
                "see that it is reached from here, and that `issuer` is what it calls itself";
            let wording = Wording::new("provider_unanswered").with("issuer", &provider.issuer);
            Line::new(&named(provider), Health::Fail, found, what_to_do).said(wording)
        }
    };
    // Beside each other: each of them may take its time.
    std::thread::scope(|scope| {
        let asked: Vec<_> =
            oidc.providers().iter().map(|provider| scope.spawn(move || ask(provider))).collect();
        asked.into_iter().filter_map(|line| line.join().ok()).collect()
    })
}

fn own(call: &Call) -> Result<Tenant, Problem> {
    let scope = call.scope()?;
    let mut tenant = call.store().read(|tx| tenants::get(tx, &scope))?;
    set_clock(call, &mut tenant);
    Ok(tenant)
}

/// A sandbox's clock runs on in the engine; its row holds where it was last set or committed by.
fn set_clock(call: &Call, tenant: &mut Tenant) {
    let Some(running) = call.api.engine.tenant(tenant.id) else { return };
    if let Clock::Simulated { simulated_at, .. } = &mut tenant.clock {
        *simulated_at = running.clock.now();
    }
}
