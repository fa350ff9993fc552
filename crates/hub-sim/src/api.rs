//! Twilio's REST API: credentials, routing, latency. What a call does is in `create`, `list` and `numbers`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use crate::config::SimConfig;
use crate::form::Form;
use crate::media;
use crate::message::rfc2822;
use crate::reply::{ConnectionFault, Latency, Refusal, Reply};
use crate::simulator::Simulator;

/// The routes of the REST API.
pub(crate) fn router(sim: Simulator) -> Router {
    Router::new()
        .route("/2010-04-01/Accounts/{account}", get(account))
        .route("/2010-04-01/Accounts/{account}/Messages.json", get(list).post(create))
        .route("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json", get(list_numbers))
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}",
            get(fetch_number).post(update_number),
        )
        .route("/v1/ContentAndApprovals", get(list_contents))
        .route("/v1/Services/{sid}", get(fetch_service).post(update_service))
        .merge(media::api())
        .route("/2010-04-01/Accounts/{account}/Messages/{sid}", get(fetch).post(update).delete(delete))
        .layer(from_fn_with_state(sim.clone(), gate))
        .with_state(sim)
}

/// Connection faults, credentials and latency of every call.
async fn gate(State(sim): State<Simulator>, request: Request, next: Next) -> Response {
    let under_way = UnderWay::enter(&sim);
    let (latency, refused) = {
        let mut state = sim.lock();
        let state = &mut *state;
        state.counts.requests += 1;
        let is_html = state.luck.chance(state.faults.html_errors);
        let limit = state.faults.concurrent_requests;
        let refused = if state.faults.down {
            Some(Reply::Fault(ConnectionFault::Cut))
        } else if is_html {
            Some(Reply::HtmlError)
        } else if state.faults.unauthorized {
            Some(Reply::Refused(Refusal::unauthorized()))
        } else if limit > 0 && under_way.others() >= limit {
            Some(Reply::Refused(Refusal::throttled()))
        } else {
            credentials(&state.config, request.headers(), request.uri().path()).err().map(Reply::Refused)
        };
        (state.faults.draw_latency(&mut state.luck), refused)
    };
    let mut response = match refused {
        Some(reply) => reply.into_response(),
        None => next.run(request).await,
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    let own = response.extensions().get().map_or(Duration::ZERO, |Latency(own)| *own);
    let whole = own + latency;
    if !whole.is_zero() {
        // Waited for by whoever carries the response; until then the request is under way.
        response.extensions_mut().insert(under_way);
        response.extensions_mut().insert(Latency(whole));
    }
    response
}

fn credentials(config: &SimConfig, headers: &HeaderMap, path: &str) -> Result<(), Refusal> {
    let is_known = basic_credentials(headers).is_some_and(|(user, password)| {
        (user == config.account_sid && password == config.auth_token)
            || config.api_keys.iter().any(|(sid, secret)| *sid == user && *secret == password)
    });
    if !is_known {
        return Err(Refusal::unauthorized());
    }
    // The other APIs, at hosts of their own in truth, don't name the account.
    let account = path.split('/').nth(3).unwrap_or_default();
    if path.starts_with("/v1/") || account.trim_end_matches(".json") == config.account_sid {
        Ok(())
    } else {
        Err(Refusal::not_found(path))
    }
}

fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let decoded = String::from_utf8(STANDARD.decode(value.strip_prefix("Basic ")?).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// One request among those under way, until dropped.
#[derive(Clone)]
struct UnderWay(Arc<Place>);

struct Place {
    counter: Arc<AtomicUsize>,
    others: usize,
}

impl UnderWay {
    fn enter(sim: &Simulator) -> Self {
        let counter = sim.under_way();
        let others = counter.fetch_add(1, Ordering::SeqCst);
        Self(Arc::new(Place { counter, others }))
    }

    /// How many there were already.
    fn others(&self) -> usize {
        self.0.others
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.counter.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn create(State(sim): State<Simulator>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let created = sim.change(|state, now| state.create(&form, now));
    if let Some(webhook) = created.early {
        sim.deliver_now(webhook).await;
    }
    let mut response = created.reply.into_response();
    if !created.latency.is_zero() {
        response.extensions_mut().insert(Latency(created.latency));
    }
    response
}

async fn list(State(sim): State<Simulator>, RawQuery(query): RawQuery) -> Reply {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    sim.change(|state, now| state.list(&query, now))
}

async fn fetch(State(sim): State<Simulator>, Path((_, sid)): Path<(String, String)>) -> Reply {
    sim.change(|state, _| state.fetch(bare(&sid)))
}

async fn update(State(sim): State<Simulator>, Path((_, sid)): Path<(String, String)>, body: Bytes) -> Reply {
    let form = Form::parse(&body);
    sim.change(|state, now| state.update(bare(&sid), &form, now))
}

async fn delete(State(sim): State<Simulator>, Path((_, sid)): Path<(String, String)>) -> Reply {
    sim.change(|state, _| state.delete(bare(&sid)))
}

async fn list_numbers(State(sim): State<Simulator>, RawQuery(query): RawQuery) -> Reply {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    sim.lock().list_numbers(&query)
}

async fn fetch_number(State(sim): State<Simulator>, Path((_, sid)): Path<(String, String)>) -> Reply {
    sim.lock().fetch_number(bare(&sid))
}

async fn update_number(
    State(sim): State<Simulator>,
    Path((_, sid)): Path<(String, String)>,
    body: Bytes,
) -> Reply {
    sim.change(|state, _| state.update_number(bare(&sid), &Form::parse(&body)))
}

async fn list_contents(State(sim): State<Simulator>, RawQuery(query): RawQuery) -> Reply {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    sim.lock().list_contents(&query)
}

async fn fetch_service(State(sim): State<Simulator>, Path(sid): Path<String>) -> Reply {
    sim.lock().fetch_service(&sid)
}

async fn update_service(State(sim): State<Simulator>, Path(sid): Path<String>, body: Bytes) -> Reply {
    sim.change(|state, _| state.update_service(&sid, &Form::parse(&body)))
}

async fn account(State(sim): State<Simulator>) -> Reply {
    let (now, sid) = (sim.now(), sim.lock().config.account_sid.clone());
    let account = json!({
        "sid": sid,
        "friendly_name": "Simulated account",
        "status": "active",
        "type": "Full",
        "owner_account_sid": sid,
        "date_created": rfc2822(now),
        "date_updated": rfc2822(now),
        "uri": format!("/2010-04-01/Accounts/{sid}.json"),
    });
    Reply::Json(StatusCode::OK, account)
}

fn bare(sid: &str) -> &str {
    sid.strip_suffix(".json").unwrap_or(sid)
}
