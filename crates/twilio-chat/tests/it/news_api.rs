//! The knowledge base over HTTP: the original's shapes, and archives from anyone.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::PathBuf,
};

use axum::{
    body::Body,
    http::{Request, request::Builder},
};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    hub::{API_TOKEN, TestHub},
    setup::Setup,
    talk::ANNA,
    wire::Answer,
};

const MOST: &str = r#"{"url":"https://a.example/most","title":"Most nad Wisłą otwarty","category":"Miasto","text":"Most nad Wisłą otwarto w poniedziałek. Przejazd jest bezpłatny."}"#;
const KAUCJA: &str = r#"{"url":"https://a.example/kaucja","title":"Kaucja za słoiki","category":"Prawo","text":"Kaucja za słoik wyniesie złotówkę. Ustawa wchodzi w życie w maju."}"#;
pub(crate) const DOCS: &str = r#"[{"id":"d","page_content":"Tramwaj numer osiem jedzie do portu.","metadata":{"url":"https://b.example/tramwaj","title":"Tramwaj do portu"}}]"#;
const DEFAULT: &str = "faiss_openai_index";
const IMPORT: &str = "/api/news/faiss/import";

/// Its data folder lies beside its database.
pub(crate) async fn hub() -> TestHub {
    Setup::new().start().await
}

pub(crate) fn data(hub: &TestHub) -> PathBuf {
    hub.folder().join("X1_data")
}

pub(crate) fn with_articles(hub: &TestHub) {
    fs::create_dir_all(data(hub)).unwrap();
    fs::write(data(hub).join("articles.jsonl"), format!("{MOST}\n{KAUCJA}\n")).unwrap();
}

/// An index beside the default one.
pub(crate) fn with_index(hub: &TestHub, name: &str) {
    let folder = data(hub).join("indices").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("docs.json"), DOCS).unwrap();
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A form with one file, as browsers and `curl -F` send it.
pub(crate) fn form(builder: Builder, field: &str, name: &str, bytes: &[u8]) -> Request<Body> {
    let head = format!(
        "--limes\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/zip\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--limes--\r\n"].concat();
    builder.header("content-type", "multipart/form-data; boundary=limes").body(Body::from(body)).unwrap()
}

fn as_api(method: &str, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header("authorization", format!("Bearer {API_TOKEN}"))
}

async fn sends(hub: &TestHub, bytes: &[u8]) -> (u16, Value) {
    let answer = hub.ask(form(as_api("POST", IMPORT), "archive", "kopia.zip", bytes)).await;
    (answer.status, answer.json())
}

async fn deletes(hub: &TestHub, name: &str) -> Answer {
    hub.ask(as_api("DELETE", &format!("/api/news/indices/{name}")).body(Body::empty()).unwrap()).await
}

async fn asks(hub: &mut TestHub, body: Value) -> (u16, Value) {
    let answer = hub.post("/api/news/test-faiss", &body).await.unwrap();
    (answer.status, answer.json())
}

fn error(text: &str) -> Value {
    json!({ "error": text })
}

/// What is left in the folder of work: nothing of an upload may be.
fn left_over(hub: &TestHub) -> Vec<String> {
    let entries = fs::read_dir(data(hub).join(".work")).into_iter().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "turn.lock");
    names
}

#[tokio::test]
async fn a_question_is_answered_without_a_model_and_says_so() {
    let mut hub = hub().await;
    with_articles(&hub);
    let (status, told) = asks(&mut hub, json!({ "query": "ile wyniesie kaucja za sloik", "top_k": 1 })).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&told["success"], &told["llm_used"], &told["mode"]),
        (&json!(true), &json!(false), &json!("standard"))
    );
    assert!(told["answer"].as_str().unwrap().starts_with("Bez AI, z artykulow:\nKaucja za sloik"), "{told}");
    assert_eq!((&told["count"], &told["verdict"]), (&json!(1), &json!("known")));
    let result = &told["results"][0];
    assert_eq!((&result["category"], &result["url"]), (&json!("Prawo"), &json!("https://a.example/kaucja")));
    assert_eq!(result["metadata"]["title"], "Kaucja za słoiki");
    assert!(result["content"].as_str().unwrap().contains("złotówkę"));
    assert_eq!(told["characters"], json!(told["answer"].as_str().unwrap().chars().count()));
    // The shorter name of the same.
    let other = hub.post("/api/news/test", &json!({ "query": "kaucja za sloik", "top_k": 1 })).await.unwrap();
    assert_eq!(other.json()["results"][0]["url"], "https://a.example/kaucja");
}

#[tokio::test]
async fn every_section_is_asked_for_itself() {
    let mut hub = hub().await;
    with_articles(&hub);
    let body = json!({ "query": "kaucja za słoik", "mode": "all_categories", "per_category_k": 1 });
    let (status, told) = asks(&mut hub, body).await;
    assert_eq!((status, &told["mode"], &told["per_category_k"]), (200, &json!("all_categories"), &json!(1)));
    assert_eq!((&told["categories_found"], &told["categories_with_data"]), (&json!(2), &json!(1)));
    assert_eq!(told["categories_empty"], json!(["Miasto"]));
}

#[tokio::test]
async fn questions_that_cannot_be_answered_are_refused_in_the_originals_words() {
    let mut hub = hub().await;
    assert_eq!(asks(&mut hub, json!({ "query": " " })).await, (400, error("Podaj zapytanie (query).")));
    let none = "Brak indeksu FAISS. Najpierw wykonaj scraping i zbuduj indeks.";
    assert_eq!(asks(&mut hub, json!({ "query": "kaucja" })).await, (404, error(none)));
    with_articles(&hub);
    let (status, told) = asks(&mut hub, json!({ "query": "przepis na sernik z rodzynkami" })).await;
    assert_eq!((status, &told["answer"]), (200, &json!("Nie znam odpowiedzi na to pytanie.")));
    let (status, _) = asks(&mut hub, json!({ "query": "kaucja", "send_sms": true })).await;
    assert_eq!(status, 400, "a text needs a recipient");
}

#[tokio::test]
async fn the_answer_can_be_sent_as_a_text() {
    let mut hub = hub().await;
    with_articles(&hub);
    let body = json!({ "query": "kaucja za słoik", "send_sms": true, "to": ANNA });
    let (status, told) = asks(&mut hub, body).await;
    assert_eq!((status, &told["sms_sent"]), (200, &json!(true)), "{told}");
    assert_eq!((&told["sms_result"]["parts"], &told["sms_result"]["recipient"]), (&json!(1), &json!(ANNA)));
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), [told["answer"].as_str().unwrap()]);
    let (_, told) = asks(&mut hub, json!({ "query": "kaucja za słoik", "send_sms": true, "to": "x" })).await;
    assert_eq!(told["sms_sent"], json!(false));
    assert!(told["sms_error"].is_string() && told["answer"].is_string(), "{told}");
}

#[tokio::test]
async fn that_nothing_is_known_is_told_and_not_sent() {
    let mut hub = hub().await;
    with_articles(&hub);
    for mode in ["standard", "all_categories"] {
        let query = "zzzzqqq xyzzy";
        let body = json!({ "query": query, "mode": mode, "send_sms": true, "to": ANNA });
        let (status, told) = asks(&mut hub, body).await;
        assert_eq!((status, &told["sms_sent"]), (200, &json!(false)), "{told}");
        assert_eq!(told["sms_error"], "Baza wiedzy nie zna odpowiedzi, więc nic nie wysłano.");
    }
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn the_status_without_a_key_is_no_error() {
    let hub = hub().await;
    let empty = hub.get("/api/news/faiss/status").await;
    assert_eq!((empty.status, &empty.json()["status"]["exists"]), (200, &json!(false)));
    with_articles(&hub);
    fs::create_dir_all(data(&hub).join(DEFAULT)).unwrap();
    fs::write(data(&hub).join(DEFAULT).join("index.faiss"), "IxF2").unwrap();
    fs::write(data(&hub).join(DEFAULT).join("docs.json"), DOCS).unwrap();
    let answer = hub.get("/api/news/faiss/status").await.json();
    let status = &answer["status"];
    assert_eq!(
        (&answer["success"], &status["mode"], &status["articles"]),
        (&json!(true), &json!("no_llm"), &json!(3))
    );
    assert_eq!((&status["index_file"], &status["vector_count"]), (&json!(true), &json!(0)));
    assert_eq!(status["refused"][0]["file"], "index.faiss");
    assert_eq!(status["backup_files"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn indices_are_listed_chosen_and_deleted() {
    let mut hub = hub().await;
    let list = hub.get("/api/news/indices").await.json();
    let only = json!({ "name": DEFAULT, "status": "brak danych", "active": true, "size": 0, "created_at": null, "exists": false });
    assert_eq!(list, json!({ "items": [only], "updated_at": null }));
    with_articles(&hub);
    with_index(&hub, "proba");
    let activate = "/api/news/indices/active";
    let chosen = hub.post(activate, &json!({ "name": "proba" })).await.unwrap();
    assert_eq!((chosen.status, chosen.json()), (200, json!({ "active_index": "proba" })));
    let (_, told) = asks(&mut hub, json!({ "query": "tramwaj do portu" })).await;
    assert_eq!(told["results"][0]["url"], "https://b.example/tramwaj");
    let gone = deletes(&hub, "proba").await;
    assert_eq!((gone.status, &gone.json()["name"]), (200, &json!("proba")));
    assert_eq!(gone.json()["removed"], json!(["docs.json"]), "what it had");
    assert!(gone.json()["missing"].as_array().unwrap().contains(&json!("index.faiss")), "what it had not");
    assert!(!data(&hub).join("indices/proba").exists() && data(&hub).join("articles.jsonl").exists());
    // What is asked is the default one again.
    let (_, told) = asks(&mut hub, json!({ "query": "kaucja za słoik" })).await;
    assert_eq!(told["results"][0]["url"], "https://a.example/kaucja");
    assert_eq!(deletes(&hub, "proba").await.status, 404);
    let log: Vec<_> = hub.app().audit(None, 10).await.unwrap();
    let log: Vec<_> =
        log.iter().map(|entry| (entry.action.as_str(), &*entry.actor, &*entry.subject)).collect();
    assert_eq!(log, [("index_deleted", "API", "proba"), ("index_activated", "API", "proba")]);
}

#[tokio::test]
async fn a_name_never_leads_out_of_the_folder() {
    let mut hub = hub().await;
    with_articles(&hub);
    let outside = hub.folder().join("cudze");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("docs.json"), DOCS).unwrap();
    for name in
        ["..", "%2e%2e", "%2e%2e%2f%2e%2e%2fcudze", "..%2Fcudze", "a%2Fb", "%00", ".work", ".active", "%20"]
    {
        let answer = deletes(&hub, name).await;
        assert!([400, 404].contains(&answer.status), "{name}: {}", answer.status);
    }
    let activate = "/api/news/indices/active";
    for name in ["..", "../../cudze", "%2e%2e", "a/b", "/etc", ".work", "nie ma", "nikt"] {
        let answer = hub.post(activate, &json!({ "name": name })).await.unwrap();
        assert_eq!((answer.status, answer.json()), (404, error("Nie znaleziono indeksu.")), "{name}");
    }
    let nameless = hub.post(activate, &json!({})).await.unwrap();
    assert_eq!((nameless.status, nameless.json()), (400, error("Podaj nazwę indeksu.")));
    assert!(outside.join("docs.json").exists() && data(&hub).join("articles.jsonl").exists());
}

#[tokio::test]
async fn what_is_exported_finds_the_same_elsewhere() {
    let (mut here, mut there) = (hub().await, hub().await);
    let nothing = here.get("/api/news/faiss/export").await;
    assert_eq!((nothing.status, nothing.json()), (404, error("Brak plików FAISS do zapisania.")));
    with_articles(&here);
    fs::create_dir_all(data(&here).join(DEFAULT)).unwrap();
    fs::write(data(&here).join(DEFAULT).join("docs.json"), DOCS).unwrap();
    let archive = here.get("/api/news/faiss/export").await;
    assert_eq!((archive.status, archive.header("content-type")), (200, "application/zip"));
    assert_eq!(archive.header("content-length"), archive.body.len().to_string());
    let name = archive.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"faiss_backup_20") && name.ends_with(".zip\""), "{name}");
    let (status, restored) = sends(&there, &archive.body).await;
    assert_eq!((status, &restored["success"]), (200, &json!(true)), "{restored}");
    assert_eq!(restored["restored"], json!(["docs.json", "articles.jsonl"]));
    for query in ["kaucja za słoik", "kiedy otwarto most", "tramwaj do portu", "sernik"] {
        let body = json!({ "query": query });
        let (before, after) = (asks(&mut here, body.clone()).await, asks(&mut there, body).await);
        assert_eq!(before, after, "{query}");
    }
    let log = there.app().audit(None, 1).await.unwrap();
    assert_eq!((log[0].action.as_str(), &*log[0].subject), ("index_imported", DEFAULT));
    assert_eq!((left_over(&here), left_over(&there)), (vec![], vec![]));
}

#[tokio::test]
async fn archives_that_are_none_or_foreign_change_nothing() {
    let hub = hub().await;
    with_articles(&hub);
    let whole = zip(&[("docs.json", DOCS.as_bytes())]);
    let bomb = zip(&[("docs.json", &vec![b' '; 65 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let archives: [(&str, Vec<u8>); 6] = [
        ("no archive", b"Ala ma kota".to_vec()),
        ("an empty one", Vec::new()),
        ("a truncated one", whole[..whole.len() - 30].to_vec()),
        ("one that fills the disk", bomb),
        ("a foreign one", zip(&[("word/document.xml", b"<w/>")])),
        ("one with documents that are none", zip(&[("docs.json", b"{")])),
    ];
    for (what, bytes) in archives {
        let (status, answer) = sends(&hub, &bytes).await;
        assert_eq!(status, 400, "{what}: {answer}");
        let text = answer["error"].as_str().unwrap();
        assert!(
            text.starts_with("Tego archiwum nie da") || text.starts_with("W archiwum nie ma"),
            "{what}: {text}"
        );
        assert_eq!(left_over(&hub), [""; 0], "{what}");
        assert!(!data(&hub).join(DEFAULT).exists(), "{what}");
    }
    assert!(hub.app().audit(None, 5).await.unwrap().is_empty(), "nothing was done");
}

#[tokio::test]
async fn a_path_in_an_archive_leads_nowhere() {
    let hub = hub().await;
    let bytes = zip(&[("../../docs.json", DOCS.as_bytes()), ("../../hub.db", b"x"), ("/tmp/obcy.txt", b"x")]);
    let before = fs::read(hub.database()).unwrap();
    let (status, restored) = sends(&hub, &bytes).await;
    assert_eq!((status, &restored["restored"]), (200, &json!(["docs.json"])));
    assert!(data(&hub).join(DEFAULT).join("docs.json").exists());
    assert!(!hub.folder().join("docs.json").exists() && !std::path::Path::new("/tmp/obcy.txt").exists());
    assert!(fs::read(hub.database()).unwrap().starts_with(&before[..16]), "the database is one still");
}

#[tokio::test]
async fn forms_without_an_archive_are_refused() {
    let hub = hub().await;
    let whole = zip(&[("docs.json", DOCS.as_bytes())]);
    let missing = "Wybierz plik archiwum (.zip) w polu archive.";
    for (request, text) in [
        (form(as_api("POST", IMPORT), "inne", "kopia.zip", &whole), missing),
        (form(as_api("POST", IMPORT), "archive", "", &whole), missing),
        (form(as_api("POST", IMPORT), "archive", "kopia.tar", &whole), "Archiwum musi być plikiem .zip."),
        (as_api("POST", IMPORT).body(Body::from("{}")).unwrap(), missing),
    ] {
        let answer = hub.ask(request).await;
        assert_eq!((answer.status, answer.json()), (400, error(text)));
    }
    // The connection ends in the middle of the archive.
    let cut = form(as_api("POST", IMPORT), "archive", "kopia.zip", &whole);
    let bytes = axum::body::to_bytes(cut.into_body(), usize::MAX).await.unwrap();
    let request = as_api("POST", IMPORT).header("content-type", "multipart/form-data; boundary=limes");
    let answer = hub.ask(request.body(Body::from(bytes.slice(..bytes.len() - 40))).unwrap()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (400, error("Przesyłanie zostało przerwane. Spróbuj jeszcze raz."))
    );
    assert_eq!(left_over(&hub), [""; 0]);
}

#[tokio::test]
async fn an_archive_that_is_too_large_is_refused_by_its_length() {
    let hub = hub().await;
    let request = as_api("POST", IMPORT)
        .header("content-type", "multipart/form-data; boundary=limes")
        .header("content-length", (251_u64 << 20).to_string());
    let answer = hub.ask(request.body(Body::from("--limes")).unwrap()).await;
    assert_eq!((answer.status, answer.json()), (413, error("Archiwum jest za duże: limit to 250 MB.")));
}

#[tokio::test]
async fn an_archive_that_hides_its_length_is_refused_when_it_grows_too_large() {
    let hub = hub().await;
    let head = "--limes\r\ncontent-disposition: form-data; name=\"archive\"; filename=\"a.zip\"\r\n\r\n";
    let piece = bytes::Bytes::from(vec![0_u8; 1 << 20]);
    let pieces = std::iter::once(bytes::Bytes::from(head)).chain(std::iter::repeat_n(piece, 251));
    let stream = futures_util::stream::iter(pieces.map(Ok::<_, std::convert::Infallible>));
    let request = as_api("POST", IMPORT).header("content-type", "multipart/form-data; boundary=limes");
    let answer = hub.ask(request.body(Body::from_stream(stream)).unwrap()).await;
    assert_eq!((answer.status, answer.json()), (413, error("Archiwum jest za duże: limit to 250 MB.")));
    assert_eq!(left_over(&hub), [""; 0]);
}

#[tokio::test]
async fn of_two_archives_at_once_each_is_taken_whole_or_refused() {
    let hub = hub().await;
    let other = DOCS.replace("Tramwaj", "Autobus");
    let (one, two) = (zip(&[("docs.json", DOCS.as_bytes())]), zip(&[("docs.json", other.as_bytes())]));
    let (first, second) = tokio::join!(sends(&hub, &one), sends(&hub, &two));
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert!(statuses == [200, 200] || statuses == [200, 409], "{first:?} {second:?}");
    let kept = fs::read_to_string(data(&hub).join(DEFAULT).join("docs.json")).unwrap();
    assert!(kept.contains("Tramwaj") != kept.contains("Autobus"), "{kept}");
    assert_eq!(left_over(&hub), [""; 0]);
}

#[tokio::test]
async fn while_others_change_the_files_changes_are_refused_and_questions_answered() {
    use hub_retrieval::{library::Turn, names::Indices};
    let mut hub = hub().await;
    with_articles(&hub);
    with_index(&hub, "proba");
    let turn = Turn::take(&Indices::new(&data(&hub))).unwrap();
    let busy = error("Baza wiedzy jest właśnie zmieniana. Spróbuj za chwilę.");
    assert_eq!(sends(&hub, &zip(&[("docs.json", DOCS.as_bytes())])).await, (409, busy.clone()));
    let answer = deletes(&hub, "proba").await;
    assert_eq!((answer.status, answer.json()), (409, busy.clone()));
    let answer = hub.post("/api/news/indices/active", &json!({ "name": "proba" })).await.unwrap();
    assert_eq!((answer.status, answer.json()), (409, busy));
    assert_eq!(asks(&mut hub, json!({ "query": "kaucja" })).await.0, 200);
    assert_eq!(hub.app().tidy_knowledge().await.unwrap(), 0, "tidying waits for its turn");
    drop(turn);
    assert_eq!(deletes(&hub, "proba").await.status, 200);
}
