//! Writing to a number from the dashboard: a plain form, which may be sent twice and is one message.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{ids::MessageId, message::Origin};
use serde::Deserialize;

use super::{
    super::{Shell, fault, shell::local, with_done},
    choice::{Choice, Query},
    render,
};
use crate::{
    app::{
        auth::Viewer,
        by_hand::{HandRequest, HandTarget},
        send::SendError,
    },
    i18n::Lang,
    t,
    web::{Web, api::messages::refusal},
};

/// The form, as it was filled in.
#[derive(Debug, Template)]
#[template(path = "desk_send.html")]
pub(super) struct QuickSend {
    lang: Lang,
    /// There is an account to send with.
    open: bool,
    id: String,
    back: String,
    to: String,
    body: String,
    refused: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    id: String,
    to: String,
    body: String,
    #[serde(default)]
    back: String,
}

impl QuickSend {
    pub(super) fn empty(web: &Web, shell: &Shell) -> Self {
        Self {
            lang: shell.lang,
            open: web.app.is_configured(),
            id: web.app.new_message_id().to_string(),
            back: shell.back.clone(),
            to: String::new(),
            body: String::new(),
            refused: None,
        }
    }
}

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<Typed>,
) -> Response {
    let Ok(id) = typed.id.trim().parse().map(MessageId) else {
        return refused(&web, shell, typed, &SendError::KeyReused).await;
    };
    let request = HandRequest {
        id,
        to: HandTarget::Typed(typed.to.clone()),
        body: typed.body.clone(),
        template: None,
        fold: false,
        origin: Origin::Human,
        author: Some(viewer.user),
    };
    match web.app.send_by_hand(request).await {
        Ok(_) => Redirect::to(&with_done(local(&typed.back), "queued")).into_response(),
        Err(SendError::Store(error)) => {
            tracing::error!(%error, "a message could not be written");
            fault::store(&web, &headers, Some(&viewer))
        }
        Err(error) => refused(&web, shell, typed, &error).await,
    }
}

/// The page again, with what was typed and why it did not go.
async fn refused(web: &Web, mut shell: Shell, typed: Typed, error: &SendError) -> Response {
    let (status, words) = if matches!(error, SendError::KeyReused) {
        (StatusCode::CONFLICT, t!(shell.lang, "desk.send.again").to_owned())
    } else {
        refusal(error, shell.lang)
    };
    let back = local(&typed.back).to_owned();
    let choice = Choice::from(Query::of(&back));
    shell.back = back;
    let form =
        QuickSend { to: typed.to, body: typed.body, refused: Some(words), ..QuickSend::empty(web, &shell) };
    render(web, status, shell, choice, form).await
}
