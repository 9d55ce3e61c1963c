//! Encryption of connections to PostgreSQL, as the address asks for it.
//!
//! `sslmode=verify-full` encrypts and knows whom it speaks to: the certificate is signed by an authority
//! in the file `sslrootcert`, or by a public one, and names the host. `sslmode=require` encrypts and takes
//! any certificate: it keeps out who listens, not who stands between. Without, nothing is encrypted.
//!
//! Deliberately absent: `prefer`, `allow` and `verify-ca`, which promise less than they seem to.

use std::error::Error;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Result, StoreError};

/// The address without what only this module knows, and how to encrypt, if at all.
pub(crate) fn of(url: &str) -> Result<(String, Option<MakeRustlsConnect>)> {
    let Some((place, query)) = url.split_once('?') else { return Ok((url.to_owned(), None)) };
    let (mut mode, mut authorities, mut rest) = (None, None, Vec::new());
    for part in query.split('&') {
        match part.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => authorities = Some(decoded(value)),
            _ => rest.push(part),
        }
    }
    let config = match (mode, authorities) {
        (None | Some("disable"), None) => None,
        (Some("require"), None) => Some(trusting()?),
        (Some("verify-full"), file) => Some(verifying(file.as_deref())?),
        (None | Some("disable" | "require"), Some(_)) => {
            return Err(refused("sslrootcert goes with sslmode=verify-full"));
        }
        (Some(other), _) => {
            let known = "disable, require or verify-full";
            return Err(refused(&format!("sslmode is `{other}`, expected {known}")));
        }
    };
    if config.is_some() {
        rest.push("sslmode=require");
    }
    let mark = if rest.is_empty() { "" } else { "?" };
    Ok((format!("{place}{mark}{}", rest.join("&")), config.map(MakeRustlsConnect::new)))
}

/// What to say of a connection that could not be encrypted.
pub(crate) fn refusal(error: &postgres::Error) -> Option<StoreError> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(why) = cause {
        // What an I/O error wraps is its inside and not its source.
        let inside = why.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inside = inside.map_or(why, |inside| inside as &(dyn Error + 'static));
        if let Some(told) = inside.downcast_ref::<rustls::Error>() {
            return Some(refused(&format!("no encryption was agreed on: {told}")));
        }
        cause = why.source();
    }
    error
        .to_string()
        .starts_with("error performing TLS handshake")
        .then(|| refused("the server does not encrypt, and sslmode asks for it"))
}

fn refused(reason: &str) -> StoreError {
    StoreError::Unavailable { reason: reason.to_owned() }
}

/// Takes certificates that an authority of the file, or a public one, has signed for the host.
fn verifying(file: Option<&str>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let unreadable =
                || refused(&format!("sslrootcert: `{file}` holds no certificates in PEM"));
            let found = CertificateDer::pem_file_iter(file).map_err(|_| unreadable())?;
            for certificate in found {
                let certificate = certificate.map_err(|_| unreadable())?;
                roots.add(certificate).map_err(|_| unreadable())?;
            }
            if roots.is_empty() {
                return Err(unreadable());
            }
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| no_versions())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Takes any certificate.
fn trusting() -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let any = Arc::new(AnyCertificate(Arc::clone(&provider)));
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| no_versions())?;
    Ok(builder.dangerous().with_custom_certificate_verifier(any).with_no_client_auth())
}

fn no_versions() -> StoreError {
    refused("this program can encrypt by no version of TLS: please report this")
}

/// A server needs only to have the key of the certificate that it shows.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// A value of an address, with `%20` and the like undone.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
