//! `/setup`: the first steps with their live state; also at the top of `/` until they are done.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    fault, html,
    shell::{Shell, is_fragment},
    toast::{Tone, with_toast},
};
use crate::{
    app::setup::{Setup, SetupFault, Step, StepState},
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    shell: Shell,
    checklist: Checklist,
}

/// The card with the steps; its fragment asks for itself again.
#[derive(Debug, Template)]
#[template(path = "checklist.html")]
pub(super) struct Checklist {
    lang: Lang,
    steps: Vec<Line>,
    done: usize,
    /// Looks at once, where the page has not.
    eager: bool,
}

#[derive(Debug)]
struct Line {
    name: &'static str,
    state: &'static str,
    words: &'static str,
    icon: &'static str,
    hint: Option<String>,
}

pub(crate) async fn page(State(web): State<Web>, headers: HeaderMap, shell: Shell) -> Response {
    let setup = match web.app.look_at_setup().await {
        Ok(setup) => setup,
        Err(error) => {
            tracing::error!(%error, "the first steps could not be read");
            return fault::store(&web, &headers, None);
        }
    };
    let lang = shell.lang;
    match (is_fragment(&headers), setup.is_complete()) {
        // Nothing takes the card's place.
        (true, true) => with_toast(StatusCode::OK.into_response(), Tone::Good, t!(lang, "setup.complete")),
        (true, false) => html(StatusCode::OK, &checklist(lang, &setup, false)),
        (false, _) => {
            let checklist = checklist(lang, &setup, false);
            html(StatusCode::OK, &SetupPage { shell, checklist })
        }
    }
}

/// The card for `/`, as far as the steps are known; `None` when nothing is left.
pub(super) async fn card(web: &Web, lang: Lang) -> Option<Checklist> {
    if web.app.facts().demo {
        return None;
    }
    match web.app.setup().await {
        Ok(setup) => (!setup.is_complete()).then(|| checklist(lang, &setup, true)),
        Err(error) => {
            tracing::error!(%error, "the first steps could not be read");
            None
        }
    }
}

fn checklist(lang: Lang, setup: &Setup, eager: bool) -> Checklist {
    let line = |(step, state): &(Step, StepState)| line(lang, *step, *state, setup);
    Checklist { lang, steps: setup.steps.iter().map(line).collect(), done: setup.done(), eager }
}

fn line(lang: Lang, step: Step, state: StepState, setup: &Setup) -> Line {
    let (look, words, icon) = match state {
        StepState::Done => ("done", t!(lang, "setup.state.done"), "check"),
        StepState::Open => ("open", t!(lang, "setup.state.open"), "wait"),
        StepState::Fault(_) => ("fault", t!(lang, "setup.state.fault"), "cross"),
    };
    let hint = match state {
        StepState::Done => None,
        StepState::Open => Some(todo(lang, step, setup)),
        StepState::Fault(fault) => Some(mend(lang, fault, setup)),
    };
    Line { name: name(lang, step), state: look, words, icon, hint }
}

fn name(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Account => t!(lang, "setup.account"),
        Step::Keys => t!(lang, "setup.keys"),
        Step::PublicAddress => t!(lang, "setup.address"),
        Step::FirstOut => t!(lang, "setup.first_out"),
        Step::FirstIn => t!(lang, "setup.first_in"),
        Step::Mode => t!(lang, "setup.mode"),
    }
}

/// What to do next.
fn todo(lang: Lang, step: Step, setup: &Setup) -> String {
    let base = setup.public_base.as_deref().unwrap_or("PUBLIC_BASE_URL");
    match step {
        Step::Account => t!(lang, "setup.account").to_owned(),
        Step::Keys => t!(lang, "setup.keys.todo").to_owned(),
        Step::PublicAddress => t!(lang, "setup.address.todo").to_owned(),
        Step::FirstOut => t!(lang, "setup.first_out.todo").to_owned(),
        Step::FirstIn => t!(lang, "setup.first_in.todo", base = base),
        Step::Mode => t!(lang, "setup.mode.todo").to_owned(),
    }
}

/// What is wrong and what mends it.
fn mend(lang: Lang, fault: SetupFault, setup: &Setup) -> String {
    let base = setup.public_base.as_deref().unwrap_or("PUBLIC_BASE_URL");
    match fault {
        SetupFault::KeysRefused => t!(lang, "setup.keys.refused").to_owned(),
        SetupFault::TwilioSilent => t!(lang, "setup.keys.silent").to_owned(),
        SetupFault::AddressSilent => t!(lang, "setup.address.silent", base = base),
        SetupFault::AddressElsewhere => t!(lang, "setup.address.elsewhere", base = base),
    }
}
