//! What can't be a webhook: always a 4xx, never a 5xx or a 429, and nothing is kept.

use std::{convert::Infallible, io};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Request},
};
use futures_util::stream;
use proptest::prelude::*;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, encoded, form, sid},
};

const PATHS: [&str; 2] = ["/twilio/inbound", "/twilio/status"];
const LIMIT: usize = 64 * 1024;

#[tokio::test]
async fn an_inbound_webhook_without_its_fields_is_400_and_names_the_field() {
    let hub = TestHub::start().await;
    let long = "S".repeat(65);
    let sid = &*sid(1);
    for (fields, words) in [
        (vec![], "MessageSid is missing"),
        (vec![("From", ANNA), ("To", "72400"), ("Body", "x")], "MessageSid is missing"),
        (vec![("MessageSid", " "), ("From", ANNA), ("To", "72400")], "MessageSid is missing"),
        (vec![("MessageSid", sid), ("To", "72400"), ("Body", "x")], "From is missing"),
        (vec![("MessageSid", sid), ("From", ""), ("To", "72400")], "From is missing"),
        (vec![("MessageSid", sid), ("From", ANNA), ("Body", "x")], "To is missing"),
        (vec![("MessageSid", "SM 1"), ("From", ANNA), ("To", "72400")], "MessageSid is not a message SID"),
        (vec![("MessageSid", &long), ("From", ANNA), ("To", "72400")], "MessageSid is not a message SID"),
        (vec![("MessageSid", sid), ("From", "a\u{1}b"), ("To", "72400")], "From is not an address"),
        (
            vec![("MessageSid", sid), ("From", ANNA), ("From", "+48500100201"), ("To", "72400")],
            "From given twice with different values",
        ),
    ] {
        let answer = hub.twilio_posts("/twilio/inbound", &fields).await;
        assert_eq!((answer.status, answer.text()), (400, words), "{fields:?}");
    }
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn a_kind_of_body_that_is_no_form_is_415_even_unsigned() {
    for hub in [Setup::new().unsigned().start().await, TestHub::start().await] {
        let json = serde_json::json!({ "MessageSid": sid(1), "From": ANNA, "To": "72400" }).to_string();
        let good = encoded(&[("MessageSid", &sid(1)), ("From", ANNA), ("To", "72400")]);
        for path in PATHS {
            for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", "", "\u{fffd}"]
            {
                for body in [&json, &good] {
                    let mut request = Request::post(path).body(Body::from(body.clone())).unwrap();
                    request.headers_mut().insert("content-type", kind.parse().unwrap());
                    assert_eq!(hub.ask(request).await.status, 415, "{path} as {kind:?}");
                }
            }
            let untyped = Request::post(path).body(Body::from(good.clone())).unwrap();
            assert_eq!(hub.ask(untyped).await.status, 415, "{path} without a type");
        }
        assert!(hub.messages().await.is_empty());
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_400_and_a_type_with_parameters_is_a_form() {
    let mut hub = Setup::new().unsigned().start().await;
    let good = encoded(&[("MessageSid", &sid(1)), ("From", ANNA), ("To", "72400")]);
    let crowd = "a=&".repeat(2_001);
    for path in PATHS {
        for body in ["Body=%", "Body=%4", "Body=%zz", "Body=%ff%fe", "%f0%28=x", &crowd] {
            let request = form(path).body(Body::from(format!("{good}&{body}"))).unwrap();
            assert_eq!(hub.ask(request).await.status, 400, "{path} with {body:.20}");
        }
    }
    assert!(hub.messages().await.is_empty());
    for kind in ["application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-Urlencoded"] {
        let request = Request::post("/twilio/inbound").header("content-type", kind);
        assert_eq!(hub.ask(request.body(Body::from(good.clone())).unwrap()).await.status, 200, "{kind}");
    }
    hub.run().await;
}

#[tokio::test]
async fn sixty_four_kib_are_taken_and_one_byte_more_is_413() {
    let mut hub = TestHub::start().await;
    let number = hub.number().to_owned();
    let of_size = |size: usize| {
        let sid = sid(1);
        let with = |body: &str| {
            let fields = [("MessageSid", &*sid), ("From", ANNA), ("To", &number), ("Body", body)];
            (hub.signed("/twilio/inbound", &fields), encoded(&fields).len())
        };
        let (_, empty) = with("");
        let (request, length) = with(&"x".repeat(size - empty));
        assert_eq!(length, size);
        request
    };
    let (exact, over) = (of_size(LIMIT), of_size(LIMIT + 1));
    assert_eq!(hub.ask(over).await.status, 413);
    assert!(hub.messages().await.is_empty());
    assert_eq!(hub.ask(exact).await.status, 200);
    hub.run().await;
    assert!(hub.received().await[0].body.len() > 65_000);
    // The size is watched as the body comes: what it says of itself is not believed, and it may never end.
    let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024])));
    let request = form("/twilio/inbound").header("content-length", "10");
    assert_eq!(hub.ask(request.body(Body::from_stream(endless)).unwrap()).await.status, 413);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_never_ends_is_408() {
    let hub = TestHub::start().await;
    tokio::time::pause();
    for path in PATHS {
        let broken = stream::iter([Ok(Bytes::from_static(b"From=")), Err(io::Error::other("reset"))]);
        assert_eq!(hub.ask(form(path).body(Body::from_stream(broken)).unwrap()).await.status, 408);
        let begun = tokio::time::Instant::now();
        let silent = stream::pending::<Result<Bytes, Infallible>>();
        assert_eq!(hub.ask(form(path).body(Body::from_stream(silent)).unwrap()).await.status, 408);
        assert_eq!(begun.elapsed().as_secs(), 10);
    }
}

#[tokio::test]
async fn a_hub_without_an_account_answers_503() {
    let hub = Setup::new().unconfigured().start().await;
    for path in PATHS {
        let good = encoded(&[("MessageSid", &sid(1)), ("From", ANNA), ("To", "72400")]);
        assert_eq!(hub.ask(form(path).body(Body::from(good)).unwrap()).await.status, 503, "{path}");
    }
    assert!(hub.messages().await.is_empty());
}

/// Anything that a stranger may post.
#[derive(Clone, Debug)]
struct Posted {
    path: &'static str,
    kind: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
    query: String,
    body: Vec<u8>,
}

fn posted() -> impl Strategy<Value = Posted> {
    let name = prop_oneof![
        Just("MessageSid".to_owned()),
        Just("SmsSid".to_owned()),
        Just("From".to_owned()),
        Just("To".to_owned()),
        Just("Body".to_owned()),
        Just("MessageStatus".to_owned()),
        Just("ErrorCode".to_owned()),
        Just("OptOutType".to_owned()),
        Just("MediaUrl0".to_owned()),
        Just("MediaUrl99999999999999999999".to_owned()),
        "\\PC{0,8}",
    ];
    let value =
        prop_oneof![Just("+48500100200".to_owned()), Just(sid(1)), Just("STOP".to_owned()), ".{0,40}"];
    let fields = proptest::collection::vec((name, value), 0..12).prop_map(|fields| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
    });
    let body = prop_oneof![4 => fields, 1 => proptest::collection::vec(any::<u8>(), 0..300)];
    let header = proptest::collection::vec(prop_oneof![32_u8..127, 128_u8..255], 0..60);
    let kind = prop_oneof![
        6 => Just(Some(b"application/x-www-form-urlencoded".to_vec())),
        1 => Just(Some(b"application/json".to_vec())),
        1 => Just(None),
        1 => header.clone().prop_map(Some),
    ];
    let path = prop_oneof![Just(PATHS[0]), Just(PATHS[1])];
    (path, kind, proptest::option::of(header), "[a-z0-9=&%+]{0,20}", body)
        .prop_map(|(path, kind, signature, query, body)| Posted { path, kind, signature, query, body })
}

fn request(posted: &Posted) -> Request<Body> {
    let target = format!("{}?{}", posted.path, posted.query);
    let mut request = Request::post(target).body(Body::from(posted.body.clone())).unwrap();
    for (name, value) in [("content-type", &posted.kind), ("x-twilio-signature", &posted.signature)] {
        if let Some(value) = value {
            request.headers_mut().insert(name, HeaderValue::from_bytes(value).unwrap());
        }
    }
    request
}

/// Whether the form has what its webhook needs.
fn has_what_it_needs(posted: &Posted) -> bool {
    let filled = |names: &[&str]| {
        form_urlencoded::parse(&posted.body).any(|(name, value)| names.contains(&&*name) && !value.is_empty())
    };
    match posted.path {
        "/twilio/inbound" => filled(&["MessageSid"]) && filled(&["From"]) && filled(&["To"]),
        _ => filled(&["MessageSid", "SmsSid"]) && filled(&["MessageStatus", "SmsStatus"]),
    }
}

fn holds_for_anything(setup: Setup, check: impl Fn(&Posted, u16) -> Result<(), TestCaseError>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut hub = runtime.block_on(setup.start());
    // Work that valid ones bring is not run here.
    hub.may_leave_jobs();
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) }, |(posted in posted())| {
        check(&posted, runtime.block_on(hub.ask(request(&posted))).status)?;
    });
    runtime.block_on(async move { drop(hub) });
}

#[test]
fn whatever_is_posted_unsigned_is_valid_or_a_4xx() {
    holds_for_anything(Setup::new().unsigned(), |posted, status| {
        prop_assert!([200, 400, 413, 415].contains(&status), "{status}");
        prop_assert!(status != 200 || has_what_it_needs(posted));
        Ok(())
    });
}

#[test]
fn whatever_a_stranger_posts_is_a_4xx() {
    holds_for_anything(Setup::new(), |_, status| {
        prop_assert!([400, 403, 413, 415].contains(&status), "{status}");
        Ok(())
    });
}
