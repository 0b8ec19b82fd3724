//! People for tests, signed in without pages.

use facilities_audit::app::App;
use facilities_audit::app::sessions::{SignedIn, Stage, Visit};
use facilities_audit::app::{own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;

/// Signs in with a link, and sets up a second factor where the role calls for one.
pub fn session_of(app: &App, link_secret: &str) -> SignedIn {
    let visit = Visit::unknown();
    let signed_in = sign_in::with_link(app, &visit, link_secret).expect("the link works");
    if signed_in.stage != Stage::NeedsFactor {
        return signed_in;
    }
    let new = own_account::begin_second_factor(app, &signed_in.principal).expect("a factor begins");
    let factor = SecondFactor::new(&new.secret, "test").expect("its secret is sound");
    let code = factor.code_at(app.now().timestamp());
    own_account::confirm_second_factor(app, &visit, &signed_in.session, &code).expect("the code is right").1
}
