//! A transport for tests: answers from a script and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use http::HeaderMap;

use super::{BoxFuture, InboundResponse, OutboundRequest, Transport, TransportError};

pub(crate) type Answer = Result<InboundResponse, TransportError>;

#[derive(Debug, Default)]
pub(crate) struct Scripted {
    answers: Mutex<VecDeque<Answer>>,
    pub(crate) asked: Mutex<Vec<OutboundRequest>>,
}

impl Scripted {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() })
    }

    /// The only request so far.
    pub(crate) fn request(&self) -> OutboundRequest {
        let asked = self.asked.lock().unwrap();
        assert_eq!(asked.len(), 1);
        asked[0].clone()
    }
}

impl Transport for Scripted {
    fn call(&self, request: OutboundRequest) -> BoxFuture<'_, Answer> {
        self.asked.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front().expect("the script has an answer");
        Box::pin(async { answer })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "scripts mix answers and failures")]
pub(crate) fn answer(status: u16, body: &str) -> Answer {
    Ok(InboundResponse { status, headers: HeaderMap::new(), body: body.to_owned().into() })
}
