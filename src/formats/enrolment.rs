//! The enrolment file: the services of a round and the people who answer for them, one person a row.
//!
//! `service_code,role,email,name`; a row without an address enrols the service alone. BOM and CRLF are accepted.

use super::csv::FieldProblem;

/// The columns, in their order.
pub const COLUMNS: [&str; 4] = ["service_code", "role", "email", "name"];

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentRow {
    /// Line from 1.
    pub line: i64,
    /// The service.
    pub service: String,
    /// `fls_lead`, `fls_contributor` or `clinical_lead`; empty where nobody is named.
    pub role: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Name; may be empty.
    pub name: String,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line from 1.
    pub line: i64,
    /// What is wrong.
    pub problem: FieldProblem,
}

/// Reads the file: its rows, each readable or not, or what is wrong with the file as a whole.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<EnrolmentRow, BadRow>>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the file is not UTF-8 text".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // With plain line ends: the reader counts a line as over only after the second half of the other kind.
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut is_header = true;
    for record in reader.records() {
        let record = record.map_err(|error| format!("the file cannot be read as CSV: {error}"))?;
        // The reader counts the empty lines that it skips towards the row behind them.
        let mut line = record.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
        while lines.get(line - 1).is_some_and(|text| text.trim().is_empty()) {
            line += 1;
        }
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        let fields: Vec<&str> = record.iter().map(str::trim).collect();
        if is_header {
            if fields != COLUMNS {
                return Err(format!("the header must be {}; it is {}", COLUMNS.join(","), fields.join(",")));
            }
            is_header = false;
            continue;
        }
        let [service, role, email, name] = fields.as_slice() else {
            let reason = format!("the row has {} fields, the header {}", fields.len(), COLUMNS.len());
            rows.push(Err(BadRow { line, problem: FieldProblem::new("", reason) }));
            continue;
        };
        let owned = |text: &str| text.to_owned();
        rows.push(Ok(EnrolmentRow {
            line,
            service: owned(service),
            role: owned(role),
            email: owned(email),
            name: owned(name),
        }));
    }
    if is_header {
        return Err(format!("the file is empty; its first line must be {}", COLUMNS.join(",")));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_with_their_lines() {
        let rows = read(
            "\u{feff}service_code,role,email,name\r\nFLS001,fls_lead,a@b.example,\"Bell, Ann\"\r\n\r\nFLS002\r\n"
                .as_bytes(),
        );
        let rows = rows.unwrap();
        let first = rows[0].as_ref().unwrap();
        assert_eq!((first.line, first.name.as_str()), (2, "Bell, Ann"));
        assert_eq!(rows[1].as_ref().unwrap_err().line, 4);
    }

    #[test]
    fn a_wrong_file_is_named() {
        assert!(read(b"").unwrap_err().contains("empty"));
        assert!(read(b"email,name\n").unwrap_err().contains("service_code,role,email,name"));
        assert!(read(&[0xff, 0xfe, 0x00]).unwrap_err().contains("UTF-8"));
    }
}
