//! The codes that a refused call can have: one table, from which answers and the pages of the
//! documentation are made. A code that was released keeps its meaning.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// A code: what it is called, and what its page says.
#[derive(Debug)]
pub(super) struct ErrorPage {
    pub(super) code: &'static str,
    pub(super) status: u16,
    pub(super) title: &'static str,
    /// Why it comes to this.
    why: &'static str,
    /// What the caller can do.
    what_to_do: &'static str,
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal $status:literal $title:literal, $why:literal, $what:literal;)*) => {
        /// A code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum ErrorCode { $($(#[doc = $doc])* #[serde(rename = $code)] $name,)* }

        impl ErrorCode {
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];
            pub(super) const fn page(self) -> &'static ErrorPage {
                match self {
                    $(Self::$name => &ErrorPage {
                        code: $code, status: $status, title: $title, why: $why, what_to_do: $what,
                    },)*
                }
            }
        }
    };
}

error_codes! {
    KeyMissing = "key_missing" 401 "a key is needed",
        "The call came without an `Authorization` header, or with one that is not `Bearer` and a key.",
        "Send `Authorization: Bearer <key>`. An administrator makes keys with `baton key create`; a source's key is shown when the source is made.";
    KeyWrong = "key_wrong" 401 "the key is not valid",
        "The key is mistyped, has ended, was revoked, belongs to a source that is disabled, or does not hold from the network that the call comes from. Nothing of the call was kept.",
        "Check that the whole key was copied. Keys are shown once and cannot be looked up: if it is lost, make another one. `baton key list` shows from which networks a key holds and when it ends.";
    TooManyFailures = "too_many_failures" 429 "too many calls with keys that do not hold",
        "Of late, too many calls came from this address with keys that are wrong. Until some time has passed, keys from there are not looked at, unless they were found right a moment ago.",
        "Send the same again after the seconds in `Retry-After`, with the right key. Operators: each failure is in the log; the limit is the setting `access.failures_max`; behind a proxy, name it with `baton serve --trust-proxy`, or all callers count as one.";
    NoSession = "no_session" 401 "nobody is signed in",
        "The call came without a session, or with one that has ended: a session ends when it was not used for twelve hours, after seven days, when somebody signed out, and when whoever it stands for may no more.",
        "Sign in again, or send `Authorization: Bearer <key>`.";
    CsrfTokenWrong = "csrf_token_wrong" 403 "the call does not come from the session's own page",
        "A call that changes something came with a session and without its token, or a page of another site tried to sign somebody in. Nothing was done.",
        "Send the header `Baton-Csrf` with the value `csrf` of `GET /v1/session`. Scripts had better use a key.";
    SignInFailed = "sign_in_failed" 401 "signing in failed",
        "The address, the password, the code of the second factor or the key is wrong, or whoever it is of may not sign in. Which of them is not told, so that nobody learns who is here.",
        "Try again with care: after some failures the login waits. An administrator can reset a password; `baton key list` shows which keys hold.";
    SecondFactorWanted = "second_factor_wanted" 401 "a code is needed as well",
        "The password is right, and a second factor was set for this login.",
        "Send the same again with `code`: the six digits that the app shows, or one of the recovery codes. Where both are lost, an administrator can take the second factor away.";
    SecondFactorMissing = "second_factor_missing" 403 "a second factor has to be set first",
        "The tenant, or the operator, asks people of this role for a second factor, and this person has none yet.",
        "Set one up: on the page of your account, or with `POST /v1/account/second-factor`. Until then nothing else can be called.";
    NoMailServer = "no_mail_server" 409 "this Baton sends no letters",
        "No mail server is set, so links cannot be sent to people.",
        "Ask an administrator, who can make the link and hand it over. Operators: see `baton serve --mail`.";
    LockedOut = "locked_out" 429 "the login waits after too many failures",
        "Too many attempts to sign in by this login failed, one after the other. Until some time has passed since the last, none is looked at, the right password neither. It is the same for logins that nobody has.",
        "Wait the seconds in `Retry-After`. If it was not you, tell your administrator: somebody guesses.";
    RoleTooSmall = "role_too_small" 403 "the key's role does not allow this",
        "Every operation names the roles that may call it; the page on permissions has the whole table.",
        "Use a key of one of the roles that the answer lists in `roles`.";
    WrongSource = "wrong_source" 403 "the key belongs to another source",
        "A source's key can send messages of its own source and nothing else.",
        "Send to the address of the key's own source, or use that source's key.";
    TenantNeeded = "tenant_needed" 400 "say which tenant is meant",
        "The caller can act for several tenants, and the call does not say for which.",
        "Add the header `Baton-Tenant` with the tenant's key; `GET /v1/tenants` lists them.";
    TenantUnknown = "tenant_unknown" 404 "there is no such tenant",
        "`Baton-Tenant` names no tenant, or one that this key cannot act for.",
        "`GET /v1/tenants` lists the tenants. A key that is not an operator's acts for its own tenant only: leave the header out.";
    NotFound = "not_found" 404 "there is no such thing",
        "What the address names does not exist, or this key does not reach it: the two are not told apart.",
        "Check the id. An id of another tenant, or of an order in which the key's partner plays no part, answers like one that never was.";
    NoSuchPath = "no_such_path" 404 "there is no such address",
        "The path is none of the API's.",
        "`GET /v1/openapi.json` describes every path.";
    MethodNotAllowed = "method_not_allowed" 405 "the address does not have this method",
        "The path exists, with other methods.",
        "See `GET /v1/openapi.json`.";
    QueryWrong = "query_wrong" 400 "a query parameter cannot be used",
        "A parameter is unknown, has a value that cannot be read, or the query is too long.",
        "The detail names the parameter and what was expected.";
    CursorWrong = "cursor_wrong" 400 "the cursor is not one of this list",
        "Cursors are opaque, and belong to the list and order of rows that they came from.",
        "Pass on the `next_cursor` of the page before as it is, with the same `sort`, or begin again without one.";
    BodyWrong = "body_wrong" 400 "the body cannot be used",
        "The body is not JSON, misses a field, has one that is unknown, or a value that cannot be read.",
        "The detail says where and what was expected.";
    HeaderWrong = "header_wrong" 400 "a header cannot be used",
        "A header's value cannot be read.",
        "The detail names the header and what was expected.";
    BodyTooLong = "body_too_long" 413 "the body is too long",
        "The body is longer than the limit in `limit`, in bytes. Nothing of it was kept.",
        "Send it in parts: several interchanges, or fewer lines. The limit is the setting `intake.body_bytes_max`.";
    DecompressedTooLong = "decompressed_too_long" 413 "the body is too long once decompressed",
        "A compressed body unfolds beyond the limit. Nothing of it was kept.",
        "Send it in parts. The limit is the setting `intake.decompressed_bytes_max`.";
    TooManyLines = "too_many_lines" 413 "the batch has too many lines",
        "One batch may have so many lines and no more. Nothing of it was kept.",
        "Send the lines in several batches.";
    HeadersTooLong = "headers_too_long" 431 "the headers are too long",
        "All headers together, or those that are kept with a message, exceed the limit. Nothing was kept.",
        "Send fewer or shorter headers.";
    NestedTooDeep = "nested_too_deep" 400 "the JSON nests too deep",
        "Objects and arrays are nested deeper than the limit. Nothing was kept.",
        "Flatten the document. The limit for messages is the setting `intake.nesting_depth_max`.";
    EncodingWrong = "encoding_wrong" 400 "the body is not encoded as it says",
        "`Content-Encoding` can be `gzip`, `deflate` or `identity`, and the body must be in it.",
        "Correct the header or the body.";
    BodyTimeout = "body_timeout" 408 "the body did not arrive in time",
        "The rest of the body was waited for too long. Nothing was kept.",
        "Send it again over a better connection, or in parts.";
    Busy = "busy" 503 "the server is busy",
        "Too many messages wait to be read, too many writers wait for the store, or too many streams are open. Nothing was kept.",
        "Send the same again after the seconds in `Retry-After`. If it lasts, see `baton_messages_waiting` in the metrics.";
    Stopping = "stopping" 503 "the server is stopping",
        "The server ends in good order and takes nothing new.",
        "Send the same again after the seconds in `Retry-After`.";
    IntakeElsewhere = "intake_elsewhere" 503 "this node takes no messages",
        "The node was started with `--roles` and without `intake` among them. Nothing was kept.",
        "Send messages to a node that takes them. Operators: let the load balancer send `/v1/sources/` there.";
    StoreUnavailable = "store_unavailable" 503 "the store cannot be used now",
        "The database cannot be reached, or its disk is full. A write that was cut off may have happened.",
        "Send the same again: messages and writes with an `Idempotency-Key` are safe to repeat. Operators: see the log and free disk space.";
    NotSettled = "not_settled" 503 "there is still work under way",
        "The engine has messages to read or timers that are due, so that comparing now would show differences that are none.",
        "Try again when less comes in.";
    Internal = "internal" 500 "something failed that should not",
        "A fault of Baton. It is in the log with the number in `request`.",
        "Please report it with the log's lines.";
    Conflict = "conflict" 409 "it exists already, or its state does not allow this",
        "The name is taken, or what is to be changed is already closed, ended or delivered.",
        "The detail says which. Look at it with a `GET` first.";
    IdempotencyKeyReused = "idempotency_key_reused" 422 "the idempotency key was used for another request",
        "The same `Idempotency-Key` came with another method, address or body.",
        "Use a new key for each new request, and the same only to repeat the same.";
    IdempotencyInProgress = "idempotency_in_progress" 409 "the same request is still being worked on",
        "A request with the same `Idempotency-Key` has not been answered yet.",
        "Wait a moment and send it again: it is then answered as the first one was.";
    EventsGone = "events_gone" 410 "events after that one are gone",
        "The stream was to go on after an event that is forgotten by now (events are kept for 90 days), or that this system never had (it was put back to an earlier state). Whoever went on would miss some without knowing it.",
        "Read the orders anew, the latest change first (`GET /v1/orders?sort=updated`), as far back as you need; then open the stream without a number, or with `?after=0` from the first event that is kept, which is in `first`.";
    PackFaults = "pack_faults" 422 "the packs have faults",
        "A pack cannot be used as it is. Nothing was changed.",
        "`findings` lists every fault with file, line, column, what was found and what was expected. `baton pack check` shows the same before uploading.";
    ApprovalNeeded = "approval_needed" 409 "others have to approve this first",
        "The tenant wants that packs are approved by others before they become active, and this call would have done it alone. Nothing was changed.",
        "Ask by `POST /v1/pack-requests` (`baton pack request`), and have somebody else approve it. `GET /v1/pack-policy` says how many it takes.";
    CannotApprove = "cannot_approve" 403 "this caller cannot decide this request",
        "Whoever asked decides nothing about it, and neither does a key, for who holds it is not known: only another person who is signed in does.",
        "Sign in as another administrator. Who asked can withdraw the request. At the machine that holds the data, `baton pack approve --data` decides as well.";
    ClaimUnknown = "claim_unknown" 404 "the order makes no such claim",
        "`claim` names nothing that the order's state says.",
        "Claims are `milestone:T60`, `exception:exc_…`, `line:1`, `line:1:shipped`, `promise`, `handoff:H4`, `field:total`, `clock:<name>` and `holder`.";
    FactWrong = "fact_wrong" 422 "the fact cannot be stated",
        "What is stated does not fit the order: an exception, fact or identifier that it does not have, or a text that is empty or too long.",
        "The detail says what was expected.";
    ValueWrong = "value_wrong" 422 "a value cannot be used",
        "A field of the body has a value that is readable and still makes no sense here.",
        "The detail names the field and what was expected.";
    ReceivedAtRefused = "received_at_refused" 403 "the time of receipt cannot be stated",
        "Duties are judged by when a message was received, so a sender cannot say so itself. Only an administrator's key (for a replay), or a tenant with a simulated clock, can send `Baton-Received-At`.",
        "Leave the header out.";
}

impl ErrorCode {
    /// As it stands in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.page().code
    }
    /// Where the server has the page that explains it.
    #[must_use]
    pub fn address(self) -> String {
        format!("/docs/errors/{}", self.name())
    }
}

/// A page for each code: what it means, why it happens, what to do.
#[must_use]
pub fn error_pages() -> BTreeMap<&'static str, String> {
    let page = |code: &ErrorCode| {
        let ErrorPage { code, status, title, why, what_to_do } = code.page();
        let text = format!(
            "# {code}\n\nStatus {status}: {title}.\n\n## Why\n\n{why}\n\n## What to do\n\n{what_to_do}\n"
        );
        (*code, text)
    };
    ErrorCode::ALL.iter().map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_one_and_has_a_page() {
        let pages = error_pages();
        assert_eq!(pages.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            let page = code.page();
            assert_eq!(serde_json::to_value(code).unwrap(), page.code);
            assert!(page.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code:?}");
            assert!((400..600).contains(&page.status), "{code:?}");
            assert!(page.why.ends_with('.') && page.what_to_do.ends_with('.'), "{code:?}");
        }
    }
}
