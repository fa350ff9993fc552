//! Deleting a message or everything said with a person: at Twilio first, then here. A page asks whether one is sure.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::ids::ContactId;

use super::{
    act::{Asker, Fields},
    back_to, person,
};
use crate::{
    app::{
        auth::Viewer,
        remote::{DeletedConversation, RemoteError},
    },
    t,
    web::{
        Web,
        panel::{Shell, fault, html},
    },
};

/// The question before something final.
#[derive(Template)]
#[template(path = "chat/sure.html")]
struct Sure {
    shell: Shell,
    question: String,
    about: &'static str,
    action: String,
    back: String,
}

pub(crate) async fn sure_to_delete(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Asked(fields): Asked<Fields>,
    shell: Shell,
) -> Response {
    match web.app.inbox_line(ContactId(contact)).await {
        Ok(Some(line)) => {
            let question =
                t!(shell.lang, "chat.delete.sure", name = person::name(&line), count = line.message_count);
            let about = t!(shell.lang, "chat.delete.about");
            let action = format!("/inbox/{contact}/delete");
            let back = back_to(&fields.back).to_owned();
            html(StatusCode::OK, &Sure { shell, question, about, action, back })
        }
        Ok(None) => fault::nobody(&web, &headers, &viewer),
        Err(error) => Asker { web, viewer, headers }.answer(Err(error), "", ""),
    }
}

pub(crate) async fn sure_to_delete_message(
    Path(row): Path<i64>,
    Asked(fields): Asked<Fields>,
    shell: Shell,
) -> Response {
    let question = t!(shell.lang, "chat.delete_message.sure").to_owned();
    let about = t!(shell.lang, "chat.delete.about");
    let (action, back) = (format!("/inbox/messages/{row}/delete"), back_to(&fields.back).to_owned());
    html(StatusCode::OK, &Sure { shell, question, about, action, back })
}

pub(crate) async fn delete(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
) -> Response {
    let deleted = web.app.delete_conversation(ContactId(contact)).await;
    let asker = Asker { web, viewer, headers };
    let lang = asker.lang();
    match deleted {
        Ok(DeletedConversation::Done(_)) => asker.answer(Ok(()), "/chat", "chat-deleted"),
        Ok(DeletedConversation::NotFound) => fault::nobody(&asker.web, &asker.headers, &asker.viewer),
        Ok(DeletedConversation::WithoutSid(_)) => {
            asker.refuse(StatusCode::CONFLICT, t!(lang, "api.conversation.without_sid"))
        }
        Ok(DeletedConversation::Failed(_)) => {
            asker.refuse(StatusCode::BAD_GATEWAY, t!(lang, "api.conversation.failed"))
        }
        Err(error) => failed(&asker, error),
    }
}

pub(crate) async fn delete_message(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(row): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let deleted = web.app.delete_message(&row.to_string()).await;
    let asker = Asker { web, viewer, headers };
    match deleted {
        Ok(_) => asker.answer(Ok(()), &fields.back, "chat-deleted-message"),
        Err(error) => failed(&asker, error),
    }
}

fn failed(asker: &Asker, error: RemoteError) -> Response {
    let lang = asker.lang();
    match error {
        RemoteError::Store(error) => asker.answer(Err(error), "", ""),
        RemoteError::NotFound => fault::nobody(&asker.web, &asker.headers, &asker.viewer),
        RemoteError::OnItsWay | RemoteError::NotOurs => {
            asker.refuse(StatusCode::CONFLICT, t!(lang, "chat.delete.on_its_way"))
        }
        RemoteError::Held => asker.refuse(StatusCode::CONFLICT, t!(lang, "chat.delete.held")),
        RemoteError::PartWaits(_) => asker.refuse(StatusCode::CONFLICT, t!(lang, "chat.delete.part_waits")),
        RemoteError::Unconfigured => {
            asker.refuse(StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.send.unconfigured"))
        }
        error @ (RemoteError::Unconfirmed | RemoteError::Twilio(_)) => {
            tracing::warn!(%error, "Twilio did not delete a message");
            asker.refuse(StatusCode::BAD_GATEWAY, t!(lang, "api.conversation.failed"))
        }
    }
}
