//! `/settings/jobs` and `/settings/recovery`: work that needs a person, and what was missed, for admins.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{ids::JobId, job::JobKind};
use hub_store::{Abandoned, Recovery, StoreError, TroubledJob};
use serde::Deserialize;

use super::{chat::thread_path, fault, html, moment, shell::Shell, words};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

/// Lines on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    shell: Shell,
    jobs: Vec<Line>,
    held: Option<String>,
    is_first: bool,
    next: Option<i64>,
}

struct Line {
    id: i64,
    what: &'static str,
    state: &'static str,
    aside: bool,
    who: String,
    thread: String,
    since: String,
    failures: Option<String>,
    reason: String,
    sure: &'static str,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    shell: Shell,
    walks: Vec<Walk>,
    is_first: bool,
    older: Option<i64>,
}

struct Walk {
    began: String,
    ended: Option<String>,
    counts: String,
    failed: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Place {
    after: Option<i64>,
    before: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    job: i64,
    action: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(place): Query<Place>,
    shell: Shell,
) -> Response {
    // One more than shown says whether there is another page.
    let (found, held) = match web.app.troubled(place.after.map(JobId), SHOWN + 1).await {
        Ok(found) => found,
        Err(error) => return unreadable(&web, &headers, &viewer, &error),
    };
    let (page, rest) = shown(&found);
    let next = page.last().filter(|_| !rest.is_empty()).map(|line| line.job.id.0);
    let lang = shell.lang;
    let jobs = page.iter().map(|job| line(&web, lang, job)).collect();
    let held = (held > 0).then(|| t!(lang, "jobs.held", count = held));
    html(StatusCode::OK, &JobsPage { shell, jobs, held, is_first: place.after.is_none(), next })
}

fn line(web: &Web, lang: Lang, troubled: &TroubledJob) -> Line {
    let job = &troubled.job;
    let address = words::contact(&troubled.address);
    let who = troubled.name.as_ref().map_or_else(|| address.clone(), |name| format!("{name} ({address})"));
    let state = match (job.set_aside, job.leased) {
        (true, _) => t!(lang, "jobs.state.aside"),
        (false, true) => t!(lang, "jobs.state.stuck"),
        (false, false) => t!(lang, "jobs.state.late"),
    };
    let (what, sure) = match job.kind {
        JobKind::Deliver => (t!(lang, "jobs.kind.deliver"), t!(lang, "jobs.discard.sure.deliver")),
        JobKind::Reply => (t!(lang, "jobs.kind.reply"), t!(lang, "jobs.discard.sure.reply")),
        JobKind::Reconcile => (t!(lang, "jobs.kind.reconcile"), t!(lang, "jobs.discard.sure.reconcile")),
        JobKind::Media => (t!(lang, "jobs.kind.media"), t!(lang, "jobs.discard.sure.media")),
    };
    let reason = match job.last_error.as_deref() {
        None => t!(lang, "jobs.no_error").to_owned(),
        // Written by the store where no worker could write anything.
        Some("the worker ended before the job did") => t!(lang, "jobs.abandoned").to_owned(),
        Some(error) => error.to_owned(),
    };
    Line {
        id: job.id.0,
        what,
        state,
        aside: job.set_aside,
        who: if troubled.inbound { t!(lang, "jobs.from", who = who) } else { t!(lang, "jobs.to", who = who) },
        thread: thread_path(&troubled.address),
        since: t!(lang, "jobs.since", when = moment(web, job.due_at)),
        failures: (job.failures > 0).then(|| t!(lang, "jobs.failures", count = job.failures)),
        reason,
        sure,
    }
}

/// Where what is said with them stands.
pub(crate) async fn act(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(decision): Form<Decision>,
) -> Response {
    let (job, by) = (JobId(decision.job), viewer.by());
    let done = if decision.action == "discard" {
        web.app.abandon_job(job, by).await.map(|abandoned| match abandoned {
            Abandoned::Yes => Ok("job-discarded"),
            Abandoned::InDoubt => Err(t!(shell.lang, "jobs.in_doubt")),
            Abandoned::NotAside => Err(t!(shell.lang, "jobs.gone")),
        })
    } else {
        let retried = web.app.retry_job(job, by).await;
        retried.map(|retried| if retried { Ok("job-retried") } else { Err(t!(shell.lang, "jobs.gone")) })
    };
    match done {
        Ok(Ok(word)) => Redirect::to(&format!("/settings/jobs?done={word}")).into_response(),
        Ok(Err(why)) => fault::refused(&web, &headers, &viewer, StatusCode::CONFLICT, why),
        Err(error) => unreadable(&web, &headers, &viewer, &error),
    }
}

pub(crate) async fn recovery(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(place): Query<Place>,
    shell: Shell,
) -> Response {
    let found = match web.app.recoveries(place.before, SHOWN + 1).await {
        Ok(found) => found,
        Err(error) => return unreadable(&web, &headers, &viewer, &error),
    };
    // Whoever reads the newest reports has seen them.
    if let (None, Some(newest)) = (place.before, found.first())
        && let Err(error) = web.app.see_recovery(newest.id).await
    {
        return unreadable(&web, &headers, &viewer, &error);
    }
    let (page, rest) = shown(&found);
    let older = page.last().filter(|_| !rest.is_empty()).map(|walk| walk.id);
    let lang = shell.lang;
    let walks = page.iter().map(|recovery| walk(&web, lang, recovery)).collect();
    html(StatusCode::OK, &RecoveryPage { shell, walks, is_first: place.before.is_none(), older })
}

fn walk(web: &Web, lang: Lang, recovery: &Recovery) -> Walk {
    let error = recovery.error.as_deref().unwrap_or_default();
    Walk {
        began: moment(web, recovery.began_at),
        ended: recovery.ended_at.map(|ended| moment(web, ended)),
        counts: t!(
            lang,
            "jobs.recovery.counts",
            inbound = recovery.inbound,
            outbound = recovery.outbound,
            statuses = recovery.statuses,
            waiting = recovery.waiting
        ),
        failed: (recovery.failures > 0)
            .then(|| t!(lang, "jobs.recovery.failed", count = recovery.failures, error = error)),
    }
}

fn shown<T>(found: &[T]) -> (&[T], &[T]) {
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    found.split_at_checked(shown).unwrap_or((found, &[]))
}

fn unreadable(web: &Web, headers: &HeaderMap, viewer: &Viewer, error: &StoreError) -> Response {
    tracing::error!(%error, "the jobs could not be read or changed");
    fault::store(web, headers, Some(viewer))
}
