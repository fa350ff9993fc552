//! `/ai/playground`: ask as a customer would. Nothing is sent and nothing kept.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::assistant::{Passage, output::Verdict};
use serde::Deserialize;

use super::{
    super::{Shell, html},
    Piece, Source, store_fault, trouble,
};
use crate::{
    app::{
        assistant::{Answer, AssistantError, kept},
        auth::Viewer,
    },
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "ai_playground.html")]
struct PlaygroundPage {
    shell: Shell,
    source: Source,
    question: String,
    refused: Option<String>,
    tried: Option<Tried>,
    passages: Vec<Piece>,
}

/// What a model would say.
struct Tried {
    words: String,
    /// What would become of it.
    verdict: &'static str,
    would_be_sent: bool,
    model: String,
}

/// The question as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Question {
    question: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    let source = match web.app.assistant().await {
        Ok(view) => Source::of(&web, view.has_key),
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let question = String::new();
    let page = PlaygroundPage { shell, source, question, refused: None, tried: None, passages: Vec::new() };
    html(StatusCode::OK, &page)
}

pub(crate) async fn ask(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(Question { question }): Form<Question>,
) -> Response {
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let (source, lang) = (Source::of(&web, view.has_key), shell.lang);
    let outcome = if question.trim().is_empty() {
        Err(t!(lang, "ai.play.nothing").to_owned())
    } else {
        let asked = web.app.playground(&view.settings, question.trim()).await;
        asked.map_err(|error| trouble(lang, &error)).and_then(|answer| tried(lang, answer))
    };
    let (status, page) = match outcome {
        Ok((tried, passages)) => (
            StatusCode::OK,
            PlaygroundPage { shell, source, question, refused: None, tried: Some(tried), passages },
        ),
        Err(why) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            PlaygroundPage { shell, source, question, refused: Some(why), tried: None, passages: Vec::new() },
        ),
    };
    html(status, &page)
}

fn tried(lang: Lang, answer: Answer) -> Result<(Tried, Vec<Piece>), String> {
    let judged = answer.judged.map_err(|error| trouble(lang, &AssistantError::Model(error)))?;
    let (verdict, words) = match judged.verdict {
        Verdict::Say(text) => (t!(lang, "ai.play.say"), Some(text)),
        Verdict::HandOver => (t!(lang, "ai.play.handover"), None),
        Verdict::Unfit(_) => (t!(lang, "ai.play.unfit"), None),
    };
    // What is kept as JSON was written by us; of what can't be read there is nothing to show.
    let passages: Vec<Passage> = kept(&answer.receipt.passages);
    let tried = Tried {
        would_be_sent: words.is_some(),
        words: words.unwrap_or(judged.words),
        verdict,
        model: answer.receipt.model,
    };
    Ok((tried, passages.into_iter().map(|passage| Piece::of(lang, passage)).collect()))
}
