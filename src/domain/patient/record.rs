//! One patient record: one index fracture of one person, with the dates and findings that KPIs 2 to 11 are counted from.

use chrono::{Days, Months, NaiveDate};

/// People of this age and over are in the audit.
pub const LEAST_AGE: u16 = 50;

/// Something that was to happen on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Event {
    /// Nobody has entered whether it happened.
    #[default]
    NotRecorded,
    /// It is known not to have happened.
    NotDone,
    /// It happened on this day.
    On(NaiveDate),
}

impl Event {
    /// Whether it is known what came of it.
    pub fn is_recorded(self) -> bool {
        self != Self::NotRecorded
    }

    /// The day on which it happened.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::NotRecorded | Self::NotDone => None,
        }
    }
}

/// Makes an enum of the words that a column takes.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in the order in which it is documented.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the file, and in a stratum.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// Sex.
    Sex {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
        /// Neither of the two.
        Other = "other",
    }
}

words! {
    /// Where the patient lived before the fracture.
    Residence {
        /// Own home, sheltered housing included.
        Home = "home",
        /// A care home, with nursing or without.
        CareHome = "care_home",
        /// Elsewhere.
        Other = "other",
    }
}

words! {
    /// The bone of the index fracture.
    Site {
        /// Hip.
        Hip = "hip",
        /// Spine, found because of symptoms or on imaging.
        Spine = "spine",
        /// Pelvis.
        Pelvis = "pelvis",
        /// Upper arm and shoulder.
        Humerus = "humerus",
        /// Forearm and wrist.
        Forearm = "forearm",
        /// Thigh below the hip, knee, lower leg and ankle.
        Leg = "leg",
        /// Any other that is in the audit.
        Other = "other",
    }
}

words! {
    /// What came of the falls risk assessment.
    Falls {
        /// The service assessed.
        Assessed = "assessed",
        /// The patient was referred for an assessment.
        Referred = "referred",
        /// An assessment was recommended.
        Recommended = "recommended",
        /// None of these.
        NotDone = "not_done",
    }
}

words! {
    /// What the assessment said of a medicine against osteoporosis.
    Treatment {
        /// One was recommended.
        Recommended = "recommended",
        /// None was appropriate.
        Inappropriate = "inappropriate",
        /// The patient declined.
        Declined = "declined",
        /// Whoever entered the record did not know.
        DontKnow = "dont_know",
        /// The patient's general practitioner was to decide.
        ReferredGp = "referred_gp",
        /// Somebody else's opinion was asked.
        ReferredOpinion = "referred_opinion",
    }
}

words! {
    /// What the first follow-up found of the treatment.
    FirstFollowUp {
        /// It had been started.
        Started = "started",
        /// An earlier treatment went on.
        Continuing = "continuing",
        /// It had not been started.
        NotStarted = "not_started",
    }
}

words! {
    /// What the check at 12 months found.
    TwelveMonths {
        /// Confirmed to be still on treatment.
        Taking = "taking",
        /// Off treatment.
        NotTaking = "not_taking",
        /// Nobody checked.
        NotDone = "not_done",
    }
}

/// A patient record. `None` is "not recorded".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRecord {
    /// Unit code of the service.
    pub service: String,
    /// The day on which the index fracture was diagnosed: every time limit runs from it.
    pub fracture: NaiveDate,
    /// Completed years on that day.
    pub age: u16,
    /// Sex.
    pub sex: Option<Sex>,
    /// Where the patient lived.
    pub residence: Option<Residence>,
    /// The bone.
    pub site: Option<Site>,
    /// Assessment by the service.
    pub assessment: Event,
    /// Whether a bone density scan (DXA) was ordered or recommended.
    pub dxa_ordered: Option<bool>,
    /// The scan.
    pub dxa: Event,
    /// The falls risk assessment.
    pub falls: Option<Falls>,
    /// Treatment.
    pub treatment: Option<Treatment>,
    /// The start of strength and balance training.
    pub strength_balance: Event,
    /// The first monitoring contact.
    pub follow_up: Event,
    /// What it found.
    pub treatment_at_follow_up: Option<FirstFollowUp>,
    /// What the check at 12 months found.
    pub treatment_at_12_months: Option<TwelveMonths>,
    /// The day of death, if the patient has died.
    pub death: Option<NaiveDate>,
}

impl PatientRecord {
    /// A record of which nothing is recorded but who, when and where.
    pub fn blank(service: &str, fracture: NaiveDate, age: u16) -> Self {
        Self {
            service: service.to_owned(),
            fracture,
            age,
            sex: None,
            residence: None,
            site: None,
            assessment: Event::NotRecorded,
            dxa_ordered: None,
            dxa: Event::NotRecorded,
            falls: None,
            treatment: None,
            strength_balance: Event::NotRecorded,
            follow_up: Event::NotRecorded,
            treatment_at_follow_up: None,
            treatment_at_12_months: None,
            death: None,
        }
    }

    /// The last day of a time limit in days; the day of the fracture is day 0.
    pub fn day(&self, days: u64) -> NaiveDate {
        self.fracture.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
    }

    /// The day on which the check at 12 months falls due: the same day a year later, or the last of its month.
    pub fn twelve_months(&self) -> NaiveDate {
        self.fracture.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
    }

    /// Whether something happened by the last day of a time limit.
    pub fn within(&self, event: Event, days: u64) -> bool {
        event.day().is_some_and(|day| day <= self.day(days))
    }

    /// Whether the patient had died by a day, itself included.
    pub fn had_died_by(&self, day: NaiveDate) -> bool {
        self.death.is_some_and(|death| death <= day)
    }
}
