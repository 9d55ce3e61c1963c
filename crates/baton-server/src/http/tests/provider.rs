//! A provider of identities that is thrown away: it says of somebody what the test wants, also what no
//! provider should.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey as _};
use serde_json::{Value, json};

use crate::clock::machine_now;

pub(super) const CLIENT: &str = "baton";

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Nonce,
    Audience,
    Expired,
    Issuer,
    Unsigned,
    ByTheSecret,
    OtherKey,
    OtherSubject,
}

#[derive(Default)]
struct Told {
    /// Claims beside those of the protocol, and those that are told on asking only.
    claims: Value,
    user_info: Value,
    fault: Option<Fault>,
    /// Codes that were given out, with the nonce and the challenge of the question.
    codes: HashMap<String, (String, String)>,
}

pub(super) struct IdentityProvider {
    pub(super) issuer: String,
    told: Arc<Mutex<Told>>,
}

impl IdentityProvider {
    pub(super) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told::default()));
        let (keys, at, shared) = (Keys::new(), issuer.clone(), Arc::clone(&told));
        // Ends with the test's process: nothing is connected to it any more.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // One that breaks off gets no answer.
                let _ = served(stream, &at, &keys, &shared);
            }
        });
        Self { issuer, told }
    }

    /// One that nobody listens for.
    pub(super) fn closed() -> Self {
        Self { issuer: "http://127.0.0.1:1".into(), told: Arc::default() }
    }

    /// What it says of whoever comes next.
    pub(super) fn says(&self, claims: Value, user_info: Value, fault: Option<Fault>) {
        let mut told = self.told.lock().unwrap();
        (told.claims, told.user_info, told.fault) = (claims, user_info, fault);
    }

    /// Signs somebody in who was sent here; returns what they bring back.
    pub(super) fn signs_in(&self, way: &str) -> String {
        let url = url::Url::parse(way).unwrap();
        assert!(way.starts_with(&self.issuer), "{way}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        for (name, value) in [
            ("client_id", CLIENT),
            ("response_type", "code"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", "https://baton.example/v1/oidc/northwind/callback"),
        ] {
            assert_eq!(asked[name], value, "{way}");
        }
        assert!(asked["scope"].contains("openid") && asked["scope"].contains("email"), "{way}");
        let mut told = self.told.lock().unwrap();
        let code = format!("code-{}", told.codes.len());
        told.codes.insert(code.clone(), (asked["nonce"].clone(), asked["code_challenge"].clone()));
        format!("code={code}&state={}", asked["state"])
    }
}

struct Keys {
    own: CoreEdDsaPrivateSigningKey,
    other: CoreEdDsaPrivateSigningKey,
}

impl Keys {
    fn new() -> Self {
        let made = || {
            let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
            let id = Some(JsonWebKeyId::new("one".into()));
            CoreEdDsaPrivateSigningKey::from_ed25519_pem(&key.serialize_pem(), id).unwrap()
        };
        Self { own: made(), other: made() }
    }
}

fn served(stream: TcpStream, issuer: &str, keys: &Keys, told: &Mutex<Told>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let path = first.split(' ').nth(1).unwrap_or_default();
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let (status, answer) = match path {
        "/.well-known/openid-configuration" => (200, described(issuer)),
        "/jwks" => (200, json!({ "keys": [keys.own.as_verification_key()] })),
        "/token" => tokens(issuer, keys, &form, &mut told.lock().unwrap()),
        "/me" => (200, told.lock().unwrap().user_info.clone()),
        _ => (404, json!({})),
    };
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let stream = reader.get_mut();
    stream.write_all(head.as_bytes())?;
    stream.write_all(answer.as_bytes())
}

fn described(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // It claims more than anybody should take from it.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    })
}

fn tokens(
    issuer: &str,
    keys: &Keys,
    form: &HashMap<String, String>,
    told: &mut Told,
) -> (u16, Value) {
    // A code is good once, for whoever asked the question.
    let Some((nonce, challenge)) = form.get("code").and_then(|code| told.codes.remove(code)) else {
        return (400, json!({ "error": "invalid_grant" }));
    };
    let verifier = PkceCodeVerifier::new(form["code_verifier"].clone());
    let found = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    assert_eq!(found.as_str(), challenge);
    let now = machine_now().micros() / 1_000_000;
    let mut claims = json!({
        "iss": issuer, "sub": "248289761001", "aud": CLIENT, "nonce": nonce, "iat": now,
        "exp": now + 300,
    });
    claims.as_object_mut().unwrap().extend(told.claims.as_object().unwrap().clone());
    match told.fault {
        Some(Fault::Nonce) => claims["nonce"] = json!("another"),
        Some(Fault::Audience) => claims["aud"] = json!("somebody-else"),
        Some(Fault::Expired) => {
            (claims["iat"], claims["exp"]) = (json!(now - 900), json!(now - 600));
        }
        Some(Fault::Issuer) => claims["iss"] = json!("https://evil.example"),
        Some(Fault::OtherSubject) => {
            told.user_info = json!({ "sub": "another", "email": "noor@northwind.example", "email_verified": true });
        }
        _ => {}
    }
    let answer = json!({
        "access_token": "access", "token_type": "Bearer", "id_token": token(&claims, keys, told.fault),
    });
    (200, answer)
}

fn token(claims: &Value, keys: &Keys, fault: Option<Fault>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = |algorithm: &str, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let head = part(&json!({ "alg": algorithm, "typ": "JWT", "kid": "one" }));
        let said = format!("{head}.{}", part(claims));
        let signature = sign(said.as_bytes());
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let by = |key: &CoreEdDsaPrivateSigningKey, said: &[u8]| {
        key.sign(&CoreJwsSigningAlgorithm::EdDsa, said).unwrap()
    };
    match fault {
        Some(Fault::Unsigned) => signed("none", &|_| Vec::new()),
        Some(Fault::ByTheSecret) => signed("HS256", &|said| {
            use hmac::{Hmac, KeyInit as _, Mac as _};
            let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"s3cret").unwrap();
            mac.update(said);
            mac.finalize().into_bytes().to_vec()
        }),
        Some(Fault::OtherKey) => signed("EdDSA", &|said| by(&keys.other, said)),
        _ => signed("EdDSA", &|said| by(&keys.own, said)),
    }
}
