//! `/ai`: how the assistant is set up, and whether its model answers.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    address::{Address, PhoneNumber},
    assistant::settings::{
        AnswersWhen, AssistantChoice, AssistantChoiceError, AssistantSettings, LONGEST_INSTRUCTION, OnFailure,
    },
};
use serde::Deserialize;

use super::{
    super::{Shell, html, moment, seen},
    Source, store_fault, trouble,
};
use crate::{
    app::{assistant::AssistantView, auth::Viewer},
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Template)]
#[template(path = "ai.html")]
struct SettingsPage {
    shell: Shell,
    source: Source,
    key_preview: String,
    changed: Option<String>,
    left_alone_until: Option<String>,
    form: SettingsForm,
    /// Why what was typed was not saved.
    refused: Option<String>,
    /// The text for the model to answer.
    tried: String,
    /// What came of it.
    outcome: Option<Result<String, String>>,
}

/// The form as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsForm {
    enabled: Option<String>,
    model: String,
    temperature: String,
    instruction: String,
    history_limit: String,
    segments: String,
    quiet_seconds: String,
    only: String,
    target_number: String,
    on_failure: String,
    when: String,
    draft: Option<String>,
    handover_text: String,
    /// The mark of what the form was filled with.
    seen: String,
}

impl SettingsForm {
    fn of(settings: &AssistantSettings) -> Self {
        let ticked = |on: bool| on.then(|| "on".to_owned());
        Self {
            enabled: ticked(settings.enabled),
            model: settings.model.clone(),
            temperature: settings.temperature.to_string(),
            instruction: settings.instruction.clone(),
            history_limit: settings.history_limit.to_string(),
            segments: settings.segments.to_string(),
            quiet_seconds: settings.quiet_seconds.to_string(),
            only: settings.only.join("\n"),
            target_number: settings.target_number.clone(),
            on_failure: match settings.on_failure {
                OnFailure::Template => "template",
                OnFailure::Silence => "silence",
            }
            .to_owned(),
            when: match settings.when {
                AnswersWhen::Always => "always",
                AnswersWhen::Open => "open",
                AnswersWhen::Closed => "closed",
            }
            .to_owned(),
            draft: ticked(settings.draft),
            handover_text: settings.handover_text.clone(),
            seen: seen::mark(settings),
        }
    }

    /// The choice it makes, or what is wrong with it.
    fn choice(&self, lang: Lang) -> Result<AssistantChoice, String> {
        if self.model.trim().is_empty() {
            return Err(t!(lang, "ai.bad.model").to_owned());
        }
        let temperature: f64 = self
            .temperature
            .trim()
            .replace(',', ".")
            .parse()
            .map_err(|_| t!(lang, "ai.bad.temperature").to_owned())?;
        let number = |text: &str| text.trim().parse().map_err(|_| t!(lang, "ai.bad.number").to_owned());
        Ok(AssistantChoice {
            enabled: Some(self.enabled.is_some()),
            model: Some(self.model.trim().to_owned()),
            temperature: Some(temperature),
            instruction: Some(self.instruction.clone()),
            target_number: Some(self.recipient(lang)?),
            only: Some(self.people(lang)?),
            history_limit: Some(number(&self.history_limit)?),
            segments: Some(number(&self.segments)?),
            quiet_seconds: Some(number(&self.quiet_seconds)?),
            on_failure: Some(match &*self.on_failure {
                "silence" => OnFailure::Silence,
                _ => OnFailure::Template,
            }),
            draft: Some(self.draft.is_some()),
            handover_text: Some(self.handover_text.trim().to_owned()),
            when: Some(match &*self.when {
                "open" => AnswersWhen::Open,
                "closed" => AnswersWhen::Closed,
                _ => AnswersWhen::Always,
            }),
        })
    }

    /// Who alone is answered. A number that can't be read is refused: left out, everybody would be answered.
    fn people(&self, lang: Lang) -> Result<Vec<String>, String> {
        let typed = self.only.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty());
        typed
            .map(|text| match PhoneNumber::from_typed(text) {
                Ok(number) => Ok(number.as_str().to_owned()),
                Err(_) => Err(t!(lang, "ai.bad.person", number = text)),
            })
            .collect()
    }

    /// Whom texts that a person asks the model for go to; empty: nobody.
    fn recipient(&self, lang: Lang) -> Result<String, String> {
        let typed = self.target_number.trim();
        if typed.is_empty() {
            return Ok(String::new());
        }
        Address::from_typed(typed)
            .map(|address| address.as_str().to_owned())
            .map_err(|_| t!(lang, "ai.bad.person", number = typed))
    }
}

fn outside(lang: Lang, error: AssistantChoiceError) -> String {
    match error {
        AssistantChoiceError::Temperature => t!(lang, "ai.bad.temperature").to_owned(),
        AssistantChoiceError::Instruction => t!(lang, "ai.bad.instruction", most = LONGEST_INSTRUCTION),
        AssistantChoiceError::Limit => t!(lang, "ai.bad.number").to_owned(),
    }
}

fn filled(web: &Web, shell: Shell, view: &AssistantView) -> SettingsPage {
    SettingsPage {
        source: Source::of(web, view.has_key),
        key_preview: view.key_preview.clone(),
        changed: view.changed_at.map(|at| moment(web, at)),
        left_alone_until: view.left_alone_until.map(|at| moment(web, at)),
        form: SettingsForm::of(&view.settings),
        refused: None,
        tried: t!(shell.lang, "ai.test.text").to_owned(),
        outcome: None,
        shell,
    }
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    match web.app.assistant().await {
        Ok(view) => html(StatusCode::OK, &filled(&web, shell, &view)),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}

pub(crate) async fn save(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<SettingsForm>,
) -> Response {
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let lang = shell.lang;
    if seen::are_others(&view.settings, &form.seen) {
        // Sent once more it counts: by then it was seen.
        let form = SettingsForm { seen: seen::mark(&view.settings), ..form };
        let refused = Some(t!(lang, "panel.changed_elsewhere").to_owned());
        let page = SettingsPage { form, refused, ..filled(&web, shell, &view) };
        return html(StatusCode::CONFLICT, &page);
    }
    let refused = match form.choice(lang) {
        Err(text) => text,
        Ok(choice) if choice.enabled == Some(true) && !view.has_key => t!(lang, "ai.bad.no_key").to_owned(),
        Ok(choice) => match web.app.change_assistant(choice, viewer.by()).await {
            Ok(Ok(_)) => return Redirect::to("/ai?done=ai-saved").into_response(),
            Ok(Err(error)) => outside(lang, error),
            Err(error) => return store_fault(&web, &headers, &viewer, &error),
        },
    };
    let page = SettingsPage { form, refused: Some(refused), ..filled(&web, shell, &view) };
    html(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The text to try a model with.
#[derive(Debug, Deserialize)]
pub(crate) struct TestForm {
    #[serde(default)]
    message: String,
}

pub(crate) async fn test(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<TestForm>,
) -> Response {
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let page = filled(&web, shell, &view);
    let typed = form.message.trim();
    let tried = if typed.is_empty() { page.tried.clone() } else { typed.to_owned() };
    let outcome = match web.app.try_model(&tried, None).await {
        Ok(connection) => Ok(connection.reply),
        Err(error) => Err(trouble(page.shell.lang, &error)),
    };
    let status = if outcome.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html(status, &SettingsPage { tried, outcome: Some(outcome), ..page })
}
