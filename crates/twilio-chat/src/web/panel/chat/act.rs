//! What a person does to a thread or a message, as forms: each is done, said, and leads back to where it was asked.

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    ids::ContactId,
    message::{ConversationMode, Origin},
    takeover,
};
use hub_store::{ConsentByHand, Retried, StoreError};
use serde::Deserialize;

use super::back_to;
use crate::{
    app::{auth::Viewer, send::SendError},
    i18n::Lang,
    t,
    web::{
        Web,
        api::messages::refusal,
        panel::{
            fault,
            shell::{done_words, is_fragment},
            toast::{Tone, with_toast},
            with_done,
        },
    },
};

/// The fields of these forms; each has some.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Fields {
    #[serde(default)]
    pub(super) back: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    unread: bool,
    #[serde(default)]
    consent: String,
    #[serde(default)]
    note: String,
}

/// Who asks, and how: what every answer needs.
#[derive(Debug)]
pub(super) struct Asker {
    pub(super) web: Web,
    pub(super) viewer: Viewer,
    pub(super) headers: HeaderMap,
}

pub(crate) async fn mode(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let asker = Asker { web, viewer, headers };
    let Some(mode) = ConversationMode::parse(&fields.mode) else {
        return asker.refuse(StatusCode::BAD_REQUEST, t!(asker.lang(), "inbox.bad_mode"));
    };
    let now = asker.web.app.world().now();
    // A takeover lasts as long as one by writing does; a draft mode stays until somebody changes it.
    let until = (mode == ConversationMode::Human).then(|| now.saturating_add(takeover::LASTS).ok()).flatten();
    let done = asker.web.app.change_mode(ContactId(contact), mode, until).await;
    asker.answer(done, &fields.back, "chat-mode")
}

pub(crate) async fn name(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let done = web.app.rename(ContactId(contact), &fields.name, Some(viewer.user)).await;
    Asker { web, viewer, headers }.answer(done, &fields.back, "chat-name")
}

pub(crate) async fn unread(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let contact = ContactId(contact);
    let (done, word) = if fields.unread {
        (web.app.mark_unread(contact, None).await, "chat-unread")
    } else {
        (web.app.mark_read(contact, i64::MAX).await, "chat-read")
    };
    Asker { web, viewer, headers }.answer(done, &fields.back, word)
}

pub(crate) async fn done(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let done = web.app.seen_to(ContactId(contact)).await;
    Asker { web, viewer, headers }.answer(done, &fields.back, "chat-done")
}

pub(crate) async fn consent(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let asker = Asker { web, viewer, headers };
    let note = fields.note.trim().to_owned();
    let (consent, word) = match (fields.consent.as_str(), note.is_empty()) {
        ("out", _) => (ConsentByHand::OptOut { note }, "chat-opt-out"),
        ("in", false) => (ConsentByHand::Reopen { consent: note }, "chat-opt-in"),
        _ => return asker.refuse(StatusCode::BAD_REQUEST, t!(asker.lang(), "inbox.no_consent")),
    };
    let by = Some(asker.viewer.user);
    let done = asker.web.app.record_consent(ContactId(contact), consent, by).await;
    asker.answer(done, &fields.back, word)
}

pub(crate) async fn retry(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(row): Path<i64>,
    Form(fields): Form<Fields>,
) -> Response {
    let id = web.app.world().message_id();
    let retried = web.app.retry(row, id, Origin::Human, Some(viewer.user)).await;
    let asker = Asker { web, viewer, headers };
    let lang = asker.lang();
    match retried {
        Ok(Retried::Queued(_) | Retried::Repeated(_)) => asker.answer(Ok(()), &fields.back, "chat-retried"),
        Ok(Retried::Before(_)) => asker.refuse(StatusCode::CONFLICT, t!(lang, "inbox.retried_before")),
        Ok(Retried::NotFailed(_)) => asker.refuse(StatusCode::CONFLICT, t!(lang, "inbox.not_failed")),
        Ok(Retried::Gone) => asker.refuse(StatusCode::GONE, t!(lang, "api.send.gone")),
        Ok(Retried::OtherMessage) => asker.refuse(StatusCode::CONFLICT, t!(lang, "inbox.id_taken")),
        Ok(Retried::NotFound) => asker.answer(Err(StoreError::NotFound("message")), &fields.back, ""),
        Ok(Retried::Blocked(blocked)) => {
            let (status, why) = refusal(&SendError::Blocked(blocked), lang);
            asker.refuse(status, &why)
        }
        Err(error) => asker.answer(Err(error), &fields.back, ""),
    }
}

impl Asker {
    pub(super) fn lang(&self) -> Lang {
        self.web.settings.lang.or_chosen(self.viewer.language)
    }

    /// Back to where it was asked, saying that it is done; a script is told in a notice, and reads again what changed.
    pub(super) fn answer(&self, done: Result<(), StoreError>, back: &str, word: &str) -> Response {
        match done {
            Ok(()) if is_fragment(&self.headers) => {
                let words = done_words(word, self.lang()).unwrap_or_default();
                with_toast(StatusCode::NO_CONTENT, Tone::Good, words)
            }
            Ok(()) => Redirect::to(&with_done(back_to(back), word)).into_response(),
            Err(StoreError::NotFound(_)) => fault::nobody(&self.web, &self.headers, &self.viewer),
            Err(error) => {
                tracing::error!(%error, "a thread could not be changed");
                fault::store(&self.web, &self.headers, Some(&self.viewer))
            }
        }
    }

    /// Why it was not done.
    pub(super) fn refuse(&self, status: StatusCode, why: &str) -> Response {
        fault::refused(&self.web, &self.headers, &self.viewer, status, why)
    }
}
