//! Mail when servers crash, stop and run beside each other: none is lost, and none comes twice but under one Message-ID.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;

use diesel::prelude::*;
use facilities_audit::app::outbox::{self, Next, Sender, Undelivered};
use facilities_audit::app::{App, Environment, Settings};
use facilities_audit::formats::mail::Letter;
use facilities_audit::jobs::smtp::{MailServer as Address, Smtp};
use facilities_audit::store::schema::outbox as table;
use facilities_audit_tests::{MailServer, MailTls, Received, SENDER, Server, World, on_both_databases, until};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::mail::{app_connection, invite, state};

/// Mails that are queued.
const MAILS: usize = 40;

fn queue(app: &App) {
    for n in 0..MAILS {
        invite(app, &format!("n{n}@example.org"));
    }
}

fn serve(world: &World, server: &MailServer) -> Server {
    let mut command: Command = world.program(&["serve"]);
    server.configure(&mut command);
    Server::start(command)
}

/// As if the leases of those who were killed had run out.
fn let_leases_run_out(app: &App) {
    let conn = &mut *app_connection(app);
    let long_ago = "2000-01-01T00:00:00".parse::<chrono::NaiveDateTime>().unwrap();
    diesel::update(table::table.filter(table::leased_until.is_not_null()))
        .set(table::leased_until.eq(long_ago))
        .execute(conn)
        .unwrap();
}

/// What arrived, by recipient.
fn by_recipient(received: &[Received]) -> BTreeMap<&str, Vec<&Received>> {
    let mut by: BTreeMap<&str, Vec<&Received>> = BTreeMap::new();
    for mail in received {
        by.entry(mail.header("to")).or_default().push(mail);
    }
    by
}

fn all_sent(app: &App) -> bool {
    let state = state(app);
    assert_eq!(state.given_up.count, 0, "{:?}", state.given_up);
    state.waiting.count == 0
}

on_both_databases! {
    /// Killed with a message half way: it goes out after the restart, once.
    fn a_mail_survives_a_crash(world: World) {
        let app = world.app();
        let server = MailServer::start(MailTls::None);
        server.order(&json!({"stall": true}));
        invite(&app, "ann@example.org");
        let mut service = serve(&world, &server);
        server.wait_until_stalled();
        service.kill();
        server.order(&json!({}));
        let service = serve(&world, &server);
        // Another mail is not held up by the one whose lease has not run out.
        invite(&app, "ben@example.org");
        assert_eq!(server.wait_for(1)[0].header("to"), "ben@example.org");
        let_leases_run_out(&app);
        until("both are sent", || all_sent(&app).then_some(()));
        let received = server.received();
        assert_eq!(by_recipient(&received).keys().collect::<Vec<_>>(), [&"ann@example.org", &"ben@example.org"]);
        assert_eq!(received.len(), 2);
        drop(service);
    }

    /// The server acknowledges late, and the service is killed again and again just when a message is kept and not
    /// acknowledged: the one window in which a mail comes twice. Then it is the same message.
    fn killed_again_and_again_it_loses_nothing(world: World) {
        let app = world.app();
        queue(&app);
        let server = MailServer::start(MailTls::None);
        let kills = 5;
        server.order(&json!({"reply_after": 0.4}));
        for kill in 1..=kills {
            let mut service = serve(&world, &server);
            // At least one message more than before has been kept.
            server.wait_for(server.received().len() + 1 + kill % 3);
            service.kill();
            let_leases_run_out(&app);
        }
        server.order(&json!({}));
        let service = serve(&world, &server);
        until("all are sent", || all_sent(&app).then_some(()));
        drop(service);
        let received = server.received();
        let by = by_recipient(&received);
        assert_eq!(by.len(), MAILS, "every mail arrived");
        let mut ids = BTreeSet::new();
        for (to, mails) in &by {
            let raw: BTreeSet<&str> = mails.iter().map(|mail| mail.text("raw")).collect();
            assert_eq!(raw.len(), 1, "what came twice to {to} is the same, byte for byte");
            assert!(ids.insert(mails[0].header("message-id")), "each mail has an id of its own");
        }
        let twice = received.len() - MAILS;
        assert!((1..=kills).contains(&twice), "{twice} came twice, one a kill at the most");
    }

    /// Two processes on one database, with as many mails as the two can quarrel over.
    fn two_servers_send_each_mail_once(world: World) {
        let app = world.app();
        let server = MailServer::start(MailTls::None);
        server.order(&json!({"reply_after": 0.02}));
        let services = [serve(&world, &server), serve(&world, &server)];
        queue(&app);
        until("all are sent", || all_sent(&app).then_some(()));
        drop(services);
        let received = server.received();
        assert_eq!((received.len(), by_recipient(&received).len()), (MAILS, MAILS));
    }

    /// Four senders at once, which all begin together.
    fn of_many_senders_one_takes_each_mail(world: World) {
        queue(&world.app());
        let server = MailServer::start(MailTls::None);
        // Long enough for every sender to come to its turn.
        server.order(&json!({"reply_after": 0.02}));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let smtp = Smtp::new(Address::parse(&server.url()).unwrap(), SENDER.parse().unwrap());
                let settings = Settings { mail: Some(Arc::new(smtp)), ..Settings::default() };
                let app = world.app_with(settings, Environment::system());
                runtime.spawn(async move {
                    let mut sent = 0;
                    while outbox::send_next(&app).await.unwrap() == Next::GoOn {
                        sent += 1;
                    }
                    sent
                })
            })
            .collect();
        let sent: Vec<usize> = senders.into_iter().map(|sender| runtime.block_on(sender).unwrap()).collect();
        assert_eq!(sent.iter().sum::<usize>(), MAILS, "{sent:?}");
        assert!(sent.iter().filter(|sent| **sent > 0).count() > 1, "they took turns: {sent:?}");
        let received = server.received();
        assert_eq!((received.len(), by_recipient(&received).len()), (MAILS, MAILS));
    }

    /// Told to stop, a server finishes the mail that is under way, marks it, and begins no other.
    fn a_server_that_stops_finishes_its_mail(world: World) {
        let app = world.app();
        let server = MailServer::start(MailTls::None);
        server.order(&json!({"reply_after": 1}));
        queue(&app);
        let mut service = serve(&world, &server);
        server.wait_for(1);
        service.stop();
        let state = state(&app);
        assert_eq!(usize::try_from(state.sent.count), Ok(server.received().len()), "{}", service.printed());
        assert!(state.waiting.count > 0, "it did not go on to the end");
        let leased = table::table.filter(table::lease.is_not_null()).count();
        assert_eq!(leased.get_result::<i64>(&mut *app_connection(&app)), Ok(0), "nothing is left half done");
    }

    /// The mail server keeps a message and goes away without a word: sent again under the same id.
    fn an_acknowledgement_that_is_lost_repeats_the_message(world: World) {
        let app = world.app();
        let server = MailServer::start(MailTls::None);
        server.order(&json!({"lose_reply": true}));
        invite(&app, "ann@example.org");
        let service = serve(&world, &server);
        until("it has failed", || state(&app).waiting.newest[0].error.clone());
        server.order(&json!({}));
        let conn = &mut *app_connection(&app);
        diesel::update(table::table).set(table::not_before.eq(table::created_at)).execute(conn).unwrap();
        until("it is sent", || all_sent(&app).then_some(()));
        drop(service);
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].text("raw"), received[1].text("raw"));
    }

    /// A mail server that never answers: the lease is held all the while, and let go of after five minutes.
    fn a_lease_is_held_while_a_mail_is_sent(world: World) {
        let app = stuck(&world);
        invite(&app, "ann@example.org");
        let other = world.app();
        run_in_no_time(async {
            let sending = outbox::send_next(&app);
            let watching = async {
                tokio::time::sleep(outbox::LEASE * 4).await;
                leased_until(&other)
            };
            let (sent, until) = tokio::join!(sending, watching);
            assert_eq!(sent.unwrap(), Next::Rest);
            assert!(until.unwrap() > other.now().naive_utc());
        });
        let state = state(&other);
        assert_eq!(state.waiting.newest[0].error.as_deref(), Some("The mail server took longer than 5 minutes."));
        assert_eq!(leased_until(&other), None);
    }

    /// A sender that has lost its lease leaves off and leaves the mail to whoever has it now.
    fn a_lost_lease_ends_the_sending(world: World) {
        let app = stuck(&world);
        invite(&app, "ann@example.org");
        let other = world.app();
        run_in_no_time(async {
            let stealing = async {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                let stolen = diesel::update(table::table).set(table::lease.eq("another's"));
                stolen.execute(&mut *app_connection(&other)).unwrap();
            };
            let (sent, ()) = tokio::join!(outbox::send_next(&app), stealing);
            assert_eq!(sent.unwrap(), Next::GoOn);
        });
        let line = &state(&other).waiting.newest[0];
        assert_eq!((line.failures, line.error.as_deref()), (0, None));
        assert!(leased_until(&other).is_some(), "the other's lease stands");
    }
}

/// Delivers nothing, and never says so.
#[derive(Debug)]
struct Stuck;

impl Sender for Stuck {
    fn send<'a>(&'a self, _letter: &'a Letter) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(std::future::pending())
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn stuck(world: &World) -> App {
    let settings = Settings { mail: Some(Arc::new(Stuck)), ..Settings::default() };
    world.app_with(settings, Environment::system())
}

fn leased_until(app: &App) -> Option<chrono::NaiveDateTime> {
    table::table.select(table::leased_until).get_result(&mut *app_connection(app)).unwrap()
}

/// Runs on a clock that jumps to the next moment for which something waits.
fn run_in_no_time(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(work);
}
