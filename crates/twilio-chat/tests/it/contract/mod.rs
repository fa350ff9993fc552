//! The API line by line, as programs written for the earlier version call it.

mod by_hand;
mod cancel;
mod contacts;
mod conversations;
mod inbox;
mod keys;
mod list;
mod parts;
mod remote;
mod removal;
mod send_message;

use axum::{
    body::Body,
    http::{Method, Request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    hub::TestHub,
    talk::bearer,
    wire::{Answer, ask},
};

const MESSAGES: &str = "/api/messages";
const SEND: &str = "/api/send-message";

impl TestHub {
    async fn delete(&self, path: &str) -> Answer {
        self.ask(bearer(Method::DELETE, path, Body::empty())).await
    }

    /// A `POST` that needs no jobs.
    async fn order(&self, path: &str) -> Answer {
        self.ask(bearer(Method::POST, path, Body::empty())).await
    }

    /// Sends through the API and lets it arrive; Twilio's SID.
    async fn sends(&mut self, to: &str, body: &str) -> String {
        let answer = self.api_sends(to, body).await.json();
        self.advance(std::time::Duration::from_secs(5)).await;
        answer["sid"].as_str().unwrap().to_owned()
    }

    /// A customer writes and it arrives; its SID.
    pub(crate) async fn hears(&mut self, from: &str, body: &str) -> String {
        let sid = self.phone(from).writes(body);
        self.run().await;
        sid
    }

    /// Somebody deleted it in Twilio's console.
    pub(crate) async fn gone_at_twilio(&self, sid: &str) {
        let account = hub_sim::SimConfig::default().account_sid;
        let credentials = STANDARD.encode(format!("{account}:{}", self.auth_token()));
        let request = Request::delete(format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"))
            .header("authorization", format!("Basic {credentials}"));
        let answer = ask(self.sim.router(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 204);
    }

    pub(crate) async fn keyed(&mut self, path: &str, key: &str, body: &Value) -> Answer {
        self.call(with_key(path, key, body)).await.expect("the process lives")
    }
}

fn with_key(path: &str, key: &str, body: &Value) -> Request<Body> {
    let mut request = bearer(Method::POST, path, Body::from(body.to_string()));
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    request
}

/// The values of one field, item by item.
fn column(items: &Value, field: &str) -> Vec<Value> {
    items["items"].as_array().unwrap().iter().map(|item| item[field].clone()).collect()
}
