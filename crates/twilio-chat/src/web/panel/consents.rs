//! `/consents`: who asked for silence, a person's history with what proves it, and writing down what we were told.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_store::{ConsentEntry, StoreError, Suppression};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Shell,
    chat::{path_segment, thread_path},
    fault, html, moment, words,
};
use crate::{
    app::{auth::Viewer, consents::ConsentEvidence},
    i18n::Lang,
    t,
    web::Web,
};

/// People on a page.
const SHOWN: u32 = 50;

/// Longest note, in characters: a consent's text with room to spare.
const LONGEST_NOTE: usize = 2000;

#[derive(Template)]
#[template(path = "consents.html")]
struct ConsentsPage {
    shell: Shell,
    who: String,
    person: Option<Person>,
    silent: Vec<Silent>,
    is_first: bool,
    /// The query of the next page.
    more: Option<String>,
    record: RecordForm,
    refused: Option<String>,
}

struct Person {
    number: String,
    thread: String,
    export: String,
    opted_out: bool,
    history: Vec<Line>,
}

struct Line {
    opted_in: bool,
    at: String,
    source: &'static str,
    /// The customer's own words.
    body: Option<String>,
    note: Option<String>,
    sid: Option<String>,
}

struct Silent {
    href: String,
    number: String,
    source: &'static str,
    since: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    before: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct RecordForm {
    #[serde(default)]
    who: String,
    /// `in` or `out`.
    #[serde(default)]
    choice: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    shell: Shell,
) -> Response {
    match read(&web, shell, &asked).await {
        Ok(page) => html(StatusCode::OK, &page),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

async fn read(web: &Web, shell: Shell, asked: &Asked) -> Result<ConsentsPage, StoreError> {
    let who = asked.who.trim().to_owned();
    let person = if who.is_empty() { None } else { web.app.consent_of(&who).await? };
    // A cursor of no page of ours leads to the first one.
    let before = cursor(&asked.before);
    let is_first = before.is_none();
    let silent = web.app.suppressions(before, SHOWN).await?;
    let whole = u32::try_from(silent.len()).is_ok_and(|count| count == SHOWN);
    let lang = shell.lang;
    Ok(ConsentsPage {
        person: person.map(|evidence| shown(web, lang, evidence)),
        more: silent.last().filter(|_| whole).map(next),
        silent: silent.iter().map(|entry| line(web, lang, entry)).collect(),
        is_first,
        record: RecordForm { who: who.clone(), ..RecordForm::default() },
        refused: None,
        who,
        shell,
    })
}

/// `microseconds:person`, as [`next`] writes it.
fn cursor(text: &str) -> Option<(Timestamp, String)> {
    let (micros, person) = text.split_once(':')?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, person.to_owned()))
}

fn next(last: &Suppression) -> String {
    query("before", &format!("{}:{}", last.since.as_microsecond(), last.person))
}

fn query(name: &str, value: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    format!("/consents?{query}")
}

fn shown(web: &Web, lang: Lang, evidence: ConsentEvidence) -> Person {
    let ConsentEvidence { person, suppression, history } = evidence;
    Person {
        number: words::contact(&person),
        thread: thread_path(&person),
        export: format!("/api/consents/{}/export", path_segment(&person)),
        opted_out: suppression.is_some(),
        history: history.into_iter().rev().map(|entry| change(web, lang, entry)).collect(),
    }
}

fn change(web: &Web, lang: Lang, entry: ConsentEntry) -> Line {
    Line {
        opted_in: entry.opted_in,
        at: moment(web, entry.at),
        source: source_words(lang, &entry.source),
        body: entry.body,
        note: entry.note,
        sid: entry.sid,
    }
}

fn line(web: &Web, lang: Lang, entry: &Suppression) -> Silent {
    Silent {
        href: query("who", &entry.person),
        number: words::contact(&entry.person),
        source: source_words(lang, &entry.source),
        since: moment(web, entry.since),
    }
}

fn source_words(lang: Lang, source: &str) -> &'static str {
    match source {
        "keyword" => t!(lang, "replies.source.keyword"),
        "twilio" => t!(lang, "replies.source.twilio"),
        "twilio_21610" => t!(lang, "replies.source.twilio_21610"),
        "recovered" => t!(lang, "replies.source.recovered"),
        "imported" => t!(lang, "replies.source.imported"),
        "operator" => t!(lang, "replies.source.operator"),
        "panel" => t!(lang, "replies.source.panel"),
        _ => t!(lang, "replies.source.other"),
    }
}

pub(crate) async fn record(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<RecordForm>,
) -> Response {
    let lang = shell.lang;
    let note = typed.note.replace("\r\n", "\n").trim().to_owned();
    let why = match (&*typed.choice, note.chars().count()) {
        (_, 0) => t!(lang, "replies.record.no_note").to_owned(),
        (_, length) if length > LONGEST_NOTE => t!(lang, "replies.record.long_note", limit = LONGEST_NOTE),
        (choice @ ("in" | "out"), _) => match web.app.note_consent(&typed.who, choice == "in", &note).await {
            Ok(Some(evidence)) => {
                let path = query("who", &evidence.person);
                return Redirect::to(&super::with_done(&path, "consent-noted")).into_response();
            }
            Ok(None) => t!(lang, "replies.record.bad_number").to_owned(),
            Err(error) => return store_fault(&web, &headers, &viewer, &error),
        },
        _ => t!(lang, "replies.record.no_choice").to_owned(),
    };
    match read(&web, shell, &Asked::default()).await {
        Ok(page) => {
            let page = ConsentsPage { record: typed, refused: Some(why), ..page };
            html(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

fn store_fault(web: &Web, headers: &HeaderMap, viewer: &Viewer, error: &StoreError) -> Response {
    tracing::error!(%error, "consents could not be read or saved");
    fault::store(web, headers, Some(viewer))
}
