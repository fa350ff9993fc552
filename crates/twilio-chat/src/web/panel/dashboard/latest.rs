//! The latest messages, by direction and state.

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use hub_domain::message::{Direction, Message};

use super::{
    super::{
        html,
        words::{contact, origin_words, status_words, tone},
    },
    choice::{self, Choice, Query},
};
use crate::{
    app::{auth::Viewer, history::HistoryRequest},
    i18n::Lang,
    t,
    web::{Web, api::lenient_query::LenientQuery},
};

/// Messages on a page.
const SHOWN: u32 = 50;

#[derive(Debug, Template)]
#[template(path = "desk_latest.html")]
pub(super) struct Latest {
    lang: Lang,
    demo: bool,
    /// Where the fragment asks for itself; `None`: an older page, which stands still.
    refresh: Option<String>,
    directions: Vec<Filter>,
    states: Vec<Filter>,
    /// Something is left out.
    filtered: bool,
    newest: Option<String>,
    older: Option<String>,
    /// `None`: they could not be read.
    read: Option<Vec<Row>>,
}

#[derive(Debug)]
struct Filter {
    name: &'static str,
    label: &'static str,
    address: String,
    is_here: bool,
}

/// One message as shown.
#[derive(Debug)]
struct Row {
    /// As in addresses of its attachments.
    number: i64,
    time: String,
    inbound: bool,
    contact: String,
    /// Where the thread is, when there is a page for it.
    thread: Option<String>,
    body: String,
    media: u32,
    origin: Option<&'static str>,
    status: &'static str,
    tone: &'static str,
    error: Option<String>,
}

/// The messages after a change.
pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    LenientQuery(query): LenientQuery<Query>,
) -> Response {
    let lang = web.settings.lang.or_chosen(viewer.language);
    html(StatusCode::OK, &latest(&web, lang, query.into()).await)
}

pub(super) async fn latest(web: &Web, lang: Lang, choice: Choice) -> Latest {
    let request = HistoryRequest {
        participant: None,
        direction: choice.direction,
        statuses: choice.state.map(choice::State::statuses).unwrap_or_default(),
        before: choice.before,
        limit: SHOWN,
    };
    let (read, next) = match web.app.history(&request).await {
        Ok(page) => (Some(page.items.iter().map(|message| row(web, lang, message)).collect()), page.next),
        Err(error) => {
            tracing::error!(%error, "the messages could not be read");
            (None, None)
        }
    };
    let newest = choice.at_newest();
    let address = |choice: Choice| format!("{}#latest", choice.at("/"));
    Latest {
        lang,
        demo: web.app.facts().demo,
        refresh: choice.before.is_none().then(|| choice.at("/messages")),
        directions: directions(lang, newest),
        states: states(lang, newest),
        filtered: choice.direction.is_some() || choice.state.is_some(),
        newest: choice.before.is_some().then(|| address(newest)),
        older: next.map(|before| address(Choice { before: Some(before), ..choice })),
        read,
    }
}

fn directions(lang: Lang, choice: Choice) -> Vec<Filter> {
    let filter = |direction: Option<Direction>, label| Filter {
        name: direction.map_or("all", Direction::as_str),
        label,
        address: format!("{}#latest", Choice { direction, ..choice }.at("/")),
        is_here: choice.direction == direction,
    };
    vec![
        filter(None, t!(lang, "desk.all")),
        filter(Some(Direction::Inbound), t!(lang, "desk.inbound")),
        filter(Some(Direction::Outbound), t!(lang, "desk.outbound")),
    ]
}

fn states(lang: Lang, choice: Choice) -> Vec<Filter> {
    let filter = |state: Option<choice::State>, label| Filter {
        name: state.map_or("any", choice::State::as_str),
        label,
        address: format!("{}#latest", Choice { state, ..choice }.at("/")),
        is_here: choice.state == state,
    };
    let label = |state| match state {
        choice::State::Waiting => t!(lang, "desk.waiting"),
        choice::State::Sent => t!(lang, "desk.sent"),
        choice::State::Delivered => t!(lang, "desk.delivered"),
        choice::State::Failed => t!(lang, "desk.failed"),
        choice::State::Open => t!(lang, "desk.open"),
    };
    let any = filter(None, t!(lang, "desk.any_state"));
    let each = choice::State::ALL.map(|state| filter(Some(state), label(state)));
    std::iter::once(any).chain(each).collect()
}

fn row(web: &Web, lang: Lang, message: &Message) -> Row {
    let inbound = message.direction == Direction::Inbound;
    let other = if inbound { &message.from } else { &message.to };
    let local = message.created_at.to_zoned(web.settings.time_zone.clone());
    Row {
        number: message.row,
        time: local.strftime("%d.%m %H:%M:%S").to_string(),
        inbound,
        contact: contact(other),
        thread: web.has_page("/chat").then(|| thread(other)),
        body: message.body.clone(),
        media: message.media_count,
        origin: message.origin.map(|origin| origin_words(lang, origin)),
        status: status_words(lang, message.status),
        tone: tone(message.status),
        error: crate::web::api::messages::error_text(message, lang),
    }
}

/// The page of everything said with that address.
fn thread(address: &str) -> String {
    let number = address.strip_prefix("whatsapp:").unwrap_or(address);
    let number: String = form_urlencoded::byte_serialize(number.as_bytes()).collect();
    format!("/chat/{}", number.replace('+', "%20"))
}
