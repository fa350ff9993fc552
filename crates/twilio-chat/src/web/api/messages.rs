//! `/api/messages`: list and send, in the original's shapes.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use hub_domain::{
    long_text::{LONGEST, MOST_PARTS},
    message::{Direction, Message, Origin},
    status::{DeliveryStatus, MessageStatus},
    twilio_code,
    whatsapp::{TEMPLATE_LONGEST, TemplateError},
};
use hub_store::StoreError;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LANG, json_body::JsonBody, lenient_query::LenientQuery, send_key::send_key};
use crate::{
    app::{
        history::HistoryRequest,
        send::{SendError, SendRequest, Sent, Standing, Through},
    },
    i18n::{Lang, reason},
    t,
    web::{Web, access::Caller, error::api_error},
};

/// The original's clamp.
const MAX_LIMIT: i64 = 500;
const DEFAULT_LIMIT: i64 = 50;

/// What is not understood counts as absent, as in the original; what the original doesn't have is checked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    limit: Option<String>,
    direction: Option<String>,
    before: Option<String>,
    contact: Option<String>,
    status: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let request = match history_request(query) {
        Ok(request) => request,
        Err(refused) => return *refused,
    };
    match web.app.history(&request).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.iter().map(|message| item(message, LANG)).collect();
            Json(json!({ "count": items.len(), "items": items, "next": page.next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

fn history_request(query: ListQuery) -> Result<HistoryRequest, Box<Response>> {
    let limit = query.limit.and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    let statuses = query.status.filter(|word| !word.is_empty()).map(|word| statuses(&word)).transpose()?;
    Ok(HistoryRequest {
        participant: query.contact.filter(|text| !text.trim().is_empty()),
        direction: query.direction.as_deref().and_then(Direction::parse),
        statuses: statuses.unwrap_or_default(),
        before: before(query.before.as_deref())?,
        limit: u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1),
    })
}

/// The states shown under one word.
fn statuses(word: &str) -> Result<Vec<MessageStatus>, Box<Response>> {
    let status = MessageStatus::parse(word)
        .ok_or_else(|| Box::new(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.bad_status"))))?;
    let waiting = [MessageStatus::Pending, MessageStatus::Reported(DeliveryStatus::Queued)];
    Ok(if waiting.contains(&status) { waiting.to_vec() } else { vec![status] })
}

/// The cursor of a page. One that can't be read must not count as absent: a caller would read the first page
/// for ever.
pub(super) fn before(text: Option<&str>) -> Result<Option<i64>, Box<Response>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(str::parse)
        .transpose()
        .map_err(|_| Box::new(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.bad_cursor"))))
}

pub(crate) async fn stats(State(web): State<Web>) -> Response {
    match web.app.statistics().await {
        Ok(statistics) => Json(json!({
            "total": statistics.inbound + statistics.outbound,
            "inbound": statistics.inbound,
            "outbound": statistics.outbound,
            "latest": statistics.latest.as_ref().map(|message| item(message, LANG)),
        }))
        .into_response(),
        Err(error) => store_fault(&error),
    }
}

pub(super) fn store_fault(error: &StoreError) -> Response {
    tracing::error!(%error, "messages could not be read or changed");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}

/// UTC seconds without a zone, as the original writes them.
pub(super) fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// One message in the original's shape: integer id, UTC seconds without a zone.
pub(super) fn item(message: &Message, lang: Lang) -> Value {
    json!({
        "id": message.row,
        "sid": message.sid,
        "direction": message.direction.as_str(),
        "to_number": message.to,
        "from_number": message.from,
        "body": message.body,
        "status": shown_status(message.status),
        "error": error_text(message, lang),
        "created_at": time(message.created_at),
        "updated_at": time(message.updated_at),
    })
}

/// Our own waiting state is Twilio's `queued` to a caller.
pub(super) fn shown_status(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Pending => "queued",
        MessageStatus::Received
        | MessageStatus::Unknown
        | MessageStatus::Held
        | MessageStatus::Reported(_) => status.as_str(),
    }
}

/// The error in plain words, with Twilio's code to look up.
pub(in crate::web) fn error_text(message: &Message, lang: Lang) -> Option<String> {
    if let Some(code) = message.error_code {
        let words = twilio_code::advice(code).map(|advice| lang.pick(advice.pl, advice.en));
        return Some(match (words, &message.error_text) {
            (Some(words), _) => format!("{words} ({code})"),
            (None, Some(text)) => format!("{text} ({code})"),
            (None, None) => format!("Error code: {code}"),
        });
    }
    let text = message.error_text.as_deref()?;
    Some(reason(lang, text).unwrap_or(text).to_owned())
}

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Response {
    let Ok(key) = send_key(&headers, caller, "messages", &body) else {
        return failure(StatusCode::BAD_REQUEST, t!(LANG, "api.send.bad_key"));
    };
    let fold = match body.truth("fold") {
        Ok(fold) => fold,
        Err(no_switch) => return failure(StatusCode::BAD_REQUEST, &String::from(no_switch)),
    };
    let request = SendRequest {
        to: body.text("to"),
        body: body.text("body"),
        fold,
        through: Through::ServiceFirst,
        origin: Origin::Api,
    };
    match web.app.send(&request, key).await {
        Ok(sent) => match sent.refused() {
            Some(message) => part_refused(&sent, message),
            None => accepted(&sent, request.body.trim()),
        },
        Err(error) => {
            let (status, text) = refusal(&error, LANG);
            failure(status, &text)
        }
    }
}

fn accepted(sent: &Sent, text: &str) -> Response {
    let (parts, first) = (sent.parts.len(), sent.parts.first());
    let to = first.map(|message| message.to.as_str()).unwrap_or_default();
    let (status, words) = match (sent.standing, parts) {
        (Standing::Open, _) => (StatusCode::ACCEPTED, t!(LANG, "api.queued", to = to)),
        (_, 1) => (StatusCode::OK, t!(LANG, "api.sent", to = to)),
        (_, parts) => (StatusCode::OK, t!(LANG, "api.sent_in_parts", to = to, parts = parts)),
    };
    let mut body = json!({
        "success": true,
        "sid": first.and_then(|message| message.sid.as_ref()),
        "status": sent_status(sent),
        "parts": parts,
        "characters": text.chars().count(),
        "message": words,
    });
    if let (Value::Object(fields), true) = (&mut body, parts > 1) {
        let sids = sent.parts.iter().map(|message| json!(message.sid)).collect();
        fields.insert("sids".to_owned(), Value::Array(sids));
    }
    show_folding(&mut body, sent);
    (status, Json(body)).into_response()
}

/// What folding saved, for a caller who asked for it.
pub(super) fn show_folding(body: &mut Value, sent: &Sent) {
    if let (Value::Object(fields), Some(folding)) = (body, sent.folding) {
        let segments = json!({ "before": folding.before, "after": folding.after });
        fields.insert("segments".to_owned(), segments);
    }
}

/// Where a send that was not refused stands: no better than its worst part, and queued while one has not certainly
/// left.
pub(super) fn sent_status(sent: &Sent) -> &'static str {
    sent.worst().map_or("queued", DeliveryStatus::as_str)
}

fn part_refused(sent: &Sent, refused: &Message) -> Response {
    let error = error_text(refused, LANG).unwrap_or_else(|| refused.status.as_str().to_owned());
    let mut body = json!({ "success": false, "error": error });
    if let (Value::Object(fields), true) = (&mut body, sent.parts.len() > 1) {
        fields.insert("parts_sent".to_owned(), sent.accepted().into());
    }
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// The answer to a send that was not written down.
pub(in crate::web) fn refusal(error: &SendError, lang: Lang) -> (StatusCode, String) {
    let (status, text) = match error {
        SendError::NoRecipient => (StatusCode::BAD_REQUEST, t!(lang, "api.send.no_recipient")),
        SendError::NoText | SendError::NothingToSend => {
            (StatusCode::BAD_REQUEST, t!(lang, "api.send.no_text"))
        }
        SendError::TooLong(chars) => {
            let text = t!(lang, "api.send.too_long", chars = chars, limit = LONGEST);
            return (StatusCode::BAD_REQUEST, text);
        }
        SendError::TooManyParts(parts) => {
            let text = t!(lang, "api.send.too_many_parts", parts = parts, most = MOST_PARTS);
            return (StatusCode::BAD_REQUEST, text);
        }
        SendError::Template(error) => {
            let why = template_words(error, lang);
            return (StatusCode::BAD_REQUEST, t!(lang, "api.send.bad_template", error = why));
        }
        SendError::Recipient(_) => (StatusCode::BAD_REQUEST, t!(lang, "api.send.bad_number")),
        SendError::Media => (StatusCode::BAD_REQUEST, t!(lang, "api.send.bad_media")),
        SendError::BadService => (StatusCode::BAD_REQUEST, t!(lang, "api.send.bad_service")),
        SendError::NoService => (StatusCode::BAD_REQUEST, t!(lang, "api.send.no_service")),
        SendError::SenderChannel => (StatusCode::BAD_REQUEST, t!(lang, "api.send.sender_channel")),
        SendError::NotWhatsApp => (StatusCode::CONFLICT, t!(lang, "chat.template.not_whatsapp")),
        SendError::Unconfigured => (StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.send.unconfigured")),
        SendError::Blocked(blocked) => {
            let word = blocked.as_str();
            (StatusCode::CONFLICT, reason(lang, word).unwrap_or(word))
        }
        SendError::Gone => (StatusCode::GONE, t!(lang, "api.send.gone")),
        SendError::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, t!(lang, "api.send.key_reused")),
        SendError::Store(fault) => {
            tracing::error!(error = %fault, "a message could not be written");
            (StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.store_fault"))
        }
    };
    (status, text.to_owned())
}

fn template_words(error: &TemplateError, lang: Lang) -> String {
    match error {
        TemplateError::Sid => t!(lang, "api.template.sid").to_owned(),
        TemplateError::NotAnObject => t!(lang, "api.template.no_object").to_owned(),
        TemplateError::NotAString(name) => t!(lang, "api.template.no_text", name = name),
        TemplateError::TooLong => t!(lang, "api.template.long", most = TEMPLATE_LONGEST),
    }
}

fn failure(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "success": false, "error": error }))).into_response()
}
