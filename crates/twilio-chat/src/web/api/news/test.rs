//! `/api/news/test-faiss` and `/api/news/test`: a question and its answer, and what it was found in.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use hub_domain::message::Origin;
use hub_store::SendKey;
use serde_json::{Map, Value, json};

use super::{JsonBody, LANG, refusal};
use crate::{
    app::{
        knowledge::{FoundBy, MadeBy, Question, SEGMENTS, Source, Told},
        send::{SendRequest, Through},
    },
    t,
    web::{
        Web,
        access::Caller,
        api::{json_body::NoSwitch, messages, send_key::send_key},
        error::api_error,
    },
};

/// What the original gives where nothing else is asked for.
const LIMIT: usize = 5;
const EACH: usize = 2;
/// More is never looked for.
const MOST: usize = 50;
/// Characters of the passages that are shown together.
const PREVIEW: usize = 1500;

pub(crate) async fn ask(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Some(query) = body.filled("query") else {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "news.test.no_query")));
    };
    let to = match (body.truth("send_sms")?, body.filled("to")) {
        (false, _) => None,
        (true, None) => return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.send.no_recipient"))),
        (true, Some(to)) => Some(to),
    };
    let Ok(key) = send_key(&headers, caller, "news-test", &body) else {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.send.bad_key")));
    };
    let each = (body.text("mode").trim() == "all_categories").then(|| count(&body, "per_category_k", EACH));
    let limit = count(&body, "top_k", LIMIT);
    let question = Question { text: query, of_each_section: each, limit, lang: LANG, segments: SEGMENTS };
    let told = match web.app.tell_of(question.clone()).await {
        Ok(Some(told)) => told,
        Ok(None) => return Ok(api_error(StatusCode::NOT_FOUND, t!(LANG, "news.test.no_index"))),
        Err(error) => return Ok(refusal::answer(&error)),
    };
    let mut fields = shown(&question, &told, web.app.embedding_model());
    if let Some(to) = to {
        fields.append(&mut texted(&web, to, &told, key).await);
    }
    Ok(Json(fields).into_response())
}

/// What became of the answer as a text; it was found all the same.
async fn texted(web: &Web, to: String, told: &Told, key: Option<SendKey>) -> Map<String, Value> {
    let failed = |why: String| vec![("sms_sent", json!(false)), ("sms_error", json!(why))];
    if told.knows_nothing() {
        return named(failed(t!(LANG, "news.test.nothing_to_send").to_owned()));
    }
    let body = told.text.clone();
    let request = SendRequest { to, body, fold: false, through: Through::ServiceFirst, origin: Origin::Api };
    let sent = match web.app.send(&request, key).await {
        Ok(sent) => sent,
        Err(error) => return named(failed(messages::refusal(&error, LANG).1)),
    };
    if let Some(message) = sent.refused() {
        let mut fields = failed(messages::error_text(message, LANG).unwrap_or_default());
        fields.push(("sms_parts_sent", sent.accepted().into()));
        return named(fields);
    }
    let sids: Vec<_> = sent.parts.iter().map(|message| message.sid.as_ref()).collect();
    let result = json!({
        "parts": sent.parts.len(),
        "sids": sids,
        "characters": request.body.chars().count(),
        "recipient": request.to,
        "status": messages::sent_status(&sent),
    });
    named(vec![("sms_sent", json!(true)), ("sms_result", result)])
}

fn named(fields: Vec<(&'static str, Value)>) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn count(body: &JsonBody, name: &str, default: usize) -> usize {
    let asked = body.whole(name).and_then(|number| usize::try_from(number).ok());
    asked.unwrap_or(default).clamp(1, MOST)
}

fn shown(question: &Question, told: &Told, embedding_model: Option<String>) -> Map<String, Value> {
    let results: Vec<Value> = told.sources.iter().map(result).collect();
    let preview: String = told
        .sources
        .iter()
        .flat_map(|source| [source.passage.as_str(), "\n\n"])
        .flat_map(str::chars)
        .take(PREVIEW)
        .collect();
    let mode = if question.of_each_section.is_some() { "all_categories" } else { "standard" };
    let mut fields = Map::new();
    for (name, value) in [
        ("success", json!(true)),
        ("query", json!(question.text)),
        ("answer", json!(told.text)),
        ("llm_used", json!(told.made_by == MadeBy::Model)),
        ("made_by", json!(told.made_by.as_str())),
        ("decision", json!(told.decision)),
        ("receipt", json!(told.receipt)),
        ("verdict", json!(told.verdict.map(verdict))),
        ("count", json!(results.len())),
        ("results", json!(results)),
        ("context_preview", json!(preview.trim_end())),
        (
            "search_info",
            json!({
                "algorithm": told.found_by.as_str(),
                "words_alone": told.found_by == FoundBy::WordsAlone,
                "mode": mode,
                "embedding_model": embedding_model.filter(|_| told.found_by == FoundBy::WordsAndMeaning),
                "chunks_snapshot_jsonl": null,
            }),
        ),
        ("chat_model", json!(told.model)),
        ("mode", json!(mode)),
        ("characters", json!(told.text.chars().count())),
    ] {
        fields.insert(name.to_owned(), value);
    }
    if let Some(each) = question.of_each_section {
        let with_data = told.sections - told.empty.len();
        fields.insert("per_category_k".to_owned(), each.into());
        fields.insert("categories_found".to_owned(), told.sections.into());
        fields.insert("categories_with_data".to_owned(), with_data.into());
        fields.insert("categories_empty".to_owned(), json!(told.empty));
    }
    fields
}

const fn verdict(verdict: hub_retrieval::verdict::Verdict) -> &'static str {
    use hub_retrieval::verdict::Verdict;
    match verdict {
        Verdict::Known => "known",
        Verdict::Doubtful => "doubtful",
        Verdict::Unknown => "unknown",
    }
}

fn result(source: &Source) -> Value {
    json!({
        "category": source.category,
        "title": source.title,
        "url": source.url,
        "chunk_index": source.passage_index,
        "content": source.passage,
        "score": source.score,
        "cited": source.cited,
        "metadata": {
            "category": source.category,
            "title": source.title,
            "url": source.url,
            "chunk_index": source.passage_index,
            "published": source.time.map(messages::time),
        },
    })
}
