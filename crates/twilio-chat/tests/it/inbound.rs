//! What is kept of a text that comes in, and how often it is answered.

use axum::{body::Body, http::Request};
use hub_sim::Media;
use tokio::task::JoinSet;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, sid},
    wire::ask,
};

#[tokio::test]
async fn any_number_of_media_is_kept_in_order() {
    let mut hub = TestHub::start().await;
    for count in [0, 1, 10, 37] {
        let file = |number| Media {
            url: format!("https://api.twilio.com/media/{number}"),
            content_type: format!("image/x-{number}"),
        };
        hub.phone(ANNA).sends("", (0..count).map(file).collect(), &[]);
        hub.run().await;
        let message = hub.received().await.pop().unwrap();
        let kept = hub.store().media(message.row).await.unwrap();
        assert_eq!(message.media_count, count);
        let kept: Vec<_> = kept.into_iter().map(|media| (media.url, media.content_type.unwrap())).collect();
        let sent: Vec<_> = (0..count).map(file).map(|media| (media.url, media.content_type)).collect();
        assert_eq!(kept, sent);
    }
}

#[tokio::test]
async fn the_body_is_kept_to_the_byte() {
    let mut hub = TestHub::start().await;
    let bodies = [
        "",
        " ",
        "  a\r\nb ",
        "Zażółć gęślą jaźń 👍🏽",
        "a=b&c=%41+1",
        "\u{feff}x\u{200b}",
        "'\"<&>",
        "\u{0}\u{7}",
    ];
    for body in bodies {
        hub.phone(ANNA).writes(body);
    }
    hub.run().await;
    let kept: Vec<String> = hub.received().await.into_iter().map(|message| message.body).collect();
    assert_eq!(kept, bodies);
}

#[tokio::test]
async fn fields_twilio_adds_without_notice_are_kept() {
    let mut hub = TestHub::start().await;
    hub.phone("whatsapp:+48500100200").sends("Hej", Vec::new(), &[("ReferralHeadline", "Nowość: ząb")]);
    hub.run().await;
    let kept = hub.on_disk("SELECT other_fields FROM message");
    assert!(kept[0].contains(r#"["ReferralHeadline","Nowość: ząb"]"#), "{kept:?}");
    assert!(kept[0].contains(r#"["ProfileName","Anna"]"#), "{kept:?}");
}

#[tokio::test]
async fn the_same_sid_a_hundred_times_is_one_row_and_one_reply() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    let number = hub.number().to_owned();
    for _ in 0..5 {
        let mut posts = JoinSet::new();
        for copy in 0..20 {
            // A repeat may differ in what is not the message.
            let city = format!("Miasto {copy}");
            let fields = [
                ("MessageSid", &*sid(1)),
                ("From", ANNA),
                ("To", &number),
                ("Body", "?"),
                ("FromCity", &city),
            ];
            posts.spawn(ask(hub.line.router().unwrap(), hub.signed("/twilio/inbound", &fields)));
        }
        let answers = posts.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        hub.run().await;
    }
    assert_eq!(hub.received().await.len(), 1);
    assert_eq!(hub.decisions().await, ["answered_template"]);
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn ten_quick_texts_are_ten_rows_and_ten_decisions() {
    let mut hub = Setup::new().with_bot().start().await;
    for number in 0..10 {
        hub.phone(ANNA).writes(&format!("tekst {number}"));
    }
    hub.run().await;
    let kept: Vec<String> = hub.received().await.into_iter().map(|message| message.body).collect();
    assert_eq!(kept, (0..10).map(|number| format!("tekst {number}")).collect::<Vec<_>>());
    assert_eq!(hub.decisions().await, ["answered_bot"; 10]);
    let sent: Vec<String> = hub.taken().into_iter().map(|message| message.body).collect();
    assert_eq!(sent, (0..10).map(|number| format!("Echo: tekst {number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn senders_that_cannot_read_are_kept_and_never_answered() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    let senders = ["72400", "MojBank", "INFO", "+266696687", "messenger:1234", "whatsapp:"];
    for (number, from) in (0..).zip(senders) {
        let fields =
            [("MessageSid", &*sid(number)), ("From", from), ("To", hub.number()), ("Body", "Kod: 1")];
        assert_eq!(hub.twilio_posts("/twilio/inbound", &fields).await.status, 200, "{from}");
    }
    hub.run().await;
    let kept: Vec<String> = hub.received().await.into_iter().map(|message| message.from).collect();
    assert_eq!(kept, senders);
    assert_eq!(hub.decisions().await, ["unreachable_sender"; 6]);
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn a_get_webhook_is_taken_when_its_url_is_signed() {
    let mut hub = TestHub::start().await;
    let query = format!("MessageSid={}&From=%2B48500100200&To=%2B15005550006&Body=it's+%C5%BC", sid(1));
    let target = format!("/twilio/inbound?{query}");
    let signature = hub_sim::sign(hub.auth_token(), &format!("{}{target}", hub.public_base()), &[]);
    let get = |signature: &str| {
        Request::get(&target).header("x-twilio-signature", signature).body(Body::empty()).unwrap()
    };
    assert_eq!(hub.ask(get("bm90IHRoaXMgb25lIGF0IGFsbCE=")).await.status, 403);
    assert_eq!(hub.ask(get(&signature)).await.status, 200);
    hub.run().await;
    assert_eq!(hub.received().await[0].body, "it's ż");
}

#[tokio::test]
async fn when_the_store_takes_nothing_the_answer_is_503_and_nothing_acknowledged_is_lost() {
    let mut hub =
        Setup::new().with_busy_timeout(std::time::Duration::from_millis(5)).with_bot().start().await;
    let number = hub.number().to_owned();
    let post = async |hub: &TestHub, text: u64| {
        let fields = [("MessageSid", &*sid(text)), ("From", ANNA), ("To", &number), ("Body", "Hej")];
        hub.twilio_posts("/twilio/inbound", &fields).await.status
    };
    assert_eq!(post(&hub, 1).await, 200);
    let lock = hub.locked_by_another_process();
    for text in 2..8 {
        assert_eq!(post(&hub, text).await, 503);
    }
    let report = [("MessageSid", &*sid(9)), ("MessageStatus", "sent")];
    let refused = hub.twilio_posts("/twilio/status", &report).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()["status"], "error");
    drop(lock);
    assert_eq!(hub.received().await.len(), 1);
    for text in 2..8 {
        assert_eq!(post(&hub, text).await, 200);
    }
    assert_eq!(hub.received().await.len(), 7);
    hub.run().await;
    assert_eq!(hub.taken().len(), 7);
}
