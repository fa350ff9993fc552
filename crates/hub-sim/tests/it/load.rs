//! Load: what it sends is signed and counted, where it goes is this machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use hub_sim::{LoadError, LoadPlan, SimConfig, load, sign};
use tokio::net::TcpListener;

type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A hub that takes all but every fourth webhook; its address, and what it heard.
async fn hub() -> (String, Heard) {
    let heard = Heard::default();
    let take = async |State(heard): State<Heard>, headers: HeaderMap, body: String| {
        let signature = headers["x-twilio-signature"].to_str().unwrap().to_owned();
        let mut heard = heard.lock().unwrap();
        heard.push((signature, body));
        if heard.len().is_multiple_of(4) { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
    };
    let router = axum::Router::new().route("/twilio/inbound", post(take)).with_state(Arc::clone(&heard));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/twilio/inbound", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, heard)
}

fn plan(url: &str) -> LoadPlan {
    let config = SimConfig::default();
    LoadPlan {
        url: url.to_owned(),
        signed_url: None,
        auth_token: config.auth_token,
        account_sid: config.account_sid,
        to: "+15005550006".to_owned(),
        rate: 40,
        lasts: Duration::from_secs(1),
        people: 7,
        seed: 1,
    }
}

#[tokio::test]
async fn webhooks_are_signed_each_its_own_and_counted() {
    let (url, heard) = hub().await;
    let public = "https://sms.example.com/twilio/inbound";
    let report = load(&LoadPlan { signed_url: Some(public.to_owned()), ..plan(&url) }).await.unwrap();
    assert_eq!((report.sent, report.accepted, report.failed), (40, 30, 0));
    assert_eq!(report.refused, [(503, 10)]);
    assert!(report.percentile(50) <= report.percentile(99) && report.percentile(99) <= report.took);
    let shown = report.to_string();
    assert!(shown.contains("p99") && shown.contains("503") && shown.contains("40"), "{shown}");
    let (mut sids, mut people) = (Vec::new(), Vec::new());
    for (signature, body) in heard.lock().unwrap().iter() {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert_eq!(*signature, sign(&SimConfig::default().auth_token, public, &fields));
        let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
        sids.push(field("MessageSid"));
        people.push(field("From"));
    }
    for (found, expect) in [(&mut sids, 40), (&mut people, 7)] {
        found.sort();
        found.dedup();
        assert_eq!(found.len(), expect);
    }
}

#[tokio::test]
async fn a_hub_that_is_not_there_is_a_result_not_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/twilio/inbound", listener.local_addr().unwrap());
    drop(listener);
    let report = load(&plan(&url)).await.unwrap();
    assert_eq!((report.sent, report.failed, report.accepted), (40, 40, 0));
    assert!(report.first_failure.is_some());
}

#[tokio::test]
async fn it_stays_on_this_machine_and_has_an_end() {
    for url in [
        "https://sms.example.com/twilio/inbound",
        "http://93.184.216.34/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "https://127.0.0.1/",
        "nonsense",
    ] {
        let error = load(&plan(url)).await.unwrap_err();
        assert_eq!(error, LoadError::NotThisMachine(url.to_owned()));
        assert!(error.to_string().contains("only"), "{error}");
    }
    let here = || plan("http://127.0.0.1:9/twilio/inbound");
    let long = Duration::from_hours(1);
    for (plan, expect) in [
        (LoadPlan { rate: 0, ..here() }, LoadError::Rate(2_000)),
        (LoadPlan { rate: 2_001, ..here() }, LoadError::Rate(2_000)),
        (LoadPlan { lasts: Duration::ZERO, ..here() }, LoadError::Time),
        (LoadPlan { lasts: long * 2, ..here() }, LoadError::Time),
        (LoadPlan { rate: 2_000, lasts: long, ..here() }, LoadError::TooMany(1_000_000)),
        (LoadPlan { people: 0, ..here() }, LoadError::People(1_000)),
    ] {
        assert_eq!(load(&plan).await.unwrap_err(), expect);
    }
}
