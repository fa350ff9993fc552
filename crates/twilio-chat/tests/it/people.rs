//! People at the panel: accounts, sessions, forms as browsers post them.

use std::net::IpAddr;

use axum::{body::Body, http::Request};
use hub_domain::access::{Role, Scopes};
use hub_store::By;
use secrecy::ExposeSecret as _;
use twilio_chat::web::client::Peer;

use crate::{
    hub::TestHub,
    talk::{encoded, form},
    wire::Answer,
};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "poranna kawa z Zosią";

/// A test's hand in the audit log.
pub(crate) fn by() -> By {
    By { name: "test".to_owned(), network: String::new() }
}

impl TestHub {
    pub(crate) async fn makes_first_account(&self, link: &str, name: &str, password: &str) -> Answer {
        let fields = [("link", link), ("name", name), ("password", password)];
        self.ask(form("/sign-in/first").body(Body::from(encoded(&fields))).unwrap()).await
    }

    /// Somebody tries to sign in, from some address.
    pub(crate) async fn enters(&self, name: &str, password: &str, address: &str) -> Answer {
        let mut request =
            form("/sign-in").body(Body::from(encoded(&[("name", name), ("password", password)]))).unwrap();
        request.extensions_mut().insert(Peer(address.parse::<IpAddr>().unwrap()));
        self.ask(request).await
    }

    /// Adds a person and signs them in; their cookie.
    pub(crate) async fn joins(&self, name: &str, role: Role) -> String {
        self.app().add_user(name, PASSWORD.into(), role, by()).await.unwrap().unwrap();
        self.enters(name, PASSWORD, "192.0.2.1").await.cookie()
    }

    /// A token with these scopes, as its owner sends it.
    pub(crate) async fn token(&self, scopes: &str) -> String {
        let token = self.app().add_token("test", Scopes::parse(scopes).unwrap(), by()).await.unwrap();
        format!("Bearer {}", token.secret.expose_secret())
    }

    /// A page as the holder of the cookie sees it.
    pub(crate) async fn sees(&self, cookie: &str, path: &str) -> Answer {
        self.ask(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    /// A form posted by the holder of the cookie.
    pub(crate) async fn posts(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = form(path).header("cookie", cookie).header("sec-fetch-site", "same-origin");
        self.ask(request.body(Body::from(encoded(fields))).unwrap()).await
    }
}
