//! `/inbox/{contact}/proposal`: what the assistant proposes is taken over into what is being written, or dropped.

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::ids::ContactId;
use serde::Deserialize;

use super::act::Asker;
use crate::{app::auth::Viewer, t, web::Web};

/// What is to become of a proposal.
#[derive(Debug, Deserialize)]
pub(crate) struct Decided {
    #[serde(default)]
    back: String,
    /// Taken over; dropped without it.
    #[serde(default)]
    take: bool,
}

pub(crate) async fn decide(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Form(decided): Form<Decided>,
) -> Response {
    let contact = ContactId(contact);
    let (done, word) = if decided.take {
        (web.app.take_proposal(contact, viewer.user).await, "chat-proposal-taken")
    } else {
        (web.app.drop_proposal_for(contact).await, "chat-proposal-dropped")
    };
    let asker = Asker { web, viewer, headers };
    match done {
        Ok(false) => asker.refuse(StatusCode::CONFLICT, t!(asker.lang(), "chat.proposal.gone")),
        done => asker.answer(done.map(drop), &decided.back, word),
    }
}
