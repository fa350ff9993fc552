//! `/settings/webhooks`: where Twilio is to call, where it calls now, and setting the one to the other; for admins.
//!
//! The page itself asks nobody, so that it opens at once when Twilio is slow; what is set there comes in a fragment,
//! or in the page where it was asked for by a link.

mod words;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::incoming::Incoming;
use serde::Deserialize;

use super::{fault, html, shell::Shell};
use crate::{
    app::{
        auth::Viewer,
        webhooks::{Entrance, EntranceState, WebhookAddresses, WebhookError},
    },
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    shell: Shell,
    addresses: Option<WebhookAddresses>,
    /// There is something at Twilio's to ask about.
    configured: bool,
    /// What Twilio has set, where the page was to ask.
    state: Option<StateCard>,
    refused: Option<String>,
}

/// What Twilio has set, entrance by entrance.
#[derive(Template)]
#[template(path = "webhooks_state.html")]
struct StateCard {
    lang: Lang,
    lines: Vec<Line>,
}

struct Line {
    /// What posts to an address names it by.
    name: String,
    what: String,
    chip: &'static str,
    tone: &'static str,
    about: Option<String>,
    may_set: bool,
    sure: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Ask {
    ask: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    entrance: String,
}

pub(crate) async fn page(State(web): State<Web>, Query(ask): Query<Ask>, shell: Shell) -> Response {
    let state = match ask.ask {
        Some(_) => Some(state_card(&web, shell.lang).await),
        None => None,
    };
    html(StatusCode::OK, &whole_page(&web, shell, state, None))
}

fn whole_page(web: &Web, shell: Shell, state: Option<StateCard>, refused: Option<String>) -> WebhooksPage {
    let (addresses, configured) = (web.app.webhook_addresses(), web.app.is_configured());
    WebhooksPage { shell, addresses, configured, state, refused }
}

pub(crate) async fn fragment(State(web): State<Web>, shell: Shell) -> Response {
    html(StatusCode::OK, &state_card(&web, shell.lang).await)
}

async fn state_card(web: &Web, lang: Lang) -> StateCard {
    let addresses = web.app.webhook_addresses();
    let states = web.app.look_at_entrances().await;
    StateCard { lang, lines: states.iter().map(|state| line(lang, state, addresses.as_ref())).collect() }
}

fn line(lang: Lang, state: &EntranceState, addresses: Option<&WebhookAddresses>) -> Line {
    let ours = addresses.map(|addresses| addresses.inbound.as_str());
    let is_ours = |incoming: &Incoming| ours.is_some_and(|ours| incoming.leads_to(ours));
    let (chip, tone, about) = match &state.found {
        None => (t!(lang, "webhooks.by_hand"), "", Some(t!(lang, "webhooks.by_hand.about").to_owned())),
        Some(Ok(incoming)) if is_ours(incoming) => (t!(lang, "webhooks.ours"), "good", None),
        Some(Ok(incoming)) => (t!(lang, "webhooks.not_ours"), "bad", Some(words::incoming(lang, incoming))),
        Some(Err(error)) => {
            let why = words::refused(lang, state.entrance.name(), error);
            (t!(lang, "webhooks.unknown"), "bad", Some(why))
        }
    };
    let may_set = ours.is_some()
        && state.found.as_ref().is_some_and(|found| {
            // A number that the account doesn't have can't be set; one that could not be asked about may be tried.
            found
                .as_ref()
                .map_or_else(|error| !matches!(error, WebhookError::NotOurs), |found| !is_ours(found))
        });
    let what = words::entrance(lang, &state.entrance);
    let sure = t!(lang, "webhooks.set.sure", what = what, address = ours.unwrap_or_default());
    Line { name: state.entrance.name().to_owned(), what, chip, tone, about, may_set, sure }
}

pub(crate) async fn set(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(which): Form<Which>,
) -> Response {
    let error = match web.app.set_entrance(&which.entrance, viewer.by()).await {
        Ok(()) => return Redirect::to("/settings/webhooks?done=webhook-set").into_response(),
        Err(error) => error,
    };
    if let WebhookError::Store(error) = &error {
        tracing::error!(%error, "that a webhook was set could not be noted");
        return fault::store(&web, &headers, Some(&viewer));
    }
    // Only a name of ours is repeated.
    let entrances = web.app.entrances();
    let known = entrances.iter().find(|entrance| entrance.name() == which.entrance);
    let name = known.map_or("", Entrance::name);
    let refused = words::refused(shell.lang, name, &error);
    html(StatusCode::UNPROCESSABLE_ENTITY, &whole_page(&web, shell, None, Some(refused)))
}
