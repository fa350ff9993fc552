//! `POST /inbox/send`: the composer as a form. The script sends the same to `/api/inbox/messages`.

use axum::{
    Extension, Form,
    extract::{Query as Asked, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    ids::{ContactId, MessageId},
    message::Origin,
    whatsapp::Template,
};
use serde::Deserialize;

use super::{
    back_to, page, person,
    place::{Query, thread_path},
};
use crate::{
    app::{
        auth::Viewer,
        by_hand::{HandRequest, HandTarget},
        send::SendError,
    },
    t,
    web::{
        Web,
        api::messages::refusal,
        panel::{
            Shell, fault, html,
            shell::is_fragment,
            toast::{Tone, with_toast},
        },
    },
};

/// A text as the form posts it.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    id: String,
    #[serde(default)]
    contact: i64,
    #[serde(default)]
    to: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    fold: bool,
    #[serde(default)]
    content_sid: String,
    #[serde(default)]
    variables: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(written): Form<Written>,
) -> Response {
    let sent = match request(&written, &viewer) {
        Ok(request) => web.app.send_by_hand(request).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(_) if is_fragment(&headers) => {
            with_toast(StatusCode::NO_CONTENT, Tone::Good, t!(shell.lang, "chat.sent"))
        }
        // The number as Twilio writes it leads to the thread that has just begun.
        Ok(parts) => match parts.first().filter(|_| written.contact == 0) {
            Some(first) => Redirect::to(&thread_path(person::other(first))).into_response(),
            None => Redirect::to(back_to(&written.back)).into_response(),
        },
        Err(error) => again(&web, &viewer, &headers, shell, written, &error).await,
    }
}

fn request(written: &Written, viewer: &Viewer) -> Result<HandRequest, SendError> {
    let template = match written.content_sid.trim() {
        "" => None,
        sid => Some(Template::new(sid, variables(&written.variables))?),
    };
    let to = if written.contact == 0 {
        HandTarget::Typed(written.to.clone())
    } else {
        HandTarget::Contact(ContactId(written.contact))
    };
    Ok(HandRequest {
        id: written.id.parse().map(MessageId).map_err(|_| SendError::KeyReused)?,
        to,
        body: written.body.replace("\r\n", "\n"),
        template,
        fold: written.fold,
        origin: Origin::Human,
        author: Some(viewer.user),
    })
}

/// A line a variable, the first is `1`.
fn variables(lines: &str) -> std::collections::BTreeMap<String, String> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    (1..).zip(lines).map(|(number, line)| (number.to_string(), line.to_owned())).collect()
}

/// The page with the text still in it, and why it was not sent.
async fn again(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    mut shell: Shell,
    written: Written,
    error: &SendError,
) -> Response {
    let (status, why) = refusal(error, shell.lang);
    if is_fragment(headers) {
        return with_toast(status, Tone::Bad, &why);
    }
    let back = back_to(&written.back);
    let uri: Uri = back.parse().unwrap_or_default();
    let query = Asked::<Query>::try_from_uri(&uri).map(|Asked(query)| query).unwrap_or_default();
    back.clone_into(&mut shell.back);
    match page(web, shell, &query, Some(written.to)).await {
        Ok(Some(mut page)) => {
            if let Some(open) = page.open.take() {
                let composer = open.composer.refused(written.body, why);
                page.open = Some(super::Thread { composer, ..open });
            }
            html(status, &page)
        }
        Ok(None) => fault::refused(web, headers, viewer, status, &why),
        Err(error) => {
            tracing::error!(%error, "the inbox could not be read");
            fault::store(web, headers, Some(viewer))
        }
    }
}
