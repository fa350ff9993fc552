//! `POST /api/send-message`: one message with everything Twilio takes, in the original's shape.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use hub_domain::message::Origin;
use serde_json::json;

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
    messages::{error_text, refusal, sent_status, show_folding},
    send_key::send_key,
};
use crate::{
    app::{
        send::{SendError, Sent, Standing, Through},
        send_message::MessageRequest,
    },
    t,
    web::{Web, access::Caller, error::api_error},
};

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Ok(key) = send_key(&headers, caller, "send-message", &body) else {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.send.bad_key")));
    };
    Ok(match web.app.send_message(&request(&body)?, key).await {
        Ok(sent) => answer(&sent),
        // English, as the original has it.
        Err(SendError::NoRecipient) => api_error(StatusCode::BAD_REQUEST, "Field 'to' is required."),
        Err(SendError::NothingToSend) => api_error(
            StatusCode::BAD_REQUEST,
            "Provide at least one of: 'body', 'content_sid', or 'media_urls'.",
        ),
        Err(error) => {
            let (status, text) = refusal(&error, LANG);
            api_error(status, &text)
        }
    })
}

fn request(body: &JsonBody) -> Result<MessageRequest, NoSwitch> {
    let through = match body.filled("messaging_service_sid") {
        Some(sid) => Through::ThisService(sid),
        None if body.truth("use_messaging_service")? => Through::Service,
        None => Through::NumberFirst,
    };
    Ok(MessageRequest {
        to: body.text("to"),
        body: body.text("body"),
        fold: body.truth("fold")?,
        media_urls: body.texts("media_urls"),
        content_sid: body.filled("content_sid"),
        content_variables: body.json_text("content_variables"),
        through,
        origin: Origin::Api,
    })
}

fn answer(sent: &Sent) -> Response {
    if let Some(message) = sent.refused() {
        let error = error_text(message, LANG).unwrap_or_else(|| message.status.as_str().to_owned());
        return api_error(StatusCode::INTERNAL_SERVER_ERROR, &error);
    }
    let status = if sent.standing == Standing::Open { StatusCode::ACCEPTED } else { StatusCode::OK };
    let message = sent.parts.first();
    let mut body = json!({
        "sid": message.and_then(|message| message.sid.as_ref()),
        "status": sent_status(sent),
    });
    show_folding(&mut body, sent);
    (status, Json(body)).into_response()
}
