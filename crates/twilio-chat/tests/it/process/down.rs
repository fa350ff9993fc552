//! Twilio is down and comes back: every reply is delivered, once.

use std::collections::BTreeSet;

use hub_sim::{Faults, Status};

use super::{
    program::Hub,
    signed::{Inbound, sid},
    twilio::{OURS, PERSON, Twilio},
    wait::until,
};

/// Leases and lookups take 1.2 s, a failed lookup is repeated 30 times and at least 150 ms apart.
const WAIT_DIVISOR: &str = "100";

/// Twenty customers write while Twilio's API is down, it comes back when `noticed`, and all of them are answered.
async fn check(
    twilio: &mut Twilio,
    goes: impl AsyncFnOnce(&mut Twilio),
    noticed: impl AsyncFn(&Twilio, &Hub) -> Option<()>,
    comes_back: impl AsyncFnOnce(&mut Twilio),
) {
    let program = twilio.program().with("HUB_TEST_WAIT_DIVISOR", WAIT_DIVISOR).with("DB_PATH", "app.db");
    twilio.sim.set_inbound_url(String::new());
    let hub = program.serve(&[]).await;
    hub.answers_with("Oddzwonimy.").await;
    goes(twilio).await;
    for number in 0..20 {
        let (sid, from) = (sid(number), format!("+485001002{number:02}"));
        let inbound = Inbound { sid: &sid, from: &from, to: OURS, body: "Proszę o telefon" };
        assert_eq!(inbound.post(&hub.http, hub.port).await.unwrap().status, 200, "receiving goes on");
    }
    until("calls that fail", async || noticed(twilio, &hub).await).await;
    assert_eq!(twilio.sent().len(), 0);
    comes_back(twilio).await;

    let delivered = async || {
        let listed = hub.api().get("/api/messages?direction=outbound").await.json();
        let items = listed["items"].as_array().unwrap().clone();
        let done = items.iter().filter(|item| item["status"] == "delivered").count();
        (done == 20 && hub.is_quiet().await).then_some(())
    };
    until("every reply's delivery", delivered).await;
    let sent = twilio.sent();
    let persons: BTreeSet<&str> = sent.iter().map(|message| message.to.as_str()).collect();
    assert_eq!((sent.len(), persons.len()), (20, 20), "each once");
    assert!(sent.iter().all(|message| message.status == Status::Delivered));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_connections() {
    let mut twilio = Twilio::start().await;
    let goes = async |twilio: &mut Twilio| twilio.stop().await;
    let noticed = async |_: &Twilio, hub: &Hub| {
        let failures = hub.process.log().matches("the message could not leave").count();
        (failures > 40).then_some(())
    };
    let comes_back = async |twilio: &mut Twilio| twilio.serve().await;
    check(&mut twilio, goes, noticed, comes_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_connections() {
    let mut twilio = Twilio::start().await;
    let goes = async |twilio: &mut Twilio| twilio.sim.faults(Faults { down: true, ..Faults::default() });
    let noticed = async |_: &Twilio, hub: &Hub| {
        let log = hub.process.log();
        (log.matches("Twilio's list could not be read").count() > 20).then_some(())
    };
    let comes_back = async |twilio: &mut Twilio| twilio.sim.faults(Faults::default());
    check(&mut twilio, goes, noticed, comes_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_stopped_meanwhile_goes_on_afterwards() {
    let mut twilio = Twilio::start().await;
    let program = twilio.program().with("HUB_TEST_WAIT_DIVISOR", WAIT_DIVISOR);
    let hub = program.serve(&[]).await;
    hub.answers_with("Oddzwonimy.").await;
    twilio.stop().await;
    assert_eq!(hub.receive(&sid(1), "Halo").await, 200);
    let failing = async || hub.process.log().contains("the message could not leave").then_some(());
    until("a call that fails", failing).await;
    assert_eq!(hub.stop().await.code, Some(0));

    twilio.serve().await;
    let hub = program.serve(&[]).await;
    until("the reply's delivery", async || {
        let listed = hub.api().get("/api/messages").await.json();
        (listed["items"][0]["status"] == "delivered").then_some(())
    })
    .await;
    assert_eq!(twilio.sent().iter().map(|message| message.to.as_str()).collect::<Vec<_>>(), [PERSON]);
}
