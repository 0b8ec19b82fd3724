//! Passwords: long enough and not a common one; no other rules. Stored as argon2id.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// Characters that a password must have at the least.
pub const SHORTEST: usize = 12;

/// Bytes that a password may have at the most, so that hashing it stays cheap.
pub const LONGEST: usize = 200;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too short.
    #[error("Use {SHORTEST} characters or more, for example three words that have nothing to do with each other.")]
    TooShort,
    /// Too long.
    #[error("Use {LONGEST} characters or fewer.")]
    TooLong,
    /// Among those that are tried first, or made of the person's own name and address.
    #[error("This password is easy to guess: it is a common one, or made from your name or address. Choose another.")]
    Common,
}

impl PasswordProblem {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::Common => "password_common",
        }
    }
}

/// Checks a new password; `own` are words that its owner is known by.
pub fn check(password: &str, own: &[&str]) -> Result<(), PasswordProblem> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordProblem::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordProblem::TooLong);
    }
    // The estimate of guesses by word lists and patterns: below ten million is what common passwords take.
    if zxcvbn::zxcvbn(password, own).guesses_log10() < 7.0 {
        return Err(PasswordProblem::Common);
    }
    Ok(())
}

/// The hash of a password, with its salt and parameters in it.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, String> {
    let hash: PasswordHash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a hash. Without a hash (no such account, or none set) it takes as long and is false,
/// so that the time does not tell who has an account.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let Some(Ok(hash)) = hash.map(PasswordHash::new) else {
        let _ = self::hash(password, [0; 16]);
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_length_and_commonness_count() {
        assert_eq!(check("short", &[]), Err(PasswordProblem::TooShort));
        assert_eq!(check(&"long ".repeat(50), &[]), Err(PasswordProblem::TooLong));
        for common in ["password1234", "123456789012", "qwertyuiop12", "aaaaaaaaaaaaaa", "abcabcabcabc"] {
            assert_eq!(check(common, &[]), Err(PasswordProblem::Common), "{common}");
        }
        assert_eq!(check("jane.example", &["jane.example", "Jane Example"]), Err(PasswordProblem::Common));
        for good in ["kettle fjord mandolin", "zażółć gęślą jaźń", "x7#kQ9v!mBz2"] {
            assert_eq!(check(good, &["jane.example"]), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_hash_takes_its_own_password_alone() {
        let stored = hash("kettle fjord mandolin", [9; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("kettle fjord mandolin", Some(&stored)));
        assert!(!verify("kettle fjord mandolins", Some(&stored)));
        assert!(!verify("kettle fjord mandolin", None));
        assert!(!verify("kettle fjord mandolin", Some("nonsense")));
    }
}
