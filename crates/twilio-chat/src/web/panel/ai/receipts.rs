//! `/ai/receipts`: what models were asked and wrote. The prompt is for admins alone.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::assistant::{
    Passage,
    prompt::{PromptMessage, PromptRole},
};
use hub_store::{NewCase, Receipt};
use serde::Deserialize;

use super::{
    super::{Shell, fault, html, moment, words},
    Piece, Source, store_fault,
};
use crate::{
    app::{assistant, auth::Viewer},
    i18n::Lang,
    t,
    web::Web,
};

/// Receipts on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "ai_receipts.html")]
struct ReceiptsPage {
    shell: Shell,
    source: Source,
    receipts: Vec<Line>,
    is_first: bool,
    /// The row below which the next page begins.
    more: Option<i64>,
}

/// What a receipt says in a list, and over its own page.
struct Line {
    id: i64,
    asked: String,
    words: Option<String>,
    error: Option<String>,
    redacted: bool,
    purpose: String,
    decision: String,
    model: String,
    tokens: String,
    cost: Option<String>,
    millis: u32,
    at: String,
}

#[derive(Template)]
#[template(path = "ai_receipt.html")]
struct ReceiptPage {
    shell: Shell,
    source: Source,
    line: Line,
    passages: Vec<Piece>,
    /// `None`: not for this person.
    prompt: Option<Vec<Said>>,
    /// What should have been said, as typed.
    expected: String,
    refused: Option<&'static str>,
}

/// A message of the prompt.
struct Said {
    by: &'static str,
    text: String,
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    pub(super) before: Option<i64>,
}

pub(crate) async fn list(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    shell: Shell,
) -> Response {
    let (view, page) = match tokio::try_join!(web.app.assistant(), web.app.receipts_page(asked.before, SHOWN))
    {
        Ok(read) => read,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let receipts = page.items.iter().map(|receipt| line(&web, shell.lang, receipt)).collect();
    let source = Source::of(&web, view.has_key);
    let is_first = asked.before.is_none();
    html(StatusCode::OK, &ReceiptsPage { shell, source, receipts, is_first, more: page.next })
}

fn line(web: &Web, lang: Lang, receipt: &Receipt) -> Line {
    let tokens = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    Line {
        id: receipt.id,
        asked: assistant::asked(receipt),
        words: receipt.words.clone(),
        error: receipt.error.clone(),
        redacted: receipt.redacted,
        purpose: purpose(lang, &receipt.purpose),
        decision: decision(lang, &receipt.decision),
        model: receipt.model.clone(),
        tokens: format!("{} + {}", tokens(receipt.prompt_tokens), tokens(receipt.completion_tokens)),
        cost: receipt.cost.map(|cost| words::amount(lang, cost)),
        millis: receipt.millis,
        at: moment(web, receipt.created_at),
    }
}

fn purpose(lang: Lang, word: &str) -> String {
    match word {
        "answer" => t!(lang, "ai.purpose.answer"),
        "draft" => t!(lang, "ai.purpose.draft"),
        "news" => t!(lang, "ai.purpose.news"),
        "knowledge" => t!(lang, "ai.purpose.knowledge"),
        "send" => t!(lang, "ai.purpose.send"),
        other => other,
    }
    .to_owned()
}

fn decision(lang: Lang, word: &str) -> String {
    // A word of a newer program, whose file this one reads, has no sentence here.
    crate::i18n::decision(lang, word).unwrap_or(word).to_owned()
}

pub(crate) async fn show(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(id): Path<i64>,
    shell: Shell,
) -> Response {
    match web.app.receipt(id).await {
        Ok(Some(receipt)) => render(&web, &viewer, &headers, shell, &receipt, String::new(), None).await,
        Ok(None) => gone(&web, &headers, &viewer, shell.lang),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    receipt: &Receipt,
    expected: String,
    refused: Option<&'static str>,
) -> Response {
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(web, headers, viewer, &error),
    };
    let passages: Vec<Passage> = assistant::kept(&receipt.passages);
    let page = ReceiptPage {
        source: Source::of(web, view.has_key),
        line: line(web, shell.lang, receipt),
        passages: passages.into_iter().map(|passage| Piece::of(shell.lang, passage)).collect(),
        prompt: shell.is_admin().then(|| prompt(shell.lang, &receipt.prompt)),
        expected,
        refused,
        shell,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, &page)
}

fn prompt(lang: Lang, kept: &str) -> Vec<Said> {
    let messages: Vec<PromptMessage> = assistant::kept(kept);
    let said = |message: PromptMessage| Said {
        by: match message.role {
            PromptRole::System => t!(lang, "ai.prompt.system"),
            PromptRole::User => t!(lang, "ai.prompt.user"),
            PromptRole::Assistant => t!(lang, "ai.prompt.assistant"),
        },
        text: message.content,
    };
    messages.into_iter().map(said).collect()
}

fn gone(web: &Web, headers: &HeaderMap, viewer: &Viewer, lang: Lang) -> Response {
    fault::refused(web, headers, viewer, StatusCode::NOT_FOUND, t!(lang, "ai.receipt.gone"))
}

/// What should have been said.
#[derive(Debug, Deserialize)]
pub(crate) struct CaseForm {
    #[serde(default)]
    expected: String,
}

pub(crate) async fn save_case(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(id): Path<i64>,
    shell: Shell,
    Form(form): Form<CaseForm>,
) -> Response {
    let receipt = match web.app.receipt(id).await {
        Ok(Some(receipt)) => receipt,
        Ok(None) => return gone(&web, &headers, &viewer, shell.lang),
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let expected = form.expected.trim();
    let question = assistant::asked(&receipt).trim().to_owned();
    let refused = match (question.is_empty(), expected.is_empty()) {
        (true, _) => Some(t!(shell.lang, "ai.case.no_question")),
        (false, true) => Some(t!(shell.lang, "ai.case.nothing")),
        (false, false) => None,
    };
    if refused.is_some() {
        return render(&web, &viewer, &headers, shell, &receipt, form.expected, refused).await;
    }
    let said = receipt.words.unwrap_or_default();
    match web.app.save_case(NewCase { question, said, expected: expected.to_owned() }).await {
        Ok(_) => Redirect::to(&format!("/ai/receipts/{id}?done=ai-case")).into_response(),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}
