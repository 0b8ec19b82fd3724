//! Reads `seeds/`: the reference data that comes with the program, or a folder of the same layout.
//!
//! A malformed file stops the start with its name, the line and the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rust_embed::RustEmbed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::csv;
use crate::domain::association::AnalysisPlan;
use crate::domain::association::plan::PlanFile;
use crate::domain::findings::published::PublishedFact;
use crate::domain::language::Language;
use crate::domain::questionnaire::definition::{Item, Questionnaire, Rule};
use crate::domain::questionnaire::resolve::{self, ItemFile, ResolveError, RuleFile, YearFile};
use crate::domain::questionnaire::translation::{self, Text, Translation};
use crate::domain::reference::{Completeness, Inclusion, Kpi, Methodology, PayPoint, Reference, Term, Texts};
use crate::domain::round::Round;
use crate::domain::workforce::benefit::{BenefitModel, LARGEST_COEFFICIENT};
use crate::domain::workforce::cost::{CostAssumptions, OnCost};
use crate::domain::workforce::standard::StaffingStandard;
use crate::domain::workforce::workload::{CasesOf, Patientload, WorkloadTimes, workload_need};

/// What is wrong in `seeds/`, and where.
#[derive(Debug, thiserror::Error)]
#[error("seed file {file}, line {line}: {reason}")]
pub struct SeedError {
    /// Path under `seeds/`.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

#[derive(RustEmbed)]
#[folder = "seeds/"]
#[exclude = "*.py"]
#[exclude = "*.md"]
struct Embedded;

/// Where the seed files come from.
#[derive(Debug, Clone)]
pub enum SeedFiles {
    /// Those that were built into the program.
    Embedded,
    /// A folder laid out like `seeds/`.
    Folder(PathBuf),
}

impl SeedFiles {
    /// The bytes of a file, by its path under `seeds/`.
    pub fn bytes(&self, file: &str) -> Result<Vec<u8>, SeedError> {
        match self {
            Self::Embedded => Embedded::get(file).map(|found| found.data.into_owned()).ok_or_else(|| SeedError {
                file: file.into(),
                line: 1,
                reason: "the file is missing".into(),
            }),
            Self::Folder(folder) => std::fs::read(folder.join(file)).map_err(|error| SeedError {
                file: file.into(),
                line: 1,
                reason: format!("the file cannot be read: {error}"),
            }),
        }
    }

    /// The files directly in a folder that end in `ending`, sorted.
    pub fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let mut files: Vec<String> = match self {
            Self::Embedded => Embedded::iter()
                .filter(|path| path.rsplit_once('/').is_some_and(|(parent, _)| parent == folder))
                .map(String::from)
                .collect(),
            Self::Folder(root) => std::fs::read_dir(root.join(folder))
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()))
                .collect(),
        };
        files.retain(|file| file.ends_with(ending));
        files.sort();
        files
    }
}

/// A seed file's text, kept to find lines in.
pub(super) struct SeedText {
    file: String,
    text: String,
}

impl SeedText {
    /// A text under a name.
    pub(super) fn new(file: &str, text: &str) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    fn read(files: &SeedFiles, file: &str) -> Result<Self, SeedError> {
        let bytes = files.bytes(file)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { file: file.into(), text }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = 1 + error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
                Err(SeedError { file: file.into(), line, reason: "the file is not UTF-8".into() })
            }
        }
    }

    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, SeedError> {
        toml::from_str(&self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            self.error_at(start, error.message().to_owned())
        })
    }

    fn error_at(&self, byte: usize, reason: String) -> SeedError {
        let line = 1 + self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count();
        SeedError { file: self.file.clone(), line, reason }
    }

    /// The error at the line that first has `at` as a word in quotes or a heading, else at the first line.
    pub(super) fn resolve_error(&self, error: ResolveError) -> SeedError {
        let quoted = format!("\"{}\"", error.at);
        let heading = format!("[changes.{}]", error.at);
        let byte = self.text.find(&quoted).or_else(|| self.text.find(&heading)).unwrap_or(0);
        self.error_at(byte, error.reason)
    }
}

/// Reads and checks everything.
pub fn read_reference(files: &SeedFiles) -> Result<Reference, SeedError> {
    let standards = read_standards(files)?;
    let ItemsAndVersions { item_bank, item_rules, questionnaires } = read_questionnaires(files)?;
    let methodologies = read_methodologies(files)?;
    let rounds_text = SeedText::read(files, "rounds.toml")?;
    let rounds = rounds_text.parse::<RoundFile>()?.rounds;
    for round in &rounds {
        let missing = if !questionnaires.contains_key(&round.questionnaire) {
            format!("there is no questionnaire of version {:?}", round.questionnaire)
        } else if !methodologies.contains_key(&round.methodology) {
            format!("there is no methodology for {}", round.methodology)
        } else if !standards.contains_key(&round.standard) {
            format!("there is no staffing standard {:?}", round.standard)
        } else {
            continue;
        };
        let byte = rounds_text.text.find(&format!("year = {}", round.year)).unwrap_or(0);
        return Err(rounds_text.error_at(byte, format!("round {}: {missing}", round.year)));
    }
    let areas = csv::read_areas(&files.bytes("areas.csv")?).map_err(|(line, reason)| SeedError {
        file: "areas.csv".into(),
        line,
        reason,
    })?;
    let text = |name: &str| -> Result<String, SeedError> {
        let file = format!("texts/{name}.txt");
        let error = |reason: String| SeedError { file: file.clone(), line: 1, reason };
        let text = String::from_utf8(files.bytes(&file)?).map_err(|_| error("it is not UTF-8".into()))?;
        if text.trim().is_empty() { Err(error("it is empty".into())) } else { Ok(text.trim().to_owned()) }
    };
    let texts = Texts {
        privacy: text("privacy")?,
        accessibility: text("accessibility")?,
        contact: text("contact")?,
        reminder: text("reminder")?,
        patients: text("patients")?,
    };
    let glossary_text = SeedText::read(files, "glossary.toml")?;
    let glossary = glossary_text.parse::<GlossaryFile>()?.terms;
    if !glossary.is_sorted_by_key(|term| term.term.to_lowercase()) {
        return Err(glossary_text.error_at(0, "the terms must be in alphabetical order".into()));
    }
    let translations = read_translations(files, &questionnaires)?;
    Ok(Reference {
        item_bank,
        item_rules,
        questionnaires,
        translations,
        methodologies,
        standards,
        workloads: read_workloads(files)?,
        rounds,
        areas,
        pay: read_pay(files)?,
        cost_assumptions: read_cost_assumptions(files)?,
        benefits: read_benefits(files)?,
        published: read_published(files)?,
        texts,
        glossary,
        plans: read_plans(files)?,
    })
}

/// Reads `analysis_plans/`: a file a version of a plan.
fn read_plans(files: &SeedFiles) -> Result<Vec<AnalysisPlan>, SeedError> {
    let mut plans: Vec<AnalysisPlan> = Vec::new();
    for file in files.list("analysis_plans", ".toml") {
        let text = SeedText::read(files, &file)?;
        let at = |word: &str, reason: String| text.error_at(text.text.find(word).unwrap_or(0), reason);
        let plan = AnalysisPlan::try_from(text.parse::<PlanFile>()?)
            .map_err(|(word, reason)| at(&word, format!("{word}: {reason}")))?;
        if plans.iter().any(|other| (&other.id, other.version) == (&plan.id, plan.version)) {
            return Err(at("version", format!("version {} of {} is there twice", plan.version, plan.id)));
        }
        plans.push(plan);
    }
    plans.sort_by(|a, b| (a.date, &a.id, a.version).cmp(&(b.date, &b.id, b.version)));
    Ok(plans)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryFile {
    #[serde(rename = "term")]
    terms: Vec<Term>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundFile {
    #[serde(rename = "round")]
    rounds: Vec<Round>,
}

fn read_standards(files: &SeedFiles) -> Result<BTreeMap<String, StaffingStandard>, SeedError> {
    let mut standards = BTreeMap::new();
    for file in files.list("standards", ".toml") {
        let text = SeedText::read(files, &file)?;
        let standard: StaffingStandard = text.parse()?;
        if let Some(problem) = standard.problems().first() {
            let byte = text.text.find(problem.field()).unwrap_or(0);
            return Err(text.error_at(byte, problem.to_string()));
        }
        standards.insert(standard.id.clone(), standard);
    }
    Ok(standards)
}

/// Reads `workload/`: a file a version, each of which must leave time to work in.
fn read_workloads(files: &SeedFiles) -> Result<Vec<WorkloadTimes>, SeedError> {
    let mut workloads: Vec<WorkloadTimes> = Vec::new();
    for file in files.list("workload", ".toml") {
        let text = SeedText::read(files, &file)?;
        let times: WorkloadTimes = text.parse()?;
        let one = Patientload { expected: Some(1.0), treated_share: Some(1.0), ..Patientload::default() };
        if let Err(refusal) = workload_need(&times, CasesOf::Expected, &[one]).found {
            return Err(text.error_at(0, format!("the times cannot be used: {refusal}")));
        }
        if workloads.iter().any(|other| other.version == times.version) {
            return Err(text.error_at(0, format!("version {} is there twice", times.version)));
        }
        workloads.push(times);
    }
    workloads.sort_by_key(|times| times.version);
    Ok(workloads)
}

/// What `questionnaires/` holds.
struct ItemsAndVersions {
    item_bank: BTreeMap<String, Item>,
    item_rules: Vec<Rule>,
    questionnaires: BTreeMap<String, Questionnaire>,
}

fn read_questionnaires(files: &SeedFiles) -> Result<ItemsAndVersions, SeedError> {
    let mut bank: BTreeMap<String, Item> = BTreeMap::new();
    for file in files.list("questionnaires/items", ".toml") {
        let text = SeedText::read(files, &file)?;
        for item in text.parse::<ItemFile>()?.items {
            resolve::check_item(&item).map_err(|error| text.resolve_error(error))?;
            let id = item.link_id.clone();
            if bank.insert(id.clone(), item).is_some() {
                let byte = text.text.rfind(&format!("\"{id}\"")).unwrap_or(0);
                return Err(text.error_at(byte, format!("item `{id}` is in the item bank twice")));
            }
        }
    }
    let rules_text = SeedText::read(files, "questionnaires/rules.toml")?;
    let rules = rules_text.parse::<RuleFile>()?.rules;
    for rule in &rules {
        resolve::check_rule(&bank, rule).map_err(|error| rules_text.resolve_error(error))?;
    }
    let mut questionnaires = BTreeMap::new();
    for file in files.list("questionnaires", ".toml") {
        if file.ends_with("/rules.toml") {
            continue;
        }
        let text = SeedText::read(files, &file)?;
        let year: YearFile = text.parse()?;
        let questionnaire = resolve::resolve(&bank, &rules, &year).map_err(|error| text.resolve_error(error))?;
        questionnaires.insert(questionnaire.version.clone(), questionnaire);
    }
    Ok(ItemsAndVersions { item_bank: bank, item_rules: rules, questionnaires })
}

/// Reads `questionnaires/languages/`: a file a language. A text that no questionnaire says, or not in the item or
/// section whose table it stands in, is a mistake, and so is one that leaves out what a rule fills in.
fn read_translations(
    files: &SeedFiles,
    questionnaires: &BTreeMap<String, Questionnaire>,
) -> Result<BTreeMap<Language, Translation>, SeedError> {
    let texts: Vec<Text<'_>> = questionnaires.values().flat_map(translation::texts).collect();
    let mut translations = BTreeMap::new();
    for file in files.list("questionnaires/languages", ".toml") {
        let source = SeedText::read(files, &file)?;
        let tag = file.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).unwrap_or_default();
        let language = Language::parse(tag).filter(|language| *language != Language::English);
        let language = language.ok_or_else(|| source.error_at(0, format!("there is no language {tag:?}")))?;
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for (part, own) in source.parse::<BTreeMap<String, BTreeMap<String, String>>>()? {
            for (english, text) in own {
                let at = source.text.find(&english).unwrap_or(0);
                let said =
                    |text: &Text<'_>| text.english == english && (part == translation::COMMON || text.of == part);
                if !texts.iter().any(said) {
                    return Err(source.error_at(at, format!("no questionnaire says {english:?} in `{part}`")));
                }
                if placeholders(&english) != placeholders(&text) {
                    return Err(source.error_at(at, format!("{text:?} does not fill in what {english:?} does")));
                }
                if all.insert(english.clone(), text).is_some() {
                    return Err(source.error_at(at, format!("{english:?} is translated twice")));
                }
            }
        }
        translations.insert(language, Translation::new(all));
    }
    Ok(translations)
}

/// What a message fills in: `{previous}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KpiFile {
    #[serde(rename = "kpi")]
    kpis: Vec<Kpi>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseRateFile {
    leaves_out: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodologyFile {
    year: i32,
    caseload_multiplier: i64,
    spine_share: f64,
    spine_share_note: String,
    inclusion: Inclusion,
    completeness: Completeness,
    response_rate: ResponseRateFile,
    /// KPIs that this year defines otherwise, whole.
    #[serde(default, rename = "kpi_change")]
    changes: Vec<Kpi>,
}

fn read_methodologies(files: &SeedFiles) -> Result<BTreeMap<i32, Methodology>, SeedError> {
    let kpis_text = SeedText::read(files, "methodology/kpis.toml")?;
    let kpis = kpis_text.parse::<KpiFile>()?.kpis;
    check_kpis(&kpis_text, &kpis)?;
    let mut methodologies = BTreeMap::new();
    for file in files.list("methodology", ".toml") {
        if file.ends_with("/kpis.toml") {
            continue;
        }
        let text = SeedText::read(files, &file)?;
        let year: MethodologyFile = text.parse()?;
        check_kpis(&text, &year.changes)?;
        if year.caseload_multiplier < 1 || !(0.0..=1.0).contains(&year.spine_share) {
            let byte = text.text.find("caseload_multiplier").unwrap_or(0);
            return Err(text.error_at(byte, "the multiplier must be 1 or more, the spine share 0 to 1".into()));
        }
        let outcomes = ["no_return", "not_commissioned"];
        if let Some(word) = year.response_rate.leaves_out.iter().find(|word| !outcomes.contains(&word.as_str())) {
            let byte = text.text.find("leaves_out").unwrap_or(0);
            return Err(text.error_at(byte, format!("{word:?} is no outcome; they are {}", outcomes.join(", "))));
        }
        let changed = |kpi: Kpi| year.changes.iter().find(|change| change.kpi == kpi.kpi).cloned().unwrap_or(kpi);
        let methodology = Methodology {
            year: year.year,
            caseload_multiplier: year.caseload_multiplier,
            spine_share: year.spine_share,
            spine_share_note: year.spine_share_note.clone(),
            inclusion: year.inclusion.clone(),
            completeness: year.completeness.clone(),
            response_rate_leaves_out: year.response_rate.leaves_out.clone(),
            kpis: kpis.iter().cloned().map(changed).collect(),
        };
        methodologies.insert(methodology.year, methodology);
    }
    Ok(methodologies)
}

/// Bands must have exactly one edge each and descend to 0, so that every percentage has one grade.
fn check_kpis(text: &SeedText, kpis: &[Kpi]) -> Result<(), SeedError> {
    for kpi in kpis {
        let fail = |reason: &str| {
            let byte = text.text.find(&format!("\"{}\"", kpi.key)).unwrap_or(0);
            Err(text.error_at(byte, format!("KPI {}: {reason}", kpi.kpi)))
        };
        let mut edges = Vec::new();
        for band in &kpi.bands {
            match (band.at_least, band.above) {
                (Some(edge), None) | (None, Some(edge)) => edges.push(edge),
                _ => return fail("a band needs exactly one of at_least and above"),
            }
        }
        if !edges.is_sorted_by(|a, b| a > b) {
            return fail("the bands must go from the highest edge to the lowest");
        }
        if kpi.bands.last().is_some_and(|band| band.at_least != Some(0.0)) {
            return fail("the lowest band must begin at_least 0");
        }
    }
    Ok(())
}

fn read_pay(files: &SeedFiles) -> Result<Vec<PayPoint>, SeedError> {
    read_rows(files, "pay")
}

/// Reads `pay/assumptions.toml`.
fn read_cost_assumptions(files: &SeedFiles) -> Result<CostAssumptions, SeedError> {
    let text = SeedText::read(files, "pay/assumptions.toml")?;
    let assumptions: CostAssumptions = text.parse()?;
    let at = |word: &str, reason: &str| Err(text.error_at(text.text.find(word).unwrap_or(0), reason.to_owned()));
    let OnCost { multiplier, least, most, .. } = assumptions.on_cost;
    if !(1.0..=most).contains(&least) || !(least..=most).contains(&multiplier) {
        return at("multiplier", "the limits must be 1 or more and in order, the multiplier within them");
    }
    if assumptions.supplements.first().is_none_or(|first| first.share != 0.0) {
        return at("[[supplement]]", "the first supplement must be that of most places, with a share of 0");
    }
    if assumptions.supplements.iter().any(|one| !(0.0..=1.0).contains(&one.share)) {
        return at("share", "the share of a supplement must be 0 to 1");
    }
    Ok(assumptions)
}

/// Reads `benefits/`: a file a source.
fn read_benefits(files: &SeedFiles) -> Result<Vec<BenefitModel>, SeedError> {
    let mut models: Vec<BenefitModel> = Vec::new();
    for file in files.list("benefits", ".toml") {
        let text = SeedText::read(files, &file)?;
        let model: BenefitModel = text.parse()?;
        let at = |word: &str, reason: &str| Err(text.error_at(text.text.find(word).unwrap_or(0), reason.to_owned()));
        if models.iter().any(|other| other.id == model.id) {
            return at("id =", "another file has this id");
        }
        if let Some(effect) = model.effects.iter().find(|effect| !(0.0..=LARGEST_COEFFICIENT).contains(&effect.value)) {
            return at(&format!("\"{}\"", effect.key), "a coefficient must be 0 or more");
        }
        models.push(model);
    }
    models.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(models)
}

fn read_published(files: &SeedFiles) -> Result<Vec<PublishedFact>, SeedError> {
    read_rows(files, "published")
}

/// The rows of every CSV file of a folder.
fn read_rows<T: DeserializeOwned>(files: &SeedFiles, folder: &str) -> Result<Vec<T>, SeedError> {
    let mut rows = Vec::new();
    for file in files.list(folder, ".csv") {
        let bytes = files.bytes(&file)?;
        for (row, read) in ::csv::Reader::from_reader(bytes.as_slice()).into_deserialize::<T>().enumerate() {
            rows.push(read.map_err(|error| SeedError {
                file: file.clone(),
                line: row + 2,
                reason: error.to_string(),
            })?);
        }
    }
    Ok(rows)
}
