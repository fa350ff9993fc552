use std::sync::Arc;

use http::{
    HeaderMap, HeaderValue,
    header::{AUTHORIZATION, LOCATION},
};
use hub_domain::media::MediaLoss;

use super::*;
use crate::{
    transport::InboundResponse,
    twilio::scripted::{ACCOUNT, Answer, SID, Scripted, answer, client},
};

fn media_url() -> String {
    format!("https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1")
}

#[expect(clippy::unnecessary_wraps, reason = "scripts mix answers and failures")]
fn redirect(to: &str) -> Answer {
    let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_str(to).unwrap())]);
    Ok(InboundResponse { status: 307, headers, body: Bytes::new() })
}

async fn download(answers: Vec<Answer>) -> (Result<Bytes, MediaError>, Arc<Scripted>) {
    let script = Scripted::new(answers);
    (client(Arc::clone(&script)).media(&media_url(), 100).await, script)
}

async fn check(answers: Vec<Answer>, expect: Result<&'static str, MediaError>) {
    let (result, _) = download(answers).await;
    assert_eq!(result, expect.map(|text| Bytes::from_static(text.as_bytes())));
}

#[tokio::test]
async fn the_credentials_stay_at_twilio() {
    let to = ["https://cdn.example.com/a", "/b", "https://other.example.com/c"];
    let answers = to.map(redirect).into_iter().chain([answer(200, "picture")]).collect();
    let (result, script) = download(answers).await;
    assert_eq!(result.unwrap(), "picture");
    let asked = script.asked.lock().unwrap();
    let seen: Vec<_> = asked
        .iter()
        .map(|request| (&*request.url, request.headers.contains_key(AUTHORIZATION), request.reach))
        .collect();
    let first = media_url();
    assert_eq!(
        seen,
        [
            (&*first, true, Reach::Configured),
            ("https://cdn.example.com/a", false, Reach::Global),
            ("https://cdn.example.com/b", false, Reach::Global),
            ("https://other.example.com/c", false, Reach::Global),
        ]
    );
    assert!(asked.iter().all(|request| request.max_body == 100));
}

#[tokio::test]
async fn even_back_at_twilio_they_are_not_shown_again() {
    let (result, script) =
        download(vec![redirect("https://api.twilio.com/elsewhere"), answer(200, "picture")]).await;
    assert!(result.is_ok());
    let asked = script.asked.lock().unwrap();
    assert!(!asked[1].headers.contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn a_redirect_behind_us_is_not_followed() {
    for target in [
        "http://127.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "https://10.0.0.1/",
        "https://cdn.example.com:8443/",
        "https://user@cdn.example.com/",
        "file:///etc/passwd",
    ] {
        let (result, script) = download(vec![redirect(target)]).await;
        assert_eq!(result, Err(MediaError::Final(MediaLoss::Forbidden)), "{target}");
        assert_eq!(script.asked.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_address_that_is_not_our_accounts_media_is_never_asked() {
    let other = ACCOUNT.replace('1', "2");
    for url in [
        "https://example.com/picture.png".to_owned(),
        media_url().replace("https://", "http://"),
        media_url().replace("api.twilio.com", "api.twilio.com.example.com"),
        media_url().replace("api.twilio.com", "api.twilio.com@example.com"),
        media_url().replace(ACCOUNT, &other),
        media_url().replace("/Media/ME1", ".json"),
        media_url().replace("ME1", "../../../../x"),
        media_url().replace("ME1", "ME1?x=1"),
        media_url().replace("ME1", ""),
        media_url().replace("MM1", "%2e%2e"),
    ] {
        let script = Scripted::new([]);
        let result = client(Arc::clone(&script)).media(&url, 100).await;
        assert_eq!(result, Err(MediaError::Final(MediaLoss::NotAtTwilio)), "{url}");
        assert!(script.asked.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_final_and_what_is_worth_another_try() {
    let again = |words: &str| Err(MediaError::Again(words.to_owned()));
    let lost = |loss| Err(MediaError::Final(loss));
    let away = || redirect("https://cdn.example.com/a");
    check(vec![answer(200, "picture")], Ok("picture")).await;
    check(vec![answer(404, "")], lost(MediaLoss::Gone)).await;
    check(vec![answer(410, "")], lost(MediaLoss::Gone)).await;
    check(vec![Err(TransportError::TooLarge)], lost(MediaLoss::TooLarge)).await;
    check(vec![away(), Err(TransportError::TooLarge)], lost(MediaLoss::TooLarge)).await;
    check(vec![away(), answer(404, "")], again("HTTP 404 at hop 1")).await;
    check(vec![answer(401, "")], Err(MediaError::Unauthorized)).await;
    check(vec![away(), answer(401, "")], again("HTTP 401 at hop 1")).await;
    check(vec![answer(500, "")], again("HTTP 500 at hop 0")).await;
    check(vec![Err(TransportError::Lost("reset".into()))], again("no response: reset")).await;
    check((0..5).map(|_| away()).collect(), again("too many redirects")).await;
    let nowhere = InboundResponse { status: 302, headers: HeaderMap::new(), body: Bytes::new() };
    check(vec![Ok(nowhere)], again("a redirect to nowhere")).await;
}

async fn list(answer: Answer) -> (Result<Vec<Media>, MediaError>, Arc<Scripted>) {
    let script = Scripted::new([answer]);
    (client(Arc::clone(&script)).media_of(&MessageSid::parse(SID).unwrap()).await, script)
}

#[tokio::test]
async fn the_attachments_of_a_message_are_listed_with_their_addresses() {
    let document = r#"{"media_list": [
        {"sid": "ME2", "content_type": "image/png", "uri": "/2010-04-01/elsewhere/ME2.json"},
        {"sid": "ME1", "content_type": null}
    ], "next_page_uri": null}"#;
    let (result, script) = list(answer(200, document)).await;
    let messages = format!("https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}");
    let media = |name: &str, content_type: Option<&str>| Media {
        url: format!("{messages}/Media/{name}"),
        content_type: content_type.map(str::to_owned),
    };
    assert_eq!(result.unwrap(), [media("ME2", Some("image/png")), media("ME1", None)]);
    let asked = script.asked.lock().unwrap();
    assert_eq!((&*asked[0].url, asked[0].reach), (&*format!("{messages}/Media.json"), Reach::Configured));
    assert!(asked[0].headers.contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn a_list_that_is_not_there_is_final_and_every_other_failure_is_not() {
    let again = |words: &str| MediaError::Again(words.to_owned());
    let unreadable = || again("cannot read Twilio's list of attachments");
    for (answer, expect) in [
        (answer(404, ""), MediaError::Final(MediaLoss::Gone)),
        (answer(410, ""), MediaError::Final(MediaLoss::Gone)),
        (answer(401, ""), MediaError::Unauthorized),
        (answer(429, ""), again("HTTP 429 for the list")),
        (answer(500, "<html>"), again("HTTP 500 for the list")),
        (answer(200, "{}"), unreadable()),
        (answer(200, r#"{"media_list": [{"content_type": "image/png"}]}"#), unreadable()),
        (answer(200, r#"{"media_list": [{"sid": "../../x"}]}"#), unreadable()),
        (Err(TransportError::Lost("reset".into())), again("no response: reset")),
        (Err(TransportError::TooLarge), again(&TransportError::TooLarge.to_string())),
    ] {
        assert_eq!(list(answer).await.0, Err(expect));
    }
}
