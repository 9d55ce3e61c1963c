//! A server that agrees on encryption with a certificate of its own making, and no further.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread::JoinHandle;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;
use crate::postgres::Postgres;
use crate::settings::Settings;

/// An authority in a file, and a certificate that it has signed for this host name.
struct Signed {
    _folder: tempfile::TempDir,
    authority: PathBuf,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

fn signed(host: &str) -> Signed {
    let mut of_authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    of_authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let authority = rcgen::CertifiedIssuer::self_signed(of_authority, authority_key).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![host.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("our authority.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    Signed {
        _folder: folder,
        authority: file,
        certificate: certificate.der().clone(),
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    }
}

/// Takes one client; returns its port, and what the client said when encrypted: the user that it is.
fn server(shown: Option<&Signed>) -> (u16, JoinHandle<Option<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = shown.map(|shown| {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let key = shown.key.clone_key();
        Arc::new(builder.with_single_cert(vec![shown.certificate.clone()], key).unwrap())
    });
    let taking = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // It asks whether the server encrypts.
        stream.read_exact(&mut [0; 8]).unwrap();
        stream.write_all(if config.is_some() { b"S" } else { b"N" }).unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(config?).unwrap(), stream);
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let mut start = vec![0; u32::from_be_bytes(length) as usize - 4];
        stream.read_exact(&mut start).ok()?;
        let text = String::from_utf8_lossy(&start).into_owned();
        text.contains("user\0baton\0").then_some(text)
    });
    (port, taking)
}

/// Whether the client went on under encryption, and why it failed in the end.
fn check(shown: Option<&Signed>, query: &str) -> (bool, String) {
    let (port, taking) = server(shown);
    let url = format!("postgres://baton@localhost:{port}/baton?hostaddr=127.0.0.1&{query}");
    let error = Postgres::open(&url, &Settings::default()).unwrap_err().to_string();
    (taking.join().unwrap().is_some(), error)
}

#[test]
fn a_server_is_believed_as_the_address_says() {
    let (ours, other) = (signed("localhost"), signed("localhost"));
    let elsewhere = signed("db.example.com");
    let by = |signed: &Signed| {
        let file = signed.authority.to_str().unwrap().replace(' ', "%20");
        format!("sslmode=verify-full&sslrootcert={file}")
    };
    for (shown, query, goes_on, why) in [
        (Some(&ours), by(&ours), true, "cut or refused"),
        (Some(&ours), by(&other), false, "invalid peer certificate"),
        (Some(&elsewhere), by(&elsewhere), false, "not valid for name"),
        // No public authority knows it.
        (Some(&ours), "sslmode=verify-full".to_owned(), false, "UnknownIssuer"),
        (Some(&ours), "sslmode=require".to_owned(), true, "cut or refused"),
        (None, "sslmode=require".to_owned(), false, "does not encrypt"),
        (None, by(&ours), false, "does not encrypt"),
    ] {
        let (went_on, error) = check(shown, &query);
        assert_eq!(went_on, goes_on, "{query}: {error}");
        assert!(error.contains(why), "{query}: {error}");
    }
}

#[test]
fn what_an_address_asks_for_is_known_or_refused() {
    let place = "postgres://baton:secret@db.example.com/baton";
    for (query, left, encrypts) in [
        ("", "", false),
        ("?application_name=x", "?application_name=x", false),
        ("?sslmode=disable", "", false),
        ("?sslmode=require", "?sslmode=require", true),
        ("?a=b&sslmode=verify-full&c=d", "?a=b&c=d&sslmode=require", true),
    ] {
        let (url, encryption) = of(&format!("{place}{query}")).unwrap();
        assert_eq!((url, encryption.is_some()), (format!("{place}{left}"), encrypts), "{query}");
    }
    for (query, words) in [
        ("?sslmode=prefer", "expected disable, require or verify-full"),
        ("?sslmode=require&sslrootcert=x", "goes with sslmode=verify-full"),
        ("?sslmode=verify-full&sslrootcert=/no/such/file", "`/no/such/file` holds no certificates"),
    ] {
        let refused = of(&format!("{place}{query}")).err().unwrap().to_string();
        assert!(refused.contains(words) && !refused.contains("secret"), "{refused}");
    }
}
