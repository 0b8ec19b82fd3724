//! Secrets and proofs of identity: the server's key, hashes of secrets, passwords, second factors. Values in, values
//! out; the database, the clock and the random source stay with `app`. Only `openid` reaches out: to the provider.

pub mod key;
pub mod openid;
pub mod password;
pub mod second_factor;

use sha2::{Digest as _, Sha256};

/// The hash under which a long random secret (a session, a link, an API key) is stored. The secrets have 256 bits, so
/// nothing slower is needed.
pub fn secret_hash(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
