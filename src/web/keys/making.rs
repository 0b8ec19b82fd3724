//! Making an API key. Its secret is on the answer to the form, and nowhere else ever again.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::refused;
use crate::app::accounts::{Giveable, membership_words};
use crate::app::error::InputProblem;
use crate::app::{AppError, keys};
use crate::formats::display::day_and_time;
use crate::web::Web;
use crate::web::choices::{DateField, RoleFields};
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::people::{chosen, chosen_role, given};
use crate::web::reader::SignedInReader;

/// Months after which a key ends unless its maker says otherwise.
const USUAL_LIFE: Months = Months::new(12);

#[derive(Debug, Serialize)]
struct MakeView {
    form: Form,
    role: RoleFields,
    expires: DateField,
}

#[derive(Debug, Serialize)]
struct MadeView {
    name: String,
    held: String,
    expires: String,
    secret: String,
}

fn make_view(giveable: &Giveable, form: &Posted, today: NaiveDate, problems: &[InputProblem]) -> MakeView {
    let usual = today.checked_add_months(USUAL_LIFE);
    let name =
        Field::new("name", "Name").hint("What it is for, such as “Trust dashboard”. The history names the key by it.");
    MakeView {
        form: Form::new([name]).filled(form).refused(problems),
        role: RoleFields::new(giveable, chosen(form), problems),
        expires: DateField::new("expires_at", "Last day (optional)", form, usual, problems)
            .hint("After it the key stops to work. Leave it empty for a key without an end."),
    }
}

async fn page(web: &Web, reader: &SignedInReader, form: &Posted, problems: &[InputProblem]) -> poem::Result<Response> {
    let who = reader.who.clone();
    let makeable = match web.app.run(move |app| keys::makeable(app, &who)).await {
        Ok(makeable) => makeable,
        Err(error) => return refused(web, reader, error),
    };
    let view = make_view(&makeable, form, web.app.now().date_naive(), problems);
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, "Make an API key", view).with_errors(wrong).with_form(true);
    web.page_with(status, "key_make", &page)
}

/// `GET /keys/make`
#[handler]
pub(in crate::web) async fn make_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    page(web, &reader, &Posted::default(), &[]).await
}

/// The moment after a key's last day.
fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN).and_utc())
}

/// When the key that a form asks for ends.
fn expiry(form: &Posted) -> Result<Option<DateTime<Utc>>, AppError> {
    let wrong = || AppError::invalid("expires_at", "not_a_day", "This is not a day. Write it as 31 3 2027.");
    let Some(day) = DateField::read("expires_at", form).map_err(|()| wrong())? else { return Ok(None) };
    end_of(day).map(Some).ok_or_else(wrong)
}

/// `POST /keys/make`: the answer itself shows the secret. Nothing keeps a copy of the page.
#[handler]
pub(in crate::web) async fn make(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let name = form.first("name").unwrap_or_default().to_owned();
    let asked = AppError::both(chosen_role(&form), expiry(&form));
    let (service, area) = (given(&form, "service"), given(&form, "area"));
    let made = web
        .app
        .run(move |app| {
            let (role, expires) = asked?;
            keys::make(app, &who, &name, role, service.as_deref(), area.as_deref(), expires)
        })
        .await;
    match made {
        Ok((line, secret)) => {
            let view = MadeView {
                name: line.key.name,
                held: membership_words(&line.key.membership),
                expires: line.key.expires_at.map(day_and_time).unwrap_or_default(),
                secret,
            };
            web.page("key_made", &Page::new(&reader.reader, "Key made", view))
        }
        Err(AppError::Invalid(found)) => page(web, &reader, &form, &found).await,
        Err(error) => refused(web, &reader, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_works_through_its_last_day() {
        let form = Posted::read(b"expires_at-day=31&expires_at-month=12&expires_at-year=2026");
        assert_eq!(expiry(&form).unwrap().unwrap().to_rfc3339(), "2027-01-01T00:00:00+00:00");
        assert_eq!(expiry(&Posted::read(b"expires_at-day=&expires_at-month= &expires_at-year=")).unwrap(), None);
        for wrong in
            ["expires_at-day=31&expires_at-month=2&expires_at-year=2026", "expires_at-day=1", "expires_at-day=x"]
        {
            assert!(expiry(&Posted::read(wrong.as_bytes())).is_err(), "{wrong}");
        }
    }
}
