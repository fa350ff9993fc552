//! Building an index from the page: what it would cost, the start, how far it is, and stopping it.
//!
//! The build is the program's and not the page's: whoever closes the page finds it further on.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::spending;
use serde::Deserialize;

use super::{
    super::{fault, html, moment, shell::Shell, words},
    Asked, render,
};
use crate::{
    app::{
        auth::Viewer,
        knowledge::{Changed, Estimate, KnowledgeError, NotStarted, Phase, Progressed, Standing},
    },
    i18n::Lang,
    t,
    web::{
        Web,
        api::news::building::{costs, refusal_words, trouble},
    },
};

/// What the index holds and how a build of it stands: read anew whenever that changes.
#[derive(Template)]
#[template(path = "news_state.html")]
pub(super) struct StateOf {
    lang: Lang,
    is_admin: bool,
    standing: Standing,
    written: Option<String>,
    /// Whose vectors a build makes; `None`: there is no key.
    service: Option<String>,
    building: Option<Line>,
    ended: Option<Ended>,
}

/// A build under way.
struct Line {
    phase: String,
    ready: usize,
    total: usize,
    cost: String,
    may_stop: bool,
}

/// How the last one ended.
struct Ended {
    is_good: bool,
    words: String,
}

/// The question before something that costs money.
#[derive(Template)]
#[template(path = "news_build.html")]
struct Sure {
    shell: Shell,
    estimate: Estimate,
    cost: String,
}

pub(super) async fn state(web: &Web, lang: Lang, is_admin: bool) -> Result<StateOf, KnowledgeError> {
    let standing = web.app.knowledge_standing().await?;
    let now = web.app.building();
    Ok(StateOf {
        lang,
        is_admin,
        written: standing.index.written.map(|at| moment(web, at)),
        standing,
        service: web.app.embedding_model(),
        building: now.phase.is_under_way().then(|| line(web, &now, lang)),
        ended: ended(web, &now, lang),
    })
}

impl StateOf {
    pub(super) fn has_articles(&self) -> bool {
        self.standing.holdings.articles > 0
    }

    pub(super) fn sections(&self) -> usize {
        self.standing.holdings.categories.len()
    }
}

fn line(web: &Web, now: &Progressed, lang: Lang) -> Line {
    let is_embedding = now.phase == Phase::Embedding;
    let phase = if is_embedding {
        t!(lang, "builds.embedding", ready = now.ready, total = now.total)
    } else {
        t!(lang, "builds.writing").to_owned()
    };
    let cost = if now.model.is_some() { spent(web, now, lang) } else { String::new() };
    Line { phase, ready: now.ready, total: now.total, cost, may_stop: is_embedding }
}

/// What a build took so far; with a price where that is known.
fn spent(web: &Web, now: &Progressed, lang: Lang) -> String {
    if web.app.facts().simulated_model {
        return t!(lang, "builds.spent.simulated", tokens = now.tokens);
    }
    match costs(now) {
        Some((so_far, in_all)) => {
            let (cost, all) = (words::amount(lang, so_far), words::amount(lang, in_all));
            t!(lang, "builds.spent", tokens = now.tokens, cost = cost, all = all)
        }
        None => t!(lang, "builds.spent.unpriced", tokens = now.tokens),
    }
}

fn ended(web: &Web, now: &Progressed, lang: Lang) -> Option<Ended> {
    let at = moment(web, now.ended?);
    let (is_good, words) = match now.phase {
        Phase::Nothing | Phase::Embedding | Phase::Writing => return None,
        Phase::Stopped => (true, t!(lang, "builds.stopped").to_owned()),
        Phase::Failed => (false, trouble(now, lang)),
        Phase::Done => (true, done(now, lang)),
    };
    Some(Ended { is_good, words: format!("{at} · {words}") })
}

fn done(now: &Progressed, lang: Lang) -> String {
    let (documents, vectors) = now.kept.map_or((0, 0), |kept| (kept.documents, kept.vectors));
    if now.model.is_some() {
        let built = t!(lang, "builds.done", documents = documents, vectors = vectors, paid = now.paid);
        match now.changed {
            Some(Changed { before, now }) => {
                format!("{built} {}", t!(lang, "builds.changed", before = before, now = now))
            }
            None => built,
        }
    } else {
        t!(lang, "builds.done.words", documents = documents)
    }
}

/// About what a build will cost.
fn estimated(web: &Web, estimate: &Estimate, lang: Lang) -> String {
    let Some(model) = &estimate.model else { return t!(lang, "builds.cost.nothing").to_owned() };
    match spending::of_embedding(model, estimate.tokens) {
        _ if estimate.missing == 0 => t!(lang, "builds.cost.nothing").to_owned(),
        _ if web.app.facts().simulated_model => t!(lang, "builds.cost.simulated").to_owned(),
        Some(cost) => t!(lang, "builds.cost.about", cost = words::amount(lang, cost)),
        None => t!(lang, "builds.cost.unknown", model = model),
    }
}

pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    match state(&web, shell.lang, shell.is_admin()).await {
        Ok(state) => html(StatusCode::OK, &state),
        Err(error) => {
            tracing::error!(%error, "FAISS: the knowledge base could not be read");
            fault::broken(&web, &headers, Some(&viewer))
        }
    }
}

pub(crate) async fn sure(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    match web.app.estimate_build().await {
        Ok(estimate) => ask(&web, shell, estimate),
        Err(error) => refused(&web, &viewer, &headers, shell, &error).await,
    }
}

fn ask(web: &Web, shell: Shell, estimate: Estimate) -> Response {
    let cost = estimated(web, &estimate, shell.lang);
    html(StatusCode::OK, &Sure { shell, estimate, cost })
}

/// What the person agreed to, as far as the form says.
#[derive(Deserialize)]
pub(crate) struct Agreed {
    index: Option<String>,
    /// Empty: words alone.
    model: Option<String>,
}

impl Agreed {
    /// Another index or another key since then is another price.
    fn is_still(&self, estimate: &Estimate) -> bool {
        let model = estimate.model.as_deref().unwrap_or_default();
        self.index.as_deref().is_none_or(|index| index == estimate.index.to_string())
            && self.model.as_deref().is_none_or(|agreed| agreed == model)
    }
}

pub(crate) async fn start(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(agreed): Form<Agreed>,
) -> Response {
    let index = match web.app.estimate_build().await {
        Ok(estimate) if agreed.is_still(&estimate) => estimate.index,
        Ok(estimate) => return ask(&web, shell, estimate),
        Err(error) => return refused(&web, &viewer, &headers, shell, &error).await,
    };
    match web.app.start_build(Some(index), viewer.by()).await {
        Ok(_) => Redirect::to("/news?done=build-started").into_response(),
        Err(error) => refused(&web, &viewer, &headers, shell, &error).await,
    }
}

pub(crate) async fn stop(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    let refused = match web.app.stop_build(viewer.by()).await {
        Ok(true) => {
            // So that the page shows it stopped, and not about to be.
            let _ = tokio::time::timeout(web.app.send_wait(), web.app.until_built()).await;
            return Redirect::to("/news").into_response();
        }
        Ok(false) => (StatusCode::CONFLICT, t!(shell.lang, "builds.not_to_stop").to_owned()),
        Err(error) => {
            tracing::error!(%error, "the stop of a build could not be written down");
            (StatusCode::SERVICE_UNAVAILABLE, t!(shell.lang, "api.store_fault").to_owned())
        }
    };
    render(&web, &viewer, &headers, shell, Asked::default(), Some(refused)).await
}

async fn refused(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    error: &NotStarted,
) -> Response {
    let refused = refusal_words(error, shell.lang);
    render(web, viewer, headers, shell, Asked::default(), Some(refused)).await
}
