//! `/api/auto-reply/config`: the classic auto-reply, in the original's shape.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::settings::{AUTO_REPLY_MAX_CHARS, AutoReply, AutoReplyError};
use hub_store::By;
use serde_json::json;

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
};
use crate::{
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn show(State(web): State<Web>) -> Response {
    match web.app.auto_reply().await {
        Ok(setting) => shown(&setting),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn change(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let lang = LANG;
    let enabled = body.truth("enabled")?;
    Ok(match web.app.change_auto_reply(enabled, body.text("message"), by).await {
        Ok(Ok(setting)) => shown(&setting),
        Ok(Err(AutoReplyError::EmptyMessage)) => {
            api_error(StatusCode::BAD_REQUEST, t!(lang, "api.auto_reply.empty"))
        }
        Ok(Err(AutoReplyError::TooLong)) => {
            let text = t!(lang, "api.auto_reply.too_long", limit = AUTO_REPLY_MAX_CHARS);
            api_error(StatusCode::BAD_REQUEST, &text)
        }
        Err(error) => store_fault(&error),
    })
}

fn shown(setting: &AutoReply) -> Response {
    Json(json!({ "enabled": setting.enabled, "message": setting.message })).into_response()
}

fn store_fault(error: &hub_store::StoreError) -> Response {
    tracing::error!(%error, "the auto-reply setting could not be read or saved");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}
