//! `/api/guards` and `/api/hours`: what keeps automatic messages within bounds, and when somebody is there.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    hours::HoursChange,
    settings::{BadCountries, GuardChoice, Guards},
    spending::{self, Micros},
};
use hub_store::{By, StoreError};
use serde_json::json;

use super::{LANG, json_body::JsonBody};
use crate::{
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn show(State(web): State<Web>) -> Response {
    match web.app.guards().await {
        Ok((guards, spent)) => shown(&guards, spent),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn change(State(web): State<Web>, Extension(by): Extension<By>, body: JsonBody) -> Response {
    let change = match choice(&body) {
        Ok(change) => change,
        Err(text) => return api_error(StatusCode::BAD_REQUEST, &text),
    };
    match web.app.change_guards(change, by).await {
        Ok(Ok(_)) => show(State(web)).await,
        Ok(Err(BadCountries::Nowhere)) => api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.guards.nowhere")),
        Ok(Err(BadCountries::Unknown(country))) => {
            let text = t!(LANG, "api.guards.country", country = country);
            api_error(StatusCode::BAD_REQUEST, &text)
        }
        Err(error) => store_fault(&error),
    }
}

/// What the body mentions.
fn choice(body: &JsonBody) -> Result<GuardChoice, String> {
    let number = |name: &str| match body.given(name) {
        None => Ok(None),
        Some(text) => text.parse::<u32>().map(Some).map_err(|_| t!(LANG, "api.guards.number")),
    };
    let money_day = match body.given("cost_day") {
        None => None,
        Some(text) => Some(spending::parse_amount(&text).ok_or(t!(LANG, "api.guards.number"))?),
    };
    Ok(GuardChoice {
        contact_10_min: number("per_contact_10_min")?,
        contact_day: number("per_contact_day")?,
        minute: number("per_minute")?,
        countries: body.has("countries").then(|| body.texts("countries")),
        money_day,
        stops_loops: body.truth_given("stops_loops")?,
    })
}

fn shown(guards: &Guards, spent: Micros) -> Response {
    Json(json!({
        "per_contact_10_min": guards.caps.contact_10_min,
        "per_contact_day": guards.caps.contact_day,
        "per_minute": guards.caps.minute,
        "countries": guards.countries,
        "cost_day": spending::shown(guards.money_day),
        "spent_today": spending::shown(spent),
        "cap_reached": spending::passes_cap(spent, 1, guards.money_day),
        "stops_loops": guards.stops_loops,
    }))
    .into_response()
}

pub(crate) async fn show_hours(State(web): State<Web>) -> Response {
    match web.app.hours().await {
        Ok(hours) => Json(hours).into_response(),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn change_hours(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    body: JsonBody,
) -> Response {
    let Some(change) = body.read::<HoursChange>() else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.hours.bad"));
    };
    match web.app.change_hours(change, by).await {
        Ok(Ok(hours)) => Json(hours).into_response(),
        Ok(Err(_)) => api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.hours.long")),
        Err(error) => store_fault(&error),
    }
}

fn store_fault(error: &StoreError) -> Response {
    tracing::error!(%error, "the guards could not be read or saved");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}
