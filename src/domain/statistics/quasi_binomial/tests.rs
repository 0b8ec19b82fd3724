use proptest::prelude::*;

use super::*;

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn of(num: &[f64], den: &[f64], terms: &[Term]) -> QuasiBinomial {
    quasi_binomial(&some(num), &some(den), terms, None).unwrap()
}

fn near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} for {expected}");
}

#[test]
fn an_intercept_is_the_pooled_proportion() {
    let model = of(&[3.0, 6.0, 12.0], &[10.0, 20.0, 30.0], &[]);
    let fit = model.fit.unwrap();
    near(fit.coef[0], (21.0_f64 / 39.0).ln());
    near(fit.se_binomial[0], (1.0_f64 / 21.0 + 1.0 / 39.0).sqrt());
    assert_eq!((model.status, fit.df_resid, fit.fitted.len()), (Status::Ok, 2, 3));
}

#[test]
fn two_groups_give_the_odds_ratio_of_their_table() {
    let governance = [Some("none"), Some("yearly"), Some("none"), Some("yearly")];
    let term = Term::categorical("governance", &governance, &["yearly", "none"]);
    let model = of(&[10.0, 12.0, 20.0, 28.0], &[50.0, 40.0, 50.0, 60.0], &[term]);
    assert_eq!(model.names, ["(intercept)", "governance=none"]);
    near(model.fit.unwrap().odds_ratio[1].unwrap(), (30.0 / 70.0) / (40.0 / 60.0));
}

#[test]
fn rows_that_cannot_be_used_are_counted() {
    let staff = [Some(1.0), None, Some(2.0), Some(3.0), Some(f64::NAN), Some(2.5)];
    let num = [Some(2.0), Some(2.0), None, Some(3.0), Some(1.0), Some(4.0)];
    let den = [Some(5.0), Some(5.0), Some(5.0), Some(0.0), Some(5.0), Some(9.0)];
    let model = quasi_binomial(&num, &den, &[Term::continuous("nurse_wte", &staff)], None).unwrap();
    assert_eq!((model.status, model.n_used, model.n_dropped), (Status::InsufficientDf, 2, 4));
    assert!(model.fit.is_none());
}

#[test]
fn refusals_come_in_their_order() {
    let den = [10.0; 6];
    let rising = Term::continuous("x", &some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let twice = Term::continuous("twice", &some(&[2.0, 4.0, 6.0, 8.0, 10.0, 12.0]));
    let level = Term::continuous("level", &some(&[0.1; 6]));
    let status = |num: &[f64], terms: &[Term]| of(num, &den, terms).status;
    let (mixed, apart) = ([3.0, 4.0, 3.0, 6.0, 5.0, 8.0], [0.0, 0.0, 0.0, 10.0, 10.0, 10.0]);
    assert_eq!(status(&mixed, std::slice::from_ref(&rising)), Status::Ok);
    assert_eq!(status(&mixed, &[rising.clone(), twice.clone()]), Status::RankDeficient);
    assert_eq!(status(&mixed, &[level]), Status::RankDeficient);
    assert_eq!(status(&apart, std::slice::from_ref(&rising)), Status::Separation);
    assert_eq!(status(&apart, &[rising.clone(), twice.clone()]), Status::RankDeficient);
    assert_eq!(
        status(&apart, &[rising.clone(), twice.clone(), twice.clone(), twice.clone(), twice]),
        Status::InsufficientDf
    );
    assert_eq!(status(&[0.0; 6], std::slice::from_ref(&rising)), Status::Separation);
    assert_eq!(status(&den, &[rising]), Status::Separation);
}

#[test]
fn a_declared_level_without_a_row_keeps_its_column() {
    let values = [Some("a"), Some("b"), Some("a"), Some("b"), Some("z")];
    let term = Term::categorical("g", &values, &["a", "b", "c"]);
    let model = of(&[1.0, 2.0, 3.0, 4.0, 4.0], &[9.0; 5], &[term]);
    assert_eq!((model.status, model.n_used, model.n_dropped), (Status::RankDeficient, 4, 1));
    assert_eq!(model.names, ["(intercept)", "g=b", "g=c"]);
    let unknown = Values::Categorical { values: vec![None], levels: None, reference: Some("q".into()) };
    let declared = Values::Categorical { values: vec![None], levels: Some(vec![]), reference: Some("q".into()) };
    let of_values = |values| quasi_binomial(&[None], &[None], &[Term { name: "g".into(), values }], None);
    assert_eq!(of_values(unknown).unwrap().status, Status::InsufficientDf);
    assert_eq!(of_values(declared), Err(Refusal::UnknownReference));
}

#[test]
fn only_one_row_apart_is_separation_too() {
    // Every row but the last is mixed; the last alone has the level, and nobody of it counts.
    let values = [Some("a"), Some("a"), Some("a"), Some("a"), Some("b")];
    let term = Term::categorical("g", &values, &["a", "b"]);
    let model = of(&[500.0, 400.0, 300.0, 700.0, 0.0], &[1000.0, 1000.0, 1000.0, 1000.0, 3.0], &[term]);
    assert_eq!(model.status, Status::Separation);
}

#[test]
fn a_perfect_fit_has_no_standard_errors() {
    let fit = of(&[5.0, 50.0, 20.0], &[10.0, 100.0, 40.0], &[]).fit.unwrap();
    assert_eq!((fit.se[0], fit.t[0], fit.p_t[0], fit.ci_t[0]), (None, None, None, None));
    assert!(fit.dispersion < 1e-20 && fit.se_binomial[0] > 0.0);
}

#[test]
fn what_is_no_proportion_is_refused() {
    assert_eq!(quasi_binomial(&[Some(3.0)], &[Some(2.0)], &[], None), Err(Refusal::NumeratorExceedsDenominator));
    assert_eq!(quasi_binomial(&[Some(-1.0)], &[Some(2.0)], &[], None), Err(Refusal::NegativeCount));
    assert_eq!(quasi_binomial(&[Some(1.0)], &[], &[], None), Err(Refusal::UnequalLengths));
}

#[test]
fn a_single_cluster_has_no_sandwich() {
    let cluster = vec![Some("north".to_owned()); 4];
    let fit = quasi_binomial(&some(&[1.0, 3.0, 2.0, 5.0]), &some(&[9.0; 4]), &[], Some(&cluster)).unwrap().fit.unwrap();
    assert_eq!(fit.clustered, Some(Clustered { clusters: 1, se_cluster_cr0: vec![None], se_cluster_cr1: vec![None] }));
}

proptest! {
    /// A covariate in other units, or from another zero, gives the same fit: t, p and the fitted proportions stay.
    #[test]
    fn units_do_not_matter(
        rows in prop::collection::vec((0_u32..30, 1_u32..30, -3.0..3.0), 6..40),
        scale in prop::sample::select(vec![1e-7, 1e-3, 12.0, 1e7]),
        shift in prop::sample::select(vec![0.0, 5.0, 400.0]),
    ) {
        let num: Vec<f64> = rows.iter().map(|(num, ..)| f64::from(*num)).collect();
        let den: Vec<f64> = rows.iter().map(|(num, more, _)| f64::from(num + more)).collect();
        let x: Vec<f64> = rows.iter().map(|(.., x)| *x).collect();
        let other: Vec<f64> = x.iter().map(|x| (x + shift) * scale).collect();
        let (here, there) = (of(&num, &den, &[Term::continuous("x", &some(&x))]), of(&num, &den, &[Term::continuous("x", &some(&other))]));
        prop_assert_eq!(here.status, there.status);
        let (Some(here), Some(there)) = (here.fit, there.fit) else { return Ok(()) };
        prop_assert!((here.coef[1] - there.coef[1] * scale).abs() < 1e-7 * (1.0 + here.coef[1].abs()));
        prop_assert!((here.dispersion - there.dispersion).abs() < 1e-7 * (1.0 + here.dispersion));
        prop_assert!(here.fitted.iter().zip(&there.fitted).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    /// With an intercept the fitted numerators sum to the observed ones.
    #[test]
    fn totals_are_kept(rows in prop::collection::vec((0_u32..30, 1_u32..30, -3.0..3.0, -9.0..9.0), 6..40)) {
        let num: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let den: Vec<f64> = rows.iter().map(|row| f64::from(row.0 + row.1)).collect();
        let x: Vec<_> = rows.iter().map(|row| Some(row.2)).collect();
        let y: Vec<_> = rows.iter().map(|row| Some(row.3)).collect();
        let model = of(&num, &den, &[Term::continuous("x", &x), Term::continuous("y", &y)]);
        let Some(fit) = model.fit else { return Ok(()) };
        let total: f64 = fit.fitted.iter().zip(&den).map(|(fitted, den)| fitted * den).sum();
        prop_assert!((total - num.iter().sum::<f64>()).abs() < 1e-6 * (1.0 + total));
    }
}
