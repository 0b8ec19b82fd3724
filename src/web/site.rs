//! The pages with who may call them. A page without a stated access does not compile, and its door is guarded before
//! its handler runs; what lies outside a reader's scope is refused further in, by the use case.

use std::collections::BTreeMap;
use std::sync::Arc;

use poem::http::{Method, StatusCode};
use poem::{Endpoint, EndpointExt as _, IntoEndpoint, Request, Response, Route, RouteMethod};

use super::errors::PageError;
use super::reader::Reader;
use crate::domain::access::Access;
use crate::server::client::address_of;
use crate::server::limits::Limits;

/// A page's address and who may call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRoute {
    /// The method.
    pub method: Method,
    /// The path, with `:name` for its parameters.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

/// Pages that are being put together.
#[derive(Default)]
pub(super) struct Site {
    methods: BTreeMap<&'static str, RouteMethod>,
    declared: Vec<PageRoute>,
}

impl Site {
    /// A page that is read.
    pub(super) fn get<E>(self, path: &'static str, access: Access, page: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::GET, path, access, page)
    }

    /// A form that is sent.
    pub(super) fn post<E>(self, path: &'static str, access: Access, page: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::POST, path, access, page)
    }

    fn at<E>(mut self, method: Method, path: &'static str, access: Access, page: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let guarded = Guard { access, inner: page.into_endpoint().map_to_response() };
        let methods = self.methods.remove(path).unwrap_or_default();
        self.methods.insert(path, methods.method(method.clone(), guarded));
        self.declared.push(PageRoute { method, path, access });
        self
    }

    /// The declared pages.
    pub(super) fn declared(self) -> Vec<PageRoute> {
        self.declared
    }

    /// The router of them.
    pub(super) fn route(self) -> Route {
        self.methods.into_iter().fold(Route::new(), |route, (path, methods)| route.at(path, methods))
    }
}

/// A form that anybody may send signs somebody in, or sends mail: few are taken from one address.
fn take_form(request: &Request) -> Result<(), PageError> {
    let Some(limits) = request.data::<Arc<Limits>>() else { return Ok(()) };
    limits.form(address_of(request)).map_err(|wait| {
        let sentence = "Too many forms of this kind came from your network address.";
        PageError::TooMany { sentence: sentence.into(), seconds: wait.seconds() }
    })
}

/// The door of a page.
struct Guard<E> {
    access: Access,
    inner: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for Guard<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let reader = request.extensions().get::<Reader>();
        let reader = reader.ok_or_else(|| PageError::internal("a page was served outside its frame"))?;
        if self.access != Access::Public {
            let Some(who) = &reader.principal else { return Err(PageError::NotSignedIn.into()) };
            if !who.is_admitted(self.access) {
                let sentence = "Your account does not reach this page.";
                return Err(PageError::Said(StatusCode::FORBIDDEN, sentence.into()).into());
            }
        }
        if self.access == Access::Public && *request.method() == Method::POST {
            take_form(&request)?;
        }
        self.inner.call(request).await.map(poem::IntoResponse::into_response)
    }
}
