//! Leaving: whoever signs out here signs out at their provider as well, where it has a place for that
//! (OpenID Connect RP-Initiated Logout 1.0). Else the next click on "Sign in" would let anybody in who sits
//! down at the same machine.
//!
//! The provider wants the token back that it gave when they came: the browser keeps it in a cookie that goes
//! nowhere but to signing out, so that nothing of it is stored here. Without it, a provider asks whether one
//! wants to sign out.

use std::str::FromStr as _;
use std::time::Duration;

use openidconnect::core::CoreIdToken;
use openidconnect::{ClientId, LogoutRequest, PostLogoutRedirectUrl};
use url::Url;

use super::{BELIEVED_FOR, Oidc, OidcError, check_address};
use crate::oidc::Provider;

/// How long what a provider says of itself is believed by whoever looks whether it answers.
const SEEN_FOR: Duration = Duration::from_secs(10);

impl Oidc {
    /// Where a browser goes to sign out at its provider; `None` where that has no place for it.
    pub(crate) fn way_out(
        &self,
        provider: &Provider,
        token: Option<&str>,
    ) -> Result<Option<Url>, OidcError> {
        if !provider.sign_out {
            return Ok(None);
        }
        let metadata = self.metadata(provider, BELIEVED_FOR)?;
        let Some(end) = metadata.additional_metadata().end_session_endpoint.clone() else {
            return Ok(None);
        };
        check_address(provider, end.url()).map_err(OidcError::of_provider)?;
        let back = PostLogoutRedirectUrl::new(self.back.at("/")).map_err(OidcError::of_provider)?;
        let mut way = LogoutRequest::from(end)
            .set_client_id(ClientId::new(provider.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        // One that is no token by now is left out: the provider then asks.
        if let Some(token) = token.and_then(|text| CoreIdToken::from_str(text).ok()) {
            way = way.set_id_token_hint(&token);
        }
        Ok(Some(way.http_get_url()))
    }

    /// Whether a provider answers and makes sense; and whether one can sign out there.
    pub(crate) fn answers(&self, provider: &Provider) -> Result<bool, OidcError> {
        let metadata = self.metadata(provider, SEEN_FOR)?;
        Ok(metadata.additional_metadata().end_session_endpoint.is_some())
    }
}
