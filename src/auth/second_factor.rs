//! The second factor: codes of six digits that change every thirty seconds (RFC 6238), and recovery codes for the day
//! the telephone is lost.

use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Totp};

/// Bytes of a secret.
pub const SECRET_LENGTH: usize = 20;

/// How many recovery codes somebody is given.
pub const RECOVERY_CODES: usize = 10;

/// Random bytes of a recovery code.
pub const RECOVERY_LENGTH: usize = 10;

/// Who the codes are for, as the authenticator shows it.
const ISSUER: &str = "Facilities audit";

/// A second factor cannot be made of this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the second factor cannot be set up: {0}")]
pub struct FactorError(String);

/// A second factor.
#[derive(Debug)]
pub struct SecondFactor(Totp);

impl SecondFactor {
    /// The factor of a secret in base 32, for an account's address.
    pub fn new(secret: &str, email: &str) -> Result<Self, FactorError> {
        let failed = |error: &dyn std::fmt::Display| FactorError(error.to_string());
        let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).map_err(|error| failed(&error))?;
        // A colon parts the issuer from the account in the address of the factor.
        let account = email.replace(':', " ");
        let totp = Builder::new().with_secret(bytes).with_account_name(account).with_issuer(Some(ISSUER));
        totp.build().map(Self).map_err(|error| failed(&error))
    }

    /// The time step of a code, if the code is right now, or was or will be within half a minute. A code must be refused
    /// where its step is not after the last one that was taken.
    pub fn step_of(&self, code: &str, now: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.0.check(&digits, u64::try_from(now).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The code of a moment, for tests and for those who check the clock.
    pub fn code_at(&self, now: i64) -> String {
        self.0.generate(u64::try_from(now).unwrap_or_default()).to_string()
    }

    /// What the authenticator reads: an `otpauth:` address.
    pub fn address(&self) -> Result<String, FactorError> {
        self.0.to_url().map_err(|error| FactorError(error.to_string()))
    }

    /// The address as a picture.
    pub fn picture(&self) -> Result<String, FactorError> {
        let code = QrCode::new(self.address()?).map_err(|error| FactorError(error.to_string()))?;
        Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).build())
    }
}

/// A new secret, in base 32 as people type it.
pub fn secret_text(bytes: [u8; SECRET_LENGTH]) -> String {
    data_encoding::BASE32_NOPAD.encode(&bytes)
}

/// A recovery code as it is shown: `abcd-efgh-ijkl-mnop`.
pub fn recovery_code(bytes: [u8; RECOVERY_LENGTH]) -> String {
    let text = data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase();
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("-")
}

/// A recovery code as it is compared: without its dashes, spaces and capitals.
pub fn plain_recovery_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the ASCII secret "12345678901234567890", the last six of the eight digits of SHA-1.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = secret_text(*b"12345678901234567890");
        let factor = SecondFactor::new(&secret, "lead@example.org").unwrap();
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(factor.code_at(time), code);
            assert_eq!(factor.step_of(code, time), Some(time / 30));
            assert_eq!(factor.step_of(&format!("{} {}", &code[..3], &code[3..]), time + 30), Some(time / 30));
            assert_eq!(factor.step_of(code, time + 90), None);
        }
        assert_eq!(factor.step_of("", 59), None);
        assert_eq!(factor.step_of("28708", 59), None);
    }

    #[test]
    fn the_authenticator_reads_issuer_and_account() {
        let factor = SecondFactor::new(&secret_text([1; 20]), "a:b@example.org").unwrap();
        let address = factor.address().unwrap();
        assert!(address.starts_with("otpauth://totp/Facilities%20audit:a%20b%40example.org?secret="), "{address}");
        assert!(factor.picture().unwrap().contains("<svg"));
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let code = recovery_code([0xA5; RECOVERY_LENGTH]);
        assert_eq!(code.len(), 19);
        assert_eq!(plain_recovery_code(&code.to_uppercase().replace('-', " ")), plain_recovery_code(&code));
    }
}
