//! People of a world who are signed in, with the second factor that their role asks for.

use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::store::sessions::Stage;

use crate::pages::PageReader;
use crate::server::Server;
use crate::world::World;

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
    /// The id of an account that is made, or is there already.
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

    /// The secret of a session of somebody, all the way signed in; with a second factor where their role asks for one.
    pub fn session(&self, person: Person<'_>) -> String {
        let (app, visit) = (self.app(), Visit::unknown());
        let team = Principal::command_line();
        let link = accounts::add_user(&app, &team, person.email, None, person.role, person.service, None);
        let arrived = sign_in::with_link(&app, &visit, &link.expect("a link")).expect("the link works");
        if arrived.stage == Stage::NeedsFactor {
            self.with_factor(&arrived.session, &arrived.principal)
        } else {
            arrived.session
        }
    }

    /// The session of somebody who sets up a second factor in it.
    pub fn with_factor(&self, session: &str, who: &Principal) -> String {
        let (app, visit) = (self.app(), Visit::unknown());
        let new = own_account::begin_second_factor(&app, who).expect("a second factor");
        let factor = SecondFactor::new(&new.secret, "tests").expect("a secret");
        let code = factor.code_at(app.now().timestamp());
        own_account::confirm_second_factor(&app, &visit, session, &code).expect("the code is right").1.session
    }

    /// Somebody who reads the pages of a server, signed in.
    pub fn reader(&self, server: &Server, person: Person<'_>) -> PageReader {
        PageReader::with_session(server, &self.session(person))
    }
}
