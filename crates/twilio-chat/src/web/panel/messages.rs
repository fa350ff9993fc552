//! `/`: the latest messages, or what is left to set up.

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use hub_domain::{
    address::{Address, PhoneNumber},
    message::{Direction, Message, Origin},
    status::{DeliveryStatus, MessageStatus},
};

use super::{
    Shell, html,
    setup::{self, Checklist},
};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

/// Messages on the page.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "messages.html")]
struct MessagesPage {
    shell: Shell,
    checklist: Option<Checklist>,
    rows: Rows,
}

#[derive(Template)]
#[template(path = "message_rows.html")]
struct Rows {
    lang: Lang,
    demo: bool,
    /// `None`: they could not be read.
    read: Option<Vec<Row>>,
}

/// One message as shown.
struct Row {
    /// As in addresses of its attachments.
    number: i64,
    time: String,
    inbound: bool,
    contact: String,
    body: String,
    media: u32,
    origin: Option<&'static str>,
    status: &'static str,
    tone: &'static str,
    error: Option<String>,
}

pub(crate) async fn page(State(web): State<Web>, shell: Shell) -> Response {
    let rows = read(&web, shell.lang).await;
    let checklist = setup::card(&web, shell.lang).await;
    html(StatusCode::OK, &MessagesPage { shell, checklist, rows })
}

pub(crate) async fn rows(State(web): State<Web>, Extension(viewer): Extension<Viewer>) -> Response {
    html(StatusCode::OK, &read(&web, web.settings.lang.or_chosen(viewer.language)).await)
}

async fn read(web: &Web, lang: Lang) -> Rows {
    let rows = match web.app.latest(SHOWN, None).await {
        Ok(messages) => Some(messages.iter().map(|message| row(web, lang, message)).collect()),
        Err(error) => {
            tracing::error!(%error, "the messages could not be read");
            None
        }
    };
    Rows { lang, demo: web.app.facts().demo, read: rows }
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
        body: message.body.clone(),
        media: message.media_count,
        origin: message.origin.map(|origin| origin_words(lang, origin)),
        status: status_words(lang, message.status),
        tone: tone(message.status),
        error: crate::web::api::messages::error_text(message, lang),
    }
}

/// A number as people write it; the channel only where it is not SMS.
pub(super) fn contact(address: &str) -> String {
    let parsed = Address::from_provider(address).ok();
    let phone = parsed.as_ref().and_then(Address::phone).and_then(|phone| PhoneNumber::parse(phone).ok());
    match phone {
        Some(phone) if address.starts_with("whatsapp:") => format!("WhatsApp {}", phone.display_grouped()),
        Some(phone) => phone.display_grouped(),
        None => address.to_owned(),
    }
}

pub(super) fn origin_words(lang: Lang, origin: Origin) -> &'static str {
    match origin {
        Origin::Human => t!(lang, "panel.origin.human"),
        Origin::Api => t!(lang, "panel.origin.api"),
        Origin::Cli => t!(lang, "panel.origin.cli"),
        Origin::Template => t!(lang, "panel.origin.template"),
        Origin::Bot => t!(lang, "panel.origin.bot"),
        Origin::Assistant => t!(lang, "panel.origin.assistant"),
        Origin::HandOver => t!(lang, "panel.origin.handover"),
        Origin::Campaign => t!(lang, "panel.origin.campaign"),
        Origin::Reminder => t!(lang, "panel.origin.reminder"),
        Origin::Digest => t!(lang, "panel.origin.digest"),
        Origin::OptOutConfirmation => t!(lang, "panel.origin.optout"),
        Origin::OptInConfirmation => t!(lang, "panel.origin.optin"),
    }
}

pub(super) fn status_words(lang: Lang, status: MessageStatus) -> &'static str {
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
pub(super) fn tone(status: MessageStatus) -> &'static str {
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
