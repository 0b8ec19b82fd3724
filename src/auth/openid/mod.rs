//! Signing in with an OpenID Connect provider (Microsoft Entra ID, NHS CIS2 and their like): the authorization code flow
//! with PKCE, a state and a nonce.
//!
//! Two legs. [`Provider::address`] says where the browser is sent; the provider sends it back with a code, which
//! [`Provider::identity`] changes for an ID token and checks. What ties the legs together ([`Secrets`]) is the caller's
//! to keep with the browser. Everything here blocks while the provider thinks.

mod error;
mod http;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken, CoreIdTokenClaims,
    CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, JwsSigningAlgorithm as _, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _, UserInfoError,
};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};

pub use error::{OpenIdError, Told};

use self::error::in_one_line;
use self::http::HttpError;

/// How long the provider's metadata and keys are kept. An unknown key has them read again at once.
const KEPT: Duration = Duration::hours(1);

/// Conversations with the provider at a time. Each holds a thread, so that a provider that hangs must not have them all.
const MOST_CONVERSATIONS: usize = 16;

/// The provider, and what we are to it.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    name: String,
    scopes: Vec<Scope>,
    trusts_email: bool,
}

impl OpenIdSettings {
    /// The provider that has an issuer's address and knows this service as a client. People know it by `name`.
    pub fn new(issuer: &str, client_id: &str, name: &str) -> Result<Self, String> {
        let issuer = IssuerUrl::new(issuer.to_owned())
            .map_err(|error| format!("the OpenID issuer {issuer:?} is not an address: {error}"))?;
        let url = issuer.url();
        let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && is_local) {
            return Err(format!("the OpenID issuer {} must begin with https://", issuer.as_str()));
        }
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: None,
            name: name.to_owned(),
            scopes: Vec::new(),
            trusts_email: false,
        })
    }

    /// The same with the secret that proves to the provider who asks.
    #[must_use]
    pub fn with_secret(mut self, secret: Option<String>) -> Self {
        self.client_secret = secret.map(ClientSecret::new);
        self
    }

    /// The same with what is asked for beside the identity itself, parted by spaces.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &str) -> Self {
        let scopes = scopes.split_whitespace().filter(|scope| *scope != "openid");
        self.scopes = scopes.map(|scope| Scope::new(scope.to_owned())).collect();
        self
    }

    /// The same, taking addresses of which the provider does not say whether it has verified them.
    #[must_use]
    pub fn trusting_email(mut self, trusts: bool) -> Self {
        self.trusts_email = trusts;
        self
    }
}

/// What belongs to one sign-in and to one browser.
#[derive(Debug, Serialize, Deserialize)]
pub struct Secrets {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl Secrets {
    /// Of three random texts of 43 characters, each used once.
    pub fn new(state: String, nonce: String, verifier: String) -> Self {
        Self { state: CsrfToken::new(state), nonce: Nonce::new(nonce), verifier: PkceCodeVerifier::new(verifier) }
    }

    /// Whether a state is the one of this sign-in.
    pub fn has_state(&self, state: &str) -> bool {
        super::same(state, self.state.secret())
    }
}

/// What the provider sent the browser back with.
#[derive(Debug, Clone, Default)]
pub struct Callback {
    /// The state that it was given.
    pub state: Option<String>,
    /// The code to change for tokens.
    pub code: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// Who it says it is (RFC 9207).
    pub issuer: Option<String>,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// Their address, if it may be taken as theirs.
    pub verified_email: Option<String>,
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

struct Known {
    metadata: Arc<CoreProviderMetadata>,
    since: DateTime<Utc>,
}

/// A provider, with what is known of it so far.
pub struct Provider {
    settings: OpenIdSettings,
    agent: ureq::Agent,
    known: Mutex<Option<Known>>,
    conversations: Semaphore,
}

impl Provider {
    /// A provider that has not been asked anything yet.
    pub fn new(settings: OpenIdSettings) -> Self {
        let agent = http::agent(settings.issuer.url().scheme() == "https");
        Self { settings, agent, known: Mutex::new(None), conversations: Semaphore::new(MOST_CONVERSATIONS) }
    }

    /// What people know it by.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Where the browser is sent, to come back to `redirect`.
    pub fn address(&self, secrets: &Secrets, redirect: &str, now: DateTime<Utc>) -> Result<String, OpenIdError> {
        let _conversation = self.converse()?;
        let client = self.client(&*self.metadata(now)?, redirect)?;
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let request = client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce);
        let request = request.add_scopes(self.settings.scopes.iter().cloned());
        let (address, ..) =
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&secrets.verifier)).url();
        Ok(address.into())
    }

    /// Changes what the browser came back with for the identity that the provider vouches for. The state must have been
    /// compared before.
    pub fn identity(
        &self,
        secrets: Secrets,
        callback: &Callback,
        redirect: &str,
        now: DateTime<Utc>,
    ) -> Result<Identity, OpenIdError> {
        if callback.issuer.as_ref().is_some_and(|issuer| issuer != self.settings.issuer.as_str()) {
            return Err(OpenIdError::Untrusted("it comes from another issuer".into()));
        }
        match callback.error.as_deref() {
            None => {}
            Some("access_denied") => return Err(OpenIdError::Declined),
            Some(code) => return Err(OpenIdError::Refused(in_one_line(code))),
        }
        let code = callback.code.as_ref().ok_or(OpenIdError::NotBegunHere("it has no code"))?;
        let _conversation = self.converse()?;
        let metadata = self.metadata(now)?;
        let client = self.client(&metadata, redirect)?;
        let Secrets { nonce, verifier, .. } = secrets;
        let exchange = client.exchange_code(AuthorizationCode::new(code.clone())).map_err(|error| untrusted(&error))?;
        let tokens = exchange.set_pkce_verifier(verifier).request(&|request| self.ask(request)).map_err(of_exchange)?;
        let token = tokens.id_token().ok_or_else(|| OpenIdError::Untrusted("it has no ID token".into()))?;
        let claims = match self.verified(token, &metadata, &nonce, now) {
            // The provider may have begun to sign with a new key.
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                self.verified(token, &*self.discover(now)?, &nonce, now)
            }
            verified => verified,
        };
        let claims = claims.map_err(|error| untrusted(&error))?;
        Ok(Identity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            verified_email: self.verified_email(&client, &tokens, claims)?,
        })
    }

    /// The claims of an ID token that holds: its issuer, audience, signature, age and nonce.
    fn verified<'t>(
        &self,
        token: &'t CoreIdToken,
        metadata: &CoreProviderMetadata,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
        // What is signed with a shared secret proves nothing of who signed it, and `none` is no signature.
        let signed = metadata
            .id_token_signing_alg_values_supported()
            .iter()
            .filter(|algorithm| !algorithm.uses_shared_secret() && !matches!(algorithm, CoreJwsSigningAlgorithm::None));
        let verifier = CoreIdTokenVerifier::new_public_client(
            self.settings.client_id.clone(),
            metadata.issuer().clone(),
            metadata.jwks().clone(),
        );
        let claims = token.claims(&verifier.set_allowed_algs(signed.cloned()).set_time_fn(move || now), nonce)?;
        match claims.authorized_party() {
            Some(party) if *party != self.settings.client_id => {
                Err(ClaimsVerificationError::InvalidAudience("it was made for another client (azp)".into()))
            }
            _ => Ok(claims),
        }
    }

    /// The address, if the provider has verified it, or says nothing of that and is trusted. Some providers give it only
    /// when asked for it with the access token.
    fn verified_email(
        &self,
        client: &Client,
        tokens: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Option<String>, OpenIdError> {
        if let Some(email) = claims.email() {
            return Ok(self.may_trust(claims.email_verified()).then(|| email.to_string()));
        }
        let wants_email = self.settings.scopes.iter().any(|scope| scope.as_str() == "email");
        let subject = claims.subject().clone();
        match client.user_info(tokens.access_token().clone(), Some(subject)) {
            Ok(question) if wants_email => {
                let claims: CoreUserInfoClaims =
                    question.request(&|request| self.ask(request)).map_err(of_user_info)?;
                let is_trusted = self.may_trust(claims.email_verified());
                Ok(claims.email().filter(|_| is_trusted).map(|email| email.to_string()))
            }
            _ => Ok(None),
        }
    }

    fn may_trust(&self, is_verified: Option<bool>) -> bool {
        is_verified.unwrap_or(self.settings.trusts_email)
    }

    fn client(&self, metadata: &CoreProviderMetadata, redirect: &str) -> Result<Client, OpenIdError> {
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|error| OpenIdError::Refused(format!("our own address is wrong: {error}")))?;
        let (id, secret) = (self.settings.client_id.clone(), self.settings.client_secret.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect);
        let by_post = metadata.token_endpoint_auth_methods_supported().is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        Ok(if by_post { client.set_auth_type(AuthType::RequestBody) } else { client })
    }

    fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<CoreProviderMetadata>, OpenIdError> {
        let known = self.known().as_ref().filter(|known| now - known.since < KEPT).map(|known| known.metadata.clone());
        known.map_or_else(|| self.discover(now), Ok)
    }

    /// Reads the provider's metadata and keys anew. Nothing is locked meanwhile, so that nobody waits for another's
    /// question.
    fn discover(&self, now: DateTime<Utc>) -> Result<Arc<CoreProviderMetadata>, OpenIdError> {
        let metadata = CoreProviderMetadata::discover(&self.settings.issuer, &|request| self.ask(request));
        let metadata = Arc::new(metadata.map_err(of_discovery)?);
        *self.known() = Some(Known { metadata: metadata.clone(), since: now });
        Ok(metadata)
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn converse(&self) -> Result<SemaphorePermit<'_>, OpenIdError> {
        self.conversations.try_acquire().map_err(|_| OpenIdError::Busy)
    }

    fn ask(&self, request: HttpRequest) -> Result<openidconnect::HttpResponse, HttpError> {
        http::ask(&self.agent, request)
    }
}

fn untrusted(error: &dyn std::error::Error) -> OpenIdError {
    OpenIdError::Untrusted(with_causes(error))
}

/// An error with what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    in_one_line(&causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

/// What could not be read of an answer: where, and not what stood there, which may be a secret.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> OpenIdError {
    OpenIdError::Untrusted(format!("it cannot be read at {}", in_one_line(&error.path().to_string())))
}

fn of_discovery(error: DiscoveryError<HttpError>) -> OpenIdError {
    match error {
        DiscoveryError::Request(error) => OpenIdError::Unreachable(with_causes(&error)),
        DiscoveryError::Parse(error) => unreadable(&error),
        DiscoveryError::Response(_, _, reason) => OpenIdError::Unreachable(in_one_line(&reason)),
        other => untrusted(&other),
    }
}

type ExchangeError = RequestTokenError<HttpError, openidconnect::StandardErrorResponse<CoreErrorResponseType>>;

fn of_exchange(error: ExchangeError) -> OpenIdError {
    match error {
        RequestTokenError::Request(error) => OpenIdError::Unreachable(with_causes(&error)),
        RequestTokenError::ServerResponse(answer) => {
            let said = in_one_line(&answer.to_string());
            match answer.error() {
                CoreErrorResponseType::InvalidGrant => OpenIdError::CodeUnusable(said),
                _ => OpenIdError::Refused(said),
            }
        }
        RequestTokenError::Parse(error, _) => unreadable(&error),
        RequestTokenError::Other(reason) => OpenIdError::Untrusted(in_one_line(&reason)),
    }
}

fn of_user_info(error: UserInfoError<HttpError>) -> OpenIdError {
    match error {
        UserInfoError::Request(error) => OpenIdError::Unreachable(with_causes(&error)),
        UserInfoError::Parse(error) => unreadable(&error),
        other => untrusted(&other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_reached_over_tls_or_on_this_machine() {
        for good in
            ["https://id.example.org/tenant/v2.0", "http://127.0.0.1:9000", "http://localhost", "http://[::1]:1"]
        {
            assert!(OpenIdSettings::new(good, "audit", "X").is_ok(), "{good}");
        }
        for bad in ["http://id.example.org", "http://127.0.0.1.example.org", "ftp://localhost", "id.example.org", ""] {
            assert!(OpenIdSettings::new(bad, "audit", "X").is_err(), "{bad}");
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let settings = OpenIdSettings::new("https://id.example.org", "audit", "X").unwrap();
        let settings = settings.with_secret(Some("hush-hush".into())).with_scopes("openid email  profile");
        assert!(!format!("{settings:?}").contains("hush-hush"));
        assert_eq!(settings.scopes.len(), 2);
        let secrets = Secrets::new("hush-state".into(), "hush-nonce".into(), "hush-verifier".into());
        assert!(!format!("{secrets:?}").contains("hush"), "{secrets:?}");
        assert!(secrets.has_state("hush-state") && !secrets.has_state("hush") && !secrets.has_state(""));
    }

    #[test]
    fn what_others_say_takes_one_line_of_the_log() {
        assert_eq!(in_one_line("access\r\n2026-01-01 INFO forged\u{1b}[31m"), "access  2026-01-01 INFO forged [31m");
        assert_eq!(in_one_line(&"x".repeat(1000)).len(), 200);
    }
}
