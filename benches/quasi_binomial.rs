//! How long a fit takes: `benches/quasi_binomial.py` runs this beside statsmodels.
//!
//! Reads `{"num": […], "den": […], "covariates": [[…], …]}` from standard input, and prints the coefficients and the
//! milliseconds of each of twenty fits.

use std::io::Read as _;
use std::time::Instant;

use facilities_audit::domain::statistics::quasi_binomial::{Term, quasi_binomial};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Input {
    num: Vec<Option<f64>>,
    den: Vec<Option<f64>>,
    covariates: Vec<Vec<Option<f64>>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Input = serde_json::from_str(&text)?;
    let named = |(place, values): (usize, &Vec<Option<f64>>)| Term::continuous(&format!("x{place}"), values);
    let terms: Vec<Term> = input.covariates.iter().enumerate().map(named).collect();
    let mut milliseconds = Vec::new();
    let mut coef = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        let model = quasi_binomial(&input.num, &input.den, &terms, None)?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1000.0);
        coef = model.fit.ok_or("the model has no fit")?.coef;
    }
    println!("{}", json!({"milliseconds": milliseconds, "coef": coef}));
    Ok(())
}
