//! Rows of `docs/decisions/0001-crash-points.md` about answers that a model writes.

use super::*;

/// A hub with the assistant on that died at `death` after Anna wrote.
async fn assistant_died_at(death: Death) -> TestHub {
    let mut hub = Setup::new().with_assistant().start().await;
    hub.phone(ANNA).writes("Macie chleb?");
    // Decided first is that more texts may come.
    hub.run().await;
    hub.dies(death);
    hub.advance(Duration::from_secs(6)).await;
    assert!(!hub.is_alive(), "{death:?} was never reached");
    hub
}

/// The customer gets the model's answer once; it was asked so often.
async fn one_answer_after(hub: &mut TestHub, asked: usize) {
    hub.restart().await;
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
    assert_eq!((hub.model.asked().len(), hub.sim.counts().creates), (asked, 1));
    assert_eq!(hub.decisions().await, ["answered_assistant"]);
}

#[tokio::test]
async fn before_the_model_is_asked() {
    let mut hub = assistant_died_at(Death::At(Point::ModelAsked)).await;
    assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["replyserve"]);
    assert!(hub.on_disk("SELECT words FROM receipt").is_empty());
    one_answer_after(&mut hub, 1).await;
}

#[tokio::test]
async fn after_the_models_answer_before_it_is_settled() {
    let mut hub = assistant_died_at(Death::At(Point::ModelAnswered)).await;
    assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["replyserve"]);
    assert!(hub.on_disk("SELECT words FROM receipt").is_empty());
    one_answer_after(&mut hub, 2).await;
    assert_eq!(hub.on_disk("SELECT words FROM receipt").len(), 1);
}

#[tokio::test]
async fn after_the_models_answer_is_settled() {
    let mut hub = assistant_died_at(Death::At(Point::ReplyCommitted)).await;
    assert_eq!(hub.open_jobs(), ["deliver of 2"]);
    assert_eq!(hub.on_disk("SELECT words FROM receipt"), ["Tak, mamy."]);
    one_answer_after(&mut hub, 1).await;
}

#[tokio::test]
async fn after_a_hand_over_commit() {
    let mut hub = Setup::new().with_assistant().start().await;
    hub.dies(Death::At(Point::ReplyCommitted));
    hub.phone(ANNA).writes("Konsultant");
    hub.run().await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT mode FROM contact"), ["human"]);
    hub.restart().await;
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Dziekujemy, odpisze na to czlowiek."]);
    assert!(hub.model.asked().is_empty());
}
