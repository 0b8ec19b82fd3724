//! CPU time, which on a busy machine is steadier than a rate. Linux alone: it is read from `/proc`.

use std::error::Error;
use std::fs;

/// Ticks of a second in `/proc/PID/stat`: what Linux shows to programs, whatever it counts itself.
const TICKS: f64 = 100.0;

/// Seconds of CPU that a process has taken, to a hundredth: by its number, or `self`.
pub fn seconds_of(process: &str) -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("a stat file")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |place: usize| -> Result<f64, Box<dyn Error>> { Ok(fields.get(place).ok_or("a stat file")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}
