//! What the service does by itself, beside answering: it sends the mail that waits, and does now and then what falls due.
//! Every server runs every job, on its own or beside others on the same database, so each job must allow for that: what
//! may happen once only is taken under a lease or by one guarded UPDATE.

pub mod smtp;

use std::time::Duration;

use tokio::sync::watch;

use crate::app::outbox::{self, Next};
use crate::app::{App, AppError, kept_entries, mails, rounds, sessions};

/// Becomes true when the service is told to stop.
pub type Stop = watch::Receiver<bool>;

/// How often the outbox is looked at, besides at once when this process queues a mail.
const OUTBOX_EVERY: Duration = Duration::from_secs(5);

/// How often it is looked for what is due at a set time.
const DUE_EVERY: Duration = Duration::from_secs(10);

/// How often what is over is deleted.
const TIDIED_EVERY: Duration = Duration::from_secs(600);

/// Runs every job until the service stops. Returns once what was under way is done.
pub async fn run(app: App, stop: Stop) {
    tokio::join!(
        send_mail(&app, stop.clone()),
        every(TIDIED_EVERY, &app, stop.clone(), "delete sessions that are over", sessions::delete_ended),
        every(TIDIED_EVERY, &app, stop.clone(), "forget old entries that were kept", kept_entries::forget_old),
        every(TIDIED_EVERY, &app, stop.clone(), "forget old mails", mails::forget_old),
        every(DUE_EVERY, &app, stop, "do what is due in the rounds", rounds::run_due),
    );
}

/// Sends the mail that is due, one after the other.
async fn send_mail(app: &App, mut stop: Stop) {
    let Some(sender) = app.settings().mail.clone() else { return };
    while !*stop.borrow() {
        match outbox::send_next(app).await {
            Ok(Next::GoOn) => continue,
            Ok(Next::Rest) => {}
            Err(error) => tracing::error!(%error, "the outbox cannot be read"),
        }
        sender.rest().await;
        tokio::select! {
            () = app.mail_queued() => {}
            () = tokio::time::sleep(OUTBOX_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Does something at once and then again and again.
async fn every(pause: Duration, app: &App, mut stop: Stop, what: &'static str, work: fn(&App) -> Result<(), AppError>) {
    while !*stop.borrow() {
        if let Err(error) = app.run(work).await {
            tracing::error!(%error, what, "a job failed");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}
