//! HTTP: webhooks, API and panel behind one route table.
//!
//! A handler extracts, calls a use case and renders. It touches neither the store nor a client.

pub mod access;
mod api;
pub mod client;
mod error;
mod media;
mod origin;
mod panel;
pub mod routes;
mod server;
pub mod webhooks;

pub(crate) use panel::refusal::words as refusal_words;
pub use server::serve;

use std::{sync::Arc, time::Duration};

use axum::extract::FromRef;
use secrecy::SecretString;

use crate::{app::App, config::TrustedProxies, i18n::Lang};

/// What handlers share. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Web {
    pub(crate) app: App,
    pub(crate) settings: Arc<Settings>,
    /// The entries of the navigation whose routes exist.
    nav: Arc<[&'static panel::nav::Entry]>,
}

/// How this process serves.
#[derive(Debug)]
pub struct Settings {
    /// The bearer token with every scope.
    pub api_token: Option<SecretString>,
    /// `__Host-hub` with `Secure`, or plain `hub`.
    pub secure_cookie: bool,
    /// The public address is https: browsers are told to stay with it.
    pub https: bool,
    /// Who is believed about the client's address.
    pub trusted_proxies: TrustedProxies,
    /// Origins whose forms and scripts may call us with a cookie.
    pub own_origins: Vec<String>,
    /// Language of pages.
    pub lang: Lang,
    /// Zone of hours shown.
    pub time_zone: jiff::tz::TimeZone,
    /// The way to the virtual phone, in the demo.
    pub simulator: Option<PhoneLine>,
}

/// How long an hour of the demo's scripted day takes: the day is over in some three minutes.
pub const STORY_HOUR: Duration = Duration::from_secs(20);

/// The way to the demo's virtual phone.
#[derive(Clone, Debug)]
pub struct PhoneLine {
    /// The simulator.
    pub simulator: hub_sim::Simulator,
    /// The hub's number that the phone writes to.
    pub hub_number: String,
}

impl Web {
    /// The web side of `app`.
    pub fn new(app: App, settings: Settings) -> Self {
        let nav = panel::nav::of(&routes::routes(settings.simulator.is_some()));
        Self { app, settings: Arc::new(settings), nav }
    }

    /// Whether an entry of the navigation leads to that page.
    pub(crate) fn has_page(&self, path: &str) -> bool {
        self.nav.iter().any(|entry| entry.path() == path)
    }
}

impl FromRef<Web> for Arc<webhooks::Door<App>> {
    fn from_ref(web: &Web) -> Self {
        // Of this moment's keys: another request may come after they are changed.
        let connected = web.app.connected();
        Arc::new(webhooks::Door {
            signature: connected.signature.clone(),
            open: connected.account.is_some(),
            receiver: web.app.clone(),
        })
    }
}
