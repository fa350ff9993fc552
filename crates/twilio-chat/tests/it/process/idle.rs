//! Connections that say nothing or only half of it: they change nothing for others, and hold nothing up.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    program::Hub,
    signed::{Inbound, sid},
    twilio::{OURS, PERSON, Twilio},
    wait::until,
};

async fn connect(hub: &Hub) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, hub.port)).await.unwrap()
}

/// 50 that say nothing, 50 that stop within the head, 50 that stop within the body.
async fn crowd(hub: &Hub) -> Vec<TcpStream> {
    let mut crowd = Vec::new();
    for number in 0..150 {
        let mut stream = connect(hub).await;
        let said = match number % 3 {
            0 => "",
            1 => "POST /twilio/inbound HTTP/1.1\r\nhost: hub\r\ncontent-type: appl",
            _ => {
                "POST /twilio/inbound HTTP/1.1\r\nhost: hub\r\ncontent-length: 900\r\n\
                  content-type: application/x-www-form-urlencoded\r\n\r\nMessageSid=SM"
            }
        };
        stream.write_all(said.as_bytes()).await.unwrap();
        crowd.push(stream);
    }
    crowd
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_idle_connections_change_nothing() {
    let twilio = Twilio::start().await;
    // The drain takes 1 s.
    let hub = twilio.program().with("HUB_TEST_WAIT_DIVISOR", "10").serve(&[]).await;
    hub.answers_with("Dziękujemy.").await;
    let crowd = crowd(&hub).await;
    for number in 1..=20 {
        assert_eq!(hub.receive(&sid(number), "Halo").await, 200);
    }
    until("every reply", async || (twilio.sent().len() == 20).then_some(())).await;
    assert_eq!(hub.health().await.status, 200);

    let ended = tokio::time::timeout(Duration::from_secs(20), hub.stop()).await.expect("the drain ends");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    drop(crowd);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_a_head_do_not_keep_twilio_out() {
    let twilio = Twilio::start().await;
    // A head may take 0.75 s.
    let hub = twilio.program().with("HUB_TEST_WAIT_DIVISOR", "20").serve(&[]).await;
    let mut stalled = Vec::new();
    // More than there are places for.
    for _ in 0..850 {
        let mut stream = connect(&hub).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: h").await.unwrap();
        stalled.push(stream);
    }
    assert_eq!(hub.receive(&sid(1), "Halo").await, 200);
    let mut rest = Vec::new();
    let read = stalled.remove(0).read_to_end(&mut rest).await;
    assert!(read.is_err() || rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_hand_at_sigterm_is_answered() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    let mut hub = program.serve(&[]).await;
    let inbound = Inbound { sid: &sid(1), from: PERSON, to: OURS, body: "W ostatniej chwili" };
    let (form, signature) = inbound.signed(hub.port);
    let mut stream = connect(&hub).await;
    let head = format!(
        "POST /twilio/inbound HTTP/1.1\r\nhost: hub\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\nx-twilio-signature: {signature}\r\n\r\n",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 25];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n", "it waits for the body");

    hub.process.terminate();
    let refused = async || TcpStream::connect((Ipv4Addr::LOCALHOST, hub.port)).await.err();
    until("no new connections", refused).await;
    stream.write_all(form.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(hub.process.end().await.code, Some(0));

    let hub = program.serve(&[]).await;
    let listed = hub.api().get("/api/messages").await.json();
    assert_eq!((&listed["count"], &listed["items"][0]["sid"]), (&1.into(), &sid(1).into()));
}
