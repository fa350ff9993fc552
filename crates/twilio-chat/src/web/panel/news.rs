//! `/news`: the knowledge base. What it holds, a build of it, a question to try it with, its indices, and the way out and in.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_retrieval::{library::LibraryError, names::IndexName, verdict::Verdict};
use serde::Deserialize;

pub(crate) mod building;
pub(crate) mod sure;

use super::{fault, html, moment, shell::Shell, words};
use crate::{
    app::{
        auth::Viewer,
        knowledge::{FoundBy, KnowledgeError, Listed, MadeBy, Question, SEGMENTS, Told},
    },
    i18n::decision,
    t,
    web::{
        Web,
        api::news::{archive, refusal},
    },
};

/// Articles that an answer shows.
const SHOWN: usize = 5;
/// Articles of each section, where every section is asked.
const EACH: usize = 2;
/// Longer questions are cut: no one asks one.
const LONGEST: usize = 500;

#[derive(Template)]
#[template(path = "news.html")]
struct NewsPage {
    shell: Shell,
    /// The model that answers; `None`: the articles' own sentences do.
    model: Option<String>,
    /// What it says comes from the simulator.
    simulated: bool,
    state: building::StateOf,
    indices: Vec<Line>,
    asked: Asked,
    told: Option<Shown>,
    refused: Option<String>,
}

struct Line {
    index: Listed,
    size: String,
    written: String,
}

struct Shown {
    told: Told,
    /// What the search or the model thinks of it, where it has doubts.
    doubt: Option<&'static str>,
    /// A model wrote it.
    by_model: bool,
    /// What became of the model's words.
    decision: Option<&'static str>,
    /// How the articles were found.
    found_by: &'static str,
    sources: Vec<SourceLine>,
}

struct SourceLine {
    title: String,
    /// Only where it leads to a page.
    href: Option<String>,
    about: String,
    passage: String,
    /// The model cites it.
    cited: bool,
}

/// A question, and to what.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sections: String,
    /// A model may write the answer. It costs too much for whoever merely opens an address.
    #[serde(skip)]
    by_model: bool,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, asked, None).await
}

/// A question, answered by the model where there is one.
pub(crate) async fn ask(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(asked): Form<Asked>,
) -> Response {
    render(&web, &viewer, &headers, shell, Asked { by_model: true, ..asked }, None).await
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    asked: Asked,
    refused: Option<(StatusCode, String)>,
) -> Response {
    match read(web, shell, asked, refused).await {
        Ok((status, page)) => html(status, &page),
        Err(error) => {
            tracing::error!(%error, "FAISS: the knowledge base could not be read");
            fault::broken(web, headers, Some(viewer))
        }
    }
}

async fn read(
    web: &Web,
    shell: Shell,
    asked: Asked,
    refused: Option<(StatusCode, String)>,
) -> Result<(StatusCode, NewsPage), KnowledgeError> {
    let asked = Asked { q: asked.q.trim().chars().take(LONGEST).collect(), ..asked };
    let state = building::state(web, shell.lang, shell.is_admin()).await?;
    let indices = web.app.indices().await?.into_iter().map(|index| line(web, index)).collect();
    let told = if asked.q.is_empty() {
        None
    } else {
        let question = Question {
            text: asked.q.clone(),
            of_each_section: (asked.sections == "all").then_some(EACH),
            limit: SHOWN,
            lang: shell.lang,
            segments: SEGMENTS,
        };
        let told =
            if asked.by_model { web.app.tell_of(question).await? } else { web.app.quoted(question).await? };
        told.map(|told| shown(web, &shell, told))
    };
    let (status, refused) = refused.map_or((StatusCode::OK, None), |(status, text)| (status, Some(text)));
    let (model, simulated) = (web.app.answering_model().await?, web.app.facts().simulated_model);
    Ok((status, NewsPage { shell, model, simulated, state, indices, asked, told, refused }))
}

fn line(web: &Web, index: Listed) -> Line {
    let written = index.written.map(|at| moment(web, at)).unwrap_or_default();
    Line { size: size(index.bytes), written, index }
}

fn size(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes * 10).div_ceil(unit);
    match bytes {
        0 => String::new(),
        1..1_048_576 => format!("{} kB", bytes.div_ceil(1024)),
        _ => format!("{},{} MB", tenths(1_048_576) / 10, tenths(1_048_576) % 10),
    }
}

fn shown(web: &Web, shell: &Shell, told: Told) -> Shown {
    let doubt = match told.verdict {
        Some(Verdict::Unknown) => Some(t!(shell.lang, "news.ask.unknown")),
        Some(Verdict::Doubtful) => Some(t!(shell.lang, "news.ask.doubtful")),
        Some(Verdict::Known) | None => None,
    };
    let sources = told
        .sources
        .iter()
        .map(|source| {
            let mut about = Vec::new();
            if !source.category.is_empty() {
                about.push(source.category.clone());
            }
            if let Some(time) = source.time {
                about.push(moment(web, time));
            }
            about.push(t!(
                shell.lang,
                "news.ask.score",
                score = words::decimal(shell.lang, &format!("{:.3}", source.score))
            ));
            SourceLine {
                title: if source.title.is_empty() { source.url.clone() } else { source.title.clone() },
                href: ["https://", "http://"]
                    .iter()
                    .any(|scheme| source.url.starts_with(scheme))
                    .then(|| source.url.clone()),
                about: about.join(" · "),
                passage: source.passage.clone(),
                cited: source.cited,
            }
        })
        .collect();
    let by_model = told.made_by == MadeBy::Model;
    let decision = told.decision.and_then(|word| decision(shell.lang, word));
    let found_by = match told.found_by {
        FoundBy::Words => t!(shell.lang, "news.found.words"),
        FoundBy::WordsAndMeaning => t!(shell.lang, "news.found.meaning"),
        FoundBy::WordsAlone => t!(shell.lang, "news.found.words_alone"),
    };
    Shown { told, doubt, by_model, decision, found_by, sources }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    name: String,
}

pub(crate) async fn activate(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<Named>,
) -> Response {
    let done = match form.name.parse::<IndexName>() {
        Ok(name) => web.app.activate_index(name, viewer.by()).await,
        Err(_) => Ok(false),
    };
    changed(&web, &viewer, &headers, shell, done, "/news?done=news-activated").await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<Named>,
) -> Response {
    let done = match form.name.parse::<IndexName>() {
        Ok(name) => web.app.delete_index(name, viewer.by()).await.map(|files| files.is_some()),
        Err(_) => Ok(false),
    };
    changed(&web, &viewer, &headers, shell, done, "/news?done=news-deleted").await
}

async fn changed(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    done: Result<bool, KnowledgeError>,
    to: &str,
) -> Response {
    let refused = match done {
        Ok(true) => return Redirect::to(to).into_response(),
        Ok(false) => (StatusCode::NOT_FOUND, t!(shell.lang, "news.index.unknown").to_owned()),
        Err(error) => refusal::words(&error, shell.lang),
    };
    render(web, viewer, headers, shell, Asked::default(), Some(refused)).await
}

pub(crate) async fn export(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    let refused = match archive::download(&web).await {
        Ok(response) => return response,
        Err(KnowledgeError::Library(LibraryError::Nothing(_))) => {
            (StatusCode::NOT_FOUND, t!(shell.lang, "news.archive.none").to_owned())
        }
        Err(error) => refusal::words(&error, shell.lang),
    };
    render(&web, &viewer, &headers, shell, Asked::default(), Some(refused)).await
}

pub(crate) async fn import(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    request: Request,
) -> Response {
    match archive::upload(&web, request, viewer.by()).await {
        Ok(_) => Redirect::to("/news?done=news-imported").into_response(),
        Err(not_taken) => {
            let refused = not_taken.words(shell.lang);
            render(&web, &viewer, &headers, shell, Asked::default(), Some(refused)).await
        }
    }
}
