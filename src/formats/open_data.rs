//! Open data as a Frictionless Data Package: CSV files, and `datapackage.json`, which says what each column is.

use std::io;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::display::capitalised;
use super::table::{Column, Table};

/// The open data of a round.
#[derive(Debug, Clone)]
pub struct Package {
    /// Audit year.
    pub year: i32,
    /// The round under its names.
    pub names: String,
    /// The hash of the data cut that they are of.
    pub cut: Option<String>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The tables, by name.
    pub tables: Vec<(&'static str, Table)>,
}

/// The name of the file that describes the others.
pub const DESCRIPTOR: &str = "datapackage.json";

impl Package {
    /// The names of its files, the descriptor first.
    pub fn files(&self) -> Vec<String> {
        let tables = self.tables.iter().map(|(name, _)| format!("{name}.csv"));
        std::iter::once(DESCRIPTOR.to_owned()).chain(tables).collect()
    }

    /// One of its files with its media type; `None` where there is none of the name.
    pub fn file(&self, name: &str) -> io::Result<Option<(&'static str, Vec<u8>)>> {
        if name == DESCRIPTOR {
            let mut text = serde_json::to_string_pretty(&self.descriptor()?).map_err(io::Error::other)?;
            text.push('\n');
            return Ok(Some(("application/json", text.into_bytes())));
        }
        let found = self.tables.iter().find(|(table, _)| name.strip_suffix(".csv") == Some(table));
        found.map(|(_, table)| Ok(("text/csv; charset=utf-8", plain(table)?))).transpose()
    }

    fn descriptor(&self) -> io::Result<Value> {
        let mut resources = Vec::new();
        for (name, table) in &self.tables {
            let bytes = plain(table)?;
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
            resources.push(json!({
                "name": name,
                "path": format!("{name}.csv"),
                "profile": "tabular-data-resource",
                "title": table.caption,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": bytes.len(),
                "hash": format!("sha256:{hash}"),
                "schema": {
                    "fields": table.columns.iter().map(field).collect::<Vec<_>>(),
                    "missingValues": [""],
                },
            }));
        }
        let synthetic = if self.synthetic { " Synthetic data: every service and figure is invented." } else { "" };
        let mut package = json!({
            "profile": "tabular-data-package",
            "name": format!("facilities-audit-{}", self.year),
            "title": format!("Facilities audit and KPIs of Fracture Liaison Services, audit year {}", self.year),
            "description": format!(
                "{}.{synthetic} Small numbers are left out, and with them what would give them away.",
                capitalised(&self.names)
            ),
            "resources": resources,
        });
        if let (Some(cut), Some(fields)) = (&self.cut, package.as_object_mut()) {
            fields.insert("version".into(), json!(cut));
        }
        Ok(package)
    }
}

fn field(column: &Column) -> Value {
    let kind = if column.numeric { "number" } else { "string" };
    json!({ "name": column.key, "type": kind, "title": column.heading })
}

/// A table as CSV without the mark that spreadsheets want: programs read these.
fn plain(table: &Table) -> io::Result<Vec<u8>> {
    let bytes = table.csv()?;
    Ok(bytes.strip_prefix("\u{feff}".as_bytes()).map_or_else(|| bytes.clone(), <[u8]>::to_vec))
}
