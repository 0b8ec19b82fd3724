//! `/associations/EXPOSURE/KPI`: one pair, with every service.

use std::collections::BTreeSet;

use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Serialize;

use super::grid::mark;
use super::query::Asked;
use super::{FormView, LeftOut, design_words, form, left_out, notes};
use crate::app::associations::{self, PairReport};
use crate::charts::canvas::{Caption, Drawing};
use crate::charts::scatter::{PairChart, PairGroup, PairPoint, scatter};
use crate::domain::access::Principal;
use crate::domain::association::codebook;
use crate::domain::association::pair::Group;
use crate::domain::association::redo::{PairRow, services};
use crate::domain::association::words::{self, STANDING, Subject};
use crate::domain::association::{Association, Design, Flag, Kind};
use crate::formats::display::percent;
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::kpis::{Link, both};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct GroupView {
    label: String,
    n: usize,
    median: String,
    difference: String,
}

#[derive(Debug, Serialize)]
struct BesideView {
    words: String,
    sentence: String,
}

#[derive(Debug, Serialize)]
struct DataView {
    own: bool,
    service: String,
    name: String,
    exposure: String,
    percent: String,
    counts: String,
}

#[derive(Debug, Serialize)]
struct Command {
    what: &'static str,
    href: String,
    line: String,
}

#[derive(Debug, Serialize)]
struct PairPage {
    design: String,
    heading: String,
    sentence: String,
    strength: String,
    mark: &'static str,
    standing: &'static str,
    coupled: Option<String>,
    form: FormView,
    chart: Option<[String; 2]>,
    figures: Vec<Line>,
    groups: Vec<GroupView>,
    model: Vec<String>,
    sensitivity: Vec<String>,
    power: Option<String>,
    missing: Option<String>,
    cautions: Vec<String>,
    beside: Vec<BesideView>,
    left_out: Vec<LeftOut>,
    exposure_head: String,
    rows: Vec<DataView>,
    hidden: Option<String>,
    files: Vec<[String; 2]>,
    commands: Vec<Command>,
    notes: Vec<String>,
    index: String,
    kpis: Vec<Link>,
    exposures: Vec<Link>,
}

/// The pair for one reader: which services are shown, and which are theirs.
pub(super) struct Shown<'a> {
    pub(super) report: &'a PairReport,
    own: BTreeSet<String>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(report: &'a PairReport, who: &Principal, asked: &Asked) -> Self {
        let own = who.own_services().map(ToOwned::to_owned).chain(asked.service.clone()).collect();
        Self { report, own }
    }

    pub(super) fn about(&self) -> Subject<'_> {
        let report = &self.report.report;
        Subject::of(&report.data, report.kpi_name(self.report.kpi), &report.plan)
    }

    fn is_change(&self) -> bool {
        matches!(self.report.report.data.design, Design::Change { .. })
    }

    /// Whether a service may be shown here.
    pub(super) fn may_show(&self, service: &str) -> bool {
        self.report.report.seen.may_show(service, self.report.exposure)
    }

    /// The services that may be shown.
    fn rows(&self) -> Vec<PairRow> {
        let mut rows = services(&self.report.report.data, self.report.exposure, self.report.kpi);
        rows.retain(|row| self.may_show(&row.service));
        rows
    }

    /// `Nurse WTE per 1,000 expected cases, KPI 9: Medication …`
    pub(super) fn heading(&self) -> String {
        let (exposure, kpi) = (words::heading(self.report.exposure), self.report.kpi);
        format!("{exposure} beside KPI {kpi}: {}", self.report.report.kpi_name(kpi))
    }

    /// Both drawings with what stands round them.
    pub(super) fn chart(&self) -> (Caption, [Drawing; 2]) {
        let rows = self.rows();
        let points: Vec<PairPoint> = rows
            .iter()
            .map(|row| PairPoint {
                label: row.service.clone(),
                x: row.place,
                y: row.percent,
                own: self.own.contains(&row.service),
            })
            .collect();
        let found = self.report.found.estimate().map(|estimate| estimate.groups.as_slice()).unwrap_or_default();
        let group = |group: &Group| PairGroup { label: group.level.label.to_owned(), n: group.n, median: group.median };
        let mut groups: Vec<PairGroup> = found.iter().map(group).collect();
        if groups.is_empty() {
            // Too few for a test: the dots are shown all the same.
            let levels = self.report.kind().levels().iter().enumerate();
            groups = levels
                .map(|(place, level)| PairGroup {
                    label: level.label.to_owned(),
                    n: rows.iter().filter(|row| same(row.place, place)).count(),
                    median: None,
                })
                .collect();
        }
        let foot = match (self.report.kind(), self.is_change()) {
            (Kind::Number { .. }, true) => format!("Change in {}", self.report.exposure.name()),
            _ => words::heading(self.report.exposure),
        };
        let chart =
            PairChart { points: &points, groups: &groups, foot: &foot, unit: if self.is_change() { "" } else { "%" } };
        let mut notes = vec![words::sentence(&self.report.found, &self.about()), STANDING.to_owned()];
        notes.extend(super::notes(&self.report.report).into_iter().take(4));
        let description = if groups.is_empty() {
            "A dot a service: to the right more of the exposure, up a higher figure of the KPI. The reader’s own service is \
             ringed."
        } else {
            "A dot a service in the column of its group, up a higher figure of the KPI; a line at the middle service of each \
             group. The reader’s own service is ringed."
        };
        let caption = Caption { title: self.heading(), description: description.into(), notes };
        (caption, both(|layout| scatter(&chart, layout)))
    }

    /// Every service that may be shown, as a table.
    pub(super) fn table(&self) -> Table {
        let change = self.is_change();
        let mut columns = vec![Column::text("service", "Service"), Column::text("name", "Name")];
        columns.push(match self.report.kind() {
            Kind::Number { .. } => Column::number("exposure", "Exposure"),
            _ => Column::text("exposure", "Exposure"),
        });
        columns.push(Column::number(if change { "change_in_points" } else { "percent" }, "KPI"));
        if !change {
            columns.extend([Column::number("numerator", "Numerator"), Column::number("denominator", "Denominator")]);
        }
        let names = &self.report.report.names;
        let number = |value: Option<f64>| Cell::number(value, |value| value.to_string());
        let row = |row: PairRow| {
            let exposure = match row.exposure {
                codebook::Cell::Number(number) => Cell::number(Some(number), |number| format!("{number:.2}")),
                codebook::Cell::Text(code) => {
                    let levels = self.report.kind().levels().iter();
                    let label = levels.clone().find(|level| level.code == code).map_or("", |level| level.label);
                    Cell::text(code).shown_as(label)
                }
                codebook::Cell::Missing => Cell::missing("no data"),
            };
            let percent = if change {
                Cell::number(Some(row.percent), |points| words::signed(points, 1))
            } else {
                Cell::percent(Some(row.percent))
            };
            let name = names.get(&row.service).cloned().unwrap_or_default();
            let own = self.own.contains(&row.service);
            let mut cells = vec![Cell::text(row.service), Cell::text(name), exposure, percent];
            if !change {
                cells.extend([number(row.numerator), number(row.denominator)]);
            }
            TableRow { cells, own }
        };
        Table { caption: self.heading(), columns, rows: self.rows().into_iter().map(row).collect() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place among a few groups")]
fn same(place: f64, of: usize) -> bool {
    (place - of as f64).abs() < 0.5
}

fn figures(found: &Association, shown: &Shown<'_>) -> Vec<Line> {
    let mut lines = vec![
        Line { name: "Services linked", value: found.linked.to_string() },
        Line { name: "Services here (n)", value: found.n.to_string() },
    ];
    let Some(estimate) = found.estimate() else { return lines };
    let tested = estimate.tested;
    let grid = &shown.report.report.grid;
    lines.push(Line { name: "Size", value: words::size(&tested.effect) });
    lines.push(Line { name: "95% interval", value: words::range(&tested.effect) });
    lines.push(Line { name: "Test", value: format!("{} (two-sided)", tested.method.label()) });
    lines.push(Line { name: "p", value: words::probability(tested.p).trim_start_matches("= ").to_owned() });
    let q = found.q.map_or_else(|| "none".into(), |q| words::probability(q).trim_start_matches("= ").to_owned());
    lines.push(Line { name: "q", value: format!("{q}, over the {} tests of the plan", grid.tests) });
    lines.push(Line { name: "Evidence", value: words::in_short(found) });
    lines
}

fn group_view(group: &Group, is_change: bool) -> GroupView {
    let unit = if is_change { " points" } else { "%" };
    let median = group.median.map_or_else(
        || "no services".into(),
        |median| {
            if is_change {
                format!("{}{unit}", words::signed(median, 1))
            } else {
                format!("{}{unit}", percent(median / 100.0))
            }
        },
    );
    let difference = group.difference.map_or_else(
        || "compared with".into(),
        |(value, interval)| {
            let range = interval.map_or_else(
                || "too few for an interval".into(),
                |[low, high]| format!("{} to {}", words::signed(low, 1), words::signed(high, 1)),
            );
            format!("{} points ({range})", words::signed(value, 1))
        },
    );
    GroupView {
        label: group.level.label.to_owned(),
        n: group.n,
        median,
        difference: if group.n == 0 { String::new() } else { difference },
    }
}

fn commands(asked: &Asked, found: &Association) -> Vec<Command> {
    let (key, kpi) = (found.exposure.key(), found.kpi);
    let mut commands = Vec::new();
    if let Some(estimate) = found.estimate() {
        let method = estimate.tested.method.as_str();
        commands.push(Command {
            what: "The test",
            href: asked.pair(key, kpi, "/test.json"),
            line: format!("facilities-audit statistics {method} < test.json"),
        });
    }
    if found.model.is_ok() {
        commands.push(Command {
            what: "The model",
            href: asked.pair(key, kpi, "/model.json"),
            line: "facilities-audit statistics quasi_binomial < model.json".into(),
        });
    }
    commands
}

fn page(shown: &Shown<'_>, asked: &Asked, form: FormView) -> PairPage {
    let (pair, about) = (shown.report, shown.about());
    let (report, found) = (&pair.report, &pair.found);
    let (key, kpi) = (pair.exposure.key(), pair.kpi);
    let (caption, drawings) = shown.chart();
    let rows = shown.table().rows;
    let hidden = found.n - rows.len();
    let coupled = found.has(Flag::MutualCoupling);
    let cautions = words::cautions(found, &about, report.staffing_as_at);
    let link = |text: &str, file: &str| [text.to_owned(), asked.pair(key, kpi, file)];
    let data_row = |row: TableRow| {
        let mut cells = row.cells.into_iter().map(|cell| cell.shown);
        let mut next = || cells.next().unwrap_or_default();
        let (service, name, exposure, percent) = (next(), next(), next(), next());
        let (numerator, denominator) = (next(), next());
        let counts = if numerator.is_empty() { String::new() } else { format!("{numerator} of {denominator}") };
        DataView { own: row.own, service, name, exposure, percent, counts }
    };
    let other = |exposure: &str, kpi: i32, text: String| Link {
        href: asked.pair(exposure, kpi, ""),
        text,
        current: exposure == pair.exposure.key() && kpi == pair.kpi,
    };
    PairPage {
        design: design_words(report),
        heading: shown.heading(),
        sentence: words::sentence(found, &about),
        strength: words::in_short(found),
        mark: mark(found.strength),
        standing: STANDING,
        coupled: coupled.then(|| cautions.get(1).cloned()).flatten(),
        form,
        chart: (!rows.is_empty()).then(|| drawings.map(|drawing| drawing.inline("pair", &caption))),
        figures: figures(found, shown),
        groups: found
            .estimate()
            .map(|estimate| estimate.groups.iter().map(|group| group_view(group, shown.is_change())).collect())
            .unwrap_or_default(),
        model: words::model(found, &about),
        sensitivity: words::sensitivity(found),
        power: words::power(found, &about),
        missing: words::missing(found),
        cautions,
        beside: pair
            .beside
            .iter()
            .map(|beside| BesideView {
                words: beside.words.clone(),
                sentence: words::sentence(
                    &beside.found,
                    &Subject::of(&beside.data, report.kpi_name(kpi), &report.plan),
                ),
            })
            .collect(),
        left_out: left_out(report, &found.dropped),
        exposure_head: words::heading(pair.exposure),
        rows: rows.into_iter().map(data_row).collect(),
        hidden: (hidden > 0).then(|| {
            format!(
                "{hidden} more services are in the estimate and not shown one by one: their year is not published yet, or a post \
                 of less than one WTE would tell of a single person."
            )
        }),
        files: vec![
            link("These services as a CSV file", "/data.csv"),
            link("Chart as an SVG picture", "/chart.svg"),
            ["The data of all pairs (CSV)".into(), asked.address("/associations/data.csv")],
            ["Codebook (CSV)".into(), asked.address("/associations/codebook.csv")],
            ["Labels for R (script)".into(), asked.address("/associations/labels.R")],
        ],
        commands: commands(asked, found),
        notes: notes(report),
        index: asked.address("/associations"),
        kpis: report
            .plan
            .outcomes
            .iter()
            .map(|kpi| other(key, *kpi, format!("{kpi} {}", report.kpi_name(*kpi))))
            .collect(),
        exposures: report
            .plan
            .exposures
            .iter()
            .map(|exposure| other(exposure.key(), kpi, words::heading(*exposure)))
            .collect(),
    }
}

/// Reads the number of a KPI.
pub(super) fn kpi_number(word: &str) -> Result<i32, PageError> {
    word.parse().map_err(|_| PageError::not_found(format!("There is no KPI {word:?}; the KPIs here are 2 to 11.")))
}

/// `GET /associations/:exposure/:kpi`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Path((exposure, kpi)): Path<(String, String)>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let asked = Asked::read(request.uri().query().unwrap_or_default(), &rounds)?;
    let kpi = kpi_number(&kpi)?;
    let (who, wanted) = (reader.who.clone(), asked.clone());
    let (report, form) = web
        .app
        .run(move |app| {
            let report = associations::pair(app, &who, &wanted.query, &exposure, kpi)?;
            let action = format!("/associations/{}/{kpi}", report.exposure.key());
            Ok((report, form(app, &who, &wanted, &rounds, action)?))
        })
        .await
        .map_err(PageError::from)?;
    let shown = Shown::new(&report, &reader.who, &asked);
    let title = shown.heading();
    let view = page(&shown, &asked, form);
    web.page("association", &Page::new(&reader.reader, &title, view).wide())
}
