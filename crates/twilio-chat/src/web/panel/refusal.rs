//! Why an account was not added or changed, in words.

use axum::{http::HeaderMap, response::Response};
use hub_domain::access::{LONGEST_PASSWORD, PasswordProblem, SHORTEST_PASSWORD};

use super::fault;
use crate::{
    app::auth::{AccountRefusal, AuthError, Viewer},
    i18n::Lang,
    t,
    web::Web,
};

pub(crate) fn words(lang: Lang, refused: AccountRefusal) -> String {
    match refused {
        AccountRefusal::Password(problem) => return password_words(lang, problem),
        AccountRefusal::Name => t!(lang, "door.refused.name"),
        AccountRefusal::NameTaken => t!(lang, "door.refused.name_taken"),
        AccountRefusal::Unknown => t!(lang, "door.refused.unknown"),
        AccountRefusal::LastAdmin => t!(lang, "door.refused.last_admin"),
        AccountRefusal::WrongPassword => t!(lang, "door.refused.present"),
        AccountRefusal::TooMany => t!(lang, "door.refused.too_many"),
    }
    .to_owned()
}

pub(crate) fn password_words(lang: Lang, problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::TooShort => t!(lang, "door.refused.short", least = SHORTEST_PASSWORD),
        PasswordProblem::TooLong => t!(lang, "door.refused.long", most = LONGEST_PASSWORD),
        PasswordProblem::Common => t!(lang, "door.refused.common").to_owned(),
    }
}

/// The page for a name or password about which nothing can be said.
pub(super) fn fault(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>, error: &AuthError) -> Response {
    match error {
        AuthError::Busy => fault::busy(web, headers, viewer),
        AuthError::Store(_) => {
            tracing::error!(%error, "an account could not be read or written");
            fault::store(web, headers, viewer)
        }
        AuthError::Hash(_) => {
            tracing::error!(%error, "a password could not be hashed");
            fault::broken(web, headers, viewer)
        }
    }
}
