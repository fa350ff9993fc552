//! The latest messages, by direction and state.

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use hub_domain::{
    address::{Address, PhoneNumber},
    message::{Direction, Message, Origin},
    status::{DeliveryStatus, MessageStatus},
};

use super::{
    super::html,
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
    let newest = choice.from_newest();
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

/// A number as people write it; the channel only where it is not SMS.
fn contact(address: &str) -> String {
    let parsed = Address::from_provider(address).ok();
    let phone = parsed.as_ref().and_then(Address::phone).and_then(|phone| PhoneNumber::parse(phone).ok());
    match phone {
        Some(phone) if address.starts_with("whatsapp:") => format!("WhatsApp {}", phone.display_grouped()),
        Some(phone) => phone.display_grouped(),
        None => address.to_owned(),
    }
}

fn origin_words(lang: Lang, origin: Origin) -> &'static str {
    match origin {
        Origin::Human => t!(lang, "panel.origin.human"),
        Origin::Api => t!(lang, "panel.origin.api"),
        Origin::Cli => t!(lang, "panel.origin.cli"),
        Origin::Template => t!(lang, "panel.origin.template"),
        Origin::Bot => t!(lang, "panel.origin.bot"),
        Origin::Assistant => t!(lang, "panel.origin.assistant"),
        Origin::Campaign => t!(lang, "panel.origin.campaign"),
        Origin::Reminder => t!(lang, "panel.origin.reminder"),
        Origin::Digest => t!(lang, "panel.origin.digest"),
        Origin::OptOutConfirmation => t!(lang, "panel.origin.optout"),
        Origin::OptInConfirmation => t!(lang, "panel.origin.optin"),
    }
}

fn status_words(lang: Lang, status: MessageStatus) -> &'static str {
    use DeliveryStatus as D;
    match status {
        MessageStatus::Received => t!(lang, "status.received"),
        MessageStatus::Pending => t!(lang, "status.pending"),
        MessageStatus::Unknown => t!(lang, "status.unknown"),
        MessageStatus::Held => t!(lang, "status.held"),
        MessageStatus::Reported(D::Accepted) => t!(lang, "status.accepted"),
        MessageStatus::Reported(D::Scheduled) => t!(lang, "status.scheduled"),
        MessageStatus::Reported(D::Queued) => t!(lang, "status.queued"),
        MessageStatus::Reported(D::Sending) => t!(lang, "status.sending"),
        MessageStatus::Reported(D::Sent) => t!(lang, "status.sent"),
        MessageStatus::Reported(D::Canceled) => t!(lang, "status.canceled"),
        MessageStatus::Reported(D::Failed) => t!(lang, "status.failed"),
        MessageStatus::Reported(D::Undelivered) => t!(lang, "status.undelivered"),
        MessageStatus::Reported(D::PartiallyDelivered) => t!(lang, "status.partially_delivered"),
        MessageStatus::Reported(D::Delivered) => t!(lang, "status.delivered"),
        MessageStatus::Reported(D::Read) => t!(lang, "status.read"),
    }
}

/// How a state looks; its words say the same.
fn tone(status: MessageStatus) -> &'static str {
    use DeliveryStatus as D;
    match status {
        MessageStatus::Reported(D::Delivered | D::Read | D::PartiallyDelivered) => "good",
        MessageStatus::Reported(D::Failed | D::Undelivered | D::Canceled) => "bad",
        MessageStatus::Unknown | MessageStatus::Held => "open",
        MessageStatus::Received
        | MessageStatus::Pending
        | MessageStatus::Reported(D::Accepted | D::Scheduled | D::Queued | D::Sending | D::Sent) => "calm",
    }
}
