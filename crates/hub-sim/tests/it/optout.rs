//! STOP, START, HELP as Twilio handles them.

use hub_sim::{Direction, Status};

use crate::desk::{Desk, OURS, PERSON, SERVICE};

#[tokio::test]
async fn stop_blocks_the_pair_until_start() {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "Stop");
    let webhooks = desk.run();
    assert_eq!(webhooks.len(), 1, "the hub hears the person, not Twilio's own answer");
    assert_eq!((webhooks[0].param("Body"), webhooks[0].param("OptOutType")), (Some("Stop"), None));
    let reply = desk.sim.messages().pop().unwrap();
    assert_eq!((reply.direction, reply.status), (Direction::OutboundReply, Status::Delivered));
    assert_eq!((reply.from.as_deref(), reply.to.as_str()), (Some(OURS), PERSON));

    let refused = desk.send("x").await;
    assert_eq!((refused.status, refused.json()["code"].as_u64()), (400, Some(21610)));
    let other = [("To", PERSON), ("From", "+48500100900"), ("Body", "x")];
    assert_eq!(desk.create(&other).await.status, 201, "another number of ours is not blocked");

    desk.text(PERSON, OURS, "unstop");
    assert_eq!(desk.send("x").await.status, 201);
}

#[tokio::test]
async fn help_is_answered_and_other_words_are_not() {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "help");
    desk.text(PERSON, OURS, "STOP PLEASE");
    desk.text(PERSON, OURS, "YES");
    let replies =
        desk.sim.messages().into_iter().filter(|message| message.direction == Direction::OutboundReply);
    assert_eq!(
        replies.map(|reply| reply.body).collect::<Vec<_>>(),
        ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]
    );
}

#[tokio::test]
async fn advanced_opt_out_covers_the_pool_and_says_so() {
    let desk = Desk::with_service(true);
    desk.text(PERSON, OURS, "STOP");
    let webhook = desk.run().remove(0);
    assert_eq!(webhook.param("OptOutType"), Some("STOP"));
    assert_eq!(webhook.param("MessagingServiceSid"), Some(SERVICE));
    let whatsapp = format!("whatsapp:{PERSON}");
    for form in [
        [("To", PERSON), ("MessagingServiceSid", SERVICE), ("Body", "x")],
        [("To", PERSON), ("From", OURS), ("Body", "x")],
        [("To", &*whatsapp), ("From", "whatsapp:+48500100900"), ("Body", "x")],
    ] {
        assert_eq!(desk.create(&form).await.json()["code"], 21610, "{form:?}");
    }
}
