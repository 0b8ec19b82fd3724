//! The sheet *Read me*: what the workbook says, on which grounds, and what may be changed in it.

use super::layout::{Column, Heading, Paper, Sheet};
use super::style::Style;
use super::writing::Writing;
use super::{
    ALLOCATION, AREAS, ASSOCIATIONS, ASSUMPTIONS, CASCADE, COST, DICTIONARY, KPIS, README, SCENARIO, SERVICES, SOURCES,
    SUMMARY, VACANCIES, WorkbookError,
};
use crate::domain::workforce::gap::{GapStatus, Position};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::Basis;
use crate::formats::display::{capitalised, people};
use crate::formats::wording::{round_names, statement};
use crate::locales::{Value, Words};

pub(super) fn write(writing: &mut Writing<'_>, report: &GapReport, heading: &Heading) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Subject", 36.0).means("What the row is about", "text"),
        Column::words("What to know", 120.0).means("What to know of it", "text"),
    ];
    let lead = "What this workbook says, on which grounds, and what may be changed in it.";
    let mut sheet = Sheet::begin(writing, README, heading, lead, &columns, Paper::A4, 0)?;
    for (row, (subject, text)) in (heading.header_row() + 1..).zip(lines(heading.words, report)) {
        sheet.text(row, 0, &subject, Style::Wrapped)?;
        sheet.text(row, 1, &text, Style::Wrapped)?;
        sheet.fit(row, &[&subject, &text])?;
    }
    Ok(())
}

/// What the sheets are for, in their order.
const SHEETS: &[(&str, &str)] = &[
    (SUMMARY, "One page: sums over all services of this workbook on both bases, live, with charts."),
    (SERVICES, "One row per service and basis: needs, gaps, cover and position, live."),
    (AREAS, "The same summed over areas, beside the need of each area's whole population and its unmapped hospitals."),
    (VACANCIES, "Funded, filled and vacant posts of each service, beside what the service itself says is vacant."),
    (COST, "What closing each shortfall costs a year, and how much of it is new money; the prices are on Assumptions."),
    (
        SCENARIO,
        "Ten years of need, staff, gap and cost, live: type into the yellow cells what is to be done. As handed out \
         nothing is done, and every year is like today.",
    ),
    (
        ALLOCATION,
        "A budget that goes down the list of services that are short, live: type into the yellow cells how much there is \
         and who comes first. As handed out it is £0, and nothing is given.",
    ),
    (CASCADE, "Of the people who should be seen, how many are recorded, assessed, treated and still on treatment."),
    (KPIS, "What each service recorded for the clinical KPIs, with numerators and denominators."),
    (
        ASSOCIATIONS,
        "What staffing, vacancies, governance and monitoring have to do with the KPIs, over all services of the nation: \
         each pair with its n, interval, p and q. Observational: it says how services differ, not why they do.",
    ),
    (
        ASSUMPTIONS,
        "The yellow cells that every need, gap, cover and position rests on, and the shares that estimates use.",
    ),
    (SOURCES, "How the figures are worked out, and where the rules and numbers are stated."),
    (DICTIONARY, "Every column of every sheet: what it means, and its unit."),
];

fn lines(words: Words, report: &GapReport) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |subject: &str, text: &str| lines.push((words.said(subject).into(), words.said(text).into()));
    // First of all, what holds on every reading.
    line("In one sentence", &words.phrase(&statement(report)));
    line(
        "About that sentence",
        "It is for the assumptions with which this workbook was made and does not move with them. The sheet Summary \
         has the same figures live.",
    );
    if report.synthetic {
        line("Synthetic data", "Every service and figure here is invented, to show what the workbook does.");
    }
    line(
        "What this is",
        "How many nurses and administrators each Fracture Liaison Service (FLS) has, how many its population is \
         recommended to have, and the difference. Staff are counted in whole-time equivalents (WTE).",
    );
    let place = report.area.as_ref().map_or_else(
        || "All services of the round.".to_owned(),
        |(code, name)| {
            let area = [("name", name.as_str().into()), ("code", code.as_str().into())];
            words.with("book-within", &area)
        },
    );
    line("Which services", &place);
    line("Round", &format!("{}.", capitalised(&words.phrase(&round_names(&report.round)))));
    line("Staffing describes", &format!("{}.", words.day(report.round.staffing_as_at)));
    let newest = report.data_as_at.map_or_else(
        || "No answer has been submitted.".to_owned(),
        |date| words.with("book-newest", &[("day", words.day(date).into())]),
    );
    line("Date of the data", &report.cut.as_ref().map_or(newest, |cut| words.data_cut(cut)));
    let geography = words.with("book-geography", &[("day", words.day(report.geography_as_at).into())]);
    line("Date of the geography", &geography);
    let [reported, aged] = Basis::ALL.map(|basis| Value::from(words.said(basis.label())));
    let note = report.standard.basis_note.as_str().into();
    let bases = words.with("book-bases", &[("note", note), ("reported", reported), ("aged", aged)]);
    line("Two bases, always both", bases.trim());
    for (sheet, text) in SHEETS {
        line(&words.with("book-sheet", &[("sheet", words.said(sheet).into())]), text);
    }
    for status in [
        GapStatus::Ok,
        GapStatus::NoResponse,
        GapStatus::PopulationMissing,
        GapStatus::PopulationNotPositive,
        GapStatus::StaffingMissing,
    ] {
        let text = match status {
            GapStatus::Ok => "There is a population on this basis and staff in post of at least one of the two roles.",
            GapStatus::NoResponse => "The service has submitted no answers for the round.",
            GapStatus::PopulationMissing => {
                "It gave no population on this basis, and none can be estimated. Staff are shown, needs and gaps are not."
            }
            GapStatus::PopulationNotPositive => "It gave a population of zero or less.",
            GapStatus::StaffingMissing => {
                "It gave staff in post of neither role: its needs are shown, but no gap, and it is in no sum of needs."
            }
        };
        line(&words.with("book-status", &[("status", words.said(status.as_str()).into())]), text);
    }
    for (position, text) in [
        (Position::Below, "Staff in post are under the low need."),
        (Position::Within, "Staff in post are at the low need or more, and under the high need."),
        (Position::Meets, "Staff in post are the high need or more."),
        (Position::Missing, "The need or the staff in post of the role are not known."),
    ] {
        line(&words.with("book-position", &[("position", words.said(position.as_str()).into())]), text);
    }
    assumption_lines(&mut line);
    lines
}

/// What a workbook says of the standard. The words of the standard itself are as the audit team wrote them.
pub(super) fn standard_lines(words: Words, report: &GapReport, line: &mut impl FnMut(&str, &str)) {
    let standard = &report.standard;
    let stated = [
        ("name", standard.name.as_str().into()),
        ("nurses", standard.nurse_wte.to_string().into()),
        ("administrators", standard.administrator_wte.to_string().into()),
        ("low", people(standard.population_low).into()),
        ("high", people(standard.population_high).into()),
    ];
    line("Standard", &words.with("book-standard", &stated));
    line("Source of the standard", &format!("{}.", standard.source));
    if !standard.not_known.is_empty() {
        line("Not known of the standard", &format!("{}.", capitalised(&standard.not_known.join("; "))));
    }
}

pub(super) fn method_lines(line: &mut impl FnMut(&str, &str)) {
    for (subject, text) in [
        (
            "Need",
            "Population ÷ the upper end of the range (need low) and ÷ the lower end (need high), times the WTE that \
             the standard recommends.",
        ),
        ("Gap", "Need − in post. Positive is short, negative is a surplus. Never read a gap without its basis."),
        (
            "Unfunded and vacant",
            "The gap splits exactly in two: unfunded = need − establishment (funded posts), vacant = establishment − \
             in post. Reported vacant is what the service itself says; where it differs from vacant, ask the service.",
        ),
        ("Cover", "In post ÷ need: low against the high need, high against the low need. Never cut off at 100 %."),
        (
            "Sums",
            "The net gap lets a surplus of one service offset a shortage of another; the shortfall is the sum of the \
             positive gaps alone. Both say how many services they count and how many they miss. n/a: no service counts.",
        ),
        (
            "Areas",
            "A service counts in its host area alone and in the areas above that, although it may treat people from \
             elsewhere. A service whose area is not in the geography counts in the sum over all services only. The \
             need of an area's whole population and its unmapped hospitals (those that no service covers) show who \
             the services do not reach; expected cases are a multiple of a hospital's hip fractures.",
        ),
        (
            "Blank cells",
            "Not known, which is not zero. A 0 is a figure that was given. Figures are not rounded, only shown so: WTE \
             to two places.",
        ),
    ] {
        line(subject, text);
    }
}

fn assumption_lines(line: &mut impl FnMut(&str, &str)) {
    for (subject, text) in [
        (
            "Changing the assumptions",
            "Type into the yellow cells of the sheet Assumptions. Every need, gap, unfunded figure, cover, position \
             and sum in this workbook is a formula that rests on them.",
        ),
        (
            "population_per_nurse_low and _high",
            "The range of the population. The low end gives the high need, the high end the low need.",
        ),
        (
            "nurse_ratio, administrator_ratio",
            "Nurse WTE for that population, and administrator WTE per nurse WTE. The first moves both roles, the \
             second administrators alone.",
        ),
        (
            "share_aged_50_plus",
            "The words host area, or one share for all estimates. A number moves every service whose population aged \
             50 and over is estimated, and none that reported its own; the basis of all ages does not move.",
        ),
        (
            "What no assumption changes",
            "What services reported (populations, staff in post, establishments, vacancies), each row's status, the \
             whole populations of areas, and the unmapped hospitals with their expected cases.",
        ),
    ] {
        line(subject, text);
    }
}
