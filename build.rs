//! Fetches what the pages take from npm and lays it out for embedding.
//!
//! The page kit is `nhsuk-frontend` (MIT). `npm ci` fetches it into `OUT_DIR` from our `package.json` and
//! `package-lock.json`; a stamp that equals the lock saves doing it again. Two things of the kit must not leave with us:
//! its font is licensed to NHS bodies, so every `@font-face` rule goes, and so does its logo, which we never copy.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The pictures that the kit's stylesheet names.
const PICTURES: [&str; 4] =
    ["nhsuk-icon-arrow-down.svg", "nhsuk-icon-arrow-up-down.svg", "nhsuk-icon-arrow-up.svg", "nhsuk-icon-cross.svg"];

/// Names an unpacked `nhsuk-frontend` to use instead of fetching it.
const UNPACKED: &str = "NHSUK_FRONTEND_DIR";

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
    let kit = match env::var_os(UNPACKED) {
        Some(dir) => PathBuf::from(dir),
        None => fetch(&out)?,
    };
    let dist = kit.join("dist/nhsuk");
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

/// Fetches the kit, unless the one that is there came from the same lock.
fn fetch(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let dir = out.join("npm");
    let kit = dir.join("node_modules/nhsuk-frontend");
    let stamp = dir.join("fetched.lock");
    let lock = fs::read("package-lock.json")?;
    if kit.is_dir() && fs::read(&stamp).is_ok_and(|fetched| fetched == lock) {
        return Ok(kit);
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
                "npm could not be run ({error}): install Node.js 20 or later with npm, or set {UNPACKED} to an \
                 unpacked nhsuk-frontend 10 package."
            )
        })?;
    if !run.status.success() {
        let said = String::from_utf8_lossy(&run.stderr);
        return Err(format!("npm ci failed; set {UNPACKED} to do without it:\n{said}").into());
    }
    fs::write(&stamp, &lock)?;
    Ok(kit)
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
