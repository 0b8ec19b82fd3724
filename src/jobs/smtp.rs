//! Hands letters to a mail server, by SMTP.
//!
//! The conversation is led here, command by command, since it matters where it breaks off: a server that refuses the
//! sender or the password has nothing against the letter, which goes on waiting; and the moment that it acknowledges the
//! message is the moment to return, before any farewell.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::sync::Mutex;
use url::{Host, Url};

use crate::app::outbox::{Sender, Undelivered};
use crate::formats::mail::{Letter, message};

/// How long it may take to be connected.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// How the way to the mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything of ours is said, or nothing is.
    StartTls,
    /// None.
    Plain,
}

/// Where the mail server is and how it is spoken to.
#[derive(Clone)]
pub struct MailServer {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
}

/// Without the password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({}:{}, {:?})", self.host, self.port, self.encryption)
    }
}

impl MailServer {
    /// Reads the address of a mail server: `smtps://USER:PASSWORD@HOST:465`, `smtp://USER:PASSWORD@HOST:587`, or
    /// `smtp://HOST:25?tls=none`. Errors repeat nothing of it, since it has a password in it.
    pub fn parse(address: &str) -> Result<Self, String> {
        let url = Url::parse(address.trim())
            .map_err(|error| format!("the address of the mail server cannot be read: {error}; {EXAMPLE}"))?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (encryption, usual_port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", None | Some("required")) => (Encryption::Tls, 465),
            ("smtp", None | Some("required")) => (Encryption::StartTls, 587),
            ("smtp", Some("none")) => (Encryption::Plain, 25),
            ("smtp" | "smtps", Some(_)) => {
                return Err(format!("tls in the address of the mail server is required or none; {EXAMPLE}"));
            }
            _ => return Err(format!("the address of the mail server begins with smtps:// or smtp://; {EXAMPLE}")),
        };
        let (host, is_this_machine) = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => (name.to_owned(), name == "localhost"),
            Some(Host::Ipv4(address)) => (address.to_string(), address.is_loopback()),
            Some(Host::Ipv6(address)) => (address.to_string(), address.is_loopback()),
            _ => return Err(format!("the address of the mail server names no host; {EXAMPLE}")),
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some(Credentials::new(decoded(user)?, decoded(password)?)),
            _ => return Err(format!("the address of the mail server has a user or a password alone; {EXAMPLE}")),
        };
        if credentials.is_some() && encryption == Encryption::Plain && !is_this_machine {
            let why = "the password for the mail server would go over the network for everybody to read";
            return Err(format!("{why}; leave out tls=none"));
        }
        Ok(Self { host, port: url.port().unwrap_or(usual_port), encryption, credentials })
    }

    /// A conversation that has come as far as the first letter.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let we = ClientId::default();
        let tls = || TlsParameters::new(self.host.clone());
        let wrapped = if self.encryption == Encryption::Tls { Some(tls()?) } else { None };
        let place = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(place, Some(PATIENCE), &we, wrapped, None).await?;
        if self.encryption == Encryption::StartTls {
            connection.starttls(tls()?, &we).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }
}

const EXAMPLE: &str = "write for example smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587, with %40 for \
                       an @ in USER or PASSWORD";

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "the user or the password for the mail server is not UTF-8".to_owned())
}

/// Sends letters by a mail server. The conversation goes on from one letter to the next until there is a rest.
pub struct Smtp {
    server: MailServer,
    from: Mailbox,
    open: Mutex<Option<AsyncSmtpConnection>>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("server", &self.server).field("from", &self.from).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Sends by a server, in somebody's name.
    pub fn new(server: MailServer, from: Mailbox) -> Self {
        Self { server, from, open: Mutex::new(None) }
    }

    async fn deliver(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = message(letter, &self.from).map_err(Undelivered::Refused)?;
        let bytes = message.formatted();
        let mut open = self.open.lock().await;
        let mut connection = self.connection(open.take()).await.map_err(|error| no_server(&error))?;
        let result = converse(&mut connection, message.envelope(), &bytes).await;
        if result.is_ok() {
            *open = Some(connection);
        } else {
            tokio::spawn(farewell(connection));
        }
        result
    }

    /// The conversation that is open, if the server still listens, or a new one.
    async fn connection(&self, open: Option<AsyncSmtpConnection>) -> Result<AsyncSmtpConnection, Error> {
        if let Some(mut connection) = open
            && connection.test_connected().await
        {
            return Ok(connection);
        }
        self.server.connect().await
    }
}

impl Sender for Smtp {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(self.deliver(letter))
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(connection) = self.open.lock().await.take() {
                farewell(connection).await;
            }
        })
    }
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    envelope: &lettre::address::Envelope,
    message: &[u8],
) -> Result<(), Undelivered> {
    let mut parameters = Vec::new();
    if envelope.to().iter().chain(envelope.from()).any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let reason = "The mail server takes no addresses with other letters than those of ASCII.";
            return Err(Undelivered::Refused(reason.into()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    // Who refuses us as a sender has nothing against this letter.
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(|error| no_server(&error))?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|error| not_this(&error))?;
    }
    connection.command(Data).await.map_err(|error| not_this(&error))?;
    connection.message(message).await.map_err(|error| not_this(&error))?;
    Ok(())
}

/// Ends a conversation; a server that does not answer is left.
async fn farewell(mut connection: AsyncSmtpConnection) {
    let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
}

fn no_server(error: &Error) -> Undelivered {
    Undelivered::NoServer(words(error))
}

fn not_this(error: &Error) -> Undelivered {
    if error.is_permanent() {
        Undelivered::Refused(words(error))
    } else if error.is_transient() {
        Undelivered::NotNow(words(error))
    } else {
        no_server(error)
    }
}

fn words(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => format!("The mail server said: {code} {source}"),
        None => format!("The mail server cannot be used: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        let read = |address: &str| MailServer::parse(address).map(|server| format!("{server:?}"));
        assert_eq!(read("smtps://me:p%40ss@mail.example.org").unwrap(), "MailServer(mail.example.org:465, Tls)");
        assert_eq!(read("smtp://mail.example.org?tls=required").unwrap(), "MailServer(mail.example.org:587, StartTls)");
        assert_eq!(read(" smtp://me:pass@mail:2525\n").unwrap(), "MailServer(mail:2525, StartTls)");
        assert_eq!(read("smtp://10.0.0.1?tls=none").unwrap(), "MailServer(10.0.0.1:25, Plain)");
        assert_eq!(read("smtp://me:pass@[::1]?tls=none").unwrap(), "MailServer(::1:25, Plain)");
        let server = MailServer::parse("smtps://me%40example.org:p%40ss%3A@mail").unwrap();
        assert_eq!(server.credentials, Some(Credentials::new("me@example.org".into(), "p@ss:".into())));
    }

    #[test]
    fn wrong_addresses_are_refused_without_repeating_the_password() {
        for address in [
            "http://me:hunter2@mail",
            "me:hunter2@mail",
            "smtp://me:hunter2@mail?tls=opportunistic",
            "smtp://me:hunter2@mail.example.org?tls=none",
            "smtps://me:hunter2@",
            "smtps://:hunter2@mail",
            "smtps://hunter2@mail",
            "smtps://me:hunter2@mail:port",
            "smtps://me:hunter2%FF@mail",
        ] {
            let error = MailServer::parse(address).unwrap_err();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
