//! Signing in through the use cases: links, passwords, second factors, throttling, sessions and what ends them.

use std::net::{IpAddr, Ipv4Addr};

use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::sessions::{self, Visit};
use facilities_audit::app::{App, AppError, keys, own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Channel, Principal, Role};
use facilities_audit::store::sessions::Stage;
use facilities_audit_tests::on_both_databases;

pub(crate) const EMAIL: &str = "lead@example.org";
pub(crate) const PASSWORD: &str = "kettle fjord mandolin";

fn from(last: u8) -> Visit {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, last));
    Visit { channel: Channel::Page, address: Some(address), agent: Some("a browser".into()) }
}

/// A commissioner with a password: the role that needs no service to be there.
pub(crate) fn with_password(app: &App) -> Principal {
    let who = Principal::command_line();
    let link = accounts::add_user(app, &who, EMAIL, Some("Ann Lee"), Role::Commissioner, None, None).unwrap();
    let signed_in = sign_in::with_link(app, &from(1), &link).unwrap();
    own_account::set_password(app, &signed_in.principal, Some(&signed_in.session), "", PASSWORD).unwrap();
    signed_in.principal
}

/// Sets up a second factor; the secret of the session after it, and the factor.
pub(crate) fn with_factor(app: &App, session: &str, who: &Principal) -> (String, SecondFactor, Vec<String>) {
    let new = own_account::begin_second_factor(app, who).unwrap();
    let factor = SecondFactor::new(&new.secret, "x").unwrap();
    let code = factor.code_at(app.now().timestamp() - 30);
    let (codes, signed_in) = own_account::confirm_second_factor(app, &from(1), session, &code).unwrap();
    (signed_in.session, factor, codes)
}

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> &'static str {
    result.unwrap_err().code()
}

on_both_databases! {
    /// A sign-in link works once, for one of two visitors; a session ends with its sign-out.
    fn a_link_works_once(world: World) {
        let app = world.app();
        let who = Principal::command_line();
        let secret = accounts::add_user(&app, &who, "Ann@Example.org", Some("Ann"), Role::Commissioner, None, None).unwrap();
        let wins: usize = std::thread::scope(|scope| {
            let visitors: Vec<_> = (0..4)
                .map(|n| { let (app, secret) = (&app, &secret); scope.spawn(move || usize::from(sign_in::with_link(app, &from(n), secret).is_ok())) })
                .collect();
            visitors.into_iter().map(|visitor| visitor.join().unwrap()).sum()
        });
        assert_eq!(wins, 1);
        let secret = accounts::add_user(&app, &who, "ann@example.org", None, Role::Commissioner, None, None).unwrap();
        let signed_in = sign_in::with_link(&app, &from(1), &secret).unwrap();
        assert_eq!(signed_in.principal.memberships.len(), 1, "the same person, added twice");
        assert!(sessions::current(&app, &signed_in.session, &from(1)).unwrap().is_some());
        sessions::sign_out(&app, &signed_in.session).unwrap();
        assert!(sessions::current(&app, &signed_in.session, &from(1)).unwrap().is_none());
        assert!(keys::principal_of_key(&app, "fa_guess", &from(1)).unwrap().is_none());
        assert_eq!(refused(sign_in::demo(&app, &from(1), "fls.lead@demo.example")), "forbidden");
    }

    fn a_password_is_set_used_and_reset(world: World) {
        let app = world.app();
        let who = with_password(&app);
        let signed_in = sign_in::with_password(&app, &from(1), " LEAD@example.org ", PASSWORD).unwrap();
        assert_eq!((signed_in.stage, signed_in.principal.actor), (Stage::SignedIn, who.actor.clone()));
        assert_eq!(refused(own_account::set_password(&app, &who, None, "wrong", "another good password")), "invalid");
        assert_eq!(refused(own_account::set_password(&app, &who, None, PASSWORD, "short")), "invalid");
        // A new password ends the other sessions.
        own_account::set_password(&app, &who, None, PASSWORD, "walrus ladder tangent").unwrap();
        assert!(sessions::current(&app, &signed_in.session, &from(1)).unwrap().is_none());
        assert_eq!(refused(sign_in::with_password(&app, &from(1), EMAIL, PASSWORD)), "sign_in_refused");
        sign_in::with_password(&app, &from(1), EMAIL, "walrus ladder tangent").unwrap();
    }

    /// Unknown and known addresses get the same answer; five failures from one place close that place alone.
    fn guessing_is_slowed_down_and_locks_nobody_out(world: World) {
        let app = world.app();
        with_password(&app);
        for email in [EMAIL, "nobody@example.org"] {
            for _ in 0..5 {
                assert_eq!(refused(sign_in::with_password(&app, &from(9), email, "a wrong password")), "sign_in_refused");
            }
            assert_eq!(refused(sign_in::with_password(&app, &from(9), email, PASSWORD)), "too_many_tries");
        }
        sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        // An attacker with many addresses: the one that the owner has used before goes on to work, a new one does not.
        for n in 20..32 {
            for _ in 0..5 {
                let _ = sign_in::with_password(&app, &from(n), EMAIL, "a wrong password");
            }
        }
        assert_eq!(refused(sign_in::with_password(&app, &from(200), EMAIL, PASSWORD)), "too_many_tries");
        sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        // One address that tries many accounts must wait, whichever it tries next.
        for n in 0..30 {
            let _ = sign_in::with_password(&app, &from(77), &format!("n{n}@example.org"), "a wrong password");
        }
        assert_eq!(refused(sign_in::with_password(&app, &from(77), "fresh@example.org", PASSWORD)), "too_many_tries");
    }

    /// Guesses that come all at once are no more than those that come one after the other.
    fn guesses_at_once_are_counted_too(world: World) {
        let app = world.app();
        with_password(&app);
        let begin = std::sync::Barrier::new(16);
        let looked_at: usize = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..16)
                .map(|n| {
                    let (app, begin) = (&app, &begin);
                    scope.spawn(move || {
                        begin.wait();
                        refused(sign_in::with_password(app, &from(9), EMAIL, &format!("a wrong password {n}")))
                    })
                })
                .collect();
            guesses.into_iter().map(|guess| usize::from(guess.join().unwrap() == "sign_in_refused")).sum()
        });
        assert!(looked_at <= 5, "{looked_at}");
    }

    fn a_second_factor_is_asked_for_and_works_once(world: World) {
        let app = world.app();
        let who = with_password(&app);
        let signed_in = sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        let (session, factor, codes) = with_factor(&app, &signed_in.session, &who);
        assert!(sessions::current(&app, &signed_in.session, &from(1)).unwrap().is_none(), "the old secret is void");
        assert!(sessions::current(&app, &session, &from(1)).unwrap().unwrap().principal.second_factor);
        // Half way in: the code is asked for, and a wrong one or the one used before is refused.
        let half = sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        assert_eq!(half.stage, Stage::NeedsCode);
        assert_eq!(refused(own_account::confirm_second_factor(&app, &from(1), &half.session, "000000")), "not_signed_in");
        let used = factor.code_at(app.now().timestamp() - 30);
        assert_eq!(refused(sign_in::with_code(&app, &from(1), &half.session, &used)), "code_refused");
        let code = factor.code_at(app.now().timestamp());
        let whole = sign_in::with_code(&app, &from(1), &half.session, &code).unwrap();
        assert_ne!(whole.session, half.session, "the secret changes");
        assert!(sessions::current(&app, &half.session, &from(1)).unwrap().is_none());
        // A recovery code works once.
        for worked in [true, false] {
            let half = sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
            let result = sign_in::with_code(&app, &from(1), &half.session, &codes[0].to_uppercase());
            assert_eq!(result.is_ok(), worked);
        }
        assert_eq!(own_account::view(&app, &who).unwrap().recovery_codes_left, 9);
        // Codes are throttled like passwords.
        let half = sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        for _ in 0..4 {
            let _ = sign_in::with_code(&app, &from(1), &half.session, "123456");
        }
        assert_eq!(refused(sign_in::with_code(&app, &from(1), &half.session, &codes[1])), "too_many_tries");
    }

    fn the_audit_team_must_set_up_a_second_factor(world: World) {
        let app = world.app();
        let command = Principal::command_line();
        let link = accounts::add_user(&app, &command, "team@example.org", None, Role::AuditTeam, None, None).unwrap();
        let half = sign_in::with_link(&app, &from(1), &link).unwrap();
        assert_eq!(half.stage, Stage::NeedsFactor);
        assert_eq!(refused(keys::list(&app, &half.principal)), "second_factor_needed");
        let (session, ..) = with_factor(&app, &half.session, &half.principal);
        let current = sessions::current(&app, &session, &from(1)).unwrap().unwrap();
        assert_eq!(current.stage, Stage::SignedIn);
        keys::list(&app, &current.principal).unwrap();
        assert_eq!(refused(own_account::remove_second_factor(&app, &current.principal, "000000")), "second_factor_needed");
    }

    fn an_identity_goes_to_the_invited_account_and_stays_with_it(world: World) {
        let app = world.app();
        let who = with_password(&app);
        let issuer = "https://id.example.org";
        assert_eq!(refused(sign_in::with_identity(&app, &from(1), issuer, "s1", None)), "identity_unknown");
        assert_eq!(refused(sign_in::with_identity(&app, &from(1), issuer, "s1", Some("other@example.org"))), "identity_unknown");
        let first = sign_in::with_identity(&app, &from(1), issuer, "s1", Some("Lead@Example.org")).unwrap();
        assert_eq!(first.principal.actor, who.actor);
        // From then on by the identity, whatever the provider says of the address; another issuer is another identity.
        let again = sign_in::with_identity(&app, &from(1), issuer, "s1", None).unwrap();
        assert_eq!(again.principal.actor, who.actor);
        assert_eq!(refused(sign_in::with_identity(&app, &from(1), "https://evil.example", "s1", None)), "identity_unknown");
    }

    fn disabling_and_erasing_end_everything(world: World) {
        let app = world.app();
        let team = Principal::command_line();
        let who = with_password(&app);
        let id = who.account().unwrap().to_owned();
        let signed_in = sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        accounts::set_disabled(&app, &team, &id, true).unwrap();
        assert!(sessions::current(&app, &signed_in.session, &from(1)).unwrap().is_none());
        assert_eq!(refused(sign_in::with_password(&app, &from(1), EMAIL, PASSWORD)), "sign_in_refused");
        accounts::set_disabled(&app, &team, &id, false).unwrap();
        sign_in::with_password(&app, &from(1), EMAIL, PASSWORD).unwrap();
        accounts::erase(&app, &team, &id).unwrap();
        let line = accounts::one(&app, &team, &id).unwrap();
        assert_eq!((line.account.email.as_str(), line.account.name.as_str(), line.memberships.len()), ("", "", 0));
        assert_eq!(refused(accounts::set_disabled(&app, &team, &id, false)), "erased");
        // The address is free again, for another account.
        let invitation = Invitation { email: EMAIL.into(), name: None, role: Role::Commissioner, service: None, area: None };
        assert_ne!(accounts::invite(&app, &team, &invitation).unwrap().account.id, id);
    }
}
