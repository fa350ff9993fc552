//! The main road once, end to end.

use std::time::Duration;

use crate::{
    setup::Setup,
    talk::{ANNA, sid},
};

const EMPTY_TWIML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

#[tokio::test]
async fn a_text_comes_in_is_kept_is_answered_and_the_answer_is_delivered() {
    let mut hub = Setup::new().with_auto_reply("Dzień dobry, oddzwonimy.").start().await;
    let question = hub.phone(ANNA).writes("Czy jest wolny termin?");
    hub.run().await;
    let posts: Vec<_> = hub.sim.webhook_log().iter().map(|post| (post.sid.clone(), post.status)).collect();
    assert_eq!(posts, [(question.clone(), Some(200))]);
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Dzień dobry, oddzwonimy."]);

    let items = hub.listed().await;
    assert_eq!(items.len(), 2);
    let (answer, asked) = (&items[0], &items[1]);
    assert_eq!((&asked["sid"], &asked["body"]), (&question.into(), &"Czy jest wolny termin?".into()));
    assert_eq!((&asked["direction"], &asked["status"]), (&"inbound".into(), &"received".into()));
    assert_eq!((&asked["from_number"], &asked["to_number"]), (&ANNA.into(), &hub.number().into()));
    assert_eq!((&answer["direction"], &answer["status"]), (&"outbound".into(), &"delivered".into()));
    assert_eq!((&answer["from_number"], &answer["to_number"]), (&hub.number().into(), &ANNA.into()));
    assert_eq!(answer["sid"], hub.taken()[0].sid);

    for path in ["/", "/messages"] {
        let page = hub.page(path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        for words in ["Czy jest wolny termin?", "Dzień dobry, oddzwonimy.", "+48 500 100 200", "doręczona"]
        {
            assert!(page.text().contains(words), "{path} lacks {words:?}");
        }
    }
}

#[tokio::test]
async fn the_answer_to_an_inbound_webhook_is_an_empty_twiml_document() {
    let mut hub = Setup::new().start().await;
    let fields = [("MessageSid", &*sid(1)), ("From", ANNA), ("To", hub.number()), ("Body", "Cześć")];
    let answer = hub.twilio_posts("/twilio/inbound", &fields).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(answer.text(), EMPTY_TWIML);
    hub.run().await;
}

#[tokio::test]
#[should_panic(expected = "work is left: [\"reply of 1\"]")]
async fn a_test_that_leaves_work_behind_fails() {
    let mut hub = Setup::new().start().await;
    hub.phone(ANNA).writes("Hej");
    hub.post_webhooks().await;
}
