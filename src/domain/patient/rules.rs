//! What one record counts for in each KPI. The wording of the KPIs is in `seeds/methodology/kpis.toml`; what it leaves
//! open is settled here, and told in `docs/kpi-counts.md`.

use chrono::{Datelike as _, NaiveDate};

use super::record::{Event, Falls, FirstFollowUp, PatientRecord, Site, Treatment, TwelveMonths};
use crate::domain::count::Period;

/// Time limit of KPIs 4 and 5.
pub const ASSESSMENT_DAYS: u64 = 90;
/// Time limit of KPIs 8, 9 and 10: 16 weeks.
pub const FOLLOW_UP_DAYS: u64 = 112;
/// KPI 8 is about patients older than this, in completed years.
pub const TRAINING_AGE_OVER: u16 = 75;

/// What a record counts for in one KPI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Case {
    /// Above the line.
    pub numerator: bool,
    /// Under the line. Of KPIs 2 and 3 nobody is: theirs is the expected caseload.
    pub denominator: bool,
    /// The KPI's data are asked of it.
    pub eligible: bool,
    /// They have been entered.
    pub complete: bool,
}

/// What a record counts for in a KPI from 2 to 11. Above the line there is only what is also under it, where a KPI has
/// such a line, and complete is only what is eligible.
pub fn case(kpi: i32, record: &PatientRecord) -> Case {
    match kpi {
        2 => Case { numerator: true, denominator: false, eligible: true, complete: true },
        3 => {
            let spine = record.site == Some(Site::Spine);
            Case { numerator: spine, denominator: false, eligible: true, complete: record.site.is_some() }
        }
        4 => of(true, true, record.within(record.assessment, ASSESSMENT_DAYS), record.assessment.is_recorded()),
        5 => {
            let ordered = record.dxa_ordered == Some(true);
            let asked = record.dxa_ordered != Some(false);
            of(ordered, asked, record.within(record.dxa, ASSESSMENT_DAYS), ordered && record.dxa.is_recorded())
        }
        6 => {
            let done = matches!(record.falls, Some(Falls::Assessed | Falls::Referred | Falls::Recommended));
            of(true, true, done, record.falls.is_some())
        }
        7 => of(true, true, record.treatment == Some(Treatment::Recommended), record.treatment.is_some()),
        8 => {
            let old = record.age > TRAINING_AGE_OVER;
            let of_another_bone = record.site.is_some_and(|site| site != Site::Hip);
            let asked = old && record.site != Some(Site::Hip);
            let started = record.within(record.strength_balance, FOLLOW_UP_DAYS);
            of(old && of_another_bone, asked, started, of_another_bone && record.strength_balance.is_recorded())
        }
        9 => {
            let followed_up = record.within(record.follow_up, FOLLOW_UP_DAYS);
            after_treatment(record, record.day(FOLLOW_UP_DAYS), followed_up, record.follow_up.is_recorded())
        }
        10 => {
            let on_treatment =
                matches!(record.treatment_at_follow_up, Some(FirstFollowUp::Started | FirstFollowUp::Continuing));
            let done = record.within(record.follow_up, FOLLOW_UP_DAYS) && on_treatment;
            let known = record.follow_up == Event::NotDone
                || (record.follow_up.is_recorded() && record.treatment_at_follow_up.is_some());
            after_treatment(record, record.day(FOLLOW_UP_DAYS), done, known)
        }
        11 => {
            let taking = record.treatment_at_12_months == Some(TwelveMonths::Taking);
            after_treatment(record, record.twelve_months(), taking, record.treatment_at_12_months.is_some())
        }
        _ => Case::default(),
    }
}

/// KPIs 9 to 11: of the patients recommended or referred for treatment who lived past a day. Whether somebody belongs
/// to them is not known where the treatment was not recorded.
fn after_treatment(record: &PatientRecord, last_day: NaiveDate, done: bool, known: bool) -> Case {
    let alive = !record.had_died_by(last_day);
    let treated =
        matches!(record.treatment, Some(Treatment::Recommended | Treatment::ReferredGp | Treatment::ReferredOpinion));
    let asked = record.treatment.is_none() || treated;
    of(alive && treated, alive && asked, done, treated && known)
}

#[expect(clippy::fn_params_excessive_bools, reason = "the four things that a rule says, in their order")]
fn of(denominator: bool, eligible: bool, done: bool, known: bool) -> Case {
    Case { numerator: denominator && done, denominator, eligible, complete: eligible && known }
}

/// The month in which a record counts: that of the fracture, and for KPI 11 that in which its check at 12 months fell
/// due.
pub fn month(kpi: i32, record: &PatientRecord) -> Option<Period> {
    let day = if kpi == 11 { record.twelve_months() } else { record.fracture };
    let month = i32::try_from(day.month()).ok()?;
    Period::from_stored(day.year() * 100 + month)
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    fn fracture() -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 3, 5).unwrap()
    }

    fn after(days: u64) -> NaiveDate {
        fracture() + Days::new(days)
    }

    fn record(change: impl FnOnce(&mut PatientRecord)) -> PatientRecord {
        let mut record = PatientRecord::blank("FLS010", fracture(), 80);
        change(&mut record);
        record
    }

    /// Numerator, denominator, eligible, complete.
    fn counts(kpi: i32, change: impl FnOnce(&mut PatientRecord)) -> [u8; 4] {
        let case = case(kpi, &record(change));
        [case.numerator, case.denominator, case.eligible, case.complete].map(u8::from)
    }

    #[test]
    fn every_record_is_identified_and_those_of_the_spine_as_such() {
        assert_eq!(counts(2, |_| {}), [1, 0, 1, 1]);
        assert_eq!(counts(3, |r| r.site = Some(Site::Spine)), [1, 0, 1, 1]);
        assert_eq!(counts(3, |r| r.site = Some(Site::Hip)), [0, 0, 1, 1]);
        assert_eq!(counts(3, |_| {}), [0, 0, 1, 0]);
    }

    #[test]
    fn assessment_and_scan_count_up_to_day_90() {
        let assessed = |event| counts(4, |r| r.assessment = event);
        assert_eq!(assessed(Event::On(after(0))), [1, 1, 1, 1]);
        assert_eq!(assessed(Event::On(after(90))), [1, 1, 1, 1]);
        assert_eq!(assessed(Event::On(after(91))), [0, 1, 1, 1]);
        assert_eq!(assessed(Event::NotDone), [0, 1, 1, 1]);
        assert_eq!(assessed(Event::NotRecorded), [0, 1, 1, 0]);
        let scanned = |ordered, event| {
            counts(5, |r| {
                r.dxa_ordered = ordered;
                r.dxa = event;
            })
        };
        assert_eq!(scanned(Some(true), Event::On(after(90))), [1, 1, 1, 1]);
        assert_eq!(scanned(Some(true), Event::On(after(91))), [0, 1, 1, 1]);
        assert_eq!(scanned(Some(true), Event::NotDone), [0, 1, 1, 1]);
        assert_eq!(scanned(Some(true), Event::NotRecorded), [0, 1, 1, 0]);
        assert_eq!(scanned(Some(false), Event::On(after(1))), [0, 0, 0, 0], "nobody asked for it");
        assert_eq!(scanned(None, Event::On(after(1))), [0, 0, 1, 0]);
    }

    #[test]
    fn falls_and_treatment_at_the_assessment() {
        for (falls, expected) in [
            (Some(Falls::Assessed), [1, 1, 1, 1]),
            (Some(Falls::Referred), [1, 1, 1, 1]),
            (Some(Falls::Recommended), [1, 1, 1, 1]),
            (Some(Falls::NotDone), [0, 1, 1, 1]),
            (None, [0, 1, 1, 0]),
        ] {
            assert_eq!(counts(6, |r| r.falls = falls), expected, "{falls:?}");
        }
        for treatment in Treatment::ALL.iter().copied() {
            let recommended = u8::from(treatment == Treatment::Recommended);
            assert_eq!(counts(7, |r| r.treatment = Some(treatment)), [recommended, 1, 1, 1], "{treatment:?}");
        }
        assert_eq!(counts(7, |_| {}), [0, 1, 1, 0]);
    }

    #[test]
    fn training_is_for_people_over_75_without_a_broken_hip_up_to_day_112() {
        let trained = |age, site, event| {
            counts(8, |r| {
                r.age = age;
                r.site = site;
                r.strength_balance = event;
            })
        };
        let (wrist, hip) = (Some(Site::Forearm), Some(Site::Hip));
        assert_eq!(trained(76, wrist, Event::On(after(112))), [1, 1, 1, 1]);
        assert_eq!(trained(76, wrist, Event::On(after(113))), [0, 1, 1, 1]);
        assert_eq!(trained(75, wrist, Event::On(after(10))), [0, 0, 0, 0], "75 is not over 75");
        assert_eq!(trained(76, hip, Event::On(after(10))), [0, 0, 0, 0]);
        assert_eq!(trained(76, wrist, Event::NotRecorded), [0, 1, 1, 0]);
        assert_eq!(trained(76, None, Event::On(after(10))), [0, 0, 1, 0], "nobody knows whether it was the hip");
    }

    fn treated(r: &mut PatientRecord) {
        r.treatment = Some(Treatment::Recommended);
        r.follow_up = Event::On(after(112));
        r.treatment_at_follow_up = Some(FirstFollowUp::Started);
        r.treatment_at_12_months = Some(TwelveMonths::Taking);
    }

    fn changed(kpi: i32, change: impl FnOnce(&mut PatientRecord)) -> [u8; 4] {
        counts(kpi, |r| {
            treated(r);
            change(r);
        })
    }

    #[test]
    fn follow_up_counts_up_to_day_112() {
        for kpi in [9, 10] {
            assert_eq!(changed(kpi, |_| {}), [1, 1, 1, 1]);
            assert_eq!(changed(kpi, |r| r.follow_up = Event::On(after(1))), [1, 1, 1, 1], "earlier is in time");
            assert_eq!(changed(kpi, |r| r.follow_up = Event::On(after(113))), [0, 1, 1, 1]);
            assert_eq!(changed(kpi, |r| r.follow_up = Event::NotDone), [0, 1, 1, 1]);
            assert_eq!(changed(kpi, |r| r.follow_up = Event::NotRecorded), [0, 1, 1, 0]);
        }
        assert_eq!(changed(10, |r| r.treatment_at_follow_up = Some(FirstFollowUp::Continuing)), [1, 1, 1, 1]);
        assert_eq!(changed(10, |r| r.treatment_at_follow_up = Some(FirstFollowUp::NotStarted)), [0, 1, 1, 1]);
        assert_eq!(changed(10, |r| r.treatment_at_follow_up = None), [0, 1, 1, 0]);
        assert_eq!(changed(9, |r| r.treatment_at_follow_up = None), [1, 1, 1, 1]);
    }

    #[test]
    fn twelve_months_are_confirmed_or_not() {
        assert_eq!(changed(11, |_| {}), [1, 1, 1, 1]);
        assert_eq!(changed(11, |r| r.treatment_at_12_months = Some(TwelveMonths::NotTaking)), [0, 1, 1, 1]);
        assert_eq!(changed(11, |r| r.treatment_at_12_months = Some(TwelveMonths::NotDone)), [0, 1, 1, 1]);
        assert_eq!(changed(11, |r| r.treatment_at_12_months = None), [0, 1, 1, 0]);
    }

    #[test]
    fn those_after_treatment_are_recommended_or_referred() {
        for kpi in 9..=11 {
            for treatment in Treatment::ALL.iter().copied() {
                let asked = u8::from(matches!(
                    treatment,
                    Treatment::Recommended | Treatment::ReferredGp | Treatment::ReferredOpinion
                ));
                assert_eq!(changed(kpi, |r| r.treatment = Some(treatment)), [asked; 4], "KPI {kpi}, {treatment:?}");
            }
            assert_eq!(changed(kpi, |r| r.treatment = None), [0, 0, 1, 0], "KPI {kpi}");
        }
    }

    #[test]
    fn the_dead_are_taken_out_if_they_died_within_the_time() {
        let last = NaiveDate::from_ymd_opt(2022, 3, 5).unwrap();
        for (kpi, last) in [(9, after(112)), (10, after(112)), (11, last)] {
            assert_eq!(changed(kpi, |r| r.death = Some(last)), [0, 0, 0, 0], "KPI {kpi}");
            assert_eq!(changed(kpi, |r| r.death = last.succ_opt()), [1, 1, 1, 1], "KPI {kpi}");
        }
        for kpi in 2..=8 {
            let died = counts(kpi, |r| r.death = Some(after(1)));
            assert_eq!(died, counts(kpi, |_| {}), "KPI {kpi} is about everybody");
        }
    }

    #[test]
    fn the_month_is_that_of_the_fracture_and_for_kpi_11_that_of_its_check() {
        let on = |year, month, day| PatientRecord::blank("F10", NaiveDate::from_ymd_opt(year, month, day).unwrap(), 80);
        let months = |record: &PatientRecord| [2, 10, 11].map(|kpi| month(kpi, record).unwrap().to_string());
        assert_eq!(months(&on(2020, 12, 31)), ["2020-12", "2020-12", "2021-12"]);
        assert_eq!(months(&on(2021, 1, 1)), ["2021-01", "2021-01", "2022-01"]);
        let leap = on(2020, 2, 29);
        assert_eq!(months(&leap), ["2020-02", "2020-02", "2021-02"]);
        assert_eq!(leap.twelve_months(), NaiveDate::from_ymd_opt(2021, 2, 28).unwrap());
    }
}
