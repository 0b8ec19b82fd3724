//! Every chart of the KPIs with made-up values: none, one, seventy and three hundred services, wide and narrow.

use super::canvas::{Caption, Drawing, Layout, text_width};
use super::cascade::{CascadeStep, cascade};
use super::distribution::{DistributionYear, distribution};
use super::funnel::{FunnelChart, FunnelLimits, FunnelPoint, funnel};
use super::grade::GradeMark;
use super::grade_bars::{GradeRow, grade_bars};
use super::heat_map::{HeatRow, heat_map};
use super::map::{Bubble, BubbleKind, MapChart, map};
use super::ranked::{RankedChart, RankedPoint, ranked};
use super::run::{Level, RunChart, RunPoint, run};
use super::scoreboard::{TargetRow, scoreboard};
use super::strata::{StratumRow, strata};
use super::tiles::Tile;
use crate::domain::kpi::significance::Signal;
use crate::domain::statistics::funnel::{FunnelRules, funnel as limits_of};
use crate::locales::Words;

/// Numbers between 0 and 1 that are the same on every run.
fn noise() -> impl FnMut() -> f64 {
    let mut state = 20_210_101_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24)
    }
}

fn code(place: usize) -> String {
    format!("FLS{:03}", place + 1)
}

fn grade(percent: f64) -> GradeMark {
    match percent {
        p if p >= 80.0 => GradeMark::Green,
        p if p >= 50.0 => GradeMark::Amber,
        _ => GradeMark::Red,
    }
}

fn funnels(services: usize) -> Vec<FunnelPoint> {
    let mut next = noise();
    let counts: Vec<(f64, f64)> = (0..services)
        .map(|_| {
            let n = (60.0 + 2500.0 * next() * next()).round();
            let share = (0.2 + 0.75 * (next() + next() + next()) / 3.0).clamp(0.0, 1.0);
            ((n * share).round(), n)
        })
        .collect();
    let (x, n): (Vec<_>, Vec<_>) = counts.iter().map(|(x, n)| (Some(*x), Some(*n))).unzip();
    let bands = limits_of(&x, &n, FunnelRules::default()).map(|found| found.band).unwrap_or_default();
    let signal = |place: usize| bands.get(place).copied().flatten().map(Signal::from);
    let points = counts.iter().enumerate().map(|(place, (x, n))| FunnelPoint {
        label: code(place),
        n: *n,
        percent: 100.0 * x / n,
        interval: None,
        signal: signal(place),
        own: place == 3,
    });
    points.collect()
}

fn funnel_drawing(services: usize, layout: Layout) -> Drawing {
    let points = funnels(services);
    let (x, n): (Vec<_>, Vec<_>) = points.iter().map(|p| (Some(p.n * p.percent / 100.0), Some(p.n))).unzip();
    let found = limits_of(&x, &n, FunnelRules::default()).ok();
    let most = points.iter().map(|point| point.n).fold(0.0, f64::max);
    let limits: Vec<FunnelLimits> = found
        .iter()
        .flat_map(|found| {
            (1..=60).map(move |step| {
                let n = most * f64::from(step) / 60.0;
                let at = found.limits_at(n, FunnelRules::default());
                FunnelLimits {
                    n,
                    limits95: (100.0 * at.lower95, 100.0 * at.upper95),
                    limits998: Some((100.0 * at.lower998, 100.0 * at.upper998)),
                }
            })
        })
        .collect();
    let centre = found.map(|found| 100.0 * found.target);
    funnel(
        &FunnelChart { points: &points, centre, limits: &limits, foot: "Patient records", limit_words: "95%" },
        layout,
    )
}

/// KPI 2: over an estimate, with intervals and level lines.
fn over_estimate(services: usize, layout: Layout) -> Drawing {
    let mut points = funnels(services);
    for point in &mut points {
        point.percent *= 1.3;
        let half = 196.0 / point.n.sqrt();
        point.interval = Some((point.percent - half, point.percent + half));
        point.signal = Some(if point.percent > 103.0 { Signal::Higher95 } else { Signal::Similar });
    }
    let most = points.iter().map(|point| point.n).fold(1.0, f64::max);
    let limits = [0.0, most].map(|n| FunnelLimits { n, limits95: (12.0, 95.0), limits998: None });
    let chart = FunnelChart {
        points: &points,
        centre: (services > 0).then_some(43.0),
        limits: &limits,
        foot: "Expected cases in a year",
        limit_words: "middle 95%",
    };
    funnel(&chart, layout)
}

fn ranked_drawing(services: usize, layout: Layout) -> Drawing {
    let points: Vec<RankedPoint> = funnels(services)
        .into_iter()
        .map(|point| RankedPoint {
            interval: Some(((point.percent - 4.0).max(0.0), point.percent + 4.0)),
            grade: grade(point.percent),
            label: point.label,
            percent: point.percent,
            own: point.own,
        })
        .collect();
    ranked(&RankedChart { points: &points, national: (services > 0).then_some(57.4), edges: &[80.0, 50.0] }, layout)
}

fn run_drawing(months: usize, layout: Layout) -> Drawing {
    let mut next = noise();
    let points: Vec<RunPoint> = (0..months)
        .map(|place| RunPoint {
            month: (2019 + i32::try_from(place / 12).unwrap(), i32::try_from(place % 12).unwrap() + 1),
            value: (!(12..24).contains(&place) && place != 5).then(|| 40.0 + 25.0 * next()),
            marked: place > 27,
        })
        .collect();
    let level = |value, words: &str, limit| Level { value, words: words.into(), limit };
    let levels = [level(51.3, "median 51.3%", false), level(52.0, "upper limit 52.0%", true)];
    run(&RunChart { points: &points, levels: &levels, unit: "%" }, layout)
}

fn distribution_drawing(services: usize, layout: Layout) -> Drawing {
    let percents: Vec<f64> = funnels(services).iter().map(|point| point.percent).collect();
    let year = |year, shift: f64| DistributionYear {
        year,
        percents: percents.iter().map(|p| p + shift).collect(),
        quartiles: (services > 0).then_some((41.0, 55.0, 66.0)),
        national: (services > 0).then_some(57.0),
        own: (services > 3).then(|| (code(3), percents[3] + shift)),
    };
    distribution(&[year(2021, 0.0), year(2019, 9.0)], layout)
}

fn grade_bars_drawing(services: usize, layout: Layout) -> Drawing {
    let name = [
        "KPI 2 Identification of all fragility fractures",
        "KPI 7 Bone therapy recommended",
        "KPI 8 Strength and balance training started within 16 weeks",
    ];
    let rows: Vec<GradeRow> = name
        .iter()
        .flat_map(|name| [2019, 2021].map(|year| (name, year)))
        .map(|(name, year)| {
            let green = services / 12;
            let amber = services / 3;
            let missing = services / 9;
            let counts = vec![
                (GradeMark::Green, green),
                (GradeMark::Amber, amber),
                (GradeMark::Red, services - green - amber - missing),
            ];
            GradeRow { kpi: (*name).into(), year, counts, missing }
        })
        .collect();
    grade_bars(&rows, layout)
}

fn heat_map_drawing(services: usize, layout: Layout) -> Drawing {
    let mut next = noise();
    let columns: Vec<String> = (2..12).map(|kpi| layout.pick(format!("KPI {kpi}"), kpi.to_string())).collect();
    let rows: Vec<HeatRow> = (0..services)
        .map(|place| HeatRow {
            label: code(place),
            cells: (2..12)
                .map(|kpi| {
                    let percent = 103.0 * next();
                    (percent > 8.0).then(|| (percent, if kpi == 3 { GradeMark::Ungraded } else { grade(percent) }))
                })
                .collect(),
            own: place == 3,
        })
        .collect();
    heat_map(&columns, &rows, layout)
}

fn scoreboard_drawing(services: usize, layout: Layout) -> Drawing {
    let row = |group: &str, name: &str, target, national: f64| TargetRow {
        group: group.into(),
        name: name.into(),
        target,
        met: services / 4,
        n: services,
        national: (services > 0).then_some(national),
        own: (services > 3).then(|| (code(3), national + 31.0)),
    };
    let rows = [
        row("Identify 80%", "KPI 2 Identification of all fragility fractures", 80.0, 43.0),
        row("Identify 80%", "KPI 3 Identification of spine fractures", 80.0, 23.0),
        row("Treat 50%", "KPI 7 Bone therapy recommended", 50.0, 56.0),
        row("Monitor 80%", "KPI 11 Adherence at 12 months", 80.0, 52.0),
    ];
    scoreboard(&rows, layout)
}

fn strata_drawing(services: usize, layout: Layout) -> Drawing {
    let row = |split: &str, name: &str, percent: Option<f64>, gap: &str| StratumRow {
        split: split.into(),
        name: name.into(),
        percent: percent.map(|percent| (percent, Some((percent - 3.0, percent + 3.0)))),
        words: percent.map_or("hidden: fewer than 5 people".into(), |p| format!("{p:.1}% (12,345 of 23,456)")),
        gap: gap.into(),
    };
    let some = |percent| (services > 0).then_some(percent);
    let rows = [
        row("Age", "Under 75", some(48.0), ""),
        row("Age", "75 and over", some(39.5), "8.5 points lower"),
        row("Sex", "Women", some(44.0), ""),
        row("Sex", "Men", None, ""),
    ];
    strata(&rows, layout)
}

fn cascade_drawing(services: usize, layout: Layout) -> Drawing {
    let step = |name: &str, people: f64, other_cohort, share: &str, lost: &str| CascadeStep {
        name: name.into(),
        people: (services > 0).then_some(people * f64::from(u32::try_from(services).unwrap())),
        other_cohort,
        share: share.into(),
        lost: lost.into(),
    };
    let steps = [
        step("Expected", 2338.0, false, "", ""),
        step("Recorded", 1005.0, false, "43.0% of those expected", "1,333 people never seen"),
        step(
            "Assessed within 90 days",
            673.0,
            false,
            "67.0% of those recorded",
            "332 people fewer than the step before",
        ),
        step(
            "Recommended bone therapy",
            563.0,
            false,
            "56.0% of those recorded",
            "110 people fewer than the step before",
        ),
        step("Started bone therapy", 180.0, false, "32.0% of those recommended", "383 people fewer"),
        step(
            "Still on it at 12 months",
            101.0,
            true,
            "23.0% of those recommended in 2020",
            "other people: first seen in 2020",
        ),
    ];
    cascade(&steps, Words::default(), layout)
}

fn map_drawing(services: usize, layout: Layout) -> Drawing {
    let mut next = noise();
    let bubbles: Vec<Bubble> = (0..services)
        .map(|place| Bubble {
            label: code(place),
            latitude: 50.5 + 4.5 * next(),
            longitude: -4.0 + 5.0 * next(),
            expected: 300.0 + 3000.0 * next(),
            kind: match place % 5 {
                0 => BubbleKind::Uncovered,
                1 => BubbleKind::Service(GradeMark::Green),
                2 => BubbleKind::Service(GradeMark::Amber),
                _ => BubbleKind::Service(GradeMark::Red),
            },
            own: place == 3,
        })
        .collect();
    let areas =
        include_str!("../../seeds/areas.csv").lines().filter(|l| l.contains(",icb,") || l.contains(",health_board,"));
    let tiles: Vec<Tile> = areas
        .enumerate()
        .map(|(place, line)| {
            let percent = 100.0 * next();
            let name = line.split(',').nth(1).unwrap().trim_start_matches('"').trim_start_matches("NHS ").to_owned();
            Tile {
                code: line.split(',').next().unwrap().into(),
                name,
                figure: (place % 6 > 0).then_some((percent, grade(percent))),
                own: place == 12,
            }
        })
        .collect();
    map(&MapChart { bubbles: &bubbles, tiles: &tiles, words: Words::default() }, layout)
}

type Draw = fn(usize, Layout) -> Drawing;

const CHARTS: [(&str, Draw); 12] = [
    ("funnel", funnel_drawing),
    ("over_estimate", over_estimate),
    ("ranked", ranked_drawing),
    ("run", run_drawing),
    ("distribution", distribution_drawing),
    ("grade_bars", grade_bars_drawing),
    ("heat_map", heat_map_drawing),
    ("scoreboard", scoreboard_drawing),
    ("strata", strata_drawing),
    ("cascade", cascade_drawing),
    ("map", map_drawing),
    ("run_short", |_, layout| run_drawing(4, layout)),
];

fn caption() -> Caption {
    Caption {
        title: "A chart of made-up values".into(),
        description: "How to read it.".into(),
        notes: vec!["Synthetic data: every service and figure here is invented.".into()],
    }
}

/// The boxes of the texts of a drawing: left, top, right, bottom, and the words.
fn texts(svg: &str) -> Vec<(f64, f64, f64, f64, String)> {
    let attribute = |head: &str, name: &str| {
        let from = head.find(&format!(" {name}=\""))? + name.len() + 3;
        head[from..].split('"').next().map(str::to_owned)
    };
    svg.split("<text")
        .skip(1)
        .map(|part| {
            let (head, rest) = part.split_once('>').unwrap();
            let words = rest.split("</text>").next().unwrap().replace("&amp;", "&");
            let number = |name| attribute(head, name).and_then(|value| value.parse::<f64>().ok());
            let (x, y) = (number("x").unwrap(), number("y").unwrap());
            let size = number("font-size").unwrap_or(13.0);
            let width = text_width(&words, size);
            let left = match attribute(head, "text-anchor").as_deref() {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            (left, y - size * 0.72, left + width, y, words)
        })
        .collect()
}

#[test]
fn no_two_texts_of_a_chart_lie_on_each_other() {
    let mut wrong: Vec<String> = Vec::new();
    for (name, draw) in CHARTS {
        for services in [0, 1, 70, 300] {
            for layout in Layout::ALL {
                let at = format!("{name} of {services}, {layout:?}");
                let texts = texts(&draw(services, layout).inline(name, &caption()));
                for (place, a) in texts.iter().enumerate() {
                    if a.0 < -4.0 || a.2 > layout.width() + 4.0 {
                        wrong.push(format!("{at}: {:?} leaves the drawing, {:.0} to {:.0}", a.4, a.0, a.2));
                    }
                    let meets = |b: &&(f64, f64, f64, f64, String)| {
                        a.0 + 0.5 < b.2 && b.0 + 0.5 < a.2 && a.1 + 0.5 < b.3 && b.1 + 0.5 < a.3
                    };
                    let others = texts.iter().skip(place + 1).filter(meets);
                    wrong.extend(others.map(|b| format!("{at}: {:?} lies on {:?}", a.4, b.4)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_chart_has_a_title_a_description_and_no_nonsense() {
    for (name, draw) in CHARTS {
        for services in [0, 1, 70, 300] {
            for layout in Layout::ALL {
                let drawing = draw(services, layout);
                for svg in [drawing.inline("a", &caption()), drawing.standalone(&caption())] {
                    assert!(
                        svg.contains("A chart of made-up values</title>") && svg.contains("How to read it.</desc>")
                    );
                    for nonsense in ["NaN", "inf\"", "inf ", " style=", "<script", "var("] {
                        assert!(!svg.contains(nonsense), "{nonsense} in {name} of {services}");
                    }
                }
                let file = drawing.standalone(&caption());
                assert!(!file.contains(" class=") && file.contains("Synthetic data"), "{name}");
            }
        }
    }
}

/// The pictures themselves, for whoever wants to look at them: `CHART_PICTURES=DIR cargo test charts -- --ignored`.
#[test]
#[ignore = "writes pictures"]
fn pictures() {
    let folder = std::path::PathBuf::from(std::env::var("CHART_PICTURES").unwrap());
    for (name, draw) in CHARTS {
        for services in [70, 300] {
            for layout in Layout::ALL {
                let file = format!("{name}-{services}-{}.svg", layout.pick("wide", "narrow"));
                std::fs::write(folder.join(file), draw(services, layout).standalone(&caption())).unwrap();
            }
        }
    }
}
