//! `/ai/guards`: what keeps automatic messages within bounds.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    settings::{BadCountries, GuardChoice, Guards},
    spending,
};
use serde::Deserialize;

use super::{
    super::{Shell, html, words},
    Source, store_fault,
};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

#[derive(Template)]
#[template(path = "ai_guards.html")]
struct GuardsPage {
    shell: Shell,
    source: Source,
    spent: String,
    cap_reached: bool,
    form: GuardsForm,
    /// Why what was typed was not saved.
    refused: Option<String>,
}

/// The form as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GuardsForm {
    contact_10_min: String,
    contact_day: String,
    minute: String,
    money_day: String,
    countries: String,
    stops_loops: Option<String>,
}

impl GuardsForm {
    fn of(lang: Lang, guards: &Guards) -> Self {
        Self {
            contact_10_min: guards.caps.contact_10_min.to_string(),
            contact_day: guards.caps.contact_day.to_string(),
            minute: guards.caps.minute.to_string(),
            money_day: words::amount(lang, guards.money_day),
            countries: guards.countries.join(", "),
            stops_loops: guards.stops_loops.then(|| "on".to_owned()),
        }
    }

    /// The choice it makes, or what is wrong with it.
    fn choice(&self, lang: Lang) -> Result<GuardChoice, String> {
        let number = |text: &str| text.trim().parse().map_err(|_| t!(lang, "ai.bad.cap").to_owned());
        let money_day =
            spending::parse_amount(&self.money_day).ok_or_else(|| t!(lang, "ai.bad.money").to_owned())?;
        let countries: Vec<String> = self
            .countries
            .split([',', ';', '\n'])
            .map(|country| country.trim().to_owned())
            .filter(|country| !country.is_empty())
            .collect();
        Ok(GuardChoice {
            contact_10_min: Some(number(&self.contact_10_min)?),
            contact_day: Some(number(&self.contact_day)?),
            minute: Some(number(&self.minute)?),
            countries: Some(countries),
            money_day: Some(money_day),
            stops_loops: Some(self.stops_loops.is_some()),
        })
    }
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, None).await
}

/// The page with what is in force, or with what was typed and why it was refused.
async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    typed: Option<(GuardsForm, String)>,
) -> Response {
    let (view, (guards, spent)) = match tokio::try_join!(web.app.assistant(), web.app.guards()) {
        Ok(read) => read,
        Err(error) => return store_fault(web, headers, viewer, &error),
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (form, refused) = match typed {
        Some((form, why)) => (form, Some(why)),
        None => (GuardsForm::of(shell.lang, &guards), None),
    };
    let page = GuardsPage {
        source: Source::of(web, view.has_key),
        spent: words::amount(shell.lang, spent),
        shell,
        cap_reached: spending::passes_cap(spent, 1, guards.money_day),
        form,
        refused,
    };
    html(status, &page)
}

pub(crate) async fn save(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<GuardsForm>,
) -> Response {
    let refused = match form.choice(shell.lang) {
        Err(text) => text,
        Ok(choice) => match web.app.change_guards(choice, viewer.by()).await {
            Ok(Ok(_)) => return Redirect::to("/ai/guards?done=ai-guards").into_response(),
            Ok(Err(BadCountries::Nowhere)) => t!(shell.lang, "ai.bad.no_country").to_owned(),
            Ok(Err(BadCountries::Unknown(country))) => {
                t!(shell.lang, "ai.bad.country", country = country)
            }
            Err(error) => return store_fault(&web, &headers, &viewer, &error),
        },
    };
    render(&web, &viewer, &headers, shell, Some((form, refused))).await
}
