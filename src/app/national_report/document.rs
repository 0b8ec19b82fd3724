//! The report as a document: which sections it has, and which sentences, tables and pictures stand in each.

use super::outliers;
use super::{FullReport, Standing};
use crate::app::AppError;
use crate::app::kpis::AreaSum;
use crate::domain::area::AreaKind;
use crate::domain::association::Strength;
use crate::domain::association::words::{self as association_words, STANDING};
use crate::domain::feedback::recommendations;
use crate::domain::findings::YearFindings;
use crate::domain::findings::published::PublishedFact;
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::year::Exclusion;
use crate::domain::report::{Concern, Phrase, commentary};
use crate::domain::workforce::disclosure::hidden;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::sums::{AreaGap, SumKind};
use crate::formats::cascade::cascade_table;
use crate::formats::display::people;
use crate::formats::findings::figure_table;
use crate::formats::report::{Block, Document, Picture, Section};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::formats::wording;

/// The report of a round as a document. `published` are figures as an earlier report printed them.
pub fn document(full: &FullReport, published: &[PublishedFact]) -> Result<Document, AppError> {
    let report = &full.report;
    let standing = match full.standing() {
        Standing::Draft => vec![Phrase::new("report-draft")],
        Standing::Embargoed => vec![match full.round.publishes_on {
            Some(on) => Phrase::new("report-embargo-until").day("day", on),
            None => Phrase::new("report-embargo"),
        }],
        Standing::Out => Vec::new(),
    };
    let sections = vec![
        at_a_glance(full),
        methods(full),
        Section { id: "participation", title: "Who took part", blocks: participation(full) },
        kpis(full),
        outliers::section(full),
        Section { id: "facilities", title: "What services are like", blocks: facilities(full, published) },
        staffing(full),
        cascade(full),
        associations(full),
        map(full),
        recommendations_of(full),
        excluded(full),
        Section {
            id: "dictionary",
            title: "Data dictionary",
            blocks: vec![Block::Says(vec![Phrase::new("report-dictionary")]), Block::Table(dictionary(full))],
        },
    ];
    Ok(Document {
        year: report.findings.now.year,
        names: wording::round_names(&full.round),
        standing,
        cut: full.quoted.cut.clone(),
        synthetic: report.findings.synthetic,
        sections,
    })
}

fn at_a_glance(full: &FullReport) -> Section {
    let report = &full.report;
    let mut points = commentary::participation(report);
    points.truncate(report.findings.before.iter().len() + 1);
    points.extend(commentary::never_seen(report));
    points.extend(commentary::targets(report));
    let concern = |number: i32| report.concerns.iter().find(|concern| concern.number == number);
    if let Some(short) = concern(12).filter(|concern| concern.services > 0) {
        points
            .push(Phrase::new("report-short-of-nurses").count("services", short.services).count("areas", short.areas));
    }
    Section {
        id: "at-a-glance",
        title: "At a glance",
        blocks: vec![Block::Points(points), Block::Says(vec![wording::statement(&report.gaps)])],
    }
}

fn methods(full: &FullReport) -> Section {
    let report = &full.report;
    let findings = &report.findings;
    let mut said: Vec<Phrase> = findings
        .before
        .iter()
        .chain([&findings.now])
        .map(|year| {
            Phrase::new("report-method-of")
                .text("year", year.year.to_string())
                .text("methodology", year.methodology.to_string())
        })
        .collect();
    said.push(Phrase::new("report-method-inclusion").text("records", report.records_over.to_string()));
    said.push(Phrase::new("report-method-expected").text("times", report.caseload_multiplier.to_string()));
    said.push(Phrase::new("report-method-missing"));
    said.push(Phrase::new("report-method-bases"));
    said.push(Phrase::new("report-method-silent").count("fewest", commentary::FEWEST));
    if !report.not_compared.is_empty() {
        said.push(Phrase::new("report-method-not-compared").text("items", report.not_compared.join("; ")));
    }
    if full.quoted.cut.is_some() {
        said.push(Phrase::new("report-method-cut"));
    }
    let standard = &report.gaps.standard;
    let of_standard = Phrase::new("report-method-standard")
        .text("name", standard.name.as_str())
        .text("nurses", standard.nurse_wte.to_string())
        .text("administrators", standard.administrator_wte.to_string())
        .text("low", people(standard.population_low))
        .text("high", people(standard.population_high))
        .named("source", standard.source.as_str());
    let geography = Phrase::new("report-method-geography").day("day", report.gaps.geography_as_at);
    Section {
        id: "methods",
        title: "Methods",
        blocks: vec![Block::Points(said), Block::Says(vec![geography]), Block::Says(vec![of_standard])],
    }
}

fn participation(full: &FullReport) -> Vec<Block> {
    vec![Block::Points(commentary::participation(&full.report))]
}

fn row(cells: Vec<Cell>) -> TableRow {
    TableRow { cells, own: false }
}

fn number(n: usize) -> Cell {
    Cell::count(i64::try_from(n).ok())
}

fn kpi_row(name: &str, year: &YearFindings, summary: &Summary) -> TableRow {
    let of = if summary.n == summary.services {
        number(summary.n)
    } else {
        number(summary.n).shown_as(&format!("{} of {}", summary.n, summary.services))
    };
    row(vec![
        Cell::text(name),
        Cell::text(year.year.to_string()),
        Cell::percent(summary.figure.percent),
        Cell::count(summary.figure.numerator),
        Cell::number(summary.figure.denominator, people),
        of,
        Cell::percent(summary.median),
        Cell::percent(summary.lower_quartile),
        Cell::percent(summary.upper_quartile),
    ])
}

fn kpis(full: &FullReport) -> Section {
    let findings = &full.report.findings;
    let mut rows = Vec::new();
    for line in &findings.now.kpis {
        let name = format!("KPI {}: {}", line.kpi, line.name);
        for year in findings.before.iter().chain([&findings.now]) {
            let of_year = year.kpis.iter().find(|other| other.kpi == line.kpi);
            rows.extend(of_year.map(|line| kpi_row(&name, year, &line.all)));
        }
    }
    let table = Table {
        caption: "The KPIs with numerators and denominators".into(),
        columns: vec![
            Column::text("kpi", "KPI"),
            Column::text("year", "Year"),
            Column::number("percent", "Pooled"),
            Column::number("numerator", "Numerator"),
            Column::number("denominator", "Denominator"),
            Column::number("services", "Services"),
            Column::number("median", "Median"),
            Column::number("lower_quartile", "Lower quartile"),
            Column::number("upper_quartile", "Upper quartile"),
        ],
        rows,
    };
    let mut blocks = vec![Block::Table(table)];
    for line in &findings.now.kpis {
        blocks.push(Block::Heading(format!("KPI {}: {}", line.kpi, line.name)));
        blocks.push(Block::Says(commentary::kpi(&full.report, line.kpi)));
    }
    Section { id: "kpis", title: "The KPIs", blocks }
}

fn facilities(full: &FullReport, published: &[PublishedFact]) -> Vec<Block> {
    let mut blocks = vec![Block::Points(commentary::facilities(&full.report))];
    let findings = &full.report.findings;
    let years = match &findings.before {
        Some(before) => format!(", {} and {}", before.year, findings.now.year),
        None => format!(", {}", findings.now.year),
    };
    for (group, rows) in findings.groups(published) {
        // The KPIs stand in a section of their own, with more to each.
        if group.title != "The 11 KPIs" {
            blocks.push(Block::Heading(group.title.to_owned()));
            blocks.push(Block::English(vec![group.of.to_owned()]));
            blocks.push(Block::Table(figure_table(findings, &format!("{}{years}", group.title), &rows)));
        }
    }
    blocks
}

/// The row of an area; where the staff of a role come to less than one person in it, or would give such an area away, what
/// tells of them is withheld.
fn gap_row(sum: &AreaGap, nurses_hidden: bool, administrators_hidden: bool) -> TableRow {
    let wte = |value: f64| Cell::number(Some(value), |value| format!("{value:.2}"));
    let tells = |value: f64, hidden: bool| if hidden { Cell::missing("withheld") } else { wte(value) };
    row(vec![
        Cell::text(&sum.name),
        number(sum.services_counted),
        number(sum.services_missing),
        tells(sum.nurses.in_post, nurses_hidden),
        wte(sum.nurses.need_low),
        wte(sum.nurses.need_high),
        tells(sum.nurses.shortfall_low, nurses_hidden),
        tells(sum.administrators.in_post, administrators_hidden),
        wte(sum.administrators.need_low),
        wte(sum.administrators.need_high),
        tells(sum.administrators.shortfall_low, administrators_hidden),
    ])
}

/// The rows of one basis: all services, then the nations, then the regions of England, each of which add up to one above.
fn gap_rows(gaps: &GapReport, basis: Basis) -> Vec<TableRow> {
    let mut rows = Vec::new();
    for kind in [SumKind::All, SumKind::Area(AreaKind::Nation), SumKind::Area(AreaKind::Region)] {
        let group: Vec<&AreaGap> = gaps.areas.iter().filter(|sum| sum.basis == basis && sum.kind == kind).collect();
        let of = |role: Role| -> Vec<bool> {
            hidden(&group.iter().map(|sum| Some(sum.role(role).in_post)).collect::<Vec<_>>())
        };
        let (nurses, administrators) = (of(Role::Nurse), of(Role::Administrator));
        let flags = nurses.into_iter().zip(administrators);
        rows.extend(
            group.into_iter().zip(flags).map(|(sum, (nurses, administrators))| gap_row(sum, nurses, administrators)),
        );
    }
    rows
}

fn staffing(full: &FullReport) -> Section {
    let gaps = &full.report.gaps;
    let mut blocks =
        vec![Block::Says(vec![wording::statement(gaps)]), Block::Says(vec![Phrase::new("report-staffing")])];
    for basis in Basis::ALL {
        blocks.push(Block::Table(Table {
            caption: format!("Staffing against the recommendation: {}", basis.label()),
            columns: vec![
                Column::text("area", "Area"),
                Column::number("services", "Services"),
                Column::number("missing", "Missing"),
                Column::number("nurses_in_post", "Nurses in post"),
                Column::number("nurses_need_low", "Nurses needed, low"),
                Column::number("nurses_need_high", "Nurses needed, high"),
                Column::number("nurses_shortfall", "Short of nurses, low"),
                Column::number("administrators_in_post", "Administrators in post"),
                Column::number("administrators_need_low", "Administrators needed, low"),
                Column::number("administrators_need_high", "Administrators needed, high"),
                Column::number("administrators_shortfall", "Short of administrators, low"),
            ],
            rows: gap_rows(gaps, basis),
        }));
    }
    Section { id: "staffing", title: "Staffing against the recommendation", blocks }
}

fn cascade(full: &FullReport) -> Section {
    let found = &full.report.cascade;
    let year = full.report.findings.now.year;
    let cautions = found.steps.iter().filter_map(|step| {
        let caution = step.stage.caution()?;
        Some(Phrase::new("report-step-caution").named("step", step.stage.label()).named("caution", caution))
    });
    Section {
        id: "cascade",
        title: "The cascade in people",
        blocks: vec![
            Block::Says(commentary::never_seen(&full.report).into_iter().collect()),
            Block::Picture {
                id: "report-cascade",
                picture: Picture::Cascade(found.clone()),
                title: Phrase::new("report-cascade-title").text("year", year.to_string()),
                description: Phrase::new("report-cascade-description"),
            },
            Block::Table(cascade_table(found, format!("The cascade in people, {year}"))),
            Block::Points(cautions.collect()),
        ],
    }
}

fn associations(full: &FullReport) -> Section {
    let found = &full.associations;
    let mut rows = Vec::new();
    for pair in found.grid.cells() {
        let Some(strength) = pair.strength.filter(|strength| *strength >= Strength::Weak) else { continue };
        let effect = pair.estimate().map(|estimate| estimate.tested.effect);
        let probability = |p: f64| if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") };
        rows.push(row(vec![
            Cell::text(association_words::heading(pair.exposure)),
            Cell::text(format!("KPI {}", pair.kpi)),
            number(pair.n),
            Cell::text(effect.as_ref().map(association_words::size).unwrap_or_default()),
            Cell::text(effect.as_ref().map(association_words::range).unwrap_or_default()),
            Cell::number(pair.q, probability),
            Cell::text(association_words::in_short(pair)),
            Cell::text(strength.as_str()),
        ]));
    }
    let tested = found.grid.cells().filter(|pair| pair.estimate().is_some()).count();
    let said = Phrase::new("report-associations")
        .count("tested", tested)
        .count("found", rows.len())
        .count("linked", found.data.services.len());
    let standing = Phrase::new("report-associations-standing")
        .named("standing", STANDING)
        .part("plan", wording::plan(&found.plan));
    let mut blocks = vec![Block::Says(vec![said, standing])];
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "Associations for which there is evidence".into(),
            columns: vec![
                Column::text("exposure", "What services answered"),
                Column::text("kpi", "KPI"),
                Column::number("n", "Services"),
                Column::text("size", "Size"),
                Column::text("interval", "95% interval"),
                Column::number("q", "q"),
                Column::text("in_short", "In short"),
                Column::text("strength", ""),
            ],
            rows,
        }));
    }
    Section { id: "associations", title: "Staffing and governance beside the KPIs", blocks }
}

fn map(full: &FullReport) -> Section {
    let found = &full.map;
    let year = full.report.findings.now.year;
    let line = |sum: &AreaSum| {
        row(vec![
            Cell::text(&sum.area.name),
            Cell::percent(sum.figure.percent),
            Cell::count(sum.figure.numerator),
            Cell::number(sum.figure.denominator, people),
            number(sum.services),
            number(sum.unmapped),
            Cell::count(sum.unmapped_expected),
        ])
    };
    let uncovered = found.areas.iter().filter(|sum| sum.services == 0).count();
    let table = Table {
        caption: format!("Identification by area, {year}"),
        columns: vec![
            Column::text("area", "Area"),
            Column::number("percent", "Identified"),
            Column::number("records", "Records"),
            Column::number("expected", "Expected"),
            Column::number("services", "Services"),
            Column::number("hospitals", "Hospitals without a service"),
            Column::number("uncovered", "Their expected cases"),
        ],
        rows: found.areas.iter().map(line).collect(),
    };
    Section {
        id: "map",
        title: "Where patients are found",
        blocks: vec![
            Block::Says(vec![
                Phrase::new("report-map").count("uncovered", uncovered).count("areas", found.areas.len()),
            ]),
            Block::Picture {
                id: "report-map",
                picture: Picture::Map { bubbles: found.bubbles(|_| false), tiles: found.tiles(&[]) },
                title: Phrase::new("report-map-title").text("year", year.to_string()),
                description: Phrase::new("report-map-description"),
            },
            Block::Table(table),
        ],
    }
}

fn recommendations_of(full: &FullReport) -> Section {
    let line = |concern: &Concern| {
        let services = if concern.of == 0 {
            Cell::missing("–")
        } else {
            number(concern.services).shown_as(&format!("{} of {}", concern.services, concern.of))
        };
        // Recommendation 13 is of hospitals; the others are of what services said.
        let is_known = concern.of > 0 || concern.number == 13;
        let areas = if is_known { number(concern.areas) } else { Cell::missing("–") };
        row(vec![
            Cell::text(concern.number.to_string()),
            Cell::text(recommendations::words(concern.number)),
            services,
            areas,
        ])
    };
    let table = Table {
        caption: "Recommendations 4 to 13, with whom they concern".into(),
        columns: vec![
            Column::text("number", "No."),
            Column::text("recommendation", "Recommendation, in our own words"),
            Column::number("services", "Services"),
            Column::number("areas", "ICBs and health boards"),
        ],
        rows: full.report.concerns.iter().map(line).collect(),
    };
    Section {
        id: "recommendations",
        title: "Recommendations",
        blocks: vec![
            Block::Says(vec![Phrase::new("report-recommendations")]),
            Block::Says(vec![Phrase::new("report-source").named("source", recommendations::SOURCE)]),
            Block::Table(table),
        ],
    }
}

fn excluded(full: &FullReport) -> Section {
    let report = &full.report;
    let why = |why: Exclusion| match why {
        Exclusion::TooFewRecords => "too few records",
        Exclusion::OutsideNations => "outside England and Wales",
        Exclusion::NoRecords => "counts but no records",
    };
    let mut rows = Vec::new();
    for year in report.findings.before.iter().chain([&report.findings.now]) {
        for excluded in &year.excluded {
            rows.push(row(vec![
                Cell::text(&excluded.service),
                Cell::text(report.name(&excluded.service)),
                Cell::text(year.year.to_string()),
                Cell::text(why(excluded.why)),
            ]));
        }
    }
    let mut blocks = vec![Block::Says(vec![
        Phrase::new("report-excluded")
            .text("year", report.findings.now.year.to_string())
            .count("services", report.findings.now.excluded.len()),
    ])];
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "Services that are not in the clinical figures".into(),
            columns: vec![
                Column::text("service", "Service"),
                Column::text("name", "Name"),
                Column::text("year", "Year"),
                Column::text("why", "Why"),
            ],
            rows,
        }));
    }
    Section { id: "excluded", title: "Services left out", blocks }
}

fn dictionary(full: &FullReport) -> Table {
    let facts = full.report.findings.facts();
    let mut keys: Vec<(&str, &str)> = facts.iter().map(|fact| (fact.key.as_str(), fact.unit)).collect();
    keys.sort_unstable();
    keys.dedup();
    let label = |key: &str| crate::domain::findings::table::label(key).unwrap_or_default();
    Table {
        caption: "The figures of this report, by key".into(),
        columns: vec![Column::text("key", "Key"), Column::text("label", "Meaning"), Column::text("unit", "Unit")],
        rows: keys
            .into_iter()
            .map(|(key, unit)| row(vec![Cell::text(key), Cell::text(label(key)), Cell::text(unit)]))
            .collect(),
    }
}
