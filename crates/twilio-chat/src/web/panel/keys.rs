//! `/settings/keys`: the keys, for admins. What is typed goes in and never comes out.

pub(super) mod words;

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::secret::SecretName;
use serde::Deserialize;

use super::{fault, html, shell::Shell};
use crate::{
    app::{
        auth::Viewer,
        secrets::{Outcome, SecretError, Source, Standing},
    },
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    shell: Shell,
    /// Not in the demo, where nothing may be changed.
    groups: Option<[Group; 2]>,
    told: Option<Told>,
}

struct Group {
    id: &'static str,
    title: &'static str,
    keys: Vec<Line>,
}

struct Line {
    name: &'static str,
    what: &'static str,
    masked: Option<String>,
    source: &'static str,
    in_panel: bool,
    unreadable: bool,
}

/// What became of what was asked for, about one key.
struct Told {
    name: &'static str,
    good: bool,
    text: String,
    /// A value was typed and is not saved.
    not_saved: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    name: String,
    #[serde(default)]
    value: String,
    action: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, StatusCode::OK, None).await
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    status: StatusCode,
    told: Option<Told>,
) -> Response {
    let groups = match web.app.secrets().await {
        Ok((standings, unreadable)) => Some(groups(shell.lang, &standings, &unreadable)),
        Err(SecretError::Fixed) => None,
        Err(error) => {
            tracing::error!(%error, "the keys could not be read");
            return fault::store(web, headers, Some(viewer));
        }
    };
    html(status, &KeysPage { shell, groups, told })
}

fn groups(lang: Lang, standings: &[Standing], unreadable: &[SecretName]) -> [Group; 2] {
    let keys = |is_twilio: bool| {
        let of_group = standings.iter().filter(|standing| standing.name.is_twilio() == is_twilio);
        of_group.map(|standing| line(lang, standing, unreadable)).collect()
    };
    [
        Group { id: "twilio", title: t!(lang, "keys.group.twilio"), keys: keys(true) },
        Group { id: "models", title: t!(lang, "keys.group.models"), keys: keys(false) },
    ]
}

fn line(lang: Lang, standing: &Standing, unreadable: &[SecretName]) -> Line {
    let source = match standing.source {
        Source::Unset => t!(lang, "keys.source.unset"),
        Source::Environment => t!(lang, "keys.source.env"),
        Source::DotEnv => t!(lang, "keys.source.dotenv"),
        Source::Panel => t!(lang, "keys.source.panel"),
    };
    let unreadable = unreadable.contains(&standing.name);
    Line {
        name: standing.name.as_str(),
        what: words::what(lang, standing.name),
        masked: standing.masked.clone(),
        source,
        in_panel: standing.source == Source::Panel || unreadable,
        unreadable,
    }
}

pub(crate) async fn act(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<Typed>,
) -> Response {
    let Some(name) = SecretName::parse(&typed.name) else {
        return fault::nobody(&web, &headers, &viewer);
    };
    let lang = shell.lang;
    let tell = |good, text, not_saved| Some(Told { name: name.as_str(), good, text, not_saved });
    let outcome = match typed.action.as_str() {
        "save" => web.app.save_secret(name, &typed.value, viewer.by()).await,
        "clear" => web.app.clear_secret(name, viewer.by()).await,
        _ => {
            let value = Some(typed.value.as_str()).filter(|value| !value.trim().is_empty());
            return match web.app.try_secret(name, value).await {
                Ok(verified) => {
                    let told = tell(true, words::verified(lang, &verified), value.is_some());
                    render(&web, &viewer, &headers, shell, StatusCode::OK, told).await
                }
                Err(error) => refused(&web, &viewer, &headers, shell, name, &error, value.is_some()).await,
            };
        }
    };
    match outcome {
        Ok(Outcome::Incomplete(error)) => {
            let why = lang.pick_owned(&error.pl, &error.en);
            let text = format!("{} {why}", t!(lang, "keys.done.incomplete"));
            render(&web, &viewer, &headers, shell, StatusCode::OK, tell(false, text, false)).await
        }
        Ok(Outcome::InForce) => {
            let word = if typed.action == "clear" { "key-cleared" } else { "key-saved" };
            Redirect::to(&format!("/settings/keys?done={word}")).into_response()
        }
        Err(error) => refused(&web, &viewer, &headers, shell, name, &error, false).await,
    }
}

async fn refused(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    name: SecretName,
    error: &SecretError,
    not_saved: bool,
) -> Response {
    let Some(text) = words::refused(shell.lang, error) else {
        tracing::error!(%error, "a key could not be written or tried");
        return fault::store(web, headers, Some(viewer));
    };
    let told = Told { name: name.as_str(), good: false, text, not_saved };
    render(web, viewer, headers, shell, StatusCode::UNPROCESSABLE_ENTITY, Some(told)).await
}
