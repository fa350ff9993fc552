//! `/settings/audit`: who did what, page by page, for admins.

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::changes::{Change, Field, Value};
use hub_store::{AuditAction, AuditEntry};
use serde::Deserialize;

use super::{fault, html, moment, shell::Shell};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

/// Lines on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    entries: Vec<Line>,
    is_first: bool,
    older: Option<i64>,
}

struct Line {
    time: String,
    actor: String,
    what: &'static str,
    subject: String,
    network: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Place {
    before: Option<i64>,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(place): Query<Place>,
    shell: Shell,
) -> Response {
    // One more than shown says whether there is another page.
    let entries = match web.app.audit(place.before, SHOWN + 1).await {
        Ok(entries) => entries,
        Err(error) => {
            tracing::error!(%error, "the audit log could not be read");
            return fault::store(&web, &headers, Some(&viewer));
        }
    };
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let (page, rest) = entries.split_at_checked(shown).unwrap_or((&entries, &[]));
    let older = page.last().filter(|_| !rest.is_empty()).map(|entry| entry.id);
    let lang = shell.lang;
    let entries = page.iter().map(|entry| line(&web, lang, entry)).collect();
    html(StatusCode::OK, &AuditPage { shell, entries, is_first: place.before.is_none(), older })
}

fn line(web: &Web, lang: Lang, entry: &AuditEntry) -> Line {
    let subject = entry.change.as_ref().map_or_else(|| entry.subject.clone(), |change| changed(lang, change));
    Line {
        time: moment(web, entry.at),
        actor: entry.actor.clone(),
        what: words(lang, entry.action),
        subject,
        network: entry.network.clone(),
    }
}

fn words(lang: Lang, action: AuditAction) -> &'static str {
    match action {
        AuditAction::FirstUser => t!(lang, "settings.audit.first_user"),
        AuditAction::SignedIn => t!(lang, "settings.audit.signed_in"),
        AuditAction::SignedInByLink => t!(lang, "settings.audit.signed_in_by_link"),
        AuditAction::SignInRefused => t!(lang, "settings.audit.sign_in_refused"),
        AuditAction::SignInLimited => t!(lang, "settings.audit.sign_in_limited"),
        AuditAction::SessionEnded => t!(lang, "settings.audit.session_ended"),
        AuditAction::SessionsEnded => t!(lang, "settings.audit.sessions_ended"),
        AuditAction::PasswordChanged => t!(lang, "settings.audit.password_changed"),
        AuditAction::UserAdded => t!(lang, "settings.audit.user_added"),
        AuditAction::MadeAdmin => t!(lang, "settings.audit.made_admin"),
        AuditAction::MadeOperator => t!(lang, "settings.audit.made_operator"),
        AuditAction::UserDisabled => t!(lang, "settings.audit.user_disabled"),
        AuditAction::UserEnabled => t!(lang, "settings.audit.user_enabled"),
        AuditAction::PasswordSet => t!(lang, "settings.audit.password_set"),
        AuditAction::TokenAdded => t!(lang, "settings.audit.token_added"),
        AuditAction::TokenRevoked => t!(lang, "settings.audit.token_revoked"),
        AuditAction::AutomationOn => t!(lang, "settings.audit.automation_on"),
        AuditAction::AutomationOff => t!(lang, "settings.audit.automation_off"),
        AuditAction::SecretChanged => t!(lang, "settings.audit.secret_changed"),
        AuditAction::JobRetried => t!(lang, "jobs.audit.retried"),
        AuditAction::JobDiscarded => t!(lang, "jobs.audit.discarded"),
        AuditAction::SecretCleared => t!(lang, "settings.audit.secret_cleared"),
        AuditAction::ModelChosen => t!(lang, "api.models.chosen"),
        AuditAction::WebhookSet => t!(lang, "webhooks.audit.set"),
        AuditAction::IndexActivated => t!(lang, "news.audit.activated"),
        AuditAction::IndexDeleted => t!(lang, "news.audit.deleted"),
        AuditAction::IndexImported => t!(lang, "news.audit.imported"),
        AuditAction::IndexBuilt => t!(lang, "builds.audit.started"),
        AuditAction::IndexStopped => t!(lang, "builds.audit.stopped"),
        AuditAction::SettingChanged => t!(lang, "audit.setting_changed"),
        AuditAction::WordAdded => t!(lang, "audit.word_added"),
        AuditAction::WordDeleted => t!(lang, "audit.word_deleted"),
    }
}

/// A field that changed: its name, from what to what, as far as that may be shown.
fn changed(lang: Lang, change: &Change) -> String {
    let name = field(lang, change.field);
    let name = match &change.word {
        Some(word) => t!(lang, "audit.of_word", field = name, word = word),
        None => name.to_owned(),
    };
    let shown = |value| value_words(lang, change.field, value);
    if change.looks_alike() {
        return t!(lang, "audit.alike", name = name, value = shown(&change.to));
    }
    t!(lang, "audit.from_to", name = name, from = shown(&change.from), to = shown(&change.to))
}

fn value_words(lang: Lang, field: Field, value: &Value) -> String {
    let words = match value {
        Value::Unset => t!(lang, "audit.value.unset"),
        Value::Switch(true) => t!(lang, "audit.value.on"),
        Value::Switch(false) => t!(lang, "audit.value.off"),
        Value::People(0) => t!(lang, "audit.value.everyone"),
        Value::People(count) => return t!(lang, "audit.value.people", count = count),
        Value::Text(text) if text.is_empty() => t!(lang, "audit.value.empty"),
        Value::Text(text) => match (field, &**text) {
            (Field::OnFailure, "template") => t!(lang, "audit.value.template"),
            (Field::OnFailure, "silence") => t!(lang, "audit.value.silence"),
            (Field::When, "always") => t!(lang, "audit.value.always"),
            (Field::When, "open") => t!(lang, "audit.value.open"),
            (Field::When, "closed") => t!(lang, "audit.value.closed"),
            (_, text) => text,
        },
    };
    words.to_owned()
}

fn field(lang: Lang, field: Field) -> &'static str {
    match field {
        Field::AutoReplyEnabled => t!(lang, "audit.field.auto_reply_enabled"),
        Field::AutoReplyText => t!(lang, "audit.field.auto_reply_text"),
        Field::Days => t!(lang, "audit.field.days"),
        Field::AwayText => t!(lang, "audit.field.away_text"),
        Field::AssistantEnabled => t!(lang, "audit.field.assistant_enabled"),
        Field::Model => t!(lang, "audit.field.model"),
        Field::Temperature => t!(lang, "audit.field.temperature"),
        Field::Instruction => t!(lang, "audit.field.instruction"),
        Field::TargetNumber => t!(lang, "audit.field.target_number"),
        Field::Only => t!(lang, "audit.field.only"),
        Field::HistoryLimit => t!(lang, "audit.field.history_limit"),
        Field::Segments => t!(lang, "audit.field.segments"),
        Field::QuietSeconds => t!(lang, "audit.field.quiet_seconds"),
        Field::OnFailure => t!(lang, "audit.field.on_failure"),
        Field::Draft => t!(lang, "audit.field.draft"),
        Field::HandoverText => t!(lang, "audit.field.handover_text"),
        Field::When => t!(lang, "audit.field.when"),
        Field::ContactTenMinutes => t!(lang, "audit.field.contact_ten_minutes"),
        Field::ContactDay => t!(lang, "audit.field.contact_day"),
        Field::Minute => t!(lang, "audit.field.minute"),
        Field::Countries => t!(lang, "audit.field.countries"),
        Field::MoneyDay => t!(lang, "audit.field.money_day"),
        Field::StopsLoops => t!(lang, "audit.field.stops_loops"),
        Field::WordEnabled => t!(lang, "audit.field.word_enabled"),
        Field::WordAnswer => t!(lang, "audit.field.word_answer"),
        Field::WordDescription => t!(lang, "audit.field.word_description"),
        Field::BotEnabled => t!(lang, "audit.field.bot_enabled"),
    }
}

#[cfg(test)]
mod tests;
