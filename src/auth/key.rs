//! The server's key: one secret of the installation, from which a key for each purpose is derived.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Characters that the configured secret must have at the least.
pub const SHORTEST: usize = 32;

/// The server's key. Never shown, not even by `{:?}`.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// Why a text is no server key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It could be guessed.
    #[error("the secret key must have {SHORTEST} characters or more; `openssl rand -hex 32` makes a good one")]
    TooShort,
    /// It is one character over and over.
    #[error("the secret key repeats itself; `openssl rand -hex 32` makes a good one")]
    TooSimple,
}

/// What was sealed cannot be opened: with another key, or altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed data cannot be opened; was it written under another secret key?")]
pub struct Unsealable;

/// Random bytes that a sealed text begins with.
pub const NONCE_LENGTH: usize = 24;

impl ServerKey {
    /// The key of a configured secret.
    pub fn new(secret: &str) -> Result<Self, KeyError> {
        let secret = secret.trim();
        if secret.len() < SHORTEST {
            return Err(KeyError::TooShort);
        }
        let different: std::collections::BTreeSet<char> = secret.chars().collect();
        if different.len() < 8 {
            return Err(KeyError::TooSimple);
        }
        Ok(Self::from_bytes(secret.as_bytes()))
    }

    /// The key of random bytes: for the demo, whose key lasts as long as it runs.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(mac(b"facilities-audit server key", &[bytes]))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.0, &[purpose.as_bytes()])
    }

    /// A text that stands for another, for one purpose: equal for equal texts, and telling nothing of them.
    pub fn fingerprint(&self, purpose: &str, text: &str) -> String {
        data_encoding::HEXLOWER.encode(&mac(&self.derive(purpose), &[text.as_bytes()]))
    }

    /// Encrypts a text for one purpose under a nonce of random bytes, which must never be used again.
    pub fn seal(&self, purpose: &str, nonce: [u8; NONCE_LENGTH], text: &str) -> Result<String, Unsealable> {
        let cipher = XChaCha20Poly1305::new(&self.derive(purpose).into());
        let sealed = cipher.encrypt(&XNonce::from(nonce), text.as_bytes()).map_err(|_| Unsealable)?;
        Ok(data_encoding::BASE64.encode(&[&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for the purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, Unsealable> {
        let bytes = data_encoding::BASE64.decode(sealed.as_bytes()).map_err(|_| Unsealable)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(Unsealable)?;
        let cipher = XChaCha20Poly1305::new(&self.derive(purpose).into());
        let text = cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| Unsealable)?;
        String::from_utf8(text).map_err(|_| Unsealable)
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    use hmac::KeyInit as _;
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_secrets_are_refused() {
        assert_eq!(ServerKey::new("short").unwrap_err(), KeyError::TooShort);
        assert_eq!(ServerKey::new(&"0".repeat(64)).unwrap_err(), KeyError::TooSimple);
        ServerKey::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0").unwrap();
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_purpose_alone() {
        let key = ServerKey::from_bytes(b"one");
        let sealed = key.seal("totp", [7; NONCE_LENGTH], "secret").unwrap();
        assert!(!sealed.contains("secret"));
        assert_eq!(key.open("totp", &sealed).unwrap(), "secret");
        assert_eq!(key.open("mail", &sealed), Err(Unsealable));
        assert_eq!(ServerKey::from_bytes(b"other").open("totp", &sealed), Err(Unsealable));
        let mut bytes = data_encoding::BASE64.decode(sealed.as_bytes()).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        assert_eq!(key.open("totp", &data_encoding::BASE64.encode(&bytes)), Err(Unsealable));
    }

    #[test]
    fn a_fingerprint_depends_on_key_purpose_and_text() {
        let key = ServerKey::from_bytes(b"one");
        let prints = [
            key.fingerprint("a", "x"),
            key.fingerprint("b", "x"),
            key.fingerprint("a", "y"),
            ServerKey::from_bytes(b"two").fingerprint("a", "x"),
        ];
        let different: std::collections::BTreeSet<&String> = prints.iter().collect();
        assert_eq!(different.len(), 4);
        assert_eq!(key.fingerprint("a", "x"), prints[0]);
        assert_eq!(format!("{key:?}"), "ServerKey(…)");
    }
}
