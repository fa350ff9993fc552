//! A person's decision about a held message, as a form: send it after all, or drop it.

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::message::Message;
use hub_store::StoreError;

use super::act::{Asker, Fields};
use crate::{
    app::{auth::Viewer, held::HeldError, send::SendError},
    t,
    web::{Web, api::messages::refusal},
};

pub(crate) async fn approve(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(row): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let decided = match held(&web, row).await {
        Ok(message) => web.app.approve(&message).await,
        Err(error) => Err(error.into()),
    };
    answer(&Asker { web, viewer, headers }, decided, &fields.back, "chat-approved")
}

pub(crate) async fn discard(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(row): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let decided = match held(&web, row).await {
        Ok(message) => web.app.discard(&message).await,
        Err(error) => Err(error.into()),
    };
    answer(&Asker { web, viewer, headers }, decided, &fields.back, "chat-discarded")
}

async fn held(web: &Web, row: i64) -> Result<Message, StoreError> {
    web.app.named_message(&row.to_string()).await?.ok_or(StoreError::NotFound("message"))
}

fn answer(asker: &Asker, decided: Result<Message, HeldError>, back: &str, word: &str) -> Response {
    let lang = asker.lang();
    match decided {
        Ok(_) => asker.answer(Ok(()), back, word),
        Err(HeldError::NotHeld) => asker.refuse(StatusCode::CONFLICT, t!(lang, "api.not_held")),
        Err(HeldError::PartBeforeHeld) => {
            asker.refuse(StatusCode::CONFLICT, t!(lang, "reason.part_before_held"))
        }
        Err(HeldError::Blocked(blocked)) => {
            let (status, why) = refusal(&SendError::Blocked(blocked), lang);
            asker.refuse(status, &why)
        }
        Err(HeldError::Store(error)) => asker.answer(Err(error), back, ""),
    }
}
