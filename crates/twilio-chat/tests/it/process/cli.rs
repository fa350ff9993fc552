//! The commands as a person or a script runs them: what they print, how they end, what they leave behind.

use hub_sim::{Service, SimConfig};
use serde_json::Value;

use super::{
    program::{Finished, Program},
    twilio::{OURS, PERSON, Twilio},
    wait::until,
};

const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

/// `send` to somebody.
async fn send(program: &Program, to: &str, more: &[&str]) -> Finished {
    program.run(&[&["send", "--to", to, "--body", "Zapraszamy w czwartek"], more].concat()).await
}

/// SID and status of `✅ Message sent. SID=…, Status=…`.
fn sent(finished: &Finished) -> (String, String) {
    assert_eq!((finished.code, finished.err.as_str()), (Some(0), ""), "{finished:?}");
    let rest = finished.out.strip_prefix("✅ Message sent. SID=").unwrap();
    let (sid, status) = rest.trim_end().split_once(", Status=").unwrap();
    (sid.to_owned(), status.to_owned())
}

/// The error of a failed `send`: its last word, after what the log may have to say.
fn failed(finished: &Finished) -> &str {
    assert_eq!((finished.code, finished.out.as_str()), (Some(5), ""), "{finished:?}");
    finished.err.lines().last().unwrap().strip_prefix("❌ Error: ").unwrap()
}

/// The messages in a hub's file, as its API lists them.
async fn messages(program: &Program) -> Value {
    let hub = program.serve(&[]).await;
    let listed = hub.api().get("/api/messages").await.json();
    assert_eq!(hub.stop().await.code, Some(0));
    listed["items"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn send_without_a_running_hub() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    let (sid, status) = sent(&send(&program, "+48 500 100 123", &[]).await);
    assert_eq!(status, "queued");
    let at_twilio = twilio.sim.message(&sid).unwrap();
    assert_eq!((at_twilio.to.as_str(), at_twilio.from.as_deref()), (PERSON, Some(OURS)));
    let kept = messages(&program).await;
    assert_eq!((&kept[0]["sid"], kept.as_array().unwrap().len()), (&sid.into(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn send_beside_a_running_hub() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    let hub = program.serve(&[]).await;
    let (sid, _) = sent(&send(&program, PERSON, &[]).await);
    let delivered = async || {
        let listed = hub.api().get("/api/messages").await.json();
        (listed["items"][0]["status"] == "delivered").then_some(listed)
    };
    let listed = until("the status that the hub was told", delivered).await;
    assert_eq!((&listed["count"], &listed["items"][0]["sid"]), (&1.into(), &sid.into()));
    assert_eq!(twilio.sent().len(), 1, "the hub did not send it too");
}

#[tokio::test(flavor = "multi_thread")]
async fn send_through_the_messaging_service() {
    let numbers = vec!["+15005550010".to_owned()];
    let service = Service { sid: SERVICE.to_owned(), numbers, advanced_opt_out: false };
    let twilio = Twilio::of(SimConfig { messaging_services: vec![service], ..SimConfig::default() }).await;
    let program = twilio.program();
    let refused = send(&program, PERSON, &["--use-messaging-service"]).await;
    assert!(failed(&refused).contains("TWILIO_MESSAGING_SERVICE_SID nie jest ustawione"), "{refused:?}");

    let program = program.with("TWILIO_MESSAGING_SERVICE_SID", SERVICE);
    let (sid, status) = sent(&send(&program, PERSON, &["--use-messaging-service"]).await);
    assert_eq!(status, "accepted");
    assert_eq!(twilio.sim.message(&sid).unwrap().messaging_service_sid.as_deref(), Some(SERVICE));
    let (sid, _) = sent(&send(&program, PERSON, &[]).await);
    assert_eq!(twilio.sim.message(&sid).unwrap().messaging_service_sid, None, "the number goes first");
}

#[tokio::test(flavor = "multi_thread")]
async fn send_to_whom_twilio_refuses() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    let refused = send(&program, "+15005550001", &[]).await;
    assert!(failed(&refused).ends_with("(21211)"), "{refused:?}");
    let kept = messages(&program).await;
    assert_eq!((&kept[0]["status"], &kept[0]["sid"]), (&"failed".into(), &Value::Null));
    assert!(failed(&send(&program, "12", &[]).await).contains("E.164"));
    assert_eq!(messages(&program).await.as_array().unwrap().len(), 1, "what is no number is not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn send_to_whom_wants_silence() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    let hub = program.serve(&[]).await;
    twilio.person_writes("STOP");
    // Twilio's own goodbye may be there too: the walk at the start recovers it.
    let stopped = async || {
        let listed = hub.api().get("/api/messages").await.json();
        (listed["count"].as_u64() >= Some(1)).then_some(())
    };
    until("the message on disk", stopped).await;
    let before = twilio.sim.counts().creates;
    let refused = send(&program, PERSON, &[]).await;
    assert_eq!(failed(&refused), "Nie wysłano: odbiorca wypisał się z wiadomości.");
    assert_eq!(twilio.sim.counts().creates, before, "Twilio was not asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn send_without_an_account() {
    let finished = send(&Program::new(), PERSON, &[]).await;
    assert!(failed(&finished).contains("TWILIO_ACCOUNT_SID"), "{finished:?}");
}

#[cfg(feature = "short-waits")]
#[tokio::test(flavor = "multi_thread")]
async fn send_while_twilio_says_nothing() {
    use hub_sim::{CreateFault, Faults};

    let twilio = Twilio::start().await;
    twilio.sim.faults(Faults { next: [CreateFault::HangAfter].into(), ..Faults::default() });
    let program = twilio.program().with("HUB_TEST_WAIT_DIVISOR", "50");
    let finished = send(&program, PERSON, &[]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(
        finished.out.starts_with("⏳ Wiadomość zapisana, ale Twilio jeszcze nie potwierdziło"),
        "{finished:?}"
    );

    let hub = program.serve(&[]).await;
    until("the lookup's end", async || hub.is_quiet().await.then_some(())).await;
    let kept = hub.api().get("/api/messages").await.json();
    assert_eq!(kept["items"][0]["sid"], twilio.sent()[0].sid, "found at Twilio, not sent again");
    assert_eq!(twilio.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_of_one_text() {
    let program = Program::new();
    let check = async |arguments: &[&str], expect: &str| {
        let finished = program.run(&[&["segments"], arguments].concat()).await;
        assert_eq!((finished.code, finished.out.as_str()), (Some(0), expect), "{finished:?}");
    };
    check(&["Dzien dobry"], "GSM-7: 11 jednostek, 1 segment\n").await;
    check(&["Zażółć"], "UCS-2: 6 jednostek, 1 segment\nUCS-2 wymuszają znaki: „ż” „ó” „ł” „ć”\n").await;
    let json = r#"{"encoding":"UCS-2","units":2,"segments":1,"forced_by":["🙂"]}"#;
    check(&["--json", "🙂"], &format!("{json}\n")).await;
    assert_eq!(program.run(&["segments"]).await.code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_of_a_batch() {
    const GOOD: &str = r#"{"text":"Hello"}"#;
    const COUNT: &str = r#"{"encoding":"GSM-7","units":5,"segments":1,"forced_by":[]}"#;
    let program = Program::new();
    program.write("good.jsonl", format!("{GOOD}\n{GOOD}\n"));
    let finished = program.run(&["segments", "--batch", "good.jsonl"]).await;
    assert_eq!((finished.code, finished.out), (Some(0), format!("{COUNT}\n{COUNT}\n")));

    let input = format!("{GOOD}\nHello\n{GOOD}");
    let finished = program.start_with_input(&["segments", "--batch", "-"], &input).end().await;
    let lines: Vec<&str> = finished.out.lines().collect();
    assert_eq!((finished.code, lines.len(), lines[0], lines[2]), (Some(1), 3, COUNT, COUNT), "{finished:?}");
    let bad: Value = serde_json::from_str(lines[1]).unwrap();
    assert!(bad["error"].is_string() && bad.as_object().unwrap().len() == 1, "{bad}");

    let finished = program.run(&["segments", "--batch", "none.jsonl"]).await;
    assert_eq!(finished.code, Some(1));
    assert!(finished.err.contains("none.jsonl"), "{finished:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn config_show_masks_secrets_and_names_sources() {
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    let program =
        Program::new().with("TWILIO_AUTH_TOKEN", TOKEN).with("API_TOKEN", "hush").without("APP_PORT");
    program.write(".env", "# ours\nTZ_DEFAULT=Europe/Paris\nTWILIO_AUTH_TOKEN=other\n");
    let finished = program.run(&["config", "show"]).await;
    assert_eq!(finished.code, Some(1), "an account is missing: {finished:?}");
    let row = |name: &str| {
        let row =
            finished.out.lines().find(|line| line.trim_start().starts_with(&format!("{name} "))).unwrap();
        row.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("TWILIO_AUTH_TOKEN"), "••••cdef środowisko", "the environment beats the file");
    assert_eq!(row("API_TOKEN"), "•••••••• środowisko");
    assert_eq!(row("TZ_DEFAULT"), "Europe/Paris .env, wiersz 2");
    assert_eq!(row("APP_PORT"), "3000 domyślne");
    assert!(finished.out.contains("TWILIO_ACCOUNT_SID (nie ustawiono)"), "{}", finished.out);

    let finished = program.run(&["config", "show", "--json"]).await;
    let rows: Value = serde_json::from_str(&finished.out).unwrap();
    let row = |name| rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(row("TZ_DEFAULT")["source"], ".env");
    assert_eq!(row("API_TOKEN")["value"], "••••••••");
    assert!(!finished.out.contains("hush") && !finished.out.contains(TOKEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_is_help_and_1() {
    let finished = Program::new().run(&[]).await;
    assert_eq!((finished.code, finished.out.as_str()), (Some(1), ""));
    for command in ["serve", "send", "config", "segments"] {
        assert!(finished.err.contains(command), "{command}: {}", finished.err);
    }
    let finished = Program::new().run(&["--help"]).await;
    assert_eq!((finished.code, finished.err.as_str()), (Some(0), ""));
    assert_eq!(Program::new().run(&["sned"]).await.code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_english_to_others() {
    let program = Program::new().with("LANG", "en_US.UTF-8");
    let finished = program.run(&["segments", "Hi"]).await;
    assert_eq!(finished.out, "GSM-7: 2 units, 1 segment\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_and_changed_at_the_command_line() {
    let program = Program::new();
    let run = async |arguments: &[&str], input: &str| {
        let done = program.start_with_input(arguments, input).end().await;
        (done.code, done.out, done.err)
    };
    let (_, out, _) = run(&["user", "list"], "").await;
    assert!(out.starts_with("Nikt nie ma jeszcze konta."), "{out}");
    let done = (Some(0), "Gotowe.\n".to_owned(), String::new());
    assert_eq!(run(&["user", "add", "ewa", "--role", "admin"], "poranna kawa z Zosią\n").await, done);
    assert_eq!(run(&["user", "add", "piotr"], "poranna kawa z Zosią").await, done);
    for (arguments, input, words) in [
        (&["user", "add", "EWA"][..], "poranna kawa z Zosią\n", "Ktoś już ma tę nazwę. Wybierz inną.\n"),
        (&["user", "add", "ola"], "krótkie\n", "Hasło musi mieć co najmniej 12 znaków.\n"),
        (
            &["user", "password", "nikt"],
            "poranna kawa z Zosią\n",
            "Nie ma już takiej osoby. Odśwież stronę.\n",
        ),
        (
            &["user", "disable", "ewa"],
            "",
            "Musi zostać choć jeden administrator, który może wejść. Najpierw dodaj drugiego.\n",
        ),
    ] {
        assert_eq!(run(arguments, input).await, (Some(1), String::new(), words.to_owned()), "{arguments:?}");
    }
    assert_eq!(run(&["user", "password", "piotr"], "wieczorna herbata z Kubą\n").await, done);
    assert_eq!(run(&["user", "disable", "piotr"], "").await, done);
    let (_, out, _) = run(&["user", "list"], "").await;
    assert_eq!(out, "ewa\tadmin\npiotr\toperator\tzablokowane\n");
    assert_eq!(run(&["user", "disable", "piotr", "--undo"], "").await, done);
    let (_, out, _) = run(&["user", "list"], "").await;
    assert_eq!(out, "ewa\tadmin\npiotr\toperator\n");
}
