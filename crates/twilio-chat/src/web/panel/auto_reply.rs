//! `/auto-reply`: the classic auto-reply, the business hours with their own text, and what a customer gets now.
//! Everybody may look, admins change.

mod hours;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{RawForm, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::settings::{AUTO_REPLY_MAX_CHARS, AutoReplyError};
use hub_store::StoreError;
use serde::Deserialize;

use self::hours::HoursForm;
use super::{Shell, fault, html, seen};
use crate::{
    app::{assistant::AssistantView, auth::Viewer, auto_reply::AnswerNow},
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "auto_reply.html")]
struct AutoReplyPage {
    shell: Shell,
    text: TextForm,
    hours: HoursForm,
    refused: Option<Refused>,
    now: &'static str,
    /// The messages a customer would get now, when they are known.
    bubbles: Vec<String>,
    assistant_on: bool,
    has_assistant_page: bool,
}

/// The auto-reply's form, as it is set or was typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TextForm {
    /// A ticked box is posted, whatever its value.
    enabled: Option<String>,
    #[serde(default)]
    body: String,
    /// The mark of what the form was filled with.
    #[serde(default)]
    seen: String,
}

/// Which form was refused, and why.
enum Refused {
    Text(String),
    Hours(String),
}

impl AutoReplyPage {
    fn text_refused(&self) -> Option<&str> {
        match &self.refused {
            Some(Refused::Text(why)) => Some(why),
            Some(Refused::Hours(_)) | None => None,
        }
    }

    fn hours_refused(&self) -> Option<&str> {
        match &self.refused {
            Some(Refused::Hours(why)) => Some(why),
            Some(Refused::Text(_)) | None => None,
        }
    }
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    match read(&web, shell).await {
        Ok(page) => html(StatusCode::OK, &page),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

async fn read(web: &Web, shell: Shell) -> Result<AutoReplyPage, StoreError> {
    let setting = web.app.auto_reply().await?;
    let AssistantView { settings: assistant, .. } = web.app.assistant().await?;
    let (now, bubbles) = now_words(shell.lang, web.app.answer_now().await?);
    Ok(AutoReplyPage {
        text: TextForm {
            enabled: setting.enabled.then(String::new),
            seen: seen::mark(&setting),
            body: setting.message,
        },
        hours: HoursForm::of(&web.app.hours().await?, shell.lang),
        refused: None,
        now,
        bubbles,
        assistant_on: assistant.enabled,
        has_assistant_page: web.has_page("/ai"),
        shell,
    })
}

fn now_words(lang: Lang, answer: AnswerNow) -> (&'static str, Vec<String>) {
    match answer {
        AnswerNow::SwitchedOff => (t!(lang, "replies.now.switched_off"), Vec::new()),
        AnswerNow::Assistant => (t!(lang, "replies.now.assistant"), Vec::new()),
        AnswerNow::Away(parts) => (t!(lang, "replies.now.away"), parts),
        AnswerNow::AutoReply(parts) => (t!(lang, "replies.now.auto_reply"), parts),
        AnswerNow::Bot => (t!(lang, "replies.now.bot"), Vec::new()),
        AnswerNow::Nothing => (t!(lang, "replies.now.nothing"), Vec::new()),
    }
}

pub(crate) async fn change(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<TextForm>,
) -> Response {
    let (enabled, lang) = (typed.enabled.is_some(), shell.lang);
    match web.app.auto_reply().await {
        Ok(setting) if seen::are_others(&setting, &typed.seen) => {
            let typed = TextForm { seen: seen::mark(&setting), ..typed };
            let why = t!(lang, "panel.changed_elsewhere").to_owned();
            return not_saved(&web, &viewer, &headers, shell, StatusCode::CONFLICT, typed, why).await;
        }
        Ok(_) => {}
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    }
    let saved = web.app.change_auto_reply(enabled, typed.body.replace("\r\n", "\n"), viewer.by()).await;
    let why = match saved {
        Ok(Ok(_)) if enabled => return Redirect::to("/auto-reply?done=auto-reply-on").into_response(),
        Ok(Ok(_)) => return Redirect::to("/auto-reply?done=auto-reply-off").into_response(),
        Ok(Err(AutoReplyError::EmptyMessage)) => t!(lang, "api.auto_reply.empty").to_owned(),
        Ok(Err(AutoReplyError::TooLong)) => t!(lang, "api.auto_reply.too_long", limit = AUTO_REPLY_MAX_CHARS),
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    not_saved(&web, &viewer, &headers, shell, StatusCode::UNPROCESSABLE_ENTITY, typed, why).await
}

/// The page with what was typed, and why it was not saved.
async fn not_saved(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    status: StatusCode,
    text: TextForm,
    why: String,
) -> Response {
    match read(web, shell).await {
        Ok(page) => html(status, &AutoReplyPage { text, refused: Some(Refused::Text(why)), ..page }),
        Err(error) => store_fault(web, headers, viewer, &error),
    }
}

pub(crate) async fn hours(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    RawForm(form): RawForm,
) -> Response {
    let lang = shell.lang;
    let typed = HoursForm::posted(&form, lang);
    let why = match typed.read() {
        Err(day) => t!(lang, "replies.hours.bad", day = day),
        Ok(hours) => match web.app.change_hours(hours.into(), viewer.by()).await {
            Ok(Ok(_)) => return Redirect::to("/auto-reply?done=hours").into_response(),
            Ok(Err(_)) => t!(lang, "api.hours.long").to_owned(),
            Err(error) => return store_fault(&web, &headers, &viewer, &error),
        },
    };
    match read(&web, shell).await {
        Ok(page) => refused(&AutoReplyPage { hours: typed, refused: Some(Refused::Hours(why)), ..page }),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

fn refused(page: &AutoReplyPage) -> Response {
    html(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn store_fault(web: &Web, headers: &HeaderMap, viewer: &Viewer, error: &StoreError) -> Response {
    tracing::error!(%error, "the auto-reply or the hours could not be read or saved");
    fault::store(web, headers, Some(viewer))
}
