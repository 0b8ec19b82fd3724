//! The pages by which people, keys, texts and section links are managed, against the served program.

use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::mail::Mail;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::interchange::FileKind;
use facilities_audit_tests::{PageAnswer, PageReader, Person, Server, World, on_both_databases, with_factor};

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
FLS001,One Fracture Liaison Service,,,QOQ,,,
FLS002,Two Fracture Liaison Service,,,QOQ,,,
FLS003,Three Fracture Liaison Service,,,QOQ,,,
";

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS001") };
const OTHER: Person<'_> = Person { email: "other@example.org", role: Role::FlsLead, service: Some("FLS002") };

/// What somebody could store to have it run in the browsers of others.
const SCRIPT: &str = "<script>alert(1)</script>";

fn served(world: &World) -> Server {
    let options = ImportOptions::default();
    let who = Principal::command_line();
    imports::file(&world.app(), &who, FileKind::Services, SERVICES.as_bytes(), options, &mut |_| {}).unwrap();
    world.serve()
}

/// The text of a page that is there.
#[track_caller]
fn page(reader: &mut PageReader, path: &str) -> String {
    let answer = reader.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

/// A form that is taken; where it leads.
#[track_caller]
fn sent(answer: PageAnswer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location.unwrap()
}

/// Says that a page shows a text as text, and not as markup.
#[track_caller]
fn shows_as_text(page: &str, text: &str) {
    assert!(!page.contains(text), "{text} is markup on the page");
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(page.contains(&escaped), "{escaped} is not on the page:\n{page}");
}

fn rehearse(reader: &mut PageReader, then: &str, file: &str) -> PageAnswer {
    let parts = [("year", "", &b"2022"[..]), ("then", "", then.as_bytes()), ("file", "people.csv", file.as_bytes())];
    reader.post_files("/accounts/enrol", &parts)
}

on_both_databases! {
    fn services_and_people_are_enrolled_from_a_file(world: World) {
        let server = served(&world);
        let mut team = world.reader(&server, TEAM);
        assert!(page(&mut team, "/accounts/enrol/template.csv").starts_with("service_code,role,email,name\n"));

        // Mistakes are named by row and column, and nothing is stored.
        let wrong = "service_code,role,email,name\nFLS001,boss,a@example.org,\nNOPE,fls_lead,b@example.org,\nFLS002,fls_lead,<i>@x,\nFLS003\n";
        let answer = rehearse(&mut team, "check", wrong);
        let text = answer.text();
        assert_eq!(answer.status, 422, "{text}");
        for (row, column) in [("2", "role"), ("3", "service_code"), ("4", "email"), ("5", "the whole row")] {
            let cells = format!("scope=\"row\">{row}</th><td class=\"nhsuk-table__cell\">{column}</td>");
            assert!(text.contains(&cells), "{cells}\n{text}");
        }
        assert!(!text.contains("<i>@x"), "what the file holds is shown as text");
        let answer = rehearse(&mut team, "check", "a,b\n");
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("The header must be service_code,role,email,name"), "{}", answer.text());
        assert_eq!(rehearse(&mut team, "check", "").status, 422);

        // A rehearsal shows what would happen and does none of it.
        let file = "service_code,role,email,name\r\nFLS001,fls_lead,new@example.org,Ann Lee\r\nFLS001,clinical_lead,New@Example.org,\r\nFLS002,,,\r\n";
        let text = rehearse(&mut team, "check", file).text();
        assert!(text.contains("Check what would happen") && text.contains("FLS001, FLS002"), "{text}");
        assert!(world.mails_to("new@example.org").is_empty());
        assert!(!page(&mut team, "/accounts").contains("new@example.org"));

        // The form of the rehearsal carries the file, as a browser would send it.
        let (_, rest) = text.split_once("readonly>\n").unwrap();
        let carried = rest.split_once("</textarea>").unwrap().0.to_owned();
        let parts = [("year", "", &b"2022"[..]), ("text", "", carried.as_bytes()), ("then", "", b"enrol")];
        let answer = team.post_files("/accounts/enrol", &parts);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(world.mails_to("new@example.org").len(), 2, "an invitation for each role");
        let people = page(&mut team, "/accounts?q=NEW@ex");
        assert!(people.contains("Ann Lee") && people.contains("FLS lead of FLS001"), "{people}");
        assert!(people.contains("Invited, never came"));

        // Again: nothing to do, and nobody is invited twice.
        let text = rehearse(&mut team, "check", file).text();
        assert!(text.contains("There is nothing to enrol") && !text.contains("value=\"enrol\""), "{text}");
        rehearse(&mut team, "enrol", file);
        assert_eq!(world.mails_to("new@example.org").len(), 2);
    }

    fn a_person_is_invited_comes_is_disabled_and_erased(world: World) {
        let server = served(&world);
        let mut team = world.reader(&server, TEAM);
        let name = format!("{SCRIPT} Ann");
        let invited = [("email", "ann@example.org"), ("name", &name), ("role", "fls_lead"), ("service", "FLS001"), ("area", "")];

        // What is missing is said beside the field, and what was typed stays.
        page(&mut team, "/accounts/invite");
        let answer = team.post("/accounts/invite", &[("email", "no address"), ("role", "fls_lead")]);
        let text = answer.text();
        assert_eq!(answer.status, 422);
        assert!(text.contains("href=\"#email\"") && text.contains("href=\"#service\"") && text.contains("value=\"no address\""), "{text}");

        let account = sent(team.post("/accounts/invite", &invited));
        let account = account.split('?').next().unwrap().to_owned();
        let text = page(&mut team, &account);
        shows_as_text(&text, SCRIPT);
        shows_as_text(&page(&mut team, "/accounts"), SCRIPT);
        let [Mail::Invitation { link, role, .. }] = &world.mails_to("ann@example.org")[..] else { panic!("an invitation") };
        assert_eq!(role, "FLS lead of FLS001");
        let path = link.split_once("/sign-in/").unwrap().1;
        let mut ann = PageReader::signed_in(&server, &format!("/sign-in/{path}"));
        assert_eq!(ann.get("/accounts").status, 200);

        // More roles; one is taken away again, after a question.
        sent(team.post(&format!("{account}/memberships"), &[("role", "commissioner"), ("area", "QOQ"), ("service", "")]));
        assert!(page(&mut team, &account).contains("Commissioner of QOQ"));
        let question = page(&mut team, &format!("{account}/memberships/remove?role=commissioner&area=QOQ"));
        assert!(question.contains("will no longer be Commissioner of QOQ"), "{question}");
        shows_as_text(&question, SCRIPT);
        let fields = [("role", "commissioner"), ("service", ""), ("area", "QOQ")];
        sent(team.post(&format!("{account}/memberships/remove"), &fields));
        assert!(!page(&mut team, &account).contains("memberships/remove?role=commissioner"));
        assert_eq!(team.get(&format!("{account}/memberships/remove?role=commissioner&area=QOQ")).status, 404);

        // Their session can be ended, and they can come back by another invitation.
        let text = page(&mut team, &account);
        let end = text.split('"').find(|part| part.ends_with("/end")).expect("a session").to_owned();
        sent(team.post(&end, &[]));
        assert_eq!(ann.get("/accounts").status, 401);
        sent(team.post(&format!("{account}/invite-again"), &[]));
        assert_eq!(world.mails_to("ann@example.org").iter().filter(|mail| matches!(mail, Mail::Invitation { .. })).count(), 3);

        sent(team.post(&format!("{account}/disable"), &[]));
        assert!(page(&mut team, &account).contains(">Disabled<"));
        sent(team.post(&format!("{account}/enable"), &[]));
        assert!(page(&mut team, &account).contains(">Active<"));

        // Erasing says what goes and what stays, and wants the address typed.
        let question = page(&mut team, &format!("{account}/erase"));
        assert!(question.contains("What goes") && question.contains("What stays"));
        let answer = team.post(&format!("{account}/erase"), &[("email", "other@example.org")]);
        assert_eq!(answer.status, 422);
        assert!(page(&mut team, &account).contains("ann@example.org"));
        sent(team.post(&format!("{account}/erase"), &[("email", " Ann@Example.org")]));
        let text = page(&mut team, &account);
        assert!(text.contains("A person who was erased") && text.contains(">Erased<"), "{text}");
        assert!(!text.contains("ann@example.org") && !page(&mut team, "/history").contains("ann@example.org"));
        assert_eq!(team.get(&format!("{account}/erase")).status, 409);
    }

    fn a_second_factor_that_was_lost_is_taken_away(world: World) {
        let server = served(&world);
        let mut team = world.reader(&server, TEAM);
        world.session(Person { email: "second@example.org", ..TEAM });
        let id = world.account(Person { email: "second@example.org", ..TEAM });
        assert!(page(&mut team, &format!("/accounts/{id}")).contains("Take away the second factor"));
        let question = page(&mut team, &format!("/accounts/{id}/second-factor/remove"));
        assert!(question.contains("Their sessions end"), "{question}");
        sent(team.post(&format!("/accounts/{id}/second-factor/remove"), &[]));
        assert!(!page(&mut team, &format!("/accounts/{id}")).contains("Take away the second factor"));
        // Nobody locks themselves out.
        let own = world.account(TEAM);
        assert_eq!(team.post(&format!("/accounts/{own}/second-factor/remove"), &[]).status, 409);
        assert_eq!(team.post(&format!("/accounts/{own}/disable"), &[]).status, 409);
    }

    fn a_lead_manages_the_people_of_their_service_alone(world: World) {
        let server = served(&world);
        let mut lead = world.reader(&server, LEAD);
        let other = world.account(OTHER);
        let people = page(&mut lead, "/accounts");
        assert!(people.contains("lead@example.org") && !people.contains("other@example.org"), "{people}");
        assert!(!people.contains("/accounts/enrol"));

        // Another service's people are not theirs to know of, by whatever address.
        for path in ["", "/memberships/remove?role=fls_lead&service=FLS002"] {
            assert_eq!(lead.get(&format!("/accounts/{other}{path}")).status, 404, "{path}");
        }
        for path in ["/memberships", "/memberships/remove", "/invite-again"] {
            let fields = [("role", "fls_contributor"), ("service", "FLS001")];
            assert_eq!(lead.post(&format!("/accounts/{other}{path}"), &fields).status, 404, "{path}");
        }
        // What only the audit team does.
        let own = world.account(LEAD);
        for account in [&other, &own] {
            for path in ["disable", "enable", "erase", "second-factor/remove", "sessions/x/end"] {
                assert_eq!(lead.post(&format!("/accounts/{account}/{path}"), &[]).status, 403, "{path}");
            }
        }
        assert_eq!(lead.get("/accounts/enrol").status, 403);
        assert_eq!(rehearse(&mut lead, "check", "x").status, 403);
        assert_eq!(lead.get("/history").status, 403);
        assert_eq!(lead.get("/history.csv").status, 403);

        // They invite a contributor and a clinical lead of their own service, and nobody else.
        let form = page(&mut lead, "/accounts/invite");
        assert!(form.contains("value=\"FLS001\" selected") && !form.contains("FLS002") && !form.contains("audit_team"), "{form}");
        let invite = |lead: &mut PageReader, role: &str, service: &str| {
            lead.post("/accounts/invite", &[("email", "new@example.org"), ("role", role), ("service", service)])
        };
        for (role, service) in [("audit_team", ""), ("commissioner", ""), ("fls_lead", "FLS001"), ("fls_contributor", "FLS002")] {
            assert_eq!(invite(&mut lead, role, service).status, 403, "{role} {service}");
        }
        assert!(world.mails_to("new@example.org").is_empty());
        let account = sent(invite(&mut lead, "fls_contributor", "FLS001"));
        let account = account.split('?').next().unwrap();
        assert_eq!(world.mails_to("new@example.org").len(), 1);
        let text = page(&mut lead, account);
        assert!(text.contains("FLS contributor of FLS001") && !text.contains("/erase") && !text.contains("Sessions"), "{text}");
        let fields = [("role", "fls_contributor"), ("service", "FLS001"), ("area", "")];
        assert_eq!(sent(lead.post(&format!("{account}/memberships/remove"), &fields)), "/accounts?done=removed");
        assert_eq!(lead.get(account).status, 404, "they are no longer theirs");
        // A contributor manages nobody.
        let mut nurse = world.reader(&server, Person { email: "nurse@example.org", role: Role::FlsContributor, ..LEAD });
        assert_eq!(nurse.get("/accounts").status, 403);
    }

    fn a_key_is_shown_once_works_and_is_revoked(world: World) {
        let server = served(&world);
        let mut team = world.reader(&server, TEAM);
        let name = format!("{SCRIPT} dashboard");
        let answer = team.post("/keys/make", &[("name", ""), ("expires_at-day", "31"), ("expires_at-month", "2")]);
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("href=\"#role\"") && answer.text().contains("href=\"#expires_at\""), "{}", answer.text());

        let form = page(&mut team, "/keys/make");
        assert!(form.contains("name=\"expires_at-year\""));
        let answer = team.post("/keys/make", &[("name", &name), ("role", "commissioner"), ("service", ""), ("area", "")]);
        let text = answer.text();
        assert_eq!(answer.status, 200, "{text}");
        assert!(answer.headers.contains(&("cache-control".into(), "no-store".into())));
        shows_as_text(&text, SCRIPT);
        let (_, rest) = text.split_once("<code class=\"app-secret app-key\">").unwrap();
        let secret = rest.split_once('<').unwrap().0;
        assert!(secret.starts_with("fa_"));
        let list = page(&mut team, "/keys");
        assert!(!list.contains(secret) && list.contains("Commissioner of all areas"), "{list}");
        shows_as_text(&list, SCRIPT);

        let status = || {
            let request = ureq::get(server.address("/api/v1/rounds")).config().http_status_as_error(false).build();
            request.header("Authorization", format!("Bearer {secret}")).call().unwrap().status().as_u16()
        };
        assert_eq!(status(), 200);
        let revoke = list.split('"').find(|part| part.ends_with("/revoke")).unwrap().to_owned();
        shows_as_text(&page(&mut team, &revoke), SCRIPT);
        assert_eq!(status(), 200, "asking is not doing");
        sent(team.post(&revoke, &[]));
        assert_eq!(status(), 401);
        assert!(page(&mut team, "/keys").contains(">Revoked<"));
        shows_as_text(&page(&mut team, "/history?kind=key"), SCRIPT);
    }

    fn a_lead_makes_keys_with_a_second_factor_and_within_their_service(world: World) {
        let server = served(&world);
        let signed_in = world.session(LEAD);
        let mut lead = PageReader::with_session(&server, &signed_in.session);
        for answer in [lead.get("/keys"), lead.get("/keys/make"), lead.post("/keys/make", &[("name", "x"), ("role", "fls_lead")])] {
            assert_eq!(answer.status, 403);
            assert!(answer.text().contains("href=\"/account/second-factor\""), "{}", answer.text());
        }
        // The key of another, for later.
        let mut team = world.reader(&server, TEAM);
        team.post("/keys/make", &[("name", "national"), ("role", "audit_team")]);
        let revoke = page(&mut team, "/keys").split('"').find(|part| part.ends_with("/revoke")).unwrap().to_owned();

        let signed_in = with_factor(&world.app(), &signed_in);
        let mut lead = PageReader::with_session(&server, &signed_in.session);
        assert!(!page(&mut lead, "/keys").contains("national"));
        assert_eq!(lead.get(&revoke).status, 404);
        assert_eq!(lead.post(&revoke, &[]).status, 404);
        let form = page(&mut lead, "/keys/make");
        assert!(!form.contains("clinical_lead") && !form.contains("audit_team") && !form.contains("FLS002"), "{form}");
        let make = |lead: &mut PageReader, role: &str, service: &str| {
            lead.post("/keys/make", &[("name", "ours"), ("role", role), ("service", service)]).status
        };
        // A key may not do what its maker may not: sign off, or reach another service.
        for (role, service) in [("clinical_lead", "FLS001"), ("fls_lead", "FLS002"), ("audit_team", ""), ("commissioner", "")] {
            assert_eq!(make(&mut lead, role, service), 403, "{role} {service}");
        }
        assert_eq!(make(&mut lead, "fls_contributor", "FLS001"), 200);
    }

    fn texts_are_read_by_anybody_and_edited_by_the_audit_team(world: World) {
        let server = served(&world);
        let mut anybody = PageReader::new(&server);
        let first = page(&mut anybody, "/privacy");
        assert!(first.contains("<h2") && first.contains("href=\"/accessibility\"") && !first.contains("/edit"));
        page(&mut anybody, "/accessibility");
        assert!(anybody.get("/sign-in").text().contains("href=\"/privacy\""), "every page leads there");
        assert_eq!(anybody.get("/texts/privacy/edit").status, 401);
        let mut lead = world.reader(&server, LEAD);
        assert_eq!(lead.get("/texts/privacy/edit").status, 403);
        assert_eq!(lead.post("/texts/privacy/edit", &[("body", "mine")]).status, 403);

        let mut team = world.reader(&server, TEAM);
        assert!(page(&mut team, "/privacy").contains("/texts/privacy/edit"));
        page(&mut team, "/texts/privacy/edit");
        let body = format!("# {SCRIPT}\r\n\r\nA paragraph & {SCRIPT}");
        let answer = team.post("/texts/privacy/edit", &[("body", &body), ("then", "preview")]);
        shows_as_text(&answer.text(), SCRIPT);
        // The token of the form in the header is another each time.
        let main = |text: &str| text.split_once("<main").map(|(_, main)| main.to_owned());
        assert_eq!(main(&page(&mut anybody, "/privacy")), main(&first), "a preview keeps nothing");
        assert_eq!(team.post("/texts/privacy/edit", &[("body", " ")]).status, 422);
        assert_eq!(sent(team.post("/texts/privacy/edit", &[("body", &body), ("then", "save")])), "/privacy");
        let text = page(&mut anybody, "/privacy");
        shows_as_text(&text, SCRIPT);
        assert!(text.contains("<h2 class=\"nhsuk-heading-m app-break\">&lt;script&gt;"), "{text}");
        shows_as_text(&page(&mut team, "/history?kind=text"), SCRIPT);
        assert_eq!(team.get("/texts/nothing/edit").status, 404);
    }

    fn a_section_is_handed_out_by_a_link_and_taken_back(world: World) {
        let server = served(&world);
        let mut lead = world.reader(&server, LEAD);
        let links = "/survey/2022/FLS001/links";
        assert!(page(&mut lead, "/survey/2022/FLS001").contains(links));
        assert!(page(&mut lead, &format!("{links}?section=population")).contains("value=\"population\" selected"));
        let note = format!("Please, {SCRIPT}");
        let answer = lead.post(links, &[("section", "population"), ("email", "x"), ("note", &note), ("days", "900")]);
        assert_eq!(answer.status, 422);
        shows_as_text(&answer.text(), SCRIPT);
        assert!(answer.text().contains("href=\"#email\"") && answer.text().contains("href=\"#days\""));
        let fields = [("section", "population"), ("email", "col@example.org"), ("note", &note), ("days", "14")];
        sent(lead.post(links, &fields));
        let [Mail::SectionLink { note: told, .. }] = &world.mails_to("col@example.org")[..] else { panic!("a link") };
        assert_eq!(told, &note);
        let list = page(&mut lead, links);
        assert!(list.contains("col@example.org") && list.contains(">Works<"), "{list}");

        // Nobody hands out another service's sections, or takes its links back.
        let revoke = list.split('"').find(|part| part.ends_with("/revoke")).unwrap().to_owned();
        let mut other = world.reader(&server, OTHER);
        assert_eq!(other.get(links).status, 403);
        assert_eq!(other.post(links, &fields).status, 403);
        assert_eq!(other.post(&revoke, &[]).status, 403);
        assert_eq!(other.post(&revoke.replace("FLS001", "FLS002"), &[]).status, 404);
        let mut nurse = world.reader(&server, Person { email: "nurse@example.org", role: Role::FlsContributor, ..LEAD });
        assert_eq!(nurse.get(links).status, 403);

        assert!(page(&mut lead, &revoke).contains("stops to work at once"));
        sent(lead.post(&revoke, &[]));
        assert!(page(&mut lead, links).contains(">Revoked<"));
        // The history tells both.
        let history = page(&mut lead, "/survey/2022/FLS001/history");
        assert!(history.contains("Section link made") && history.contains("Section link revoked"), "{history}");
    }
}
