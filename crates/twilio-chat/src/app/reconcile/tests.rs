//! A lookup while another call to the same person begins.

use std::sync::{Arc, Mutex};

use hub_clients::{InboundResponse, OutboundRequest, Transport, TransportError, transport::BoxFuture};
use hub_domain::{
    address::Address, attempt::AttemptOutcome, job::JobKind, message::Origin, status::MessageStatus,
    timing::Timing,
};
use hub_store::{LeaseRequest, NewOutbound, SqliteOptions, Store, Submitted};
use serde_json::json;

use super::*;
use crate::{
    config::{Config, RawConfig},
    start,
    sys::World,
};

const SID: &str = "SM00000000000000000000000000000001";

/// A Twilio where a call begins and is accepted just before the list is read; its answer is on the way.
#[derive(Debug)]
struct Busy {
    store: Store,
    world: World,
    call: Mutex<Option<LeasedJob>>,
    listed_body: &'static str,
}

impl Transport for Busy {
    fn call(&self, _list: OutboundRequest) -> BoxFuture<'_, Result<InboundResponse, TransportError>> {
        Box::pin(async {
            let job = self.call.lock().unwrap().take();
            if let Some(job) = job {
                self.store
                    .begin_attempt(job, self.world.attempt_id(), Arc::default(), self.world.now())
                    .await
                    .unwrap();
            }
            let message = json!({ "sid": SID, "body": self.listed_body, "direction": "outbound-api" });
            let body = json!({ "messages": [message], "next_page_uri": null }).to_string().into();
            Ok(InboundResponse { status: 200, headers: http::HeaderMap::new(), body })
        })
    }
}

/// A lost call of one text is looked up while another one is accepted.
async fn check(lost: &'static str, begun: &'static str) {
    let (world, folder) = (World::real(), tempfile::tempdir().unwrap());
    let store = Store::open_sqlite(&SqliteOptions::new(folder.path().join("app.db"))).unwrap();
    let lease = LeaseRequest { owner: "test".to_owned(), lasts: Timing::default().lease };
    let submit = async |body: &str| {
        let message = NewOutbound {
            id: world.message_id(),
            to: Address::from_typed("+48500100200").unwrap(),
            from: "+15005550006".to_owned(),
            service: None,
            body: body.to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin: Origin::Api,
        };
        let id = message.id;
        let submitted = store.submit(message, Some(lease.clone()), world.now()).await.unwrap();
        let Submitted::Queued { lease: Some(job), .. } = submitted else { panic!("{submitted:?}") };
        (id, job)
    };
    let ((id, job), (_, other)) = (submit(lost).await, submit(begun).await);
    let attempt = world.attempt_id();
    store.begin_attempt(job, attempt, Arc::default(), world.now()).await.unwrap();
    let outcome = AttemptOutcome::Ambiguous { reason: "reset".to_owned() };
    store.finish_attempt(job, attempt, outcome, Arc::default(), 0, world.now()).await.unwrap();
    let later = world.now() + 2 * Timing::default().reconcile_wait;
    let lookup = store.lease_jobs(lease, JobKind::Reconcile, 1, later).await.unwrap()[0];

    let twilio = Arc::new(Busy {
        store: store.clone(),
        world: world.clone(),
        call: Mutex::new(Some(other)),
        listed_body: begun,
    });
    let app = start::app(&config(), store.clone(), world, Timing::default(), twilio, 3000).unwrap();
    app.reconcile(lookup, attempt).await.unwrap();

    let message = store.message_by_id(id).await.unwrap().unwrap();
    assert_eq!((message.status, message.sid), (MessageStatus::Unknown, None), "{lost} and {begun}");
    assert!(
        store.jobs(9).await.unwrap().iter().any(|job| job.kind == JobKind::Reconcile),
        "it is looked up again"
    );
}

fn config() -> Config {
    let values = [
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "simulated-auth-token"),
        ("TWILIO_DEFAULT_FROM", "+15005550006"),
        ("TWILIO_API_BASE_URL", "http://127.0.0.1:9"),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::from_raw(&RawConfig::merge(values, None)).unwrap()
}

#[tokio::test]
async fn a_message_accepted_during_the_look_is_not_taken_for_the_lost_one() {
    check("Zapraszamy w czwartek", "Zapraszamy w piątek").await;
    check("Zapraszamy", "Zapraszamy").await;
}
