//! Which services were reminded, when and by whom.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::reminders;

/// The occasion of a reminder that somebody sent.
pub const BY_HAND: &str = "by_hand";

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// `by_hand`, or the step of the plan.
    pub occasion: String,
    /// How many people were written to.
    pub people: i32,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// By whom.
    pub sent_by: String,
}

impl Reminder {
    /// Whether the plan sent it.
    pub fn is_of_plan(&self) -> bool {
        self.occasion != BY_HAND
    }
}

type ReminderRow = (String, i32, String, String, i32, NaiveDateTime, String);

/// The reminders of a round, the oldest first.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<Reminder>, StoreError> {
    let of = reminders::table.filter(reminders::year.eq(year)).order((reminders::sent_at, reminders::id));
    let reminder = |(id, year, service, occasion, people, sent_at, sent_by): ReminderRow| Reminder {
        id,
        year,
        service,
        occasion,
        people,
        sent_at: sent_at.and_utc(),
        sent_by,
    };
    Ok(of.load::<ReminderRow>(conn)?.into_iter().map(reminder).collect())
}

/// Writes a reminder down; false where the plan has reminded of the same before.
pub fn add(conn: &mut DbConn, new: &Reminder) -> Result<bool, StoreError> {
    let row = (
        reminders::id.eq(&new.id),
        reminders::year.eq(new.year),
        reminders::service_code.eq(&new.service),
        reminders::occasion.eq(&new.occasion),
        reminders::people.eq(new.people),
        reminders::sent_at.eq(new.sent_at.naive_utc()),
        reminders::sent_by.eq(&new.sent_by),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(reminders::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}
