use super::*;
use crate::domain::area::{Area, AreaKind};

fn tree() -> AreaTree {
    let area = |code: &str, kind, parent: Option<&str>| Area {
        code: code.into(),
        name: code.into(),
        kind,
        parent_code: parent.map(Into::into),
        valid_from: None,
        valid_to: None,
        successor_code: None,
    };
    let areas = vec![
        area("E", AreaKind::Nation, None),
        area("Y1", AreaKind::Region, Some("E")),
        area("QA", AreaKind::Icb, Some("Y1")),
        area("QB", AreaKind::Icb, Some("Y1")),
    ];
    AreaTree::new(areas, [], None)
}

fn service(code: &str, area: &str) -> Service {
    Service {
        code: code.into(),
        name: code.into(),
        trust_code: None,
        trust_name: None,
        area_code: area.into(),
        valid_from: None,
        valid_to: None,
        successor_code: None,
    }
}

fn holder(role: Role, service: Option<&str>, area: Option<&str>) -> Principal {
    let held = Membership::new(role, service, area).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..Principal::command_line() }
}

#[test]
fn who_may_do_what_to_which_service() {
    use Permission as P;
    let (tree, own, other) = (tree(), service("FLS001", "QA"), service("FLS002", "QB"));
    let lead = holder(Role::FlsLead, Some("FLS001"), None);
    let contributor = holder(Role::FlsContributor, Some("FLS001"), None);
    let commissioner = holder(Role::Commissioner, None, Some("QA"));
    let regional = holder(Role::Commissioner, None, Some("Y1"));
    let team = holder(Role::AuditTeam, None, None);
    let cases = [
        (&lead, P::SubmitResponse, true, false),
        (&lead, P::ReadDraft, true, false),
        (&lead, P::Import, false, false),
        (&contributor, P::EditResponse, true, false),
        (&contributor, P::SubmitResponse, false, false),
        (&commissioner, P::ReadSubmitted, true, false),
        (&commissioner, P::ReadDraft, false, false),
        (&commissioner, P::EditResponse, false, false),
        (&regional, P::ReadGaps, true, true),
        (&team, P::SubmitResponse, true, true),
        (&team, P::Export, true, true),
    ];
    for (who, permission, to_own, to_other) in cases {
        let found = (who.may_for(permission, &own, &tree), who.may_for(permission, &other, &tree));
        assert_eq!(found, (to_own, to_other), "{:?} {permission:?}", who.memberships);
    }
}

#[test]
fn a_role_and_a_scope_must_go_together() {
    for (role, service, area) in [
        (Role::FlsLead, None, None),
        (Role::FlsLead, Some("FLS001"), Some("QA")),
        (Role::FlsContributor, None, Some("QA")),
        (Role::Commissioner, Some("FLS001"), None),
        (Role::AuditTeam, Some("FLS001"), None),
        (Role::AuditTeam, None, Some("QA")),
    ] {
        assert!(Membership::new(role, service, area).is_err(), "{role} {service:?} {area:?}");
    }
}

/// The README's table is this one.
#[test]
fn the_readme_shows_the_table() {
    let row = |first: &str, cells: Vec<&str>| format!("| {first} | {} |", cells.join(" | "));
    let mut table = vec![row("May", Role::ALL.into_iter().map(Role::label).collect())];
    table.push(format!("|---|{}", ":-:|".repeat(Role::ALL.len())));
    for (permission, roles) in PERMISSIONS {
        let cells = Role::ALL.into_iter().map(|role| if roles.contains(&role) { "yes" } else { "" });
        table.push(row(permission.words(), cells.collect()));
    }
    let readme = include_str!("../../../README.md");
    let (_, section) = readme.split_once("## Who may do what").unwrap();
    let shown: Vec<&str> = section.lines().skip_while(|line| !line.starts_with('|')).collect();
    let shown: Vec<&str> = shown.into_iter().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(shown, table);
}
