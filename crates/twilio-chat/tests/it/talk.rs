//! Talking to a [`TestHub`]: as a customer on the phone, as an API caller, as a person in a browser, as Twilio.

use axum::{
    body::Body,
    http::{Method, Request},
};
use hub_domain::message::{Direction, Message};
use hub_sim::{File, Media, PhoneText, SimMessage};
use hub_store::MessageFilter;
use serde_json::Value;

use crate::{
    hub::{API_TOKEN, TestHub},
    wire::{Answer, ask},
};

/// Anna's phone.
pub(crate) const ANNA: &str = "+48500100200";
/// Piotr's phone.
pub(crate) const PIOTR: &str = "+48500100201";

/// A customer's phone.
pub(crate) struct Phone<'a> {
    hub: &'a TestHub,
    number: &'a str,
}

impl Phone<'_> {
    /// Writes a text; its SID.
    pub(crate) fn writes(&self, body: &str) -> String {
        self.sends(body, Vec::new(), &[])
    }

    /// Writes with attachments and with webhook fields of its own.
    pub(crate) fn sends(&self, body: &str, media: Vec<Media>, extra: &[(&str, &str)]) -> String {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let number = self.hub.number();
        let is_whatsapp = self.number.starts_with("whatsapp:");
        self.hub.sim.phone_sends(PhoneText {
            from: self.number.to_owned(),
            to: if is_whatsapp { "whatsapp:+48500100900".to_owned() } else { number.to_owned() },
            body: body.to_owned(),
            media,
            extra: extra.iter().map(own).collect(),
            ..PhoneText::default()
        })
    }

    /// Sends files that Twilio keeps; the SID.
    pub(crate) fn attaches(&self, files: Vec<File>) -> String {
        let (from, to) = (self.number.to_owned(), self.hub.number().to_owned());
        self.hub.sim.phone_sends(PhoneText { from, to, files, ..PhoneText::default() })
    }

    /// Everything the phone received that has arrived, oldest first, whoever sent it.
    pub(crate) fn got(&self) -> Vec<String> {
        let thread = self.hub.sim.phone_thread(self.number);
        thread.into_iter().filter(|bubble| !bubble.is_mine && bubble.has_arrived).map(|b| b.body).collect()
    }
}

impl TestHub {
    pub(crate) fn phone<'a>(&'a self, number: &'a str) -> Phone<'a> {
        Phone { hub: self, number }
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        ask(self.line.router().expect("the process lives"), request).await
    }

    /// With the bearer token.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(bearer(Method::GET, path, Body::empty())).await
    }

    /// With the bearer token; jobs run meanwhile, as they do beside a waiting caller. `None` when the process
    /// died.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Option<Answer> {
        self.call(bearer(Method::POST, path, Body::from(body.to_string()))).await
    }

    /// The same for a request of one's own.
    pub(crate) async fn call(&mut self, request: Request<Body>) -> Option<Answer> {
        let router = self.line.router().expect("the process lives");
        let mut work = self.store().work_signal();
        let mut answer = Box::pin(ask(router, request));
        loop {
            let step = async {
                tokio::select! {
                    biased;
                    answer = &mut answer => Some(answer),
                    changed = work.changed() => changed.map(|()| None).unwrap(),
                }
            };
            match self.unless_dead(step).await {
                None => return None,
                Some(Some(answer)) => return Some(answer),
                Some(None) => {
                    self.run_jobs().await;
                }
            }
            if !self.is_alive() {
                return None;
            }
        }
    }

    /// Sends through the API and expects an answer.
    pub(crate) async fn api_sends(&mut self, to: &str, body: &str) -> Answer {
        let body = serde_json::json!({ "to": to, "body": body });
        self.post("/api/messages", &body).await.expect("the process lives")
    }

    /// As a signed-in person's browser shows it.
    pub(crate) async fn page(&mut self, path: &str) -> Answer {
        let cookie = self.session().await;
        self.ask(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    /// As Twilio posts it, signed.
    pub(crate) async fn twilio_posts(&self, target: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(self.signed(target, fields)).await
    }

    /// A form as Twilio signs it for this hub.
    pub(crate) fn signed(&self, target: &str, fields: &[(&str, &str)]) -> Request<Body> {
        signed_with(self.auth_token(), &self.public_base(), target, fields)
    }

    /// The items of `GET /api/messages`, newest first.
    pub(crate) async fn listed(&self) -> Vec<Value> {
        self.get("/api/messages").await.json()["items"].as_array().unwrap().clone()
    }

    /// Every stored message, oldest first.
    pub(crate) async fn messages(&self) -> Vec<Message> {
        let filter = MessageFilter { direction: None, before: None, limit: 100_000 };
        let mut messages = self.store().messages(filter).await.unwrap();
        messages.reverse();
        messages
    }

    pub(crate) async fn received(&self) -> Vec<Message> {
        let messages = self.messages().await;
        messages.into_iter().filter(|message| message.direction == Direction::Inbound).collect()
    }

    /// Messages that this hub wrote, oldest first; not what else left from our number.
    pub(crate) async fn written(&self) -> Vec<Message> {
        let messages = self.messages().await;
        messages.into_iter().filter(|message| message.origin.is_some()).collect()
    }

    /// The one message of ours.
    pub(crate) async fn only_written(&self) -> Message {
        let written = self.written().await;
        let [message] = &written[..] else { panic!("not exactly one message of ours: {written:?}") };
        message.clone()
    }

    /// What was decided about each inbound message, oldest first; `-` when nothing yet.
    pub(crate) async fn decisions(&self) -> Vec<String> {
        let mut decisions = Vec::new();
        for message in self.received().await {
            let decision = self.store().reply_decision(message.row).await.unwrap();
            decisions.push(decision.unwrap_or_else(|| "-".to_owned()));
        }
        decisions
    }

    /// How each call for a message ended, oldest first; `-` for one in flight.
    pub(crate) async fn outcomes(&self, row: i64) -> Vec<String> {
        let attempts = self.store().attempts(row).await.unwrap();
        attempts.into_iter().map(|attempt| attempt.outcome.unwrap_or_else(|| "-".to_owned())).collect()
    }

    /// What Twilio took from the API, oldest first.
    pub(crate) fn taken(&self) -> Vec<SimMessage> {
        let messages = self.sim.messages();
        messages.into_iter().filter(|m| m.direction == hub_sim::Direction::OutboundApi).collect()
    }
}

/// A request with the bearer token.
pub(crate) fn bearer(method: Method, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {API_TOKEN}"));
    request.header("content-type", "application/json").body(body).unwrap()
}

/// A form signed with that token for a hub at that address.
pub(crate) fn signed_with(token: &str, base: &str, target: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let params: Vec<(String, String)> = fields.iter().map(owned).collect();
    let signature = hub_sim::sign(token, &format!("{base}{target}"), &params);
    form(target).header("x-twilio-signature", signature).body(Body::from(encoded(fields))).unwrap()
}

/// The beginning of a form post.
pub(crate) fn form(target: &str) -> axum::http::request::Builder {
    Request::post(target).header("content-type", "application/x-www-form-urlencoded")
}

/// Fields as a form's body.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A message SID.
pub(crate) fn sid(number: u64) -> String {
    format!("SM{number:032x}")
}
