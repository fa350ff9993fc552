//! `/api/stats/series`: the dashboard's counts and charts.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::series::{Point, Span};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LANG, lenient_query::LenientQuery, messages::store_fault};
use crate::{
    t,
    web::{Web, error::api_error},
};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct SeriesQuery {
    span: Option<String>,
}

pub(crate) async fn show(State(web): State<Web>, LenientQuery(query): LenientQuery<SeriesQuery>) -> Response {
    let Some(span) = Span::parse(query.span.as_deref().unwrap_or(Span::Week.as_str())) else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.bad_span"));
    };
    let read = async {
        let points = web.app.series(span, &web.settings.time_zone).await?;
        Ok::<_, hub_store::StoreError>((points, web.app.statistics().await?))
    };
    match read.await {
        Ok((points, totals)) => {
            let points: Vec<Value> = points.iter().map(point).collect();
            let totals = json!({
                "total": totals.inbound + totals.outbound,
                "inbound": totals.inbound,
                "outbound": totals.outbound,
                "waiting": totals.waiting,
                "failed": totals.failed,
            });
            Json(json!({ "span": span.as_str(), "points": points, "totals": totals })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

fn point(point: &Point) -> Value {
    let counts = point.counts;
    json!({
        "from": point.from.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        "inbound": counts.inbound,
        "outbound": counts.outbound,
        "delivered": counts.delivered,
        "failed": counts.failed,
    })
}
