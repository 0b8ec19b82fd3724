//! People for tests, signed in without pages.

use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::sessions::{SignedIn, Stage, Visit};
use facilities_audit::app::{App, own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Principal, Role};

use crate::pages::PageReader;
use crate::server::Server;
use crate::world::World;

/// Signs in with a link, and sets up a second factor where the role calls for one.
pub fn session_of(app: &App, link_secret: &str) -> SignedIn {
    let signed_in = sign_in::with_link(app, &Visit::unknown(), link_secret).expect("the link works");
    if signed_in.stage == Stage::NeedsFactor { with_factor(app, &signed_in) } else { signed_in }
}

/// Sets up a second factor; the session goes on under another secret.
pub fn with_factor(app: &App, signed_in: &SignedIn) -> SignedIn {
    let new = own_account::begin_second_factor(app, &signed_in.principal).expect("a factor begins");
    let factor = SecondFactor::new(&new.secret, "test").expect("its secret is sound");
    let code = factor.code_at(app.now().timestamp());
    let confirmed = own_account::confirm_second_factor(app, &Visit::unknown(), &signed_in.session, &code);
    confirmed.expect("the code is right").1
}

/// Who somebody is.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// E-mail address.
    pub email: &'a str,
    /// Role.
    pub role: Role,
    /// The service of a lead, contributor or clinical lead.
    pub service: Option<&'a str>,
}

impl World {
    /// The id of somebody's account, which is made unless it is there.
    pub fn account(&self, person: Person<'_>) -> String {
        let invitation = Invitation {
            email: person.email.into(),
            name: None,
            role: person.role,
            service: person.service.map(ToOwned::to_owned),
            area: None,
        };
        let line = accounts::invite(&self.app(), &Principal::command_line(), &invitation).expect("an account");
        line.account.id
    }

    /// Somebody who has signed in.
    pub fn session(&self, person: Person<'_>) -> SignedIn {
        let (app, team) = (self.app(), Principal::command_line());
        let link = accounts::add_user(&app, &team, person.email, None, person.role, person.service, None);
        session_of(&app, &link.expect("a link"))
    }

    /// Somebody who reads the pages of a server, signed in.
    pub fn reader(&self, server: &Server, person: Person<'_>) -> PageReader {
        PageReader::with_session(server, &self.session(person).session)
    }
}
