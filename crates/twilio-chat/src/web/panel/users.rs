//! `/settings/users`: who works with the panel, for admins.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{access::Role, ids::UserId};
use hub_store::{User, UserChange};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    fault, html, moment, refusal,
    shell::{Shell, role_words},
};
use crate::{
    app::auth::{AccountRefusal, Viewer},
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    shell: Shell,
    users: Vec<Line>,
    refused: Option<String>,
    /// What was typed as the new person's name.
    name: String,
}

struct Line {
    id: String,
    name: String,
    role: &'static str,
    is_admin: bool,
    is_me: bool,
    disabled: bool,
    since: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, None, String::new()).await
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    refused: Option<AccountRefusal>,
    name: String,
) -> Response {
    let users = match web.app.users().await {
        Ok(users) => users.into_iter().map(|user| line(web, viewer, &shell, user)).collect(),
        Err(error) => {
            tracing::error!(%error, "the users could not be read");
            return fault::store(web, headers, Some(viewer));
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let refused = refused.map(|refused| refusal::words(shell.lang, refused));
    html(status, &UsersPage { shell, users, refused, name })
}

fn line(web: &Web, viewer: &Viewer, shell: &Shell, user: User) -> Line {
    Line {
        id: user.id.to_string(),
        name: user.name,
        role: role_words(shell.lang, user.role),
        is_admin: user.role == Role::Admin,
        is_me: user.id == viewer.user,
        disabled: user.disabled_at.is_some(),
        since: moment(web, user.created_at),
    }
}

#[derive(Deserialize)]
pub(crate) struct NewUserForm {
    name: String,
    password: String,
    role: String,
}

pub(crate) async fn add(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<NewUserForm>,
) -> Response {
    let role = Role::parse(&form.role).unwrap_or(Role::Operator);
    match web.app.add_user(&form.name, SecretString::from(form.password), role, viewer.by()).await {
        Ok(Ok(())) => Redirect::to("/settings/users?done=user-added").into_response(),
        Ok(Err(refused)) => render(&web, &viewer, &headers, shell, Some(refused), form.name).await,
        Err(error) => refusal::fault(&web, &headers, Some(&viewer), &error),
    }
}

#[derive(Deserialize)]
pub(crate) struct ChangeForm {
    user: uuid::Uuid,
    action: String,
    #[serde(default)]
    password: String,
}

pub(crate) async fn change(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<ChangeForm>,
) -> Response {
    let (user, by) = (UserId(form.user), viewer.by());
    let change = match &*form.action {
        "disable" => UserChange::Disabled(true),
        "enable" => UserChange::Disabled(false),
        "admin" => UserChange::Role(Role::Admin),
        "operator" => UserChange::Role(Role::Operator),
        "password" => {
            let set = web.app.set_password(user, SecretString::from(form.password), by).await;
            return match set {
                Ok(done) => changed(&web, &viewer, &headers, shell, done).await,
                Err(error) => refusal::fault(&web, &headers, Some(&viewer), &error),
            };
        }
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    match web.app.change_user(user, change, by).await {
        Ok(done) => changed(&web, &viewer, &headers, shell, done).await,
        Err(error) => refusal::fault(&web, &headers, Some(&viewer), &error.into()),
    }
}

async fn changed(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    done: Result<(), AccountRefusal>,
) -> Response {
    match done {
        Ok(()) => Redirect::to("/settings/users?done=user-changed").into_response(),
        Err(refused) => render(web, viewer, headers, shell, Some(refused), String::new()).await,
    }
}
