//! `/api/meter`: what a text being written takes.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hub_domain::{address::Address, meter::Meter, price::Money, segments::Segments};
use serde_json::{Value, json};

use super::json_body::JsonBody;
use crate::web::Web;

pub(crate) async fn measure(State(web): State<Web>, body: JsonBody) -> Response {
    // A number that is not finished yet has no price.
    let to = body.filled("to").and_then(|typed| Address::from_typed(&typed).ok());
    let Meter { written, folded, cost, folded_cost } = web.app.meter(&body.text("text"), to.as_ref());
    let mut shown = segments(&written, cost.as_ref());
    if let Value::Object(fields) = &mut shown {
        let folded = folded.map(|(text, after)| {
            let mut shown = segments(&after, folded_cost.as_ref());
            if let Value::Object(fields) = &mut shown {
                fields.insert("text".to_owned(), text.into());
            }
            shown
        });
        fields.insert("folded".to_owned(), folded.unwrap_or_default());
    }
    Json(shown).into_response()
}

fn segments(segments: &Segments, cost: Option<&Money>) -> Value {
    let forced_by: Vec<String> = segments.forced_by.iter().map(char::to_string).collect();
    json!({
        "encoding": segments.encoding.as_str(),
        "units": segments.units,
        "segments": segments.segments,
        "forced_by": forced_by,
        "cost": cost.map(|cost| json!({ "amount": cost.to_string(), "currency": cost.currency, "estimate": true })),
    })
}
