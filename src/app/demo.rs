//! The demo: a whole synthetic country, a person for each role, and a key.

use super::{App, AppError, accounts, imports};
use crate::domain::access::{Principal, Role};
use crate::domain::interchange::FileKind;
use crate::formats::seeds::SeedFiles;

/// Someone of the demo.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// E-mail address.
    pub email: &'static str,
    /// Name; invented.
    pub name: &'static str,
    /// What they are.
    pub label: &'static str,
    /// Their role.
    pub role: Role,
    /// The service they answer for.
    pub service: Option<&'static str>,
    /// The area they commission.
    pub area: Option<&'static str>,
}

/// The people of the demo.
pub const PEOPLE: &[Person] = &[
    Person {
        email: "audit.team@demo.example",
        name: "Anwen Price",
        label: "Audit team",
        role: Role::AuditTeam,
        service: None,
        area: None,
    },
    Person {
        email: "fls.lead@demo.example",
        name: "Grace Okafor",
        label: "FLS lead of FLS012",
        role: Role::FlsLead,
        service: Some("FLS012"),
        area: None,
    },
    Person {
        email: "fls.nurse@demo.example",
        name: "Tom Bell",
        label: "FLS contributor of FLS012",
        role: Role::FlsContributor,
        service: Some("FLS012"),
        area: None,
    },
    Person {
        email: "clinical.lead@demo.example",
        name: "Dr Samira Haddad",
        label: "Clinical lead of FLS012",
        role: Role::ClinicalLead,
        service: Some("FLS012"),
        area: None,
    },
    Person {
        email: "commissioner@demo.example",
        name: "Priya Shah",
        label: "Commissioner of all areas",
        role: Role::Commissioner,
        service: None,
        area: None,
    },
    Person {
        email: "icb.commissioner@demo.example",
        name: "Daniel Reed",
        label: "Commissioner of the Midlands (Y60)",
        role: Role::Commissioner,
        service: None,
        area: Some("Y60"),
    },
];

/// Loads the synthetic country. `progress` is told the file's name and how many of its bytes have been read.
pub fn load_country(app: &App, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<(), AppError> {
    let who = Principal::command_line();
    for kind in FileKind::ALL {
        let name = kind.file_name();
        // Files that the demo does not have are optional ones.
        let Ok(bytes) = SeedFiles::Embedded.bytes(&format!("demo/{name}")) else { continue };
        let total = bytes.len() as u64;
        let options = imports::ImportOptions::default();
        let report =
            imports::file(app, &who, kind, bytes.as_slice(), options, &mut |read| progress(&name, read, total))?;
        if let Some(problem) = report.problems.first() {
            return Err(AppError::Unexpected(format!(
                "the demo's {name} is damaged: line {}, {}: {}",
                problem.line, problem.column, problem.reason
            )));
        }
    }
    Ok(())
}

/// Adds the people, and returns the secret of a sign-in link for each.
pub fn add_people(app: &App) -> Result<Vec<(Person, String)>, AppError> {
    let who = Principal::command_line();
    PEOPLE
        .iter()
        .map(|person| {
            let link = accounts::add_user(
                app,
                &who,
                person.email,
                Some(person.name),
                person.role,
                person.service,
                person.area,
            )?;
            Ok((*person, link))
        })
        .collect()
}
