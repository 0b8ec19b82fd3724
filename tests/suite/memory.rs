//! Memory stays flat however long a file is.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use facilities_audit_tests::{Backend, Ran, World, demo_folder};

const MEGABYTE: u64 = 1 << 20;

/// Writes a `kpi_counts.csv` of about `size` bytes in the shape of a real one: every row has its own key.
fn write_counts(path: &Path, size: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"service_code,month,kpi,stratum,numerator,denominator,eligible,complete\n").unwrap();
    let (mut written, mut row, mut line) = (0_u64, 0_u64, String::new());
    while written < size {
        let (service, month, kpi, site) = (row % 70 + 1, row / 70 % 12 + 1, row / 840 % 8 + 4, row / 6720);
        line.clear();
        writeln!(line, "FLS{service:03},2021-{month:02},{kpi},residence=home;site=s{site},{},100,100,90", row % 100)
            .unwrap();
        file.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        row += 1;
    }
    file.flush().unwrap();
}

/// A folder with the country's services and a long `kpi_counts.csv`.
fn long_import(world: &World, size: u64) -> PathBuf {
    let folder = world.path("long");
    fs::create_dir(&folder).unwrap();
    for name in ["areas.csv", "services.csv"] {
        fs::copy(demo_folder().join(name), folder.join(name)).unwrap();
    }
    write_counts(&folder.join("kpi_counts.csv"), size);
    folder
}

/// Imports a file of about `size` bytes and gives the most memory that the program held, in bytes.
fn peak_of_import(backend: Backend, size: u64) -> u64 {
    let world = World::new(backend);
    let folder = long_import(&world, size);
    let mut command = world.program(&["import"]);
    command.arg(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    // VmHWM is the peak so far, so the last reading before the end is the peak but for a few milliseconds.
    while child.try_wait().unwrap().is_none() {
        let kilobytes = fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
        });
        peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        std::thread::sleep(Duration::from_millis(5));
    }
    Ran::from(child.wait_with_output().unwrap()).succeeded();
    println!("{backend:?}: {size} bytes imported with a peak of {} MB", peak / MEGABYTE);
    peak
}

fn stays_flat(backend: Backend) {
    let (short, long) = (peak_of_import(backend, 5 * MEGABYTE), peak_of_import(backend, 25 * MEGABYTE));
    assert!(long < 150 * MEGABYTE, "{} MB were held", long / MEGABYTE);
    // A page cache of the database may still fill; the file itself must not be held.
    assert!(long < short + 8 * MEGABYTE, "{} MB for 5 MB, {} MB for 25 MB", short / MEGABYTE, long / MEGABYTE);
}

#[test]
fn an_import_into_sqlite_stays_flat() {
    stays_flat(Backend::Sqlite);
}

#[test]
fn an_import_into_postgres_stays_flat() {
    stays_flat(Backend::Postgres);
}

/// The size that the requirement names. `tests/run` leaves it out, since writing 200 MB takes minutes; the peak was 28 MB
/// on SQLite and 27 MB on PostgreSQL.
#[test]
#[ignore = "takes minutes"]
fn two_hundred_megabytes_stay_under_150() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        assert!(peak_of_import(backend, 200 * MEGABYTE) < 150 * MEGABYTE);
    }
}
