//! Attachments: named in the webhook, opened with credentials, handed out elsewhere without.

use http::Method;
use hub_sim::{Content, File, PhoneText};

use crate::desk::{Answer, Desk, OURS, PERSON, message_path};

const SIM: &str = "http://127.0.0.1:4010";
const CDN: &str = "http://cdn.example.com";

fn desk() -> Desk {
    Desk::with(|config| {
        config.api_url = SIM.into();
        config.cdn_url = CDN.into();
    })
}

fn file(content_type: &str, content: Content) -> File {
    File { content_type: content_type.into(), content }
}

/// Sends these files; the message and the paths of its attachments.
fn sends(desk: &Desk, files: Vec<File>) -> (String, Vec<String>) {
    let text = PhoneText { from: PERSON.into(), to: OURS.into(), files, ..PhoneText::default() };
    let sid = desk.sim.phone_sends(text);
    let message = desk.sim.message(&sid).unwrap();
    let paths = message.media.iter().map(|media| media.url.strip_prefix(SIM).unwrap().to_owned()).collect();
    (sid, paths)
}

/// What the redirect leads to, asked for without credentials.
async fn followed(desk: &Desk, path: &str) -> Answer {
    let answer = desk.get(path).await;
    assert_eq!(answer.status, 307, "{}", answer.text);
    let location = answer.headers["location"].to_str().unwrap();
    desk.get_bare(location.strip_prefix(CDN).unwrap()).await
}

#[tokio::test]
async fn a_picture_is_fetched_in_two_steps() {
    let desk = desk();
    let (sid, paths) = sends(&desk, vec![file("image/png", Content::Picture(1))]);
    let webhook = desk.sim.due_webhooks().remove(0);
    assert!(sid.starts_with("MM"));
    assert_eq!(webhook.param("NumMedia"), Some("1"));
    assert_eq!(webhook.param("MediaUrl0"), Some(&*format!("{SIM}{}", paths[0])));
    assert_eq!(webhook.param("MediaContentType0"), Some("image/png"));
    assert!(paths[0].contains(&format!("/Messages/{sid}/Media/ME")), "{}", paths[0]);
    let picture = followed(&desk, &paths[0]).await;
    assert_eq!((picture.status, picture.headers["content-type"].to_str().unwrap()), (200, "image/png"));
    assert!(picture.bytes.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn the_first_step_needs_credentials_and_the_second_must_not_see_them() {
    let desk = desk();
    let (_, paths) = sends(&desk, vec![file("image/png", Content::Picture(1))]);
    assert_eq!(desk.call_as("AC", "wrong", Method::GET, &paths[0], &[]).await.status, 401);
    let location = desk.get(&paths[0]).await.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(desk.get(location.strip_prefix(CDN).unwrap()).await.status, 400, "with credentials");
    assert_eq!(desk.sim.counts().leaked, 1);
}

#[tokio::test]
async fn the_list_of_a_message_tells_its_attachments_in_order() {
    let desk = desk();
    let files =
        vec![file("text/vcard", Content::Text("BEGIN:VCARD".into())), file("image/png", Content::Picture(1))];
    let (sid, paths) = sends(&desk, files);
    let list = desk.get(&message_path(&sid).replace(".json", "/Media.json")).await.json();
    let found = list["media_list"].as_array().unwrap();
    let told: Vec<_> = found.iter().map(|media| media["content_type"].as_str().unwrap()).collect();
    assert_eq!(told, ["text/vcard", "image/png"]);
    assert_eq!(found[0]["parent_sid"], sid);
    assert_eq!(found[0]["uri"], format!("{}.json", paths[0]));
    let one = desk.get(&format!("{}.json", paths[1])).await.json();
    assert_eq!(one, found[1]);
}

#[tokio::test]
async fn a_file_may_lie_and_be_too_large() {
    let desk = desk();
    let files = vec![
        file("image/jpeg", Content::Text("<script>".into())),
        file("video/mp4", Content::Zeros(200_000)),
        file("audio/ogg", Content::Base64("T2dnUw==".into())),
    ];
    let (_, paths) = sends(&desk, files);
    let lie = followed(&desk, &paths[0]).await;
    assert_eq!(
        (lie.headers["content-type"].to_str().unwrap(), &*lie.bytes),
        ("image/jpeg", &b"<script>"[..])
    );
    let large = followed(&desk, &paths[1]).await;
    assert_eq!(large.bytes.len(), 200_000);
    assert!(!large.headers.contains_key("content-length"));
    assert_eq!(&*followed(&desk, &paths[2]).await.bytes, b"OggS");
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let desk = desk();
    let picture = || vec![file("image/png", Content::Picture(1))];
    let (_, paths) = sends(&desk, picture());
    assert_eq!(desk.call(Method::DELETE, &format!("{}.json", paths[0]), &[]).await.status, 204);
    assert_eq!(desk.get(&paths[0]).await.json()["code"], 20404);
    let (sid, paths) = sends(&desk, picture());
    assert_eq!(desk.call(Method::DELETE, &message_path(&sid), &[]).await.status, 204);
    assert_eq!(desk.get(&paths[0]).await.status, 404);
}

#[test]
fn a_phone_on_whatsapp_has_a_name_and_presses_buttons() {
    let desk = desk();
    let text = |button: Option<&str>, files: Vec<File>| PhoneText {
        from: "whatsapp:+48500100123".into(),
        to: "whatsapp:+48500100900".into(),
        body: "Tak".into(),
        profile_name: Some("Żaneta".into()),
        button: button.map(Into::into),
        files,
        ..PhoneText::default()
    };
    desk.sim.phone_sends(text(Some("Potwierdzam"), Vec::new()));
    desk.sim.phone_sends(text(None, vec![file("audio/ogg", Content::Zeros(4))]));
    let [pressed, spoken] = &desk.sim.due_webhooks()[..] else { panic!("two webhooks") };
    for (name, value) in [
        ("ProfileName", "Żaneta"),
        ("WaId", "48500100123"),
        ("MessageType", "button"),
        ("ButtonText", "Potwierdzam"),
        ("ButtonPayload", "Potwierdzam"),
    ] {
        assert_eq!(pressed.param(name), Some(value), "{name}");
    }
    assert_eq!((spoken.param("MessageType"), spoken.param("ButtonText")), (Some("audio"), None));
}
