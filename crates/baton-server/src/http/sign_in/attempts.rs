//! Attempts to prove who one is: a login that failed too often in a row waits.
//!
//! They count wherever a password or a code is said: at the door, with a link, and before what one's own
//! session must not be enough for. INVARIANT: it is the same for logins that nobody has.

use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::people::{self, Person};
use baton_store::recovery_codes;

use super::totp::Secret;
use super::{password, recovery};
use crate::clock::machine_now;
use crate::http::call::Call;
use crate::http::errors::ErrorCode;
use crate::http::problem::Problem;
use crate::http::secret::hash;
use crate::http::serving;

/// Attempts by one login.
pub(in crate::http) struct Attempts<'a> {
    call: &'a Call,
    name: [u8; 32],
    locked_for: Duration,
    pub(in crate::http) now: Instant,
}

impl<'a> Attempts<'a> {
    /// Refuses where the login has to wait.
    pub(in crate::http) fn by(call: &'a Call, login: &str) -> Result<Self, Problem> {
        let limits = &call.api.engine.settings().access;
        let seconds = limits.locked_out_for.as_secs().try_into().unwrap_or(i64::MAX);
        let locked_for = Duration::seconds(seconds);
        let attempts = Self { call, name: hash(login), locked_for, now: machine_now() };
        let failures = call.store().read(|tx| people::failures(tx, &attempts.name))?;
        match failures {
            Some(failures)
                if failures.count >= i64::from(limits.sign_in_failures_max)
                    && attempts.now.since(failures.last_at) < locked_for =>
            {
                Err(locked_out(failures.last_at + locked_for, attempts.now))
            }
            _ => Ok(attempts),
        }
    }

    /// Notes how one came out.
    pub(in crate::http) fn came_out(&self, well: bool) -> Result<(), Problem> {
        let Self { call, name, locked_for, now } = self;
        let noted = call.store().write(|tx| match well {
            true => people::forget_failures(tx, name),
            false => people::note_failure(tx, name, *now, *now - *locked_for),
        });
        Ok(noted?)
    }

    /// Whether this is the person's password. The work is the same where there is nobody.
    pub(in crate::http) fn password_holds(&self, person: Option<&Person>, said: &str) -> bool {
        let kept = person.and_then(|person| person.password.as_deref());
        let limits = &self.call.api.engine.settings().access;
        said.len() <= password::BYTES_MAX && password::holds(said, kept, limits)
    }

    /// Whether this is a code of the person's second factor, or one that stands in for it; it is used up.
    pub(in crate::http) fn code_holds(&self, person: &Person, said: &str) -> Result<bool, Problem> {
        let store = self.call.store();
        let secret = person.totp_secret.as_deref().and_then(Secret::read);
        let secret = secret.ok_or_else(|| Problem::internal("a second factor is unreadable"))?;
        if let Some(step) = secret.step(said, self.now) {
            return Ok(store.write(|tx| people::use_step(tx, person.id, step))?);
        }
        let Some(hash) = recovery::hash(said) else { return Ok(false) };
        Ok(store.write(|tx| recovery_codes::take(tx, person.id, &hash))?)
    }

    /// Has somebody who is signed in prove who they are once more, by their password and, where one is
    /// asked for, a code.
    pub(in crate::http) fn prove(
        &self,
        person: &Person,
        password: &str,
        code: Option<&str>,
    ) -> Result<(), Problem> {
        let mut holds = self.password_holds(Some(person), password);
        if holds && let Some(code) = code {
            holds = self.code_holds(person, code)?;
        }
        self.came_out(holds)?;
        if holds {
            Ok(())
        } else {
            Err(self.failed(("proof_wrong", "the password is wrong, or the code")))
        }
    }

    pub(in crate::http) fn failed(&self, (name, why): (&'static str, &'static str)) -> Problem {
        serving::note_failed_sign_in(&self.call.api, self.call.address, true);
        Problem::of(ErrorCode::SignInFailed, why).said(Wording::new(name))
    }
}

fn locked_out(until: Instant, now: Instant) -> Problem {
    let seconds = until.since(now).micros().div_euclid(1_000_000).saturating_add(1);
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    let why = format!("this login was tried in vain too often, wait {seconds} s");
    Problem::of(ErrorCode::LockedOut, why)
        .said(Wording::new("wait").with("seconds", seconds))
        .retry_after(seconds)
}
