//! What stands over a thread and beside it: who it is with, who is in charge, what a person is asked to do.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use hub_domain::{
    address::PhoneNumber, attention::Attention, ids::ContactId, message::ConversationMode, whatsapp::Window,
};
use serde::Deserialize;

use super::{back_to, dates::Calendar, person};
use crate::{
    app::{auth::Viewer, chat::Opened},
    i18n::Lang,
    t,
    web::{
        Web,
        panel::{fault, html},
    },
};

/// The line over a thread.
#[derive(Debug, Template)]
#[template(path = "chat/head.html")]
pub(super) struct Head {
    pub(super) lang: Lang,
    pub(super) contact: i64,
    /// The path of the thread, with its view.
    pub(super) back: String,
    /// The list it was opened from.
    pub(super) list: String,
    pub(super) name: String,
    pub(super) number: Option<String>,
    pub(super) channel: &'static str,
    pub(super) mode: &'static str,
    pub(super) until: Option<String>,
    pub(super) attention: Option<&'static str>,
    pub(super) may_be_settled: bool,
    pub(super) opted_out: bool,
    pub(super) unread: u32,
}

/// What is known about the person, beside the thread.
#[derive(Debug, Template)]
#[template(path = "chat/side.html")]
pub(super) struct Side {
    pub(super) lang: Lang,
    pub(super) contact: i64,
    pub(super) back: String,
    pub(super) name: String,
    pub(super) own_name: String,
    pub(super) initial: String,
    pub(super) number: String,
    pub(super) is_phone: bool,
    pub(super) channel: &'static str,
    pub(super) ours: String,
    pub(super) window: Option<String>,
    pub(super) opted_out: bool,
    pub(super) count: u32,
    pub(super) may_delete: bool,
}

/// Where the forms of a fragment come back to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    back: String,
    #[serde(default)]
    list: String,
}

pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Asked(from): Asked<From>,
) -> Response {
    match web.app.opened(ContactId(contact)).await {
        Ok(Some(opened)) => {
            let lang = web.settings.lang.or_chosen(viewer.language);
            // An address may say anything, and the one of the list becomes a link.
            let (back, list) = (back_to(&from.back).to_owned(), back_to(&from.list).to_owned());
            html(StatusCode::OK, &head(&web, lang, &opened, back, list))
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a person could not be read");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

pub(super) fn head(web: &Web, lang: Lang, opened: &Opened, back: String, list: String) -> Head {
    let line = &opened.line;
    let calendar = Calendar::new(&web.settings.time_zone, web.app.world().now(), lang);
    let number = person::number(line);
    Head {
        lang,
        contact: line.person.contact.0,
        back,
        list,
        number: line.name.as_ref().map(|_| number),
        name: person::name(line),
        channel: opened.route.as_ref().map_or("SMS", |route| person::channel(route.theirs.as_str())),
        mode: line.mode.as_str(),
        until: line
            .mode_until
            .filter(|_| line.mode == ConversationMode::Human)
            .map(|until| calendar.until(until)),
        attention: line.attention.map(|asking| person::attention_words(lang, asking.why)),
        may_be_settled: line.attention.is_some_and(|asking| asking.why != Attention::Held),
        opted_out: line.opted_out,
        unread: line.unread,
    }
}

pub(super) fn side(web: &Web, lang: Lang, opened: &Opened, back: String, is_admin: bool) -> Side {
    let line = &opened.line;
    let calendar = Calendar::new(&web.settings.time_zone, web.app.world().now(), lang);
    let name = person::name(line);
    let route = opened.route.as_ref();
    Side {
        lang,
        contact: line.person.contact.0,
        back,
        initial: person::initial(&name),
        name,
        own_name: line.name.clone().unwrap_or_default(),
        number: person::number(line),
        is_phone: PhoneNumber::parse(&line.person.key).is_ok(),
        channel: route.map_or("SMS", |route| person::channel(route.theirs.as_str())),
        ours: route.map(|route| person::shown(&route.ours)).unwrap_or_default(),
        window: opened.window.map(|window| match window {
            Window::Open { until } => t!(lang, "chat.window.until", until = calendar.until(until)),
            Window::Closed => t!(lang, "chat.window.closed").to_owned(),
        }),
        opted_out: line.opted_out,
        count: line.message_count,
        may_delete: is_admin,
    }
}

impl Head {
    fn is_mode(&self, mode: &str) -> bool {
        self.mode == mode
    }
}
