//! `POST /automation`: the switch over all automatic replies, in every page's top bar.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    fault, html,
    shell::{Shell, done_words, is_fragment, local},
    toast::{Tone, with_toast},
};
use crate::{app::auth::Viewer, t, web::Web};

#[derive(Template)]
#[template(path = "automation.html")]
struct Switch {
    shell: Shell,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    on: bool,
    #[serde(default)]
    back: String,
}

pub(crate) async fn switch(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    mut shell: Shell,
    Form(wanted): Form<Wanted>,
) -> Response {
    let switched = match web.app.set_automation(wanted.on, viewer.by()).await {
        Ok(switched) => switched,
        Err(error) => {
            tracing::error!(%error, "automation could not be switched");
            return fault::store(&web, &headers, Some(&viewer));
        }
    };
    let back = local(&wanted.back);
    let word = match (wanted.on, switched.left) {
        (false, _) => "automation-off",
        (true, 0) => "automation-on",
        (true, _) => "automation-on-left",
    };
    if !is_fragment(&headers) {
        return Redirect::to(&super::with_done(back, word)).into_response();
    }
    let text = done_words(word, shell.lang).unwrap_or_default();
    shell.automation = wanted.on;
    back.clone_into(&mut shell.back);
    with_toast(html(StatusCode::OK, &Switch { shell }), Tone::Good, text)
}
