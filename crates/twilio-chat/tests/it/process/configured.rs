//! `serve` with a configuration that is absent, incomplete or wrong: it says what is missing before anything
//! starts, and never says a secret.

use super::{
    program::{Program, bytes},
    twilio::Twilio,
};

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// An account at the real Twilio, which no test may call.
fn program() -> Program {
    Program::new()
        .with("TWILIO_ACCOUNT_SID", ACCOUNT)
        .with("TWILIO_AUTH_TOKEN", TOKEN)
        .with("TWILIO_DEFAULT_FROM", "+15005550006")
        .with("PUBLIC_BASE_URL", "https://sms.example.com")
}

#[tokio::test(flavor = "multi_thread")]
async fn unconfigured_it_shows_what_to_set() {
    let program = Program::new();
    let hub = program.serve(&[]).await;
    hub.process.line_after("Brak konta Twilio: ").await;
    let health = hub.health().await;
    assert_eq!((health.status, &health.json()["setup"]), (200, &true.into()), "{health:?}");
    assert_eq!(hub.receive(&super::signed::sid(1), "Halo").await, 503);
    assert_eq!(hub.http.get("/").await.status, 303, "the panel asks to sign in");

    let link = hub.process.line_after("(ważny 30 minut): ").await;
    let target = link.split_once(&hub.port.to_string()).unwrap().1;
    assert!(hub.http.get(target).await.body.contains("Utwórz pierwsze konto"));
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("link", target.split_once('=').unwrap().1)
        .extend_pairs([("name", "ewa"), ("password", "poranna kawa z Zosią")])
        .finish();
    let answer = hub.http.post("/sign-in/first", &[super::http::FORM], &form).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    let page = hub.http.with("cookie", cookie).get("/").await;
    assert_eq!(page.status, 200);
    for step in ["na stronie Klucze", ".env.example", "PUBLIC_BASE_URL", "serve --demo"] {
        assert!(page.body.contains(step), "{step}: {}", page.body);
    }
    assert_eq!(hub.stop().await.code, Some(0));
}

/// Refused with all these words, before any file is made, and without the token.
async fn check(program: Program, words: &[&str]) {
    let error = program.refuses(&["serve"]).await;
    for word in words {
        assert!(error.contains(word), "{word}: {error}");
    }
    assert!(!error.contains(TOKEN) && !error.contains("hush"), "{error}");
    let made: Vec<_> = program.files().into_iter().filter(|path| !path.ends_with(".env")).collect();
    assert!(made.is_empty(), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn partial_credentials_name_what_is_missing() {
    let missing = "nie ustawiono";
    check(program().without("TWILIO_AUTH_TOKEN"), &["TWILIO_AUTH_TOKEN", missing, "TWILIO_ACCOUNT_SID"])
        .await;
    check(program().without("TWILIO_ACCOUNT_SID"), &["TWILIO_ACCOUNT_SID", missing, "TWILIO_AUTH_TOKEN"])
        .await;
    check(program().without("TWILIO_DEFAULT_FROM"), &["TWILIO_DEFAULT_FROM", "TWILIO_MESSAGING_SERVICE_SID"])
        .await;
    check(program().with("TWILIO_AUTH_TOKEN", ""), &["TWILIO_AUTH_TOKEN", missing]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_is_named_with_the_expected_form() {
    for (name, value, expect) in [
        ("TWILIO_ACCOUNT_SID", "hush", "AC i 32 znaki 0-9, a-f"),
        ("TWILIO_AUTH_TOKEN", "hush hush", "tekst bez spacji"),
        ("TWILIO_DEFAULT_FROM", "hush number!", "numer (+48500100200)"),
        ("PUBLIC_BASE_URL", "hush.example.com", "adres http:// lub https://"),
        ("APP_PORT", "hush", "liczba całkowita od 0 do 65535"),
        ("TZ_DEFAULT", "Mars/hush", "nazwa strefy, np. Europe/Warsaw"),
        ("LOG_LEVEL", "hush", "jedno z: error"),
    ] {
        check(program().with(name, value), &[name, "zmienna środowiskowa", expect]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_told_at_once() {
    let program = program().with("APP_PORT", "x").with("LOG_LEVEL", "x").without("TWILIO_AUTH_TOKEN");
    check(program, &["3 błędy", "APP_PORT", "LOG_LEVEL", "TWILIO_AUTH_TOKEN"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_twilio_needs_our_public_address() {
    let program = program().without("PUBLIC_BASE_URL");
    check(program, &["PUBLIC_BASE_URL", "TWILIO_VALIDATE_SIGNATURE=false"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn production_checks_signatures() {
    let program = program().with("TWILIO_VALIDATE_SIGNATURE", "false").with("APP_ENV", "production");
    check(program, &["TWILIO_VALIDATE_SIGNATURE", "APP_ENV=production"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_in_the_file_is_named_with_the_nearest() {
    let program = program();
    program.write(".env", "# ours\nTWILIO_AUT_TOKEN=hush\n");
    check(program, &["TWILIO_AUT_TOKEN", "wiersz 2", "TWILIO_AUTH_TOKEN"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_comes_with_its_mend() {
    // A file in the folder's place stops everyone, root included.
    let program = program();
    program.write("taken", "");
    let folder = program.path("taken/data");
    let program = program.with("DB_PATH", folder.join("app.db").display().to_string());
    let error = program.refuses(&["serve"]).await;
    let folder = folder.display();
    let command = format!("sudo mkdir -p '{folder}' && sudo chown -R \"$(id -u):$(id -g)\" '{folder}'");
    assert!(error.starts_with(&format!("Nie mogę pisać w katalogu {folder} (")), "{error}");
    assert!(error.ends_with(&format!("Napraw: {command}\n")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_file_is_left_alone() {
    let program = program().with("DB_PATH", "app.db");
    let check = async |what: &str| {
        let before = bytes(&program.path("app.db"));
        let error = program.refuses(&["serve"]).await;
        let expect = "app.db to baza innego programu i zostaje nietknięta. Wskaż inny plik w DB_PATH.\n";
        assert_eq!(error, expect, "{what}");
        assert_eq!(bytes(&program.path("app.db")), before, "{what}");
        let beside = program.files().into_iter().find(|path| path.to_string_lossy().ends_with("-wal"));
        assert_eq!(beside, None, "{what}");
    };
    let database = rusqlite::Connection::open(program.path("app.db")).unwrap();
    database.execute_batch("CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT)").unwrap();
    drop(database);
    check("a database").await;
    program.write(
        "app.db",
        "Lista zakupów: chleb, masło, mleko. To nie jest żadna baza danych, tylko tekst.\n".repeat(90),
    );
    check("a text").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unsigned_webhooks_are_warned_of() {
    let twilio = Twilio::start().await;
    let hub = twilio.program().with("TWILIO_VALIDATE_SIGNATURE", "false").serve(&[]).await;
    hub.process.line_after("UWAGA: podpisy Twilio nie są sprawdzane").await;
    assert_eq!(hub.health().await.json()["signatures_checked"], false);
}
