//! Mail through a real mail server: what arrives, what is tried again, what is given up.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::mails::{self, OutboxState};
use facilities_audit::app::outbox::{self, Next};
use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, Environment, Settings, demo, own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::jobs::smtp::{MailServer as Address, Smtp};
use facilities_audit::store;
use facilities_audit_tests::{
    MailServer, MailTls, PageReader, Received, SENDER, Server, World, on_both_databases, until,
};
use futures_util::FutureExt as _;
use serde_json::json;

/// Invites somebody, who is mailed; the id of the account.
pub(super) fn invite(app: &App, email: &str) -> String {
    let invitation =
        Invitation { email: email.into(), name: None, role: Role::Commissioner, service: None, area: None };
    accounts::invite(app, &Principal::command_line(), &invitation).unwrap().account.id
}

/// The state of the outbox.
pub(super) fn state(app: &App) -> OutboxState {
    mails::state(app, &Principal::command_line()).unwrap()
}

/// How many mails wait, were sent, were given up.
fn counts(app: &App) -> (i64, i64, i64) {
    let state = state(app);
    (state.waiting.count, state.sent.count, state.given_up.count)
}

/// A service whose clock stands still until the test moves it, and which sends by a mail server.
struct Post {
    app: App,
    now: Arc<Mutex<DateTime<Utc>>>,
    runtime: tokio::runtime::Runtime,
}

impl Post {
    fn new(world: &World, url: &str) -> Self {
        let now = Arc::new(Mutex::new("2022-11-23T12:00:00Z".parse().unwrap()));
        let clock = Arc::clone(&now);
        let environment = Environment { clock: Arc::new(move || *clock.lock().unwrap()), ..Environment::system() };
        let smtp = Smtp::new(Address::parse(url).unwrap(), SENDER.parse().unwrap());
        let settings = Settings { mail: Some(Arc::new(smtp)), ..Settings::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { app: world.app_with(settings, environment), now, runtime }
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Sends what is due, until there is a rest.
    fn send(&self) {
        while self.runtime.block_on(outbox::send_next(&self.app)).unwrap() == Next::GoOn {}
    }
}

/// The link in a mail: a line of its own.
fn link(mail: &Received) -> String {
    mail.text("text").lines().find(|line| line.starts_with("http")).unwrap().to_owned()
}

fn serve(world: &World, server: &MailServer) -> Server {
    let mut command = world.program(&["serve"]);
    server.configure(&mut command);
    Server::start(command)
}

on_both_databases! {
    /// By STARTTLS and a password; what somebody typed reaches no header.
    fn mails_arrive_once_and_say_what_they_have_to(world: World) {
        let app = world.app();
        demo::load_country(&app, &mut |_, _, _| {}).unwrap();
        let who = Principal { name: "Grace\r\nBcc: everybody@evil.example".into(), ..Principal::command_line() };
        invite(&app, "ann@example.org");
        sign_in::request_link(&app, "Ann@example.org", None).unwrap();
        own_account::request_reset(&app, "ann@example.org").unwrap();
        sign_in::request_link(&app, "nobody@example.org", None).unwrap();
        let note = "The beds, please.\r\nBcc: everybody@evil.example\r\n\r\n<b>Thanks</b>";
        let new = NewSectionLink { section: "staffing", email: "ben@example.org", note, days: 3 };
        section_links::make(&app, &who, 2022, "FLS012", &new).unwrap();
        assert_eq!(counts(&app), (4, 0, 0));
        let server = MailServer::start(MailTls::StartTls);
        let _service = serve(&world, &server);
        until("the mails are marked", || (counts(&app) == (0, 4, 0)).then_some(()));
        let mut mails = server.received();
        mails.sort_by_key(|mail| mail.header("subject").to_owned());
        let seen: Vec<(&str, &str)> = mails.iter().map(|mail| (mail.header("subject"), mail.header("to"))).collect();
        assert_eq!(seen, [
            ("Choose a new password for the facilities audit", "ann@example.org"),
            ("Fill in a section of the facilities audit", "ben@example.org"),
            ("Sign in to the facilities audit", "ann@example.org"),
            ("Your invitation to the facilities audit", "ann@example.org"),
        ]);
        for mail in &mails {
            assert_eq!(mail.header("from"), SENDER);
            assert_eq!(mail.field("mail_from"), "audit@example.org");
            assert_eq!(mail.field("rcpt_tos"), &json!([mail.header("to")]));
            assert!(mail.headers("bcc").is_empty() && mail.headers("cc").is_empty());
            assert_eq!(mail.header("auto-submitted"), "auto-generated");
            let id = mail.header("message-id");
            assert!(id.starts_with('<') && id.ends_with("@example.org>") && id.len() == 36 + 14, "{id}");
            mail.header("date");
            assert_eq!(mail.field("content_type"), "multipart/alternative");
            assert_eq!(mail.field("parts"), &json!(["text/plain", "text/html"]));
            assert_eq!(mail.field("encrypted"), &json!(true));
            assert_eq!(mail.text("user"), "audit@example.org");
            let link = link(mail);
            assert!(mail.text("html").contains(&format!(">{link}</a>")), "{}", mail.text("html"));
        }
        let asked = &mails[1];
        assert!(asked.text("text").contains("> The beds, please.\n> Bcc: everybody@evil.example\n> \n> <b>Thanks</b>"));
        assert!(asked.text("html").contains("&lt;b&gt;Thanks&lt;/b&gt;"));
        // The links work; what was said is wiped.
        let token = |mail: &Received| link(mail).rsplit('/').next().unwrap().to_owned();
        sign_in::with_link(&app, &Visit::unknown(), &token(&mails[2])).unwrap();
        sign_in::with_link(&app, &Visit::unknown(), &token(&mails[3])).unwrap();
        sign_in::with_section_link(&app, &Visit::unknown(), &token(asked)).unwrap();
        let (_, sent) = store::outbox::in_state(&mut app.database().connection().unwrap(), store::outbox::MailState::Sent, 9).unwrap();
        assert!(sent.iter().all(|mail| mail.sealed.is_none()), "{sent:?}");
    }

    /// Whoever sends is woken by the end of a transaction that queued a mail, and by no other.
    fn queueing_wakes_the_sender(world: World) {
        let app = world.app();
        assert!(app.mail_queued().now_or_never().is_none());
        invite(&app, "ann@example.org");
        assert!(app.mail_queued().now_or_never().is_some());
        accounts::add_user(&app, &Principal::command_line(), "b@example.org", None, Role::Commissioner, None, None).unwrap();
        assert!(app.mail_queued().now_or_never().is_none());
        // A section that there is not: refused after nothing was queued.
        let new = NewSectionLink { section: "none", email: "ben@example.org", note: "", days: 3 };
        section_links::make(&app, &Principal::command_line(), 2022, "FLS012", &new).unwrap_err();
        assert!(app.mail_queued().now_or_never().is_none());
    }

    fn what_is_refused_for_now_is_tried_again_with_growing_pauses(world: World) {
        let server = MailServer::start(MailTls::None);
        let post = Post::new(&world, &server.url());
        invite(&post.app, "ann@example.org");
        server.order(&json!({"rcpt": "450 4.2.0 <RECIPIENT>: greylisted"}));
        let began = *post.now.lock().unwrap();
        let mut tries = 0;
        while counts(&post.app) != (0, 0, 1) {
            post.send();
            tries += 1;
            let state = state(&post.app);
            let line = state.waiting.newest.first().or(state.given_up.newest.first()).unwrap();
            assert_eq!(line.error.as_deref(), Some("The mail server said: 450 4.2.0 <the recipient>: greylisted"));
            assert_eq!(line.failures, tries);
            if state.given_up.count == 0 {
                let pause = line.next - *post.now.lock().unwrap();
                assert!(pause >= TimeDelta::minutes(1) && pause <= TimeDelta::hours(12), "{pause}");
                post.pass(pause - TimeDelta::seconds(1));
                post.send();
                assert_eq!(mails::state(&post.app, &Principal::command_line()).unwrap().waiting.newest[0].failures, tries, "not before");
                post.pass(TimeDelta::seconds(1));
            }
        }
        let hours = (*post.now.lock().unwrap() - began).num_hours();
        assert!((46..=50).contains(&hours) && tries == 10, "two days: {hours} hours, {tries} tries");
        // Somebody tries again, and now it is taken; the pauses would begin anew.
        let id = state(&post.app).given_up.newest[0].id.clone();
        mails::try_again(&post.app, &Principal::command_line(), &id).unwrap();
        mails::try_again(&post.app, &Principal::command_line(), &id).unwrap_err();
        post.send();
        assert_eq!(state(&post.app).waiting.newest[0].failures, 1);
        server.order(&json!({}));
        post.pass(TimeDelta::minutes(1));
        post.send();
        assert_eq!((counts(&post.app), server.received().len()), ((0, 1, 0), 1));
        // The outbox forgets after a while.
        post.pass(TimeDelta::days(89));
        mails::forget_old(&post.app).unwrap();
        assert_eq!(counts(&post.app), (0, 1, 0));
        post.pass(TimeDelta::days(2));
        mails::forget_old(&post.app).unwrap();
        assert_eq!(counts(&post.app), (0, 0, 0));
    }

    /// A refused recipient or message gives up that mail and no other; a refused sender gives up none.
    fn what_is_refused_for_good_is_given_up(world: World) {
        let server = MailServer::start(MailTls::None);
        let post = Post::new(&world, &server.url());
        let mut queued = 0;
        for (orders, given_up) in [
            (json!({"rcpt": "550 5.1.1 <RECIPIENT>: no such user"}), 2),
            (json!({"data": "554 5.6.0 spam"}), 4),
            (json!({"mail": "550 5.7.1 not from you"}), 4),
            (json!({"drop": true}), 4),
        ] {
            server.order(&orders);
            for name in ["ann", "ben"] {
                queued += 1;
                invite(&post.app, &format!("{name}{queued}@example.org"));
            }
            post.send();
            assert_eq!(counts(&post.app).2, given_up, "{orders}");
        }
        let errors: Vec<_> = state(&post.app).given_up.newest.into_iter().filter_map(|mail| mail.error).collect();
        assert!(errors.contains(&"The mail server said: 550 5.1.1 <the recipient>: no such user".to_owned()), "{errors:?}");
        assert!(errors.contains(&"The mail server said: 554 5.6.0 spam".to_owned()), "{errors:?}");
        // What waited goes out once it can.
        server.order(&json!({}));
        post.pass(TimeDelta::minutes(10));
        post.send();
        assert_eq!((counts(&post.app), server.received().len()), ((0, 4, 4), 4));
    }

    /// The audit team sees on a page what was given up and why, and tries it again there; nobody else does.
    fn the_audit_team_tries_again_what_was_given_up(world: World) {
        let server = MailServer::start(MailTls::Implicit);
        let service = serve(&world, &server);
        let app = world.app();
        let mut reader = PageReader::new(&service);
        reader.cookies.insert("facilities_audit_session".into(), audit_team(&app));
        until("their security notice is sent", || (counts(&app) == (0, 1, 0)).then_some(()));
        server.order(&json!({"rcpt": "550 5.1.1 <RECIPIENT>: <b>no</b> such user"}));
        invite(&app, "ann@example.org");
        until("the mail is given up", || (counts(&app) == (0, 1, 1)).then_some(()));
        let page = reader.get("/mails").text();
        assert!(page.contains("550 5.1.1 &lt;the recipient&gt;: &lt;b&gt;no&lt;/b&gt; such user"), "{page}");
        assert!(page.contains("ann@example.org") && !page.contains("/sign-in/"), "{page}");
        let id = state(&app).given_up.newest[0].id.clone();
        let path = format!("/mails/{id}/try-again");
        assert!(page.contains(&path), "{page}");
        server.order(&json!({}));
        let mut other = PageReader::new(&service);
        other.cookies.insert("facilities_audit_session".into(), commissioner(&app));
        assert_eq!(other.get("/mails").status, 403);
        other.get("/gaps?year=2021");
        assert_eq!(other.post(&path, &[]).status, 403);
        assert_eq!(PageReader::new(&service).get("/mails").status, 401);
        let answer = reader.post(&path, &[]);
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/mails")), "{}", answer.text());
        until("it is sent", || (counts(&app) == (0, 2, 0)).then_some(()));
        let sent = format!("<{id}@example.org>");
        assert!(server.received().iter().any(|mail| mail.header("message-id") == sent));
        assert_eq!(reader.post(&path, &[]).status, 404, "it is not there any more");
        assert_eq!(reader.get("/demo/mails").status, 404);
        assert_eq!(reader.get(&format!("/demo/mails/{id}")).status, 404);
    }

    /// Nobody who was erased is written to, and no link is sent that does not work any more.
    fn what_is_pointless_is_not_sent(world: World) {
        let server = MailServer::start(MailTls::None);
        let post = Post::new(&world, &server.url());
        let team = Principal::command_line();
        let erased = invite(&post.app, "ann@example.org");
        accounts::erase(&post.app, &team, &erased).unwrap();
        assert_eq!(counts(&post.app), (0, 0, 0), "the mails go with the person");
        // The address goes while the mail is already taken up.
        let half_erased = invite(&post.app, "ben@example.org");
        let conn = &mut app_connection(&post.app);
        store::accounts::erase_personal(conn, &format!("account:{half_erased}")).unwrap();
        invite(&post.app, "cat@example.org");
        sign_in::request_link(&post.app, "cat@example.org", None).unwrap();
        post.pass(TimeDelta::hours(1));
        post.send();
        let state = state(&post.app);
        let mut errors: Vec<_> = state.given_up.newest.iter().map(|mail| (mail.error.as_deref(), mail.is_whole)).collect();
        errors.sort();
        assert_eq!(errors, [
            (Some("The link in it stopped working before it could be sent."), false),
            (Some("The recipient's address was erased."), false),
        ]);
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert_eq!(received[0].header("subject"), "Your invitation to the facilities audit");
        mails::try_again(&post.app, &team, &state.given_up.newest[0].id).unwrap_err();
    }

    /// Without a mail server the service is ready, says so, and keeps the mails for when there is one.
    fn mails_wait_for_a_mail_server(world: World) {
        let service = world.serve();
        assert!(service.printed().contains("no mail server is configured"), "{}", service.printed());
        let app = world.app();
        invite(&app, "ann@example.org");
        let mut reader = PageReader::new(&service);
        reader.cookies.insert("facilities_audit_session".into(), audit_team(&app));
        let page = reader.get("/mails").text();
        assert!(page.contains("No mail server is configured") && page.contains("ann@example.org"), "{page}");
        drop(service);
        assert_eq!(state(&app).waiting.newest[0].failures, 0);
        let server = MailServer::start(MailTls::None);
        let service = serve(&world, &server);
        server.wait_for(1);
        assert!(!service.printed().contains("no mail server is configured"));
    }
}

pub(super) fn app_connection(app: &App) -> impl std::ops::DerefMut<Target = store::DbConn> {
    app.database().connection().unwrap()
}

/// The session of somebody of the audit team, who has a second factor.
fn audit_team(app: &App) -> String {
    let link =
        accounts::add_user(app, &Principal::command_line(), "team@example.org", None, Role::AuditTeam, None, None);
    let half = sign_in::with_link(app, &Visit::unknown(), &link.unwrap()).unwrap();
    let new = own_account::begin_second_factor(app, &half.principal).unwrap();
    let code = SecondFactor::new(&new.secret, "x").unwrap().code_at(app.now().timestamp());
    own_account::confirm_second_factor(app, &Visit::unknown(), &half.session, &code).unwrap().1.session
}

fn commissioner(app: &App) -> String {
    let who = Principal::command_line();
    let link = accounts::add_user(app, &who, "icb@example.org", None, Role::Commissioner, None, None).unwrap();
    sign_in::with_link(app, &Visit::unknown(), &link).unwrap().session
}

/// The mail server is who its certificate says, and hears nothing before it has shown it; no password is shown to anyone.
#[test]
fn a_mail_server_must_prove_who_it_is() {
    let right = MailServer::start(MailTls::StartTls);
    let implicit = MailServer::start(MailTls::Implicit);
    let plain = MailServer::start(MailTls::None);
    let password = "hunter2-hunter2";
    for (url, authority, why) in [
        (right.url_with(&format!("audit%40example.org:{password}")), "authority.pem", "535"),
        (right.url().replace("localhost", "127.0.0.1"), "authority.pem", "certificate"),
        (right.url(), "other-authority.pem", "certificate"),
        (implicit.url(), "other-authority.pem", "certificate"),
        (format!("smtp://a:{password}@localhost:{}", plain.port()), "authority.pem", "STARTTLS"),
        (format!("smtp://a:{password}@localhost:1"), "authority.pem", "refused"),
    ] {
        let world = World::new(facilities_audit_tests::Backend::Sqlite);
        let app = world.app();
        invite(&app, "ann@example.org");
        let mut command = world.program(&["serve"]);
        right.configure(&mut command);
        command.env("FACILITIES_AUDIT_SMTP_URL", &url).env("FACILITIES_AUDIT_LOG", "trace");
        command.env("SSL_CERT_FILE", facilities_audit_tests::certificates().join(authority));
        let service = Server::start(command);
        let error = until("the mail has failed", || state(&app).waiting.newest[0].error.clone());
        assert!(error.contains(why), "{url}: {error}");
        let printed = service.printed();
        assert!(printed.contains("a mail was not sent yet"), "{printed}");
        for secret in [password, "hunter2", "p@ss:word", "p%40ss"] {
            assert!(!printed.contains(secret) && !error.contains(secret), "{url}: {error}\n{printed}");
        }
    }
    assert!(right.received().is_empty() && implicit.received().is_empty() && plain.received().is_empty());
}

/// A configuration that cannot work is refused before anything is served.
#[test]
fn wrong_configurations_are_refused() {
    let world = World::new(facilities_audit_tests::Backend::Sqlite);
    let run = |settings: &[(&str, &str)]| {
        let mut command = world.program(&["serve", "--port", "0"]);
        command.envs(settings.iter().copied());
        facilities_audit_tests::Ran::run(&mut command)
    };
    let (url, from) = ("FACILITIES_AUDIT_SMTP_URL", "FACILITIES_AUDIT_MAIL_FROM");
    run(&[(url, "smtps://me:hunter2@mail.example.org")]).refused_with(2, &[from]);
    run(&[(url, "smtps://me:hunter2@mail.example.org"), (from, "nobody")]).refused_with(2, &["no sender"]);
    run(&[(url, "smtps://me:hunter2@mail.example.org"), (from, "A <a@b.example>\r\nBcc: x@y.example")])
        .refused_with(2, &["no sender"]);
    let refused = run(&[(url, "mail://me:hunter2@mail.example.org"), (from, SENDER)]).refused_with(2, &["smtps://"]);
    assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    run(&[("FACILITIES_AUDIT_SMTP_URL_FILE", "/nowhere")]).refused_with(2, &["/nowhere"]);
    let help = world.run(&["serve", "--help"]).succeeded().out;
    for word in [url, from, "FACILITIES_AUDIT_SMTP_URL_FILE", "STARTTLS"] {
        assert!(help.contains(word), "{word} is missing in {help}");
    }
}
