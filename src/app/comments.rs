//! Comment threads: what a service and the audit team say to each other about an item.
//!
//! Whoever may read the draft writes, and whoever fills in a section by a link, about its items. The audit team answers.
//! The other side is written to, at most once an hour and thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::history::{self, actor_name};
use super::mail::{self, Mail};
use super::register::{round_in, service_in};
use super::{App, AppError, round_of};
use crate::domain::access::{Permission, Principal, Role};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::register::Service;
use crate::store::comments::Comment;
use crate::store::{self, DbConn};

/// Characters that a comment may have.
pub const LONGEST: usize = 4_000;

/// How long the other side is not written to again about a thread, in minutes.
const QUIET: i64 = 60;

/// A comment with who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedComment {
    /// Id.
    pub id: String,
    /// What to call the author.
    pub author: String,
    /// By the audit team.
    pub from_team: bool,
    /// The words.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was said about one item of one response.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: Service,
    /// The item.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// The question.
    pub question: String,
    /// The section that it stands in.
    pub section: String,
    /// The comments, the oldest first.
    pub comments: Vec<NamedComment>,
}

impl Thread {
    /// The service spoke last, so the audit team is to answer.
    pub fn waits_for_team(&self) -> bool {
        self.comments.last().is_some_and(|comment| !comment.from_team)
    }
}

/// A response whose comments are read or written.
struct Place {
    year: i32,
    service: Service,
    questionnaire: Arc<Questionnaire>,
    /// The one section that somebody came for by a link.
    only: Option<String>,
}

impl Place {
    fn load(app: &App, conn: &mut DbConn, who: &Principal, year: i32, service: &str) -> Result<Self, AppError> {
        let register = app.register(conn)?;
        let round = round_in(&register, year)?;
        let service = service_in(&register, service)?;
        let only = who.section_of(&service.code, year).map(ToOwned::to_owned);
        if only.is_none() && !who.may_for(Permission::ReadDraft, service, &register.tree) {
            let action = format!("read or write comments on the answers of {}", service.code);
            return Err(AppError::Forbidden { action });
        }
        Ok(Self { year, questionnaire: app.questionnaire_of(round)?, service: service.clone(), only })
    }

    fn thread(&self, link_id: &str) -> Result<Thread, AppError> {
        let (Some(item), Some(section)) = (self.questionnaire.item(link_id), self.questionnaire.section_of(link_id))
        else {
            let hint = format!("The questionnaire of {} names every item.", self.year);
            return Err(AppError::not_found("item", link_id, hint));
        };
        if self.only.as_ref().is_some_and(|only| *only != section.link_id) {
            let action = "read or write comments on this question: your link is for another section".into();
            return Err(AppError::Forbidden { action });
        }
        Ok(Thread {
            year: self.year,
            service: self.service.clone(),
            link_id: item.link_id.clone(),
            number: item.number.clone(),
            question: item.text.clone(),
            section: section.link_id.clone(),
            comments: Vec::new(),
        })
    }
}

fn named(conn: &mut DbConn, comment: &Comment) -> Result<NamedComment, AppError> {
    Ok(NamedComment {
        id: comment.id.clone(),
        author: actor_name(conn, &comment.author)?,
        from_team: comment.from_team,
        body: comment.body.clone(),
        at: comment.created_at,
    })
}

/// The threads of a response that the reader may see, in printed order.
pub fn of_response(app: &App, who: &Principal, year: i32, service: &str) -> Result<Vec<Thread>, AppError> {
    app.read(|conn| {
        let place = Place::load(app, conn, who, year, service)?;
        let mut by_item: BTreeMap<String, Vec<Comment>> = BTreeMap::new();
        for comment in store::comments::of_response(conn, &place.service.code, year)? {
            by_item.entry(comment.link_id.clone()).or_default().push(comment);
        }
        let mut threads = Vec::new();
        for item in place.questionnaire.items() {
            let Some(comments) = by_item.remove(&item.link_id) else { continue };
            let Ok(mut thread) = place.thread(&item.link_id) else { continue };
            thread.comments = comments.iter().map(|comment| named(conn, comment)).collect::<Result<_, _>>()?;
            threads.push(thread);
        }
        Ok(threads)
    })
}

/// The thread of one item, begun or not.
pub fn thread(app: &App, who: &Principal, year: i32, service: &str, link_id: &str) -> Result<Thread, AppError> {
    app.read(|conn| {
        let place = Place::load(app, conn, who, year, service)?;
        let mut thread = place.thread(link_id)?;
        for comment in store::comments::of_response(conn, &place.service.code, year)? {
            if comment.link_id == link_id {
                thread.comments.push(named(conn, &comment)?);
            }
        }
        Ok(thread)
    })
}

/// The threads of a round, for the audit team: those that wait for an answer first, the longest waiting before the others.
pub fn of_round(app: &App, who: &Principal, year: i32) -> Result<Vec<Thread>, AppError> {
    if !who.may_everywhere(Permission::ReadDraft) {
        return Err(AppError::Forbidden { action: "read the comments of a round; the audit team can".into() });
    }
    let services: Vec<String> = app.read(|conn| {
        round_of(conn, year)?;
        let mut services: Vec<String> =
            store::comments::of_round(conn, year)?.into_iter().map(|comment| comment.service).collect();
        services.sort();
        services.dedup();
        Ok(services)
    })?;
    let mut threads = Vec::new();
    for service in services {
        threads.extend(of_response(app, who, year, &service)?);
    }
    threads.sort_by_key(|thread| (!thread.waits_for_team(), thread.comments.last().map(|comment| comment.at)));
    Ok(threads)
}

/// The threads of a round in which the service spoke last.
pub(super) fn waiting_for_team(conn: &mut DbConn, year: i32) -> Result<usize, AppError> {
    // The oldest first, so that the last of each thread stands at the end.
    let comments = store::comments::of_round(conn, year)?.into_iter();
    let last: BTreeMap<(String, String), bool> =
        comments.map(|comment| ((comment.service, comment.link_id), comment.from_team)).collect();
    Ok(last.values().filter(|from_team| !**from_team).count())
}

/// Says something about an item.
pub fn write(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    link_id: &str,
    body: &str,
) -> Result<Thread, AppError> {
    let body = body.replace("\r\n", "\n").trim().to_owned();
    app.write(|conn| {
        let place = Place::load(app, conn, who, year, service)?;
        let begun = place.thread(link_id)?;
        if body.is_empty() {
            return Err(AppError::invalid("body", "empty", "Write something before you send it."));
        }
        if body.chars().count() > LONGEST || body.contains('\0') {
            let message = format!("Keep the comment under {LONGEST} characters.");
            return Err(AppError::invalid("body", "too_long", message));
        }
        // Whoever writes next waits for this, so that the other side is mailed once.
        let now = app.now();
        store::responses::ensure(conn, &place.service.code, year, now)?;
        store::responses::find_for_update(conn, &place.service.code, year)?;
        let from_team = who.has_role(Role::AuditTeam);
        let before = store::comments::of_response(conn, &place.service.code, year)?;
        let quiet = before.iter().any(|comment| {
            comment.link_id == link_id
                && comment.from_team == from_team
                && comment.mailed
                && comment.created_at > now - Duration::minutes(QUIET)
        });
        let comment = Comment {
            id: app.new_id()?,
            year,
            service: place.service.code.clone(),
            link_id: link_id.to_owned(),
            author: who.actor.clone(),
            from_team,
            body: body.clone(),
            mailed: !quiet,
            created_at: now,
        };
        store::comments::add(conn, &comment)?;
        if !quiet {
            tell_the_others(app, conn, who, &begun, &comment, &before)?;
        }
        let event = Event::of("commented").item(link_id).new_value(&comment.id);
        history::record(app, conn, who, &Object::response(year, &place.service.code), vec![event])
    })?;
    thread(app, who, year, service, link_id)
}

/// Writes to the other side: the audit team, or the service's leads and whoever else of it wrote in the thread.
fn tell_the_others(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    thread: &Thread,
    comment: &Comment,
    before: &[Comment],
) -> Result<(), AppError> {
    let mut subjects = if comment.from_team {
        let wrote = before.iter().filter(|other| other.link_id == comment.link_id && !other.from_team);
        let accounts = wrote.filter(|other| other.author.starts_with("account:")).map(|other| other.author.clone());
        let mut subjects: Vec<String> = accounts.collect();
        subjects.extend(store::accounts::holders(conn, Role::FlsLead, &thread.service.code)?);
        subjects
    } else {
        store::accounts::holders(conn, Role::AuditTeam, "")?
    };
    subjects.sort();
    subjects.dedup();
    subjects.retain(|subject| *subject != who.actor);
    let address = format!("/survey/{}/{}/comments/{}", thread.year, thread.service.code, thread.link_id);
    let said = Mail::Comment {
        link: app.address(&address),
        author: who.name.clone(),
        service: thread.service.name.clone(),
        item: format!("{} {}", thread.number, thread.question),
        note: comment.body.clone(),
        at: comment.created_at,
    };
    for subject in subjects {
        mail::queue(app, conn, &subject, &said)?;
    }
    Ok(())
}
