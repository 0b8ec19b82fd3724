//! A read by key, and a write of a save, compiles its statement once. SQLite compiles a statement again on every run where it sees a bound
//! `LIMIT`, which more than doubles the cost of such a read; its own counters tell.

#![expect(unsafe_code, reason = "SQLite's counters are reached through its C interface alone")]

use std::ffi::{CStr, c_char, c_int};
use std::sync::Mutex;

use chrono::DateTime;
use diesel::prelude::*;
use facilities_audit::domain::history::{Event, Object};
use facilities_audit::store::history::{self, Author};
use facilities_audit::store::responses::Response;
use facilities_audit::store::schema::personal_data;
use facilities_audit::store::{
    Database, DbConn, StoreError, accounts, imports, keys, register, response_writes, responses, rounds, sessions,
};
use facilities_audit_tests::{Backend, World};
use libsqlite3_sys as sqlite;

/// The connections opened so far, each with its file. The pool hides them, so SQLite itself is asked to tell.
static OPENED: Mutex<Vec<(String, usize)>> = Mutex::new(Vec::new());

unsafe extern "C" fn note(
    connection: *mut sqlite::sqlite3,
    _: *mut *mut c_char,
    _: *const sqlite::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite calls this with a connection that has just been opened; the name is NUL-terminated or null.
    let name = unsafe {
        let name = sqlite::sqlite3_db_filename(connection, c"main".as_ptr());
        if name.is_null() { String::new() } else { CStr::from_ptr(name).to_string_lossy().into_owned() }
    };
    OPENED.lock().unwrap().push((name, connection as usize));
    sqlite::SQLITE_OK
}

/// How often the statements of a connection ran, and how often one was compiled again.
fn counters(connection: usize) -> (c_int, c_int) {
    let connection = connection as *mut sqlite::sqlite3;
    let (mut runs, mut compiled_again) = (0, 0);
    // SAFETY: the connection is the pool's, open and idle, and this thread alone uses it.
    unsafe {
        let mut statement = sqlite::sqlite3_next_stmt(connection, std::ptr::null_mut());
        while !statement.is_null() {
            runs += sqlite::sqlite3_stmt_status(statement, sqlite::SQLITE_STMTSTATUS_RUN, 0);
            compiled_again += sqlite::sqlite3_stmt_status(statement, sqlite::SQLITE_STMTSTATUS_REPREPARE, 0);
            statement = sqlite::sqlite3_next_stmt(connection, statement);
        }
    }
    (runs, compiled_again)
}

type Run = fn(&mut DbConn) -> Result<(), StoreError>;

const AUTHOR: Author<'_> = Author { actor: "key:a", channel: "api", origin: None, at: DateTime::UNIX_EPOCH };

/// Each with how many statements it is.
const RUNS: &[(&str, c_int, Run)] = &[
    ("an account by its address", 1, |conn| accounts::by_email(conn, "a@example.org").map(drop)),
    ("an account by its id", 1, |conn| accounts::by_id(conn, "a").map(drop)),
    ("a key", 1, |conn| keys::by_hash(conn, "hash").map(drop)),
    ("a session", 1, |conn| sessions::by_secret(conn, "hash").map(drop)),
    ("an import", 1, |conn| imports::find(conn, "a").map(drop)),
    ("a response", 1, |conn| responses::find(conn, "FLS012", 2022).map(drop)),
    ("a round", 1, |conn| rounds::round_by_year(conn, 2022).map(drop)),
    ("a response with what it is read beside", 1, |conn| {
        responses::find_beside_for_update(conn, "FLS012", 2022).map(drop)
    }),
    ("a service", 1, |conn| register::service_by_code(conn, "FLS012").map(drop)),
    ("a response that is written", 1, |conn| {
        response_writes::update(conn, &Response::blank("FLS012", 2022), 1, &AUTHOR, vec![Event::of("reopened")])
            .map(drop)
    }),
    // The head, the entry, and the head moved on.
    ("an entry of the history", 3, |conn| {
        history::record(conn, &AUTHOR, &Object::response(2022, "FLS012"), vec![Event::of("reopened")])
    }),
];

const TIMES: c_int = 1000;

#[test]
fn a_statement_of_a_page_or_a_save_is_compiled_once() {
    // SAFETY: `note` has the signature that SQLite calls it with; the cast only hides its parameters.
    unsafe { sqlite::sqlite3_auto_extension(Some(note)) };
    let world = World::new(Backend::Sqlite);
    let database = Database::open(world.url()).unwrap();
    let mut conn = database.connection().unwrap();
    let file = world.path("facilities-audit.db").display().to_string();
    let connection = OPENED.lock().unwrap().iter().rev().find(|(name, _)| *name == file).unwrap().1;

    for (what, statements, read) in RUNS {
        let before = counters(connection);
        for _ in 0..TIMES {
            read(&mut conn).unwrap();
        }
        let after = counters(connection);
        // A statement that is thrown away after each run would not be counted at all.
        let runs = after.0 - before.0;
        assert!(runs >= statements * TIMES, "{what}: {runs} runs were counted");
        assert_eq!(after.1 - before.1, 0, "{what}: the statement was compiled again");
    }

    // The counter counts: a bound limit is what it is there to find.
    let before = counters(connection).1;
    for _ in 0..TIMES {
        let query = personal_data::table.filter(personal_data::id.eq("a")).select(personal_data::value).limit(1);
        query.load::<String>(&mut *conn).unwrap();
    }
    assert!(counters(connection).1 > before, "a bound limit no longer compiles again: this test proves nothing now");
}
