//! Why a sign-in with a provider came to nothing: what the person is told, and what goes to the log.

/// Why nobody is signed in. Displayed, it is a line for the log; people read [`OpenIdError::told`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenIdError {
    /// No provider is configured.
    #[error("no OpenID provider is configured")]
    NotConfigured,
    /// The provider's answer does not belong to a sign-in that this browser began, or not to the last one.
    #[error("the provider's answer does not belong to a sign-in that this browser began: {0}")]
    NotBegunHere(&'static str),
    /// The sign-in was begun too long ago.
    #[error("the sign-in was begun too long ago")]
    TooOld,
    /// The person stopped, or the provider did not let them.
    #[error("the provider says access_denied")]
    Declined,
    /// The provider says that it cannot do what we ask: mostly a matter of configuration, there or here.
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// The provider does not take the code back: it was used, or is too old.
    #[error("the provider does not take the code: {0}")]
    CodeUnusable(String),
    /// The provider cannot be reached, or fails.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// Too many conversations with the provider are under way.
    #[error("too many conversations with the provider are under way")]
    Busy,
    /// The provider's answer does not stand up to the checks.
    #[error("the provider's answer cannot be trusted: {0}")]
    Untrusted(String),
    /// The identity is new here, and the provider does not vouch for its address.
    #[error("the provider does not vouch for the address of an identity that is new here")]
    EmailNotConfirmed,
    /// The identity is new here, and nobody has invited its address.
    #[error("the identity and its address are unknown here")]
    NoAccount,
}

/// What somebody is told whose sign-in came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened, in a few words.
    pub heading: String,
    /// What happened.
    pub sentence: String,
    /// What to do.
    pub advice: String,
    /// Whether trying again at once may help.
    pub again: bool,
}

impl OpenIdError {
    /// What the person is told, who knows the provider by its name. Nothing of it is the provider's own text.
    pub fn told(&self, provider: &str) -> Told {
        let told = |heading: String, sentence: String, advice: String| Told { heading, sentence, advice, again: true };
        let finally = |told: Told| Told { again: false, ..told };
        match self {
            Self::NotConfigured => finally(told(
                "Nobody signs in this way here".into(),
                "This service takes no sign-in with another organisation.".into(),
                "Use the sign-in page.".into(),
            )),
            Self::NotBegunHere(_) => told(
                "Start signing in again".into(),
                "This sign-in was not begun in this browser, or has come to its end already. It has signed nobody in."
                    .into(),
                "If this happens again, check that the browser takes cookies, and sign in in one window at a time."
                    .into(),
            ),
            Self::TooOld => told(
                "Start signing in again".into(),
                "This sign-in took longer than 10 minutes, so it has been given up.".into(),
                "Nothing is lost: start it again.".into(),
            ),
            Self::Declined => told(
                format!("You did not sign in with {provider}"),
                format!("The answer from {provider} was that you stopped, or that you may not use this service."),
                format!("If you did not stop yourself, ask whoever looks after your account with {provider}."),
            ),
            Self::CodeUnusable(_) => told(
                "Start signing in again".into(),
                format!("This sign-in was used before, or took too long for {provider}. It has signed nobody in."),
                "Nothing is lost: start it again.".into(),
            ),
            Self::Refused(_) => finally(told(
                format!("You cannot sign in with {provider} at the moment"),
                format!("The answer from {provider} was that it cannot sign anybody in for this service."),
                "Sign in another way, and tell the audit team the number below: they can put it right.".into(),
            )),
            Self::Unreachable(_) => told(
                format!("We cannot reach {provider}"),
                format!("There was no answer from {provider}, or none that we can use. Your account is as it was."),
                "Try again in a few minutes, or sign in another way.".into(),
            ),
            Self::Busy => told(
                format!("We cannot reach {provider} at the moment"),
                format!("Too many people are signing in with {provider} at the same time."),
                "Try again in a minute, or sign in another way.".into(),
            ),
            Self::Untrusted(_) => told(
                format!("We cannot trust the answer from {provider}"),
                "It did not stand up to our checks, so it has signed nobody in.".into(),
                "Try again. If it happens again, sign in another way and tell the audit team the number below.".into(),
            ),
            Self::EmailNotConfirmed => finally(told(
                "We cannot tell which account is yours".into(),
                format!(
                    "You have signed in with {provider}, for the first time here, and it does not confirm that your \
                     e-mail address is yours."
                ),
                format!("Have your address confirmed by {provider}, or sign in another way."),
            )),
            Self::NoAccount => finally(told(
                "No account here is yours".into(),
                format!(
                    "You have signed in with {provider}, but the e-mail address that it knows you by has not been \
                     invited."
                ),
                "Ask the audit team to invite that address. If you have an account with another address, sign in \
                 another way."
                    .into(),
            )),
        }
    }

    /// Whether it is for those who run the service to look into.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unreachable(_) | Self::Busy | Self::Untrusted(_))
    }
}

/// A text of somebody else's in one line of the log.
pub(super) fn in_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
