//! The model hangs, fails or talks nonsense, and nobody else notices: every webhook is answered, the hub stays
//! healthy, and each customer gets the text that stands in for the model, or the silence that was chosen.
//!
//! What the model service said never reaches a customer, whatever it was.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use hub_sim::{AnswerRule, ModelFaults};

use super::{
    http::Caller,
    program::{Hub, Program},
    records::Records,
    signed::{Inbound, sid},
    twilio::{OURS, Twilio},
    wait::until,
};

/// The model has 3 s, is left alone for as long after five failures; a connection has 1.5 s to say what it wants, which
/// a test that makes megabytes beside it may need.
const WAIT_DIVISOR: &str = "10";
const CUSTOMERS: u32 = 300;
/// Webhooks under way at once.
const AT_ONCE: u32 = 24;
const TEMPLATE: &str = "Dziekujemy, odpiszemy jeszcze dzis.";
const BY_MODEL: &str = "Odpowiedz modelu.";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_model_that_hangs_for_a_minute_is_not_waited_for() {
    stands_in(ModelFaults { delay_ms: 60_000, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_model_that_never_answers_is_not_waited_for() {
    stands_in(ModelFaults { hangs: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_model_in_trouble_is_stood_in_for() {
    stands_in(ModelFaults { errors: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_without_a_body_is_none() {
    stands_in(ModelFaults { empty: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_megabytes_are_no_answer() {
    stands_in(ModelFaults { huge: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn json_of_another_shape_is_no_answer() {
    stands_in(ModelFaults { malformed: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bytes_that_are_no_json_are_no_answer() {
    stands_in(ModelFaults { garbage: 1.0, ..ModelFaults::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn some_calls_fail_in_every_way_between_answers() {
    let faults = ModelFaults {
        throttled: 0.1,
        errors: 0.1,
        hangs: 0.05,
        cuts: 0.1,
        garbage: 0.1,
        empty: 0.1,
        huge: 0.05,
        malformed: 0.1,
        ..ModelFaults::default()
    };
    let scene = Scene::start("template", faults).await;
    scene.everybody_writes_and_is_done_with().await;
    scene.everybody_was_told(&[TEMPLATE, BY_MODEL]);
}

/// An answer of nothing but blanks is no trouble of the service, so it is asked every time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn blanks_are_no_answer() {
    let scene = Scene::start("template", ModelFaults::default()).await;
    scene.model_says(" \n ");
    scene.everybody_writes_and_is_done_with().await;
    scene.everybody_was_told(&[TEMPLATE]);
    assert_eq!(scene.receipts_with_errors(), CUSTOMERS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn silence_that_was_chosen_is_recorded() {
    let scene = Scene::start("silence", ModelFaults { hangs: 1.0, ..ModelFaults::default() }).await;
    scene.everybody_writes_and_is_done_with().await;
    assert_eq!(scene.decisions(), BTreeMap::from([("model_failed".to_owned(), CUSTOMERS)]));
    assert_eq!(scene.twilio.sent().len(), 0);
}

/// Everybody gets the template while the model fails like that, and its answer once it works, without a restart.
async fn stands_in(faults: ModelFaults) {
    let scene = Scene::start("template", faults).await;
    scene.everybody_writes_and_is_done_with().await;
    scene.everybody_was_told(&[TEMPLATE]);
    assert!(scene.receipts_with_errors() >= 5, "the model was not asked before it was given up");
    scene.twilio.sim.model().faults(ModelFaults::default());
    scene.the_model_answers_again().await;
}

/// A hub with the assistant on, and a model service with its faults.
struct Scene {
    twilio: Twilio,
    hub: Hub,
    /// A new connection for each webhook: with short waits the hub closes an idle one at once.
    phone: Caller,
    records: Records,
    _program: Program,
}

impl Scene {
    async fn start(on_failure: &str, faults: ModelFaults) -> Self {
        let twilio = Twilio::start().await;
        let program = twilio
            .program_with_model()
            .with("HUB_TEST_WAIT_DIVISOR", WAIT_DIVISOR)
            .with("LOG_LEVEL", "error")
            .with("DB_PATH", "app.db");
        let hub = program.serve(&[]).await;
        hub.answers_by_model(on_failure, TEMPLATE).await;
        twilio.sim.model().faults(faults);
        let records = Records::open(&program.path("app.db"));
        let phone = Caller::anew_each_time(format!("http://127.0.0.1:{}", hub.port));
        let scene = Self { twilio, hub, phone, records, _program: program };
        scene.model_says(BY_MODEL);
        scene
    }

    fn model_says(&self, answer: &str) {
        let rule = AnswerRule { contains: String::new(), answer: answer.to_owned(), always: false };
        self.twilio.sim.model().set_rules(vec![rule]);
    }

    /// Every webhook is answered 200 and the health check says 200, all the time, until nothing is left to do.
    async fn everybody_writes_and_is_done_with(&self) {
        let next = Arc::new(AtomicU32::new(0));
        let customers: Vec<_> = (0..AT_ONCE)
            .map(|_| tokio::spawn(write(self.phone.clone(), self.hub.port, Arc::clone(&next))))
            .collect();
        let done = async || {
            let health = self.hub.health().await;
            assert_eq!(health.status, 200, "{health:?}");
            let written = customers.iter().all(tokio::task::JoinHandle::is_finished);
            (written && self.hub.is_quiet().await).then_some(())
        };
        until("the end of all work", done).await;
        for customer in customers {
            customer.await.unwrap();
        }
        let kept = self.records.number("SELECT count(*) FROM message WHERE direction = 'inbound'");
        assert_eq!(kept, CUSTOMERS);
    }

    /// Each customer was sent one text, and it is one of these.
    fn everybody_was_told(&self, texts: &[&str]) {
        let sent = self.twilio.sent();
        let mut told: BTreeMap<&str, u32> = BTreeMap::new();
        for message in &sent {
            assert!(texts.contains(&&*message.body), "{:?} was sent", message.body);
            *told.entry(&message.to).or_default() += 1;
        }
        assert_eq!(told.len(), usize::try_from(CUSTOMERS).unwrap(), "{:?}", self.decisions());
        assert!(told.values().all(|count| *count == 1), "{told:?}");
    }

    /// How many texts were decided how.
    fn decisions(&self) -> BTreeMap<String, u32> {
        let sql = "SELECT coalesce(reply_decision, 'none'), count(*) FROM message
                   WHERE direction = 'inbound' GROUP BY 1";
        self.records.rows(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).into_iter().collect()
    }

    fn receipts_with_errors(&self) -> u32 {
        self.records.number("SELECT count(*) FROM receipt WHERE error IS NOT NULL")
    }

    /// One customer after another writes until the model is trusted again.
    async fn the_model_answers_again(&self) {
        let mut number = CUSTOMERS;
        let answered = async || {
            number += 1;
            assert_eq!(write_once(&self.phone, self.hub.port, number).await, 200);
            until("the end of all work", async || self.hub.is_quiet().await.then_some(())).await;
            let last = self.twilio.sent().into_iter().next_back().map(|message| message.body);
            (last.as_deref() == Some(BY_MODEL)).then_some(())
        };
        until("an answer of the model", answered).await;
    }
}

/// Writes for one customer after another until each has written.
async fn write(hub: Caller, port: u16, next: Arc<AtomicU32>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= CUSTOMERS {
            return;
        }
        let answered = tokio::time::timeout(Duration::from_secs(15), write_once(&hub, port, number)).await;
        assert_eq!(answered, Ok(200), "Twilio waits no longer than fifteen seconds");
    }
}

async fn write_once(hub: &Caller, port: u16, number: u32) -> u16 {
    let (sid, from) = (sid(number + 1), format!("+48500100{number:03}"));
    let inbound = Inbound { sid: &sid, from: &from, to: OURS, body: "Kiedy przyjedzie zamówienie?" };
    inbound.post(hub, port).await.map_or(0, |answer| answer.status)
}
