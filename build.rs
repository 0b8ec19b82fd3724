//! Fetches what the pages take from npm and lays it out for embedding.
//!
//! The page kit is `nhsuk-frontend` (MIT). `npm ci` fetches it into `OUT_DIR` from our `package.json` and
//! `package-lock.json`; a stamp that equals the lock saves doing it again. Two things of the kit must not leave with us:
//! its font is licensed to NHS bodies, so every `@font-face` rule goes, and so does its logo, which we never copy.
//!
//! The coast on the maps is Natural Earth's (public domain) as `world-atlas` (ISC) packs it, thinned to what a map of
//! a few hundred pixels shows.

use serde::Deserialize;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The pictures that the kit's stylesheet names.
const PICTURES: [&str; 4] =
    ["nhsuk-icon-arrow-down.svg", "nhsuk-icon-arrow-up-down.svg", "nhsuk-icon-arrow-up.svg", "nhsuk-icon-cross.svg"];

/// Names a `node_modules` folder that holds the packages of package.json, to use instead of fetching them.
const UNPACKED: &str = "NODE_MODULES_DIR";

/// The countries on the maps, by their ISO 3166 numbers: the United Kingdom, Ireland, the Isle of Man and France.
const COUNTRIES: [&str; 4] = ["826", "372", "833", "250"];

/// What the maps can show: degrees west, east, south and north.
const SHOWN: (f64, f64, f64, f64) = (-11.0, 3.0, 48.5, 61.5);

/// Points of the coast nearer to each other than this many degrees are one: two pixels of the largest map.
const THINNED: f64 = 0.035;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=package.json");
    println!("cargo:rerun-if-changed=package-lock.json");
    println!("cargo:rerun-if-changed=src/web/assets");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=seeds");
    println!("cargo:rerun-if-env-changed={UNPACKED}");
    if let Err(error) = lay_out() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn lay_out() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let packages = match env::var_os(UNPACKED) {
        Some(dir) => PathBuf::from(dir),
        None => fetch(&out)?,
    };
    let atlas = read(&packages.join("world-atlas/countries-10m.json"))?;
    fs::write(out.join("coast.rs"), coast(&serde_json::from_str(&atlas)?)?)?;
    let dist = packages.join("nhsuk-frontend/dist/nhsuk");
    let target = out.join("kit");
    fs::create_dir_all(target.join("images"))?;
    let css = read(&dist.join("nhsuk-frontend.min.css"))?;
    fs::write(target.join("nhsuk-frontend.min.css"), own_stylesheet(&css)?)?;
    let js = read(&dist.join("nhsuk-frontend.min.js"))?;
    fs::write(target.join("nhsuk-frontend.min.js"), without_source_map(&js))?;
    for picture in PICTURES {
        fs::write(target.join("images").join(picture), read(&dist.join("assets/images").join(picture))?)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Fetches the packages, unless those that are there came from the same lock.
fn fetch(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let dir = out.join("npm");
    let packages = dir.join("node_modules");
    let stamp = dir.join("fetched.lock");
    let lock = fs::read("package-lock.json")?;
    if packages.is_dir() && fs::read(&stamp).is_ok_and(|fetched| fetched == lock) {
        return Ok(packages);
    }
    fs::create_dir_all(&dir)?;
    fs::copy("package.json", dir.join("package.json"))?;
    fs::write(dir.join("package-lock.json"), &lock)?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let run = Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        .current_dir(&dir)
        .output()
        .map_err(|error| {
            format!(
                "npm could not be run ({error}): install Node.js 20 or later with npm, or set {UNPACKED} to a \
                 node_modules folder with the packages of package.json."
            )
        })?;
    if !run.status.success() {
        let said = String::from_utf8_lossy(&run.stderr);
        return Err(format!("npm ci failed; set {UNPACKED} to do without it:\n{said}").into());
    }
    fs::write(&stamp, &lock)?;
    Ok(packages)
}

/// The kit's stylesheet with Arial for its licensed font and pictures found beside it.
fn own_stylesheet(css: &str) -> Result<String, String> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("@font-face") {
        let (before, rule) = rest.split_at(start);
        let end = rule.find('}').ok_or("the kit's stylesheet ends within a @font-face rule")?;
        kept.push_str(before);
        rest = rule.split_at(end + 1).1;
    }
    kept.push_str(rest);
    let kept = kept.replace("Frutiger W01,arial", "arial").replace("/assets/images/", "images/");
    if kept.contains("Frutiger") || kept.contains("assets.nhs.uk") {
        return Err("the kit's stylesheet names its licensed font in a way that build.rs does not know".into());
    }
    Ok(without_source_map(&kept))
}

/// We do not serve source maps, so a pointer to one would only make browsers ask for it.
fn without_source_map(text: &str) -> String {
    let end = text.rfind("/*# sourceMappingURL").or_else(|| text.rfind("//# sourceMappingURL"));
    end.map_or(text, |end| text.split_at(end).0).trim_end().to_owned()
}

/// As much of a TopoJSON file as the coast needs (<https://github.com/topojson/topojson-specification>).
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: Objects,
    /// The first point of each is absolute, each other a step from the one before it, in units of `transform`.
    arcs: Vec<Vec<(f64, f64)>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

#[derive(Deserialize)]
struct Objects {
    countries: Countries,
}

#[derive(Deserialize)]
struct Countries {
    geometries: Vec<Country>,
}

#[derive(Deserialize)]
struct Country {
    id: Option<String>,
    #[serde(flatten)]
    shape: Shape,
}

/// A ring is a list of arcs; one that runs backwards stands as the complement of its number.
#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

/// The coast as Rust: a slice of rings of degrees east and north.
fn coast(atlas: &Topology) -> Result<String, String> {
    let mut written = String::from("&[\n");
    for country in &atlas.objects.countries.geometries {
        if !country.id.as_deref().is_some_and(|id| COUNTRIES.contains(&id)) {
            continue;
        }
        let rings: Vec<&Vec<i64>> = match &country.shape {
            Shape::Polygon(rings) => rings.iter().collect(),
            Shape::MultiPolygon(polygons) => polygons.iter().flatten().collect(),
        };
        for ring in rings {
            let points = thinned(&points_of(atlas, ring)?);
            let (west, east, south, north) = SHOWN;
            let shown = points.iter().any(|(x, y)| (west..=east).contains(x) && (south..=north).contains(y));
            if shown && points.len() > 3 {
                written.push_str("    &[");
                for (x, y) in points {
                    write!(written, "({x:.3}, {y:.3}), ").map_err(|error| error.to_string())?;
                }
                written.push_str("],\n");
            }
        }
    }
    written.push(']');
    Ok(written)
}

fn points_of(atlas: &Topology, ring: &[i64]) -> Result<Vec<(f64, f64)>, String> {
    let mut points = Vec::new();
    for &arc in ring {
        let number = usize::try_from(if arc < 0 { !arc } else { arc }).map_err(|error| error.to_string())?;
        let steps = atlas.arcs.get(number).ok_or_else(|| format!("world-atlas has no arc {number}"))?;
        let (mut x, mut y) = (0.0, 0.0);
        let mut line: Vec<(f64, f64)> = steps
            .iter()
            .map(|(dx, dy)| {
                (x, y) = (x + dx, y + dy);
                let Transform { scale, translate } = &atlas.transform;
                (x.mul_add(scale.0, translate.0), y.mul_add(scale.1, translate.1))
            })
            .collect();
        if arc < 0 {
            line.reverse();
        }
        points.extend(line);
    }
    Ok(points)
}

/// The points that are far enough from the one kept before them.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for &(x, y) in points {
        if kept.last().is_none_or(|(a, b)| (x - a).hypot(y - b) >= THINNED) {
            kept.push((x, y));
        }
    }
    kept
}
