//! TLS in the process. The certificate is read again when its file changes or on SIGHUP, so that a renewal needs no
//! restart; one that cannot be used is named in the log, and the one before goes on to serve.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Settles by which library everything in this process does its cryptography for TLS: there are two in the program, and
/// rustls takes neither by itself then.
pub fn install_provider() {
    if CryptoProvider::get_default().is_none() {
        // Somebody may have been quicker, which is as well.
        let _ = aws_lc_rs::default_provider().install_default();
    }
}

/// A certificate and its key, ready to serve.
#[derive(Debug)]
pub struct Tls {
    acceptor: Acceptor,
    certificate: Arc<Certificate>,
}

struct Acceptor(TlsAcceptor);

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Acceptor")
    }
}

/// The files and what was last read from them.
#[derive(Debug)]
struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Tls {
    /// Reads the files; a sentence where they are of no use.
    pub fn new(chain: &Path, key: &Path) -> Result<Self, String> {
        let current = RwLock::new(Arc::new(read(chain, key)?));
        let certificate = Arc::new(Certificate { chain: chain.to_owned(), key: key.to_owned(), current });
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_no_client_auth()
            .with_cert_resolver(certificate.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: Acceptor(TlsAcceptor::from(Arc::new(config))), certificate })
    }

    /// Agrees on TLS with a client.
    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.0.accept(stream).await
    }

    /// Reads the files again whenever they have changed or the process is told to, for as long as it is polled.
    pub fn keep_fresh(&self) -> impl Future<Output = ()> + Send + 'static {
        let certificate = self.certificate.clone();
        async move {
            let (mut seen, mut hang_up) = (certificate.changed_at(), HangUp::new());
            loop {
                let told = tokio::select! {
                    () = hang_up.come() => true,
                    () = tokio::time::sleep(LOOK_EVERY) => false,
                };
                let now = certificate.changed_at();
                if told || now != seen {
                    seen = now;
                    certificate.read_again();
                }
            }
        }
    }
}

impl Certificate {
    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.chain, &self.key].map(|file| std::fs::metadata(file).and_then(|found| found.modified()).ok())
    }

    fn read_again(&self) {
        match read(&self.chain, &self.key) {
            Ok(key) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
                tracing::info!(file = %self.chain.display(), "the certificate was read again");
            }
            Err(reason) => tracing::error!(reason, "the certificate was not read again; the one before is kept"),
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// The signal by which programs are told to read their files again. It is taken for as long as this is there; a process
/// that takes it not is ended by it.
struct HangUp(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl HangUp {
    fn new() -> Self {
        #[cfg(unix)]
        return Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok());
        #[cfg(not(unix))]
        return Self();
    }

    async fn come(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0 {
            signal.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    }
}

fn read(chain: &Path, key: &Path) -> Result<CertifiedKey, String> {
    use rustls::pki_types::pem::Error as PemError;
    let unreadable = |what: &str, file: &Path, error: &PemError| match error {
        PemError::Io(error) => format!("the {what} cannot be read from {}: {error}", file.display()),
        PemError::NoItemsFound => format!("there is no {what} in {}; it must be a PEM file", file.display()),
        // The parser's own words could quote a key.
        _ => format!("the {what} in {} is damaged; it must be a PEM file", file.display()),
    };
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable("certificate", chain, &error))?;
    if certificates.is_empty() {
        return Err(unreadable("certificate", chain, &PemError::NoItemsFound));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable("private key", key, &error))?;
    CertifiedKey::from_der(certificates, private, &aws_lc_rs::default_provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            format!("the private key in {} is not that of the certificate in {}", key.display(), chain.display())
        }
        error => format!("{} and {} cannot be used: {error}", chain.display(), key.display()),
    })
}
