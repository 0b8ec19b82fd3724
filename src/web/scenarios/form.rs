//! The form of a scenario: what is asked and done, as fields, and back.

use serde::Serialize;

use crate::app::error::InputProblem;
use crate::app::scenarios::{NewScenario, Plan, SavedScenario, Subject};
use crate::app::standards::ListedStandard;
use crate::domain::reference::Reference;
use crate::domain::round::Round;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::scenario::{FillVacancies, MoveAdministration, MovedTo, NewPost, Scenario};
use crate::domain::workforce::standard::Role;
use crate::formats::display::capitalised;
use crate::web::choices::{Choice, Choices};
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;

/// The fields of one row for new posts.
struct PostNames {
    role: &'static str,
    band: &'static str,
    wte: &'static str,
    start_year: &'static str,
    start_month: &'static str,
}

/// The rows for new posts. A scenario with more is made by the API.
const POSTS: [PostNames; 3] = [
    PostNames {
        role: "post1_role",
        band: "post1_band",
        wte: "post1_wte",
        start_year: "post1_start_year",
        start_month: "post1_start_month",
    },
    PostNames {
        role: "post2_role",
        band: "post2_band",
        wte: "post2_wte",
        start_year: "post2_start_year",
        start_month: "post2_start_month",
    },
    PostNames {
        role: "post3_role",
        band: "post3_band",
        wte: "post3_wte",
        start_year: "post3_start_year",
        start_month: "post3_start_month",
    },
];

#[derive(Debug, Serialize)]
struct PostFields {
    legend: String,
    role: Choices,
    fields: Form,
}

/// The form as the page shows it.
#[derive(Debug, Serialize)]
pub(super) struct ScenarioForm {
    /// Everything that is wrong, for the head of the page.
    pub(super) errors: Form,
    name: Form,
    shared: Choices,
    year: Choices,
    area: Option<Choices>,
    service: Form,
    standard: Choices,
    ahead: Form,
    fill: Form,
    posts: Vec<PostFields>,
    administration: Form,
    to: Choices,
    software: Form,
    supplement: Choices,
    costs: Form,
}

/// What the choices are made from.
pub(super) struct Offered<'a> {
    pub(super) rounds: &'a [Round],
    pub(super) standards: &'a [ListedStandard],
    /// The areas that the reader may ask for, as code and name; none for who reads single services.
    pub(super) areas: &'a [(String, String)],
    pub(super) reference: &'a Reference,
}

/// The name of a field by that of the problem: `posts/0/wte` is `post1_wte`.
fn field_of(problem: &InputProblem) -> InputProblem {
    let mut parts = problem.field.split('/');
    let field = match (parts.next(), parts.next().and_then(|place| place.parse::<usize>().ok()), parts.next()) {
        (Some("posts"), Some(place), Some(name)) => format!("post{}_{name}", place + 1),
        _ => problem.field.clone(),
    };
    InputProblem { field, ..problem.clone() }
}

impl ScenarioForm {
    /// The form with what was typed and what is wrong with it.
    pub(super) fn new(offered: &Offered<'_>, typed: &Posted, problems: &[InputProblem]) -> Self {
        let problems: Vec<InputProblem> = problems.iter().map(field_of).collect();
        let problems = problems.as_slice();
        let chosen = |name: &str| typed.first(name).unwrap_or_default().to_owned();
        let form = |fields: Vec<Field>| Form::new(fields).filled(typed).beside(problems);
        let number = |name: &'static str, label: &'static str, hint: &'static str| {
            Field::new(name, label).hint(hint).inputmode("decimal").width(5)
        };
        let years = offered.rounds.iter().rev().map(|round| {
            let year = round.year.to_string();
            Choice::new(&year, &capitalised(&round.names()), &chosen("year"))
        });
        let mut standards = vec![Choice::new("", "That of the round", &chosen("standard"))];
        standards.extend(
            offered
                .standards
                .iter()
                .map(|listed| Choice::new(&listed.standard.id, &listed.standard.name, &chosen("standard"))),
        );
        let mut areas = vec![Choice::new("", "All that you can see, or the service below", &chosen("area"))];
        areas.extend(offered.areas.iter().map(|(code, name)| Choice::new(code, name, &chosen("area"))));
        let areas = (!offered.areas.is_empty()).then(|| Choices::new("area", "Area", areas, problems));
        let posts = POSTS.iter().enumerate().map(|(place, names)| {
            let role = Role::ALL.map(|role| Choice::new(role.as_str(), capital(role), &chosen(names.role)));
            PostFields {
                legend: format!("New post {}", place + 1),
                role: Choices::new(names.role, "Role", role.into(), problems),
                fields: form(vec![
                    number(names.wte, "WTE", "Empty: no post."),
                    Field::new(names.band, "Band").hint("Such as 7; empty: that of the role below.").width(5),
                    number(names.start_year, "Starts in year", "1 is the year after the staffing day."),
                    number(names.start_month, "In its month", "1 to 12."),
                ]),
            }
        });
        let to = vec![
            Choice::new("administrators", "Administrators, an hour for an hour", &chosen("to")),
            Choice::new("software", "Software", &chosen("to")),
        ];
        let assumptions = &offered.reference.cost_assumptions;
        let supplements =
            assumptions.supplements.iter().map(|one| Choice::new(&one.key, &one.name, &chosen("supplement")));
        let shared = vec![
            Choice::new("no", "Only me (and the audit team)", &chosen("shared")),
            Choice::new("yes", "Whoever may read the same gaps", &chosen("shared")),
        ];
        Self {
            errors: Form::new(Vec::new()).refused(problems),
            name: form(vec![Field::new("name", "Name").hint("To find it again. Needed to save.")]),
            shared: Choices::new("shared", "Who may read it once it is saved", shared, problems),
            year: Choices::new("year", "Staffing of", years.collect(), problems),
            area: areas,
            service: form(vec![Field::new("service", "Code of a service").width(10)]),
            standard: Choices::new("standard", "Staffing standard", standards, problems),
            ahead: form(vec![
                number("years", "Years ahead", "1 to 10."),
                number("growth_percent", "Population growth", "Per cent a year; the need and the cases grow with it."),
                number("pay_percent", "Pay uplift", "Per cent a year."),
            ]),
            fill: form(vec![
                number("fill_percent", "Share of vacant posts to fill", "Per cent. Empty: vacancies stay as they are."),
                number("months_to_hire", "Months until somebody is in a post", "New posts wait as long."),
                number("turnover_percent", "Turnover", "Per cent of staff who leave in a year."),
            ]),
            posts: posts.collect(),
            administration: form(vec![
                number("moved_percent", "Share of nurses’ administration that moves", "Per cent. Empty: none."),
                number(
                    "admin_percent",
                    "Nurse time that is administration",
                    "Per cent. Empty: each service’s own answer, else the published third.",
                ),
            ]),
            to: Choices::new("to", "It moves to", to, problems),
            software: form(vec![
                number("software_cost", "Cost of the software", "Pounds a year for each service.").width(10),
            ]),
            supplement: Choices::new("supplement", "High-cost area supplement", supplements.collect(), problems),
            costs: form(vec![
                Field::new("pay_year", "Pay year").hint(format!("Empty: {}.", assumptions.pay_year)).width(10),
                number("on_cost", "Pay is multiplied by, for on-costs", "Empty: the assumed multiplier."),
                Field::new("nurse_band", "Band of nurses")
                    .hint(format!("Empty: {}.", assumptions.bands.nurse))
                    .width(5),
                Field::new("administrator_band", "Band of administrators")
                    .hint(format!("Empty: {}.", assumptions.bands.administrator))
                    .width(5),
            ]),
        }
    }
}

fn capital(role: Role) -> &'static str {
    match role {
        Role::Nurse => "Nurse",
        Role::Administrator => "Administrator",
    }
}

/// Reads the fields, and gathers what cannot be read.
struct Reader<'a> {
    form: &'a Posted,
    problems: Vec<InputProblem>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.form.first(name).map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    }

    fn number(&mut self, name: &str) -> Option<f64> {
        let text = self.text(name)?;
        let plain: String = text.chars().filter(|c| !matches!(c, ',' | '£' | '%') && !c.is_whitespace()).collect();
        let value = plain.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            let message = format!("{text:?} is not a number. Write one such as 2 or 7.5.");
            self.problems.push(InputProblem::new(name, "not_a_number", message));
        }
        value
    }

    fn whole(&mut self, name: &str) -> Option<u32> {
        let value = self.number(name)?;
        let whole = (0..=1000_u32).find(|whole| (f64::from(*whole) - value).abs() < f64::EPSILON);
        if whole.is_none() {
            self.problems.push(InputProblem::new(name, "not_whole", "Write a whole number, such as 3."));
        }
        whole
    }

    fn post(&mut self, reference: &Reference, names: &PostNames) -> Option<NewPost> {
        let wte = self.number(names.wte)?;
        let role = if self.text(names.role).as_deref() == Some(Role::Administrator.as_str()) {
            Role::Administrator
        } else {
            Role::Nurse
        };
        let bands = &reference.cost_assumptions.bands;
        let usual = match role {
            Role::Nurse => self.text("nurse_band").unwrap_or_else(|| bands.nurse.clone()),
            Role::Administrator => self.text("administrator_band").unwrap_or_else(|| bands.administrator.clone()),
        };
        Some(NewPost {
            role,
            band: self.text(names.band).unwrap_or(usual).to_lowercase(),
            wte,
            start_year: self.whole(names.start_year).unwrap_or(1),
            start_month: self.whole(names.start_month).unwrap_or(1),
        })
    }
}

/// What a form asks for, or what of it cannot be read.
pub(super) fn read(form: &Posted, reference: &Reference) -> Result<NewScenario, Vec<InputProblem>> {
    let mut reader = Reader { form, problems: Vec::new() };
    let year = reader.text("year").and_then(|year| year.parse().ok()).unwrap_or_default();
    let service = reader.text("service").map(|code| code.to_uppercase());
    // Whoever names a service means it, whatever area the form still has.
    let area = reader.text("area").filter(|_| service.is_none());
    let subject = Subject { year, service, area, standard: reader.text("standard") };
    let (months, turnover) = (reader.number("months_to_hire"), reader.number("turnover_percent"));
    let fill = reader.number("fill_percent").map(|share_percent| FillVacancies {
        share_percent,
        months_to_hire: months.unwrap_or_default(),
        turnover_percent: turnover.unwrap_or_default(),
    });
    let (admin_percent, software) = (reader.number("admin_percent"), reader.number("software_cost"));
    let to = match reader.text("to").as_deref() {
        Some("software") => MovedTo::Software(software.unwrap_or_default()),
        _ => MovedTo::Administrators,
    };
    let administration =
        reader.number("moved_percent").map(|moved_percent| MoveAdministration { admin_percent, moved_percent, to });
    let scenario = Scenario {
        years: reader.whole("years").unwrap_or(5),
        growth_percent: reader.number("growth_percent").unwrap_or_default(),
        fill,
        posts: POSTS.iter().filter_map(|names| reader.post(reference, names)).collect(),
        administration,
        pay_percent: reader.number("pay_percent").unwrap_or_default(),
    };
    let costing = CostingChoice {
        pay_year: reader.text("pay_year"),
        on_cost: reader.number("on_cost"),
        supplement: reader.text("supplement"),
        nurse_band: reader.text("nurse_band"),
        administrator_band: reader.text("administrator_band"),
    };
    let new = NewScenario {
        name: reader.text("name").unwrap_or_default(),
        shared: reader.text("shared").as_deref() == Some("yes"),
        plan: Plan { subject, scenario, costing },
    };
    if reader.problems.is_empty() { Ok(new) } else { Err(reader.problems) }
}

/// The fields of a saved scenario. `None` where it has more posts than the form has rows.
pub(super) fn typed(saved: &SavedScenario) -> Option<Posted> {
    let Plan { subject, scenario, costing } = &saved.plan;
    if scenario.posts.len() > POSTS.len() {
        return None;
    }
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut fields: Vec<(&str, String)> = vec![
        ("name", saved.name.clone()),
        ("shared", if saved.shared { "yes" } else { "no" }.into()),
        ("year", subject.year.to_string()),
        ("service", own(&subject.service)),
        ("area", own(&subject.area)),
        ("standard", own(&subject.standard)),
        ("years", scenario.years.to_string()),
        ("growth_percent", scenario.growth_percent.to_string()),
        ("pay_percent", scenario.pay_percent.to_string()),
        ("pay_year", own(&costing.pay_year)),
        ("on_cost", costing.on_cost.map(|on_cost| on_cost.to_string()).unwrap_or_default()),
        ("supplement", own(&costing.supplement)),
        ("nurse_band", own(&costing.nurse_band)),
        ("administrator_band", own(&costing.administrator_band)),
    ];
    if let Some(fill) = scenario.fill {
        fields.push(("fill_percent", fill.share_percent.to_string()));
        fields.push(("months_to_hire", fill.months_to_hire.to_string()));
        fields.push(("turnover_percent", fill.turnover_percent.to_string()));
    }
    if let Some(moved) = scenario.administration {
        fields.push(("moved_percent", moved.moved_percent.to_string()));
        fields.push(("admin_percent", moved.admin_percent.map(|percent| percent.to_string()).unwrap_or_default()));
        match moved.to {
            MovedTo::Administrators => fields.push(("to", "administrators".into())),
            MovedTo::Software(pounds) => {
                fields.push(("to", "software".into()));
                fields.push(("software_cost", pounds.to_string()));
            }
        }
    }
    for (names, post) in POSTS.iter().zip(&scenario.posts) {
        fields.push((names.role, post.role.as_str().into()));
        fields.push((names.band, post.band.clone()));
        fields.push((names.wte, post.wte.to_string()));
        fields.push((names.start_year, post.start_year.to_string()));
        fields.push((names.start_month, post.start_month.to_string()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(Posted::of(&fields))
}
