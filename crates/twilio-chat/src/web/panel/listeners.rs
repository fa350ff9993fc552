//! `/listeners`: the words that are acted upon, with their answers, and a try of what a text would do.
//! Everybody may look and try, admins change.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::listeners::{ANY, BadWord, LONGEST_WORD, NEWS};
use hub_store::{ListenerChange, ListenerRecord, NewListener, StoreError};
use serde::Deserialize;

use super::{Shell, fault, html};
use crate::{
    app::{
        auth::Viewer,
        listeners::{LONGEST_ANSWER, Understood, WordRefused},
    },
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "listeners.html")]
struct ListenersPage {
    shell: Shell,
    built_in: Vec<BuiltIn>,
    words: Vec<WordLine>,
    /// Why a word was not changed.
    refused: Option<String>,
    add: AddForm,
    /// Why a new word was not added.
    add_refused: Option<String>,
    tried: Option<Tried>,
}

struct BuiltIn {
    id: i64,
    command: String,
    about: &'static str,
    enabled: bool,
}

struct WordLine {
    id: i64,
    word: String,
    answer: String,
    description: String,
    enabled: bool,
    /// Its form was refused: it stays open, with what was typed.
    open: bool,
}

struct Tried {
    text: String,
    words: &'static str,
    bubbles: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct AddForm {
    #[serde(default)]
    word: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    description: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChangeForm {
    id: i64,
    /// `save`, `on`, `off` or `delete`.
    action: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    description: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TryForm {
    #[serde(default)]
    text: String,
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

async fn read(web: &Web, shell: Shell) -> Result<ListenersPage, StoreError> {
    let (mut built_in, mut words) = (Vec::new(), Vec::new());
    for ListenerRecord { id, command, enabled, description, answer, .. } in web.app.listeners().await? {
        match answer {
            Some(answer) => {
                words.push(WordLine { id, word: command, answer, description, enabled, open: false });
            }
            None => {
                built_in.push(BuiltIn { id, about: built_in_words(shell.lang, &command), command, enabled });
            }
        }
    }
    let (refused, add_refused, tried) = (None, None, None);
    Ok(ListenersPage { shell, built_in, words, refused, add: AddForm::default(), add_refused, tried })
}

fn built_in_words(lang: Lang, command: &str) -> &'static str {
    match command {
        ANY => t!(lang, "replies.words.any"),
        command if command.eq_ignore_ascii_case(NEWS) => t!(lang, "replies.words.news"),
        _ => "",
    }
}

pub(crate) async fn add(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<AddForm>,
) -> Response {
    let new = NewListener {
        word: typed.word.trim().to_owned(),
        answer: posted(&typed.answer),
        description: typed.description.trim().to_owned(),
    };
    let why = match web.app.add_listener(new, viewer.by()).await {
        Ok(Ok(_)) => return Redirect::to("/listeners?done=word-added").into_response(),
        Ok(Err(refused)) => refusal(shell.lang, refused),
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    match read(&web, shell).await {
        Ok(page) => {
            let page = ListenersPage { add: typed, add_refused: Some(why), ..page };
            html(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

pub(crate) async fn change(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<ChangeForm>,
) -> Response {
    let changed = match &*typed.action {
        "delete" => {
            let deleted = web.app.delete_listener(typed.id, viewer.by()).await;
            deleted.map(|was_there| Ok(was_there.then_some("deleted")))
        }
        "on" | "off" => {
            let enabled = Some(typed.action == "on");
            let change = ListenerChange { enabled, ..ListenerChange::default() };
            let changed = web.app.change_listener(typed.id, change, viewer.by()).await;
            changed.map(|changed| {
                changed.map(|found| found.map(|_| if typed.action == "on" { "on" } else { "off" }))
            })
        }
        "save" => {
            let change = ListenerChange {
                enabled: None,
                description: Some(typed.description.trim().to_owned()),
                answer: Some(posted(&typed.answer)),
            };
            let changed = web.app.change_listener(typed.id, change, viewer.by()).await;
            changed.map(|changed| changed.map(|found| found.map(|_| "changed")))
        }
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    let why = match changed {
        Ok(Ok(Some(done))) => return Redirect::to(&format!("/listeners?done=word-{done}")).into_response(),
        Ok(Ok(None)) => t!(shell.lang, "replies.words.gone").to_owned(),
        Ok(Err(refused)) => refusal(shell.lang, refused),
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    match read(&web, shell).await {
        Ok(mut page) => {
            if let Some(word) = page.words.iter_mut().find(|word| word.id == typed.id) {
                (word.answer, word.description, word.open) = (typed.answer, typed.description, true);
            }
            html(StatusCode::UNPROCESSABLE_ENTITY, &ListenersPage { refused: Some(why), ..page })
        }
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

/// What would be said to a text; nothing is sent or kept.
pub(crate) async fn attempt(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<TryForm>,
) -> Response {
    let understood = match web.app.understood(&typed.text).await {
        Ok(understood) => understood,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let (words, bubbles) = understood_words(shell.lang, understood);
    match read(&web, shell).await {
        Ok(page) => {
            let tried = Some(Tried { text: typed.text, words, bubbles });
            html(StatusCode::OK, &ListenersPage { tried, ..page })
        }
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

fn understood_words(lang: Lang, understood: Understood) -> (&'static str, Vec<String>) {
    match understood {
        Understood::ByTwilio => (t!(lang, "replies.try.by_twilio"), Vec::new()),
        Understood::OptOut => (t!(lang, "replies.try.opt_out"), Vec::new()),
        Understood::OptIn => (t!(lang, "replies.try.opt_in"), Vec::new()),
        Understood::News => (t!(lang, "replies.try.news"), Vec::new()),
        Understood::Says(parts) => (t!(lang, "replies.try.says"), parts),
        Understood::Talk => (t!(lang, "replies.try.talk"), Vec::new()),
    }
}

fn posted(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn refusal(lang: Lang, refused: WordRefused) -> String {
    match refused {
        WordRefused::Word(BadWord::Unrecognisable) => t!(lang, "replies.words.bad_word").to_owned(),
        WordRefused::Word(BadWord::TooLong) => t!(lang, "replies.words.long", most = LONGEST_WORD),
        WordRefused::Word(BadWord::Twilios) => t!(lang, "replies.words.twilios").to_owned(),
        WordRefused::Word(BadWord::Consent) => t!(lang, "replies.words.consent").to_owned(),
        WordRefused::Answer => t!(lang, "replies.words.bad_answer", limit = LONGEST_ANSWER),
        WordRefused::Known => t!(lang, "replies.words.known").to_owned(),
    }
}

fn store_fault(web: &Web, headers: &HeaderMap, viewer: &Viewer, error: &StoreError) -> Response {
    tracing::error!(%error, "the listeners could not be read or saved");
    fault::store(web, headers, Some(viewer))
}
