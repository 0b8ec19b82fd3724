//! A cut as figures are worked out from it: its parts, read again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::super::AppError;
use super::super::imports::entry_of_cells;
use super::super::responses::new_answer;
use super::parts::{FrozenRound, METHOD, OUTLIERS, REASONS, Reason};
use crate::domain::area::{AreaPopulation, AreaTree};
use crate::domain::count::{Counts, Period};
use crate::domain::cut::CutQuote;
use crate::domain::interchange::{Cell, FileKind};
use crate::domain::kpi::caseload::Stated;
use crate::domain::quality::outlier::OutlierCase;
use crate::domain::questionnaire::answer::Document;
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::facts::ResponseFacts;
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::domain::register::{Hospital, Register, Service};
use crate::formats::csv::{KnownCodes, RowReader, read_areas, type_row, unescape_value};
use crate::store::totals::StratumTotal;

/// A cut in memory.
#[derive(Debug)]
pub(in crate::app) struct Frozen {
    /// What results quote of it.
    pub(in crate::app) quote: CutQuote,
    /// The rounds up to its own with their methods, oldest first.
    pub(in crate::app) rounds: Vec<FrozenRound>,
    /// The register, as it stood then.
    pub(in crate::app) register: Arc<Register>,
    /// Yearly totals by KPI and year, then by stratum and service.
    pub(in crate::app) totals: BTreeMap<(i32, i32), BTreeMap<(String, String), Counts>>,
    /// Counts of all patients by service and KPI.
    pub(in crate::app) months: BTreeMap<(String, i32), Vec<(Period, Counts)>>,
    /// The outliers of its round that were looked into by then.
    pub(in crate::app) outliers: Vec<OutlierCase>,
    /// Submitted answers by year and service.
    responses: BTreeMap<i32, BTreeMap<String, Answers>>,
    /// The codes that answers name.
    codes: RegisterCodes,
}

/// The answers of a response by item, each as the rows of its file: a cell, or nothing, with what it says.
type Answers = BTreeMap<String, Vec<(String, String)>>;

/// The parts by name, and the codes that were read so far.
struct Reading {
    parts: BTreeMap<String, Vec<u8>>,
    known: KnownCodes,
}

impl Reading {
    fn part(&self, name: &str) -> Result<&[u8], AppError> {
        self.parts.get(name).map(Vec::as_slice).ok_or_else(|| broken(name, "is missing"))
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, AppError> {
        serde_json::from_slice(self.part(name)?).map_err(|error| broken(name, &error.to_string()))
    }

    fn rows(&self, kind: FileKind, mut take: impl FnMut(Vec<Cell>) -> Option<()>) -> Result<(), AppError> {
        let name = kind.file_name();
        let failed = |reason: &dyn std::fmt::Display| broken(&name, &reason.to_string());
        let mut reader = RowReader::new(kind, self.part(&name)?).map_err(|error| failed(&error))?;
        while let Some(row) = reader.next_row().map_err(|error| failed(&error))? {
            let cells = type_row(kind, &row, &self.known).ok().and_then(&mut take);
            cells.ok_or_else(|| failed(&format!("line {} cannot be read", row.line)))?;
        }
        Ok(())
    }
}

fn broken(part: &str, reason: &str) -> AppError {
    AppError::Unexpected(format!("part {part} of a data cut: {reason}"))
}

impl Frozen {
    /// Reads the parts of a cut.
    pub(super) fn read(quote: CutQuote, parts: impl Iterator<Item = (String, Vec<u8>)>) -> Result<Self, AppError> {
        let mut reading = Reading { parts: parts.collect(), known: KnownCodes::default() };
        let rounds: Vec<FrozenRound> = reading.json(METHOD)?;
        let areas = read_areas(reading.part("areas.csv")?).map_err(|(_, reason)| broken("areas.csv", &reason))?;
        reading.known.areas = areas.iter().map(|area| area.code.clone()).collect();
        let mut populations = Vec::new();
        reading.rows(FileKind::AreaPopulation, |cells| match <[Cell; 4]>::try_from(cells).ok()? {
            [
                Cell::Text(Some(area)),
                Cell::Integer(year),
                Cell::Count(Some(all_ages)),
                Cell::Count(Some(aged_50_plus)),
            ] => {
                populations.push((area, AreaPopulation { year, all_ages, aged_50_plus }));
                Some(())
            }
            _ => None,
        })?;
        let services = services(&reading)?;
        reading.known.services = services.iter().map(|service| service.code.clone()).collect();
        let hospitals = hospitals(&reading)?;
        reading.known.hospitals = hospitals.iter().map(|hospital| hospital.code.clone()).collect();
        let register = Register::new(
            rounds.iter().map(|frozen| frozen.round.clone()).collect(),
            AreaTree::new(areas, populations, None),
            services,
            hospitals,
            yearly(&reading, FileKind::HipFractures)?,
            stated(&reading)?,
        );
        let mut frozen = Self {
            quote,
            rounds,
            register: Arc::new(register),
            totals: BTreeMap::new(),
            months: BTreeMap::new(),
            // Cuts that were made before outliers were looked into have no such part.
            outliers: if reading.parts.contains_key(OUTLIERS) { reading.json(OUTLIERS)? } else { Vec::new() },
            responses: BTreeMap::new(),
            codes: RegisterCodes { hospitals: reading.known.hospitals.clone(), areas: reading.known.areas.clone() },
        };
        frozen.read_answers(&reading)?;
        frozen.read_counts(&reading)?;
        Ok(frozen)
    }

    fn read_answers(&mut self, reading: &Reading) -> Result<(), AppError> {
        reading.rows(FileKind::Responses, |cells| match <[Cell; 5]>::try_from(cells).ok()? {
            [
                Cell::Text(Some(service)),
                Cell::Integer(year),
                Cell::Text(Some(item)),
                Cell::Text(Some(cell)),
                Cell::Text(Some(value)),
            ] => {
                let answers = self.responses.entry(year).or_default().entry(service).or_default();
                answers.entry(item).or_default().push((cell, value));
                Some(())
            }
            _ => None,
        })
    }

    fn read_counts(&mut self, reading: &Reading) -> Result<(), AppError> {
        reading.rows(FileKind::KpiCounts, |cells| match <[Cell; 8]>::try_from(cells).ok()? {
            [
                Cell::Text(Some(service)),
                Cell::Integer(month),
                Cell::Integer(kpi),
                Cell::Text(Some(stratum)),
                Cell::Count(Some(numerator)),
                Cell::Count(denominator),
                Cell::Count(eligible),
                Cell::Count(complete),
            ] => {
                let period = Period::from_stored(month)?;
                let counts = Counts { numerator, denominator, eligible, complete };
                if stratum.is_empty() {
                    self.months.entry((service.clone(), kpi)).or_default().push((period, counts));
                }
                let totals = self.totals.entry((kpi, period.year())).or_default();
                let total = totals.entry((stratum, service)).or_insert(Counts::NOTHING);
                *total = total.plus(counts);
                Some(())
            }
            _ => None,
        })
    }

    /// What each service answered to an item with options, in the round of a year.
    pub(in crate::app) fn choices(&self, year: i32, link_id: &str) -> BTreeMap<String, String> {
        let of = |answers: &Answers| match answers.get(link_id)?.as_slice() {
            [(cell, value)] if cell.is_empty() => {
                let (not_known, text) = unescape_value(value);
                (!not_known).then(|| text.to_owned())
            }
            _ => None,
        };
        let responses = self.responses.get(&year).into_iter().flatten();
        responses.filter_map(|(service, answers)| Some((service.clone(), of(answers)?))).collect()
    }

    /// The facts of every submitted response of a year, by service.
    pub(in crate::app) fn facts(
        &self,
        year: i32,
        questionnaire: &Questionnaire,
    ) -> Result<BTreeMap<String, ResponseFacts>, AppError> {
        let documents = self.documents(year, questionnaire)?;
        let facts = |(service, document): (String, Document)| {
            (service, ResponseFacts::of(&Shown::new(questionnaire, &document)))
        };
        Ok(documents.into_iter().map(facts).collect())
    }

    /// The answers of every submitted response of a year, by service.
    pub(in crate::app) fn documents(
        &self,
        year: i32,
        questionnaire: &Questionnaire,
    ) -> Result<BTreeMap<String, Document>, AppError> {
        let mut documents = BTreeMap::new();
        for (service, answers) in self.responses.get(&year).into_iter().flatten() {
            let mut document = Document::default();
            for (link_id, rows) in answers {
                let item = questionnaire.item(link_id).ok_or_else(|| broken("responses.csv", link_id))?;
                let rows = rows.iter().map(|(cell, value)| (cell.as_str(), value.as_str()));
                let entry = entry_of_cells(&self.codes, item, rows)
                    .map_err(|problem| broken("responses.csv", &format!("{service} {link_id}: {}", problem.reason)))?;
                let answer = new_answer(entry, None, 1, self.quote.made_at, "");
                document.answers.insert(link_id.clone(), answer);
            }
            documents.insert(service.clone(), document);
        }
        Ok(documents)
    }

    /// Every stratum's totals of a KPI in a year, in the order of stratum and service.
    pub(in crate::app) fn strata(&self, kpi: i32, year: i32) -> Vec<StratumTotal> {
        let totals = self.totals.get(&(kpi, year)).into_iter().flatten();
        let total = |((stratum, service), counts): (&(String, String), &Counts)| StratumTotal {
            stratum: stratum.clone(),
            service_code: service.clone(),
            counts: *counts,
        };
        totals.map(total).collect()
    }

    /// The years in which there are counts of a KPI, the oldest first.
    pub(in crate::app) fn years(&self, kpi: i32) -> Vec<i32> {
        self.totals.keys().filter(|(of, _)| *of == kpi).map(|(_, year)| *year).collect()
    }
}

fn services(reading: &Reading) -> Result<Vec<Service>, AppError> {
    let mut services = Vec::new();
    reading.rows(FileKind::Services, |cells| match <[Cell; 8]>::try_from(cells).ok()? {
        [
            Cell::Text(Some(code)),
            Cell::Text(Some(name)),
            Cell::Text(trust_code),
            Cell::Text(trust_name),
            Cell::Text(Some(area_code)),
            Cell::Day(valid_from),
            Cell::Day(valid_to),
            Cell::Text(successor_code),
        ] => {
            let service =
                Service { code, name, trust_code, trust_name, area_code, valid_from, valid_to, successor_code };
            services.push(service);
            Some(())
        }
        _ => None,
    })?;
    Ok(services)
}

fn hospitals(reading: &Reading) -> Result<Vec<Hospital>, AppError> {
    let mut hospitals = Vec::new();
    reading.rows(FileKind::Hospitals, |cells| match <[Cell; 8]>::try_from(cells).ok()? {
        [
            Cell::Text(Some(code)),
            Cell::Text(Some(name)),
            Cell::Text(Some(area_code)),
            Cell::Text(service_code),
            Cell::Day(valid_from),
            Cell::Day(valid_to),
            Cell::Degrees(latitude),
            Cell::Degrees(longitude),
        ] => {
            let hospital = Hospital { code, name, area_code, service_code, valid_from, valid_to, latitude, longitude };
            hospitals.push(hospital);
            Some(())
        }
        _ => None,
    })?;
    Ok(hospitals)
}

/// Numbers by year and code.
fn yearly(reading: &Reading, kind: FileKind) -> Result<BTreeMap<i32, BTreeMap<String, i64>>, AppError> {
    let mut numbers: BTreeMap<i32, BTreeMap<String, i64>> = BTreeMap::new();
    reading.rows(kind, |cells| match <[Cell; 3]>::try_from(cells).ok()? {
        [Cell::Text(Some(code)), Cell::Integer(year), Cell::Count(Some(number))] => {
            numbers.entry(year).or_default().insert(code, number);
            Some(())
        }
        _ => None,
    })?;
    Ok(numbers)
}

fn stated(reading: &Reading) -> Result<BTreeMap<i32, BTreeMap<String, Stated>>, AppError> {
    let mut reasons: BTreeMap<(i32, String), String> = reading
        .json::<Vec<Reason>>(REASONS)?
        .into_iter()
        .map(|reason| ((reason.year, reason.service), reason.reason))
        .collect();
    let mut stated: BTreeMap<i32, BTreeMap<String, Stated>> = BTreeMap::new();
    for (year, numbers) in yearly(reading, FileKind::ExpectedCaseload)? {
        for (service, expected) in numbers {
            let reason = reasons.remove(&(year, service.clone()));
            stated.entry(year).or_default().insert(service, Stated { expected, reason });
        }
    }
    Ok(stated)
}
