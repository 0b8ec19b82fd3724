//! What anyone manages of their own: name, password, second factor. (Sessions have a file of their own.)

use super::mail::{self, Mail};
use super::sessions::{self, SignedIn, Visit, record_of_self};
use super::sign_in::{mail_link, plain_email, second_factor, take_own_code};
use super::{App, AppError};
use crate::auth::second_factor::{
    RECOVERY_CODES, RECOVERY_LENGTH, SECRET_LENGTH, SecondFactor, plain_recovery_code, recovery_code, secret_text,
};
use crate::auth::{password, secret_hash};
use crate::domain::access::Principal;
use crate::domain::history::Event;
use crate::domain::language::Language;
use crate::store::accounts::{Account, Personal};
use crate::store::sessions::{LinkPurpose, Stage};
use crate::store::{self, DbConn};

/// Somebody's own account.
#[derive(Debug, Clone)]
pub struct OwnAccount {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// They can sign in with a password.
    pub has_password: bool,
    /// A second factor is asked for when they sign in.
    pub has_second_factor: bool,
    /// What they hold asks for a second factor, so it cannot be taken away.
    pub must_have_second_factor: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i64,
}

/// A second factor that waits for its first code.
#[derive(Debug, Clone)]
pub struct NewFactor {
    /// The secret, as it is typed into an authenticator.
    pub secret: String,
    /// The address that an authenticator reads.
    pub address: String,
    /// The address as an SVG picture.
    pub picture: String,
}

fn own_id(who: &Principal) -> Result<&str, AppError> {
    who.account().ok_or_else(|| AppError::Forbidden { action: "do this without an account".into() })
}

fn own(conn: &mut DbConn, who: &Principal) -> Result<Account, AppError> {
    store::accounts::by_id(conn, own_id(who)?)?.filter(Account::is_enabled).ok_or(AppError::NotSignedIn)
}

/// The same, kept from other writers.
fn own_for_update(conn: &mut DbConn, who: &Principal) -> Result<Account, AppError> {
    store::accounts::by_id_for_update(conn, own_id(who)?)?.filter(Account::is_enabled).ok_or(AppError::NotSignedIn)
}

fn notice(app: &App, conn: &mut DbConn, account: &Account, sentence: &str) -> Result<(), AppError> {
    let mail = Mail::SecurityNotice { sentence: sentence.into(), at: app.now() };
    mail::queue(app, conn, &account.subject(), &mail)
}

/// The account of whoever asks.
pub fn view(app: &App, who: &Principal) -> Result<OwnAccount, AppError> {
    app.read(|conn| {
        let account = own(conn, who)?;
        Ok(OwnAccount {
            recovery_codes_left: store::accounts::recovery_codes_left(conn, &account.id)?,
            email: account.email,
            name: account.name,
            has_password: account.password_hash.is_some(),
            has_second_factor: account.totp_confirmed,
            must_have_second_factor: who.must_have_second_factor(),
        })
    })
}

/// Changes the name by which pages and the history call somebody.
pub fn rename(app: &App, who: &Principal, name: &str) -> Result<(), AppError> {
    let name = super::accounts::checked_name(name)?;
    app.write(|conn| {
        let account = own_for_update(conn, who)?;
        store::accounts::replace_personal(conn, &app.new_id()?, &account.subject(), Personal::Name, &name)?;
        record_of_self(app, conn, who, Event::of("renamed"))
    })
}

/// Keeps the language in which somebody reads pages and mails.
pub fn choose_language(app: &App, who: &Principal, language: Language) -> Result<(), AppError> {
    app.write(|conn| {
        let mut account = own_for_update(conn, who)?;
        account.language = Some(language);
        Ok(store::accounts::update(conn, &account)?)
    })
}

fn checked_password(account: &Account, new: &str) -> Result<(), AppError> {
    let own = [account.email.as_str(), account.name.as_str(), "facilities audit"];
    password::check(new, &own).map_err(|problem| AppError::invalid("password", problem.code(), problem.to_string()))
}

fn hashed(app: &App, new: &str) -> Result<String, AppError> {
    password::hash(new, app.random()?).map_err(AppError::Unexpected)
}

/// Sets a password, or another. Whoever has one must give it. The other sessions end.
pub fn set_password(
    app: &App,
    who: &Principal,
    session: Option<&str>,
    present: &str,
    new: &str,
) -> Result<(), AppError> {
    let account = app.read(|conn| own(conn, who))?;
    if let Some(hash) = &account.password_hash
        && !password::verify(present, Some(hash))
    {
        return Err(AppError::invalid("present_password", "password_wrong", "This is not your present password."));
    }
    checked_password(&account, new)?;
    let hash = hashed(app, new)?;
    app.write(|conn| {
        let mut account = own_for_update(conn, who)?;
        store_password(app, conn, &mut account, hash, session)?;
        record_of_self(app, conn, who, Event::of("password_set"))
    })
}

fn store_password(
    app: &App,
    conn: &mut DbConn,
    account: &mut Account,
    hash: String,
    session: Option<&str>,
) -> Result<(), AppError> {
    account.password_hash = Some(hash);
    store::accounts::update(conn, account)?;
    store::sessions::void_links(conn, &account.id, app.now())?;
    store::sessions::end_all(conn, &account.subject(), session.map(secret_hash).as_deref())?;
    notice(app, conn, account, "Your password was changed, and your other sessions were ended.")
}

/// Mails a link to choose a new password, if the address has an account. The caller learns nothing of that.
pub fn request_reset(app: &App, email: &str) -> Result<(), AppError> {
    mail_link(app, &plain_email(email), LinkPurpose::Reset, |link, expires| Mail::PasswordReset { link, expires })
}

/// Whether a reset link can be used.
pub fn reset_is_usable(app: &App, token: &str) -> Result<bool, AppError> {
    app.read(|conn| Ok(store::sessions::link_is_usable(conn, &secret_hash(token), LinkPurpose::Reset, app.now())?))
}

/// Sets a new password with a reset link, which is used up. Every session ends; signing in is a step of its own, with
/// the second factor where there is one.
pub fn reset_password(app: &App, visit: &Visit, token: &str, new: &str) -> Result<(), AppError> {
    // Hashed first, so that the link is used up only by a password that is taken, in one short transaction.
    let hash = hashed(app, new)?;
    app.write(|conn| {
        let id = store::sessions::use_link(conn, &secret_hash(token), &[LinkPurpose::Reset], app.now())?
            .ok_or(AppError::LinkUnusable)?;
        let found = store::accounts::by_id_for_update(conn, &id)?;
        let mut account = found.filter(Account::is_enabled).ok_or(AppError::LinkUnusable)?;
        checked_password(&account, new)?;
        store_password(app, conn, &mut account, hash, None)?;
        let who = sessions::principal_of(conn, &account, visit, false)?;
        record_of_self(app, conn, &who, Event::of("password_reset"))
    })
}

/// Begins to set up a second factor: it counts once a code of it was shown.
pub fn begin_second_factor(app: &App, who: &Principal) -> Result<NewFactor, AppError> {
    let secret = secret_text(app.random::<SECRET_LENGTH>()?);
    let sealed = app.key()?.seal("second factor", app.random()?, &secret)?;
    app.write(|conn| {
        let mut account = own_for_update(conn, who)?;
        if account.totp_confirmed {
            return Err(AppError::Refused {
                code: "second_factor_there",
                reason: "You have a second factor. Take it away first, or keep it.".into(),
            });
        }
        account.totp_secret = Some(sealed);
        account.totp_last_step = 0;
        store::accounts::update(conn, &account)?;
        shown(&secret, &account.email)
    })
}

/// The second factor that waits for its first code, shown again; a new one where none waits.
pub fn waiting_second_factor(app: &App, who: &Principal) -> Result<NewFactor, AppError> {
    let waiting = app.read(|conn| {
        let account = own(conn, who)?;
        match account.totp_secret.as_deref().filter(|_| !account.totp_confirmed) {
            Some(sealed) => Ok(Some(shown(&app.key()?.open("second factor", sealed)?, &account.email)?)),
            None => Ok(None),
        }
    })?;
    waiting.map_or_else(|| begin_second_factor(app, who), Ok)
}

fn shown(secret: &str, email: &str) -> Result<NewFactor, AppError> {
    let unexpected = |error: crate::auth::second_factor::FactorError| AppError::Unexpected(error.to_string());
    let factor = SecondFactor::new(secret, email).map_err(unexpected)?;
    Ok(NewFactor {
        secret: secret.to_owned(),
        address: factor.address().map_err(unexpected)?,
        picture: factor.picture().map_err(unexpected)?,
    })
}

/// Confirms a second factor by its first code, and gives out recovery codes, which are shown this once. The session goes
/// on under a new secret, signed in; all others end.
pub fn confirm_second_factor(
    app: &App,
    visit: &Visit,
    session: &str,
    code: &str,
) -> Result<(Vec<String>, SignedIn), AppError> {
    let current = sessions::current(app, session, visit)?.ok_or(AppError::NotSignedIn)?;
    if current.stage == Stage::NeedsCode {
        return Err(AppError::NotSignedIn);
    }
    let who = current.principal;
    app.write(|conn| {
        let mut account = own_for_update(conn, &who)?;
        if account.totp_confirmed || account.totp_secret.is_none() {
            return Err(AppError::Refused {
                code: "no_second_factor_waits",
                reason: "There is no second factor that waits for its first code. Begin again.".into(),
            });
        }
        let step = second_factor(app, &account)?.step_of(code, app.now().timestamp());
        let Some(step) = step else {
            let message = "This is not the code that the authenticator shows now. Is the telephone's clock right?";
            return Err(AppError::invalid("code", "code_wrong", message));
        };
        account.totp_confirmed = true;
        account.totp_last_step = step;
        account.last_signed_in_at = Some(app.now());
        store::accounts::update(conn, &account)?;
        notice(app, conn, &account, "A second factor was set up for your account.")?;
        record_of_self(app, conn, &who, Event::of("second_factor_set_up"))?;
        let codes = give_codes(app, conn, &account)?;
        store::sessions::end_all(conn, &account.subject(), None)?;
        let principal = Principal { second_factor: true, ..who };
        Ok((codes, sessions::begin(app, conn, principal, visit, Stage::SignedIn, None)?))
    })
}

fn give_codes(app: &App, conn: &mut DbConn, account: &Account) -> Result<Vec<String>, AppError> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        codes.push(recovery_code(app.random::<RECOVERY_LENGTH>()?));
    }
    let hashes: Vec<String> = codes.iter().map(|code| secret_hash(&plain_recovery_code(code))).collect();
    store::accounts::set_recovery_codes(conn, &account.id, &hashes)?;
    Ok(codes)
}

/// New recovery codes in place of the old ones, for a code of the second factor.
pub fn new_recovery_codes(app: &App, who: &Principal, code: &str) -> Result<Vec<String>, AppError> {
    take_own_code(app, who, code)?;
    app.write(|conn| {
        let account = own_for_update(conn, who)?;
        record_of_self(app, conn, who, Event::of("recovery_codes_made"))?;
        give_codes(app, conn, &account)
    })
}

/// Takes the second factor away, for a code of it; refused to those who must have one.
pub fn remove_second_factor(app: &App, who: &Principal, code: &str) -> Result<(), AppError> {
    if who.must_have_second_factor() {
        return Err(AppError::Refused {
            code: "second_factor_needed",
            reason: "Your role asks for a second factor, so it cannot be taken away.".into(),
        });
    }
    take_own_code(app, who, code)?;
    app.write(|conn| {
        let mut account = own_for_update(conn, who)?;
        account.totp_confirmed = false;
        account.totp_secret = None;
        store::accounts::update(conn, &account)?;
        store::accounts::set_recovery_codes(conn, &account.id, &[])?;
        notice(app, conn, &account, "The second factor of your account was taken away.")?;
        record_of_self(app, conn, who, Event::of("second_factor_removed"))
    })
}
