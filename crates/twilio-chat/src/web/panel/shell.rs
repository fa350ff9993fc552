//! What every page shows around its content: navigation, the switch over automation, the person, the notices.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use hub_domain::access::{Role, Theme};

use super::{fault, nav};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

/// The frame of a signed-in person's page; an extractor behind [`Access::Session`](crate::web::routes::Access).
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
    pub(crate) who: String,
    pub(crate) role: Role,
    pub(crate) demo: bool,
    pub(crate) unsigned: bool,
    pub(crate) automation: bool,
    /// Path and query of this page, to come back to.
    pub(crate) back: String,
    pub(crate) nav: Vec<nav::Link>,
    /// What the form before this page has done, in words.
    pub(crate) done: Option<&'static str>,
}

impl FromRequestParts<Web> for Shell {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Some(viewer) = parts.extensions.get::<Viewer>().cloned() else {
            return Err(fault::broken(web, &parts.headers, None));
        };
        let automation = web.app.automation_enabled().await.map_err(|error| {
            tracing::error!(%error, "the switch over automation could not be read");
            fault::store(web, &parts.headers, Some(&viewer))
        })?;
        let mut shell = Self::around(web, &viewer, parts.uri.path());
        shell.automation = automation;
        let here = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        local(here).clone_into(&mut shell.back);
        shell.done = parts.uri.query().and_then(|query| done(query, shell.lang));
        Ok(shell)
    }
}

impl Shell {
    /// The frame without what only the store knows.
    pub(super) fn around(web: &Web, viewer: &Viewer, path: &str) -> Self {
        let facts = web.app.facts();
        let lang = web.settings.lang.or_chosen(viewer.language);
        Self {
            lang,
            theme: viewer.theme,
            who: viewer.name.clone(),
            role: viewer.role,
            demo: facts.demo,
            unsigned: !facts.signatures_checked && web.app.is_configured(),
            automation: true,
            back: "/".to_owned(),
            nav: nav::links(&web.nav, path, lang),
            done: None,
        }
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    pub(crate) fn role_words(&self) -> &'static str {
        role_words(self.lang, self.role)
    }

    /// The first letter of the name.
    pub(crate) fn initial(&self) -> String {
        self.who.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default()
    }

    /// What the phone's bar has room for.
    pub(crate) fn first_links(&self) -> &[nav::Link] {
        self.nav.split_at_checked(4).map_or(&self.nav, |(first, _)| first)
    }

    /// What hides behind "more" there.
    pub(crate) fn other_links(&self) -> &[nav::Link] {
        self.nav.split_at_checked(4).map_or(&[], |(_, others)| others)
    }
}

pub(crate) fn role_words(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Admin => t!(lang, "settings.role.admin"),
        Role::Operator => t!(lang, "settings.role.operator"),
    }
}

/// A path of ours to go back to; anything else would lead somewhere of a stranger's choosing.
pub(crate) fn local(path: &str) -> &str {
    // Browsers leave tabs and line breaks out of an address, and read a backslash as a slash.
    let turns = |c: char| c == '\\' || c.is_control();
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(turns);
    if ours { path } else { "/" }
}

/// The words for `?done=…`, which a form leaves behind where nothing swaps fragments.
fn done(query: &str, lang: Lang) -> Option<&'static str> {
    let (_, word) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done")?;
    done_words(&word, lang)
}

/// The words for what was done, by the short word for it.
pub(super) fn done_words(word: &str, lang: Lang) -> Option<&'static str> {
    Some(match word {
        "password" => t!(lang, "settings.done.password"),
        "preferences" => t!(lang, "settings.done.preferences"),
        "sessions" => t!(lang, "settings.done.sessions"),
        "user-added" => t!(lang, "settings.done.user_added"),
        "user-changed" => t!(lang, "settings.done.user_changed"),
        "job-discarded" => t!(lang, "jobs.done.discarded"),
        "job-retried" => t!(lang, "jobs.done.retried"),
        "key-cleared" => t!(lang, "keys.done.cleared"),
        "key-saved" => t!(lang, "keys.done.saved"),
        "ai-saved" => t!(lang, "ai.done.saved"),
        "ai-guards" => t!(lang, "ai.done.guards"),
        "ai-case" => t!(lang, "ai.done.case"),
        "ai-case-deleted" => t!(lang, "ai.done.case_deleted"),
        "queued" => t!(lang, "desk.send.queued"),
        "revoked" => t!(lang, "settings.done.revoked"),
        "auto-reply-on" => t!(lang, "replies.done.auto_on"),
        "auto-reply-off" => t!(lang, "replies.done.auto_off"),
        "consent-noted" => t!(lang, "replies.done.consent_noted"),
        "webhook-set" => t!(lang, "webhooks.done.set"),
        "word-added" => t!(lang, "replies.done.word_added"),
        "word-changed" => t!(lang, "replies.done.word_changed"),
        "word-deleted" => t!(lang, "replies.done.word_deleted"),
        "word-off" => t!(lang, "replies.done.word_off"),
        "word-on" => t!(lang, "replies.done.word_on"),
        "hours" => t!(lang, "replies.done.hours"),
        "automation-on" => t!(lang, "shell.automation.done_on"),
        "automation-on-left" => t!(lang, "shell.automation.done_on_left"),
        "automation-off" => t!(lang, "shell.automation.done_off"),
        "build-started" => t!(lang, "builds.started"),
        "news-activated" => t!(lang, "news.done.activated"),
        "news-deleted" => t!(lang, "news.done.deleted"),
        "news-imported" => t!(lang, "news.done.imported"),
        "chat-approved" => t!(lang, "chat.done.approved"),
        "chat-deleted" => t!(lang, "chat.done.deleted"),
        "chat-deleted-message" => t!(lang, "chat.done.deleted_message"),
        "chat-proposal-taken" => t!(lang, "chat.proposal.taken"),
        "chat-proposal-dropped" => t!(lang, "chat.proposal.dropped"),
        "chat-discarded" => t!(lang, "chat.done.discarded"),
        "chat-done" => t!(lang, "chat.done.done"),
        "chat-mode" => t!(lang, "chat.done.mode"),
        "chat-name" => t!(lang, "chat.done.name"),
        "chat-opt-in" => t!(lang, "chat.done.opt_in"),
        "chat-opt-out" => t!(lang, "chat.done.opt_out"),
        "chat-read" => t!(lang, "chat.done.read"),
        "chat-retried" => t!(lang, "chat.done.retried"),
        "chat-unread" => t!(lang, "chat.done.unread"),
        _ => return None,
    })
}

/// Whether htmx asks, which swaps a fragment instead of a page.
pub(crate) fn is_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_only_comes_back_to_this_panel() {
        for (path, expect) in [
            ("/settings?done=password", "/settings?done=password"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(path), expect, "{path:?}");
        }
    }
}
