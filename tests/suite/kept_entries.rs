//! What somebody typed and could not save is kept for their account, and for nobody else.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use facilities_audit::app::kept_entries::{self, Keeper};
use facilities_audit::app::sessions::{self, Visit};
use facilities_audit::app::{App, AppError, Environment, Settings, accounts};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{World, on_both_databases, session_of};

/// The application with a clock that a test moves.
fn app(world: &World) -> (App, Arc<Mutex<DateTime<Utc>>>) {
    world.app_with_answers_of(&[]);
    let now = Arc::new(Mutex::new("2023-05-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap()));
    let clock = Arc::clone(&now);
    let environment = Environment { clock: Arc::new(move || *clock.lock().unwrap()), ..Environment::system() };
    (world.app_with(Settings::default(), environment), now)
}

fn link(app: &App, email: &str) -> String {
    let team = Principal::command_line();
    accounts::add_user(app, &team, email, None, Role::FlsContributor, Some("FLS012"), None).unwrap()
}

fn fields(value: &str) -> Vec<(String, String)> {
    vec![("v.setting".into(), "acute".into()), ("v.setting_other".into(), value.into())]
}

fn keep(app: &App, keeper: &Keeper, value: &str) -> Result<(), AppError> {
    kept_entries::keep_entries(app, keeper, 2022, "FLS012", "staffing", &fields(value))
}

fn kept(app: &App, who: &Principal) -> Option<Vec<(String, String)>> {
    let kept = kept_entries::kept_entries(app, who, 2022, "FLS012", "staffing").unwrap();
    kept.map(|kept| kept.fields)
}

on_both_databases! {
    fn an_ended_session_leaves_entries_for_its_own_account_alone(world: World) {
        let (app, now) = app(&world);
        let mine = session_of(&app, &link(&app, "a@example.org"));
        let other = session_of(&app, &link(&app, "b@example.org"));
        *now.lock().unwrap() += Duration::hours(3);
        // The session is over: nobody is signed in by it. Others who sign in do not make it forgotten.
        assert!(sessions::current(&app, &mine.session, &Visit::unknown()).unwrap().is_none());
        sessions::delete_ended(&app).unwrap();
        let keeper = kept_entries::keeper(&app, &mine.session).unwrap().expect("it is known");
        keep(&app, &keeper, "first").unwrap();
        keep(&app, &keeper, "<typed> & \"kept\"").unwrap();
        assert_eq!(kept(&app, &mine.principal), Some(fields("<typed> & \"kept\"")), "the newer counts");
        assert_eq!(kept(&app, &other.principal), None);
        assert!(kept_entries::kept_sections(&app, &other.principal).unwrap().is_empty());
        assert_eq!(kept_entries::kept_sections(&app, &mine.principal).unwrap().len(), 1);
        // At rest it is sealed.
        let export = format!("{:?}", {
            let mut conn = app.database().connection().unwrap();
            facilities_audit::store::kept_entries::of_subject(&mut conn, &mine.principal.actor, app.now()).unwrap()
        });
        assert!(!export.contains("typed"), "{export}");

        kept_entries::discard_kept(&app, &mine.principal, 2022, "FLS012", "staffing").unwrap();
        assert_eq!(kept(&app, &mine.principal), None);
    }

    fn entries_and_ended_sessions_are_forgotten_in_time(world: World) {
        let (app, now) = app(&world);
        let mine = session_of(&app, &link(&app, "a@example.org"));
        let keeper = kept_entries::keeper(&app, &mine.session).unwrap().unwrap();
        keep(&app, &keeper, "kept").unwrap();
        *now.lock().unwrap() += Duration::days(13);
        assert!(kept(&app, &mine.principal).is_some());
        *now.lock().unwrap() += Duration::days(2);
        assert_eq!(kept(&app, &mine.principal), None);
        sessions::delete_ended(&app).unwrap();
        assert_eq!(kept_entries::keeper(&app, &mine.session).unwrap(), None);
    }

    fn an_unknown_a_signed_out_and_a_disabled_session_keep_nothing(world: World) {
        let (app, _) = app(&world);
        assert_eq!(kept_entries::keeper(&app, "unknown").unwrap(), None);
        let out = session_of(&app, &link(&app, "a@example.org"));
        sessions::sign_out(&app, &out.session).unwrap();
        assert_eq!(kept_entries::keeper(&app, &out.session).unwrap(), None);
        let mine = session_of(&app, &link(&app, "b@example.org"));
        let keeper = kept_entries::keeper(&app, &mine.session).unwrap().unwrap();
        let unknown = kept_entries::keep_entries(&app, &keeper, 2022, "FLS012", "no_section", &fields(""));
        assert!(matches!(unknown, Err(AppError::NotFound { .. })), "{unknown:?}");
        keep(&app, &keeper, "kept").unwrap();
        accounts::erase(&app, &Principal::command_line(), mine.principal.account().unwrap()).unwrap();
        assert_eq!(kept_entries::keeper(&app, &mine.session).unwrap(), None);
        assert_eq!(kept(&app, &mine.principal), None, "what is kept goes with the person");
    }
}
