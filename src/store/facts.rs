//! The facts of submitted responses, typed for analysis.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{item_facts, response_facts};
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::facts::{Fact, ResponseFacts};
use crate::domain::workforce::gap::{RoleStaffing, StaffingFacts};

/// The facts of a round that were asked for: by fact, then by service.
pub type FactsByName = BTreeMap<String, BTreeMap<String, Fact>>;

#[derive(Insertable)]
#[diesel(table_name = item_facts)]
#[diesel(treat_none_as_default_value = false)]
struct NewFact<'a> {
    year: i32,
    fact: &'a str,
    service_code: &'a str,
    status: &'static str,
    codes: Option<String>,
    number: Option<i64>,
    flag: Option<bool>,
}

impl<'a> NewFact<'a> {
    fn new(year: i32, service_code: &'a str, fact: &'a str, said: &Fact) -> Self {
        let (status, codes, number, flag) = match said {
            Fact::NotApplicable => ("not_applicable", None, None, None),
            Fact::Unanswered => ("unanswered", None, None, None),
            Fact::NotKnown => ("not_known", None, None, None),
            Fact::Dimension(codes) => ("answered", Some(codes.join(";")), None, None),
            Fact::Measure(number) => ("answered", None, Some(number.0), None),
            Fact::Flag(yes) => ("answered", None, None, Some(*yes)),
        };
        Self { year, fact, service_code, status, codes, number, flag }
    }
}

/// Sets the facts of a submitted response, or with `None` takes them away.
pub fn set(conn: &mut DbConn, service: &str, year: i32, facts: Option<&ResponseFacts>) -> Result<(), StoreError> {
    diesel::delete(
        response_facts::table.filter(response_facts::year.eq(year).and(response_facts::service_code.eq(service))),
    )
    .execute(conn)?;
    diesel::delete(item_facts::table.filter(item_facts::year.eq(year).and(item_facts::service_code.eq(service))))
        .execute(conn)?;
    let Some(facts) = facts else { return Ok(()) };
    let staffing = facts.staffing;
    let wte = |value: Option<Hundredths>| value.map(|value| value.0);
    diesel::insert_into(response_facts::table)
        .values((
            response_facts::service_code.eq(service),
            response_facts::year.eq(year),
            response_facts::population_all_ages.eq(staffing.population_all_ages),
            response_facts::population_50_plus.eq(staffing.population_50_plus),
            response_facts::nurse_in_post.eq(wte(staffing.nurses.in_post)),
            response_facts::nurse_establishment.eq(wte(staffing.nurses.establishment)),
            response_facts::nurse_reported_vacant.eq(wte(staffing.nurses.reported_vacant)),
            response_facts::administrator_in_post.eq(wte(staffing.administrators.in_post)),
            response_facts::administrator_establishment.eq(wte(staffing.administrators.establishment)),
            response_facts::administrator_reported_vacant.eq(wte(staffing.administrators.reported_vacant)),
        ))
        .execute(conn)?;
    let rows: Vec<NewFact<'_>> =
        facts.facts.iter().map(|(name, fact)| NewFact::new(year, service, name, fact)).collect();
    on_backend!(conn, |conn| diesel::insert_into(item_facts::table).values(rows).execute(conn)?);
    Ok(())
}

/// The staffing facts of every submitted response of a round, by service.
pub fn staffing_of_round(conn: &mut DbConn, year: i32) -> Result<BTreeMap<String, StaffingFacts>, StoreError> {
    type Wte = Option<i64>;
    type FactsRow = (String, i32, Option<i64>, Option<i64>, Wte, Wte, Wte, Wte, Wte, Wte);
    let rows: Vec<FactsRow> = response_facts::table.filter(response_facts::year.eq(year)).load(conn)?;
    let staffing = |in_post: Wte, establishment: Wte, reported_vacant: Wte| RoleStaffing {
        in_post: in_post.map(Hundredths),
        establishment: establishment.map(Hundredths),
        reported_vacant: reported_vacant.map(Hundredths),
    };
    Ok(rows
        .into_iter()
        .map(|(service, _, all_ages, aged_50_plus, n1, n2, n3, a1, a2, a3)| {
            let facts = StaffingFacts {
                population_all_ages: all_ages,
                population_50_plus: aged_50_plus,
                nurses: staffing(n1, n2, n3),
                administrators: staffing(a1, a2, a3),
            };
            (service, facts)
        })
        .collect())
}

/// What the submitted responses of a round say of some facts. A fact that the round does not ask is not in the answer.
pub fn of_round(conn: &mut DbConn, year: i32, names: &[&str]) -> Result<FactsByName, StoreError> {
    type Row = (String, String, String, Option<String>, Option<i64>, Option<bool>);
    let rows: Vec<Row> = item_facts::table
        .filter(item_facts::year.eq(year).and(item_facts::fact.eq_any(names)))
        .select((
            item_facts::fact,
            item_facts::service_code,
            item_facts::status,
            item_facts::codes,
            item_facts::number,
            item_facts::flag,
        ))
        .load(conn)?;
    let mut found = FactsByName::new();
    for (name, service, status, codes, number, flag) in rows {
        let fact = match (status.as_str(), codes, number, flag) {
            ("not_applicable", ..) => Fact::NotApplicable,
            ("unanswered", ..) => Fact::Unanswered,
            ("not_known", ..) => Fact::NotKnown,
            (_, Some(codes), _, _) => {
                Fact::Dimension(codes.split(';').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect())
            }
            (_, _, Some(number), _) => Fact::Measure(Hundredths(number)),
            (_, _, _, Some(yes)) => Fact::Flag(yes),
            _ => {
                let reason = format!("{service} {year} {name}: {status} without a value");
                return Err(StoreError::Corrupt { what: "fact", reason });
            }
        };
        found.entry(name).or_default().insert(service, fact);
    }
    Ok(found)
}
