//! Section links: an FLS lead hands one section of a response to somebody without an account, for a while.

use chrono::Duration;

use super::mail::{self, Mail};
use super::register::{round_in, service_in};
use super::sign_in::plain_email;
use super::{App, AppError, history, round_of};
use crate::auth::secret_hash;
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::register::Service;
use crate::store::accounts::Personal;
use crate::store::section_links::SectionLink;
use crate::store::{self, DbConn};

/// How long a link works unless told otherwise.
pub const USUAL_DAYS: i64 = 14;

/// The most days that a link works.
pub const MOST_DAYS: i64 = 60;

/// A link as those who manage it see it.
#[derive(Debug, Clone)]
pub struct SectionLinkLine {
    /// The link.
    pub link: SectionLink,
    /// To whom it was mailed; empty once erased.
    pub recipient: String,
    /// Who made it.
    pub made_by: String,
    /// It works.
    pub is_usable: bool,
}

/// What a link is made for.
#[derive(Debug, Clone)]
pub struct NewSectionLink<'a> {
    /// The section's id in the questionnaire.
    pub section: &'a str,
    /// To whom it is mailed.
    pub email: &'a str,
    /// What the mail says besides.
    pub note: &'a str,
    /// For how many days it works.
    pub days: i64,
}

fn service_to_share(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    service: &str,
) -> Result<Service, AppError> {
    let register = app.register(conn)?;
    round_in(&register, year)?;
    let service = service_in(&register, service)?;
    if who.may_for(Permission::ShareSection, service, &register.tree) {
        return Ok(service.clone());
    }
    Err(AppError::Forbidden { action: format!("hand out sections of {}", service.code) })
}

fn check_days(days: i64) -> Result<(), AppError> {
    if (1..=MOST_DAYS).contains(&days) {
        return Ok(());
    }
    Err(AppError::invalid("days", "out_of_range", format!("A link works for 1 to {MOST_DAYS} days.")))
}

/// Makes a link and mails it. Returns the link and its secret.
pub fn make(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    new: &NewSectionLink<'_>,
) -> Result<(SectionLinkLine, String), AppError> {
    let email = plain_email(new.email);
    AppError::both(super::accounts::check_email(&email), check_days(new.days))?;
    if new.note.chars().count() > 1_000 {
        return Err(AppError::invalid("note", "too_long", "Keep the note under 1,000 characters."));
    }
    app.write(|conn| {
        let service = service_to_share(app, conn, who, year, service)?;
        let round = round_of(conn, year)?;
        let questionnaire = app.questionnaire_of(&round)?;
        let Some(section) = questionnaire.sections.iter().find(|section| section.link_id == new.section) else {
            let ids: Vec<&str> = questionnaire.sections.iter().map(|section| section.link_id.as_str()).collect();
            let message = format!("{:?} is no section; they are {}.", new.section, ids.join(", "));
            return Err(AppError::invalid("section", "unknown_section", message));
        };
        let secret = app.secret()?;
        let link = SectionLink {
            id: app.new_id()?,
            year,
            service: service.code.clone(),
            section: section.link_id.clone(),
            made_by: who.actor.clone(),
            created_at: app.now(),
            expires_at: app.now() + Duration::days(new.days),
            revoked_at: None,
        };
        store::section_links::add(conn, &link, &secret_hash(&secret))?;
        store::accounts::add_personal(conn, &app.new_id()?, &link.subject(), Personal::Recipient, &email)?;
        let said = Mail::SectionLink {
            link: app.address(&format!("/section/{secret}")),
            expires: link.expires_at,
            asked_by: who.name.clone(),
            service: service.name.clone(),
            section: section.title.clone(),
            note: new.note.trim().to_owned(),
        };
        mail::queue(app, conn, &link.subject(), &said)?;
        let event = Event::of("section_link_made").item(&section.link_id).new_value(&link.id);
        history::record(app, conn, who, &Object::response(year, &service.code), vec![event])?;
        Ok((line(app, conn, link)?, secret))
    })
}

fn line(app: &App, conn: &mut DbConn, link: SectionLink) -> Result<SectionLinkLine, AppError> {
    let recipient = store::accounts::personal(conn, &link.subject(), Personal::Recipient)?.unwrap_or_default();
    let made_by = history::actor_name(conn, &link.made_by)?;
    Ok(SectionLinkLine { is_usable: link.is_usable(app.now()), recipient, made_by, link })
}

/// The links of a response, the newest first.
pub fn list(app: &App, who: &Principal, year: i32, service: &str) -> Result<Vec<SectionLinkLine>, AppError> {
    app.read(|conn| {
        let service = service_to_share(app, conn, who, year, service)?;
        let links = store::section_links::of_response(conn, &service.code, year)?;
        links.into_iter().map(|link| line(app, conn, link)).collect()
    })
}

fn of_response(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    service: &str,
    id: &str,
) -> Result<SectionLink, AppError> {
    let service = service_to_share(app, conn, who, year, service)?;
    store::section_links::by_id(conn, id)?
        .filter(|link| link.service == service.code && link.year == year)
        .ok_or_else(|| AppError::not_found("section link", id, "The list of links has those of this response."))
}

/// One link of a response.
pub fn one(app: &App, who: &Principal, year: i32, service: &str, id: &str) -> Result<SectionLinkLine, AppError> {
    app.read(|conn| {
        let link = of_response(app, conn, who, year, service, id)?;
        line(app, conn, link)
    })
}

/// Revokes a link: it stops to work at once. Revoking it again changes nothing.
pub fn revoke(app: &App, who: &Principal, year: i32, service: &str, id: &str) -> Result<(), AppError> {
    app.write(|conn| {
        let link = of_response(app, conn, who, year, service, id)?;
        if store::section_links::revoke(conn, id, app.now())? {
            store::sessions::end_all(conn, &link.subject(), None)?;
            let event = Event::of("section_link_revoked").item(&link.section).old(id);
            history::record(app, conn, who, &Object::response(year, &link.service), vec![event])?;
        }
        Ok(())
    })
}
