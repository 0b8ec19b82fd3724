//! The mails of a world, opened: what their readers would read.

use diesel::prelude::*;
use facilities_audit::app::mail::Mail;
use facilities_audit::store::schema::{outbox, personal_data};

use crate::world::World;

impl World {
    /// The mails to an address that wait to be sent, the oldest first.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let app = self.app();
        let mut conn = app.database().connection().expect("the database answers");
        let subjects: Vec<String> = personal_data::table
            .filter(personal_data::value.eq(email).and(personal_data::kind.eq_any(["email", "recipient"])))
            .select(personal_data::subject)
            .load(&mut *conn)
            .expect("the subjects of the address");
        let sealed: Vec<Option<String>> = outbox::table
            .filter(outbox::subject.eq_any(subjects))
            .order(outbox::created_at)
            .select(outbox::sealed)
            .load(&mut *conn)
            .expect("the outbox");
        let key = app.key().expect("a key");
        let open = |sealed: String| key.open("outbox", &sealed).expect("sealed with this key");
        let texts = sealed.into_iter().flatten().map(open);
        texts.map(|text| serde_json::from_str(&text).expect("a mail")).collect()
    }

    /// The link in the newest mail to an address that has one.
    pub fn link_to(&self, email: &str) -> String {
        let link = |mail: Mail| match mail {
            Mail::SignInLink { link, .. }
            | Mail::Invitation { link, .. }
            | Mail::PasswordReset { link, .. }
            | Mail::SectionLink { link, .. }
            | Mail::Receipt { link, .. }
            | Mail::Comment { link, .. }
            | Mail::DataQuery { link, .. }
            | Mail::Reminder { link, .. } => Some(link),
            Mail::SecurityNotice { .. } => None,
        };
        self.mails_to(email).into_iter().rev().find_map(link).expect("a mail with a link")
    }
}
