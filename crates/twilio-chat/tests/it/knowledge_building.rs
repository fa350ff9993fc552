//! Building an index from the API and the panel: one build at a time, watched while it goes on, stopped, gone on with.

use std::{fs, time::Duration};

use axum::http::Method;
use hub_domain::access::Role;
use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    live::Stream,
    model::{Does, MODEL, MODEL_KEY},
    news_api::{data, with_articles, with_index},
    setup::Setup,
    wire::Answer,
};

const BUILD: &str = "/api/news/faiss/build";
const PROGRESS: &str = "/api/news/faiss/build/progress";
const STOP: &str = "/api/news/faiss/build/stop";
/// Passages of the articles of these tests.
const PASSAGES: usize = 2;

fn setup() -> Setup {
    Setup::new()
        .with("SECOND_OPENAI_BASE_URL", MODEL)
        .with("EMBEDDING_MODEL", "text-embedding-3-small")
        .with("EMBEDDING_QUERY_PREFIX", "query:")
        .with("EMBEDDING_PASSAGE_PREFIX", "passage:")
        .with("EMBED_BATCH_SIZE", "1")
        .with_timing(|timing| timing.send_wait = Duration::from_millis(20))
}

/// Two articles and a service that makes vectors, one text a call.
async fn hub() -> TestHub {
    let hub = setup().with("SECOND_OPENAI", MODEL_KEY).start().await;
    with_articles(&hub);
    hub.model.does(Does::Embeds(8));
    hub
}

async fn posts(hub: &mut TestHub, path: &str) -> (u16, Value) {
    let answer = hub.post(path, &json!({})).await.unwrap();
    (answer.status, answer.json())
}

/// Builds to the end, however long the answer waits.
async fn builds(hub: &mut TestHub) -> Value {
    let (status, answer) = posts(hub, BUILD).await;
    assert!([200, 202].contains(&status), "{status} {answer}");
    ended(hub).await
}

async fn ended(hub: &mut TestHub) -> Value {
    hub.app().until_built().await;
    hub.get(PROGRESS).await.json()["build"].clone()
}

/// The texts that vectors were asked for, oldest first.
fn embedded(hub: &TestHub) -> Vec<String> {
    let of_call = |asked: Value| asked["input"].as_array().cloned().unwrap_or_default();
    let texts = hub.model.asked().into_iter().flat_map(of_call);
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// How a question's articles were found.
async fn found_by(hub: &mut TestHub, question: &str) -> (Value, Value, Value) {
    let answer = hub.post("/api/news/test", &json!({ "query": question })).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    let info = |field: &str| told["search_info"][field].clone();
    (info("algorithm"), info("words_alone"), told["results"][0]["url"].clone())
}

/// The next of what the stream tells of a build that is so far.
async fn told(stream: &mut Stream, is_it: impl Fn(&Value) -> bool) -> Value {
    loop {
        let block = stream.block().await.expect("the stream goes on");
        let Some(data) = block.strip_prefix("event: building\ndata: ") else { continue };
        let now: Value = serde_json::from_str(data).unwrap();
        if is_it(&now) {
            return now;
        }
    }
}

/// The service answers so many calls and then hangs.
fn hangs_after(hub: &TestHub, calls: usize) {
    let before = hub.model.asked().len();
    let model = std::sync::Arc::clone(&hub.model);
    let count = std::sync::atomic::AtomicUsize::new(0);
    model.thinks(move |_| {
        let made = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if made < calls { Does::Embeds(8) } else { Does::Hangs }
    });
    assert_eq!(hub.model.asked().len(), before);
}

async fn begins_and_hangs(hub: &mut TestHub) -> Stream {
    hangs_after(hub, 1);
    let mut stream = hub.watch("", None).await.unwrap();
    let (status, answer) = posts(hub, BUILD).await;
    assert_eq!((status, &answer["build"]["under_way"]), (202, &json!(true)), "{answer}");
    told(&mut stream, |now| now["documents_done"] == 1).await;
    stream
}

#[tokio::test]
async fn a_build_is_watched_stopped_and_gone_on_with_and_pays_nothing_twice() {
    let mut hub = hub().await;
    let mut stream = begins_and_hangs(&mut hub).await;
    let (status, told_of_it) = posts(&mut hub, STOP).await;
    assert_eq!((status, &told_of_it["success"]), (200, &json!(true)));
    let stopped = told(&mut stream, |now| now["under_way"] == false).await;
    assert_eq!((&stopped["phase"], &stopped["documents_done"]), (&json!("stopped"), &json!(1)));
    assert_eq!(hub.get("/api/news/faiss/status").await.json()["status"]["vector_count"], 0);
    hub.model.does(Does::Embeds(8));
    let built = builds(&mut hub).await;
    for (field, expect) in [
        ("phase", json!("done")),
        ("mode", json!("hybrid")),
        ("paid", json!(1)),
        ("tokens", json!(10)),
        ("cost_usd", json!("0.000001")),
        ("documents", json!(PASSAGES)),
        ("vectors", json!(PASSAGES)),
    ] {
        assert_eq!(built[field], expect, "{field} of {built}");
    }
    assert_eq!(hub.model.asked().len(), PASSAGES + 1, "each text once, and the call that was stopped");
    assert_eq!(hub.get("/api/news/faiss/status").await.json()["status"]["vector_count"], PASSAGES);
    let log = hub.page("/settings/audit").await;
    for words in ["rozpoczęto budowę indeksu bazy wiedzy", "zatrzymano budowę indeksu bazy wiedzy"] {
        assert!(log.text().contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_second_request_is_told_of_the_first() {
    let mut hub = hub().await;
    begins_and_hangs(&mut hub).await;
    let (status, refused) = posts(&mut hub, BUILD).await;
    assert_eq!((status, &refused["build"]["documents_done"]), (409, &json!(1)));
    assert!(refused["error"].as_str().unwrap().contains("1 z 2 wektorów"), "{refused}");
    assert_eq!(hub.get("/api/news/faiss/build/estimate").await.status, 409);
    let cookie = hub.session().await;
    let page = hub.posts(&cookie, "/news/build", &[]).await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("Budowa już trwa: 1 z 2 wektorów."), "{}", page.text());
    assert!(page.text().contains("Zatrzymaj budowę"));
    assert_eq!(hub.posts(&cookie, "/news/build/stop", &[]).await.status, 303);
    assert_eq!(ended(&mut hub).await["phase"], "stopped");
}

#[tokio::test]
async fn whoever_begins_to_watch_is_told_how_far_it_is() {
    let mut hub = hub().await;
    begins_and_hangs(&mut hub).await;
    let mut late = hub.watch("", None).await.unwrap();
    assert_eq!(told(&mut late, |_| true).await["documents_done"], 1);
    hub.app().end_builds().await;
    assert_eq!(told(&mut late, |_| true).await["phase"], "stopped");
}

#[tokio::test]
async fn a_build_without_a_key_is_one_of_words_and_says_so() {
    let mut hub = setup().start().await;
    with_articles(&hub);
    let page = hub.page("/news/build").await;
    assert!(page.text().contains("Bez klucza SECOND_OPENAI indeks powstaje po słowach"), "{}", page.text());
    assert!(page.text().contains("Nic nie kosztuje."));
    let built = builds(&mut hub).await;
    assert_eq!((&built["phase"], &built["mode"]), (&json!("done"), &json!("no_llm")));
    assert_eq!((&built["documents"], &built["vectors"]), (&json!(PASSAGES), &json!(0)));
    assert!(hub.page("/news").await.text().contains("Indeks po słowach zbudowany. Fragmenty: 2."));
    assert!(data(&hub).join("faiss_openai_index/docs.json").exists());
    assert_eq!(hub.model.asked().len(), 0);
}

#[tokio::test]
async fn a_key_entered_in_the_panel_makes_vectors_without_a_restart() {
    let mut hub = setup().start().await;
    with_articles(&hub);
    hub.model.does(Does::Embeds(8));
    assert_eq!(builds(&mut hub).await["mode"], "no_llm");
    let kept = hub.post("/api/secrets/SECOND_OPENAI", &json!({ "value": MODEL_KEY })).await.unwrap();
    assert_eq!(kept.status, 200, "{}", kept.text());
    let built = builds(&mut hub).await;
    assert_eq!((&built["mode"], &built["vectors"]), (&json!("hybrid"), &json!(PASSAGES)));
    let clear = crate::talk::bearer(Method::DELETE, "/api/secrets/SECOND_OPENAI", axum::body::Body::empty());
    assert_eq!(hub.ask(clear).await.status, 200);
    assert_eq!(builds(&mut hub).await["mode"], "no_llm");
}

#[tokio::test]
async fn the_cost_is_shown_before_anything_is_paid() {
    let mut hub = hub().await;
    let page = hub.page("/news/build").await;
    let text = page.text();
    for part in ["text-embedding-3-small", "id=\"missing\">2<", "ok. 0,00", "USD", "action=\"/news/build\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let estimate = hub.get("/api/news/faiss/build/estimate").await.json()["estimate"].clone();
    assert_eq!((&estimate["texts"], &estimate["missing"]), (&json!(2), &json!(2)));
    assert!(estimate["tokens"].as_u64().unwrap() > 20, "{estimate}");
    assert_eq!(hub.model.asked().len(), 0, "asking costs nothing");
    builds(&mut hub).await;
    let page = hub.page("/news/build").await;
    assert!(page.text().contains("id=\"missing\">0<") && page.text().contains("Nic nie kosztuje."));
}

#[tokio::test]
async fn trouble_of_the_service_is_said_in_words_and_the_old_index_stays() {
    let mut hub = hub().await;
    builds(&mut hub).await;
    fs::remove_file(data(&hub).join(".work/paid-1.vectors")).unwrap();
    let quota = r#"{"error":{"code":"insufficient_quota"}}"#;
    let refused = r#"{"error":{"message":"unknown model"}}"#;
    for (status, body, words) in [
        (401, "", "nie przyjmuje klucza SECOND_OPENAI"),
        (429, quota, "skończyły się środki"),
        (404, refused, "unknown model"),
        (200, "{}", "nie da się użyć"),
    ] {
        hub.model.does(Does::Answers(status, body));
        let (_, answer) = posts(&mut hub, BUILD).await;
        let failed = ended(&mut hub).await;
        assert_eq!(failed["phase"], "failed", "{answer}");
        assert!(failed["error"].as_str().unwrap().contains(words), "{failed}");
        let page = hub.page("/news").await;
        assert!(page.text().contains(words) && page.text().contains("alert-danger"), "{words}");
    }
    assert_eq!(hub.get("/api/news/faiss/status").await.json()["status"]["vector_count"], PASSAGES);
}

#[tokio::test]
async fn another_index_is_built_by_its_name_and_an_unknown_one_is_refused() {
    let mut hub = hub().await;
    with_index(&hub, "proba");
    let (status, answer) = posts(&mut hub, "/api/news/indices/proba/build").await;
    assert!([200, 202].contains(&status), "{answer}");
    let built = ended(&mut hub).await;
    assert_eq!((&built["index"], &built["vectors"]), (&json!("proba"), &json!(1)));
    assert_eq!(posts(&mut hub, "/api/news/indices/inny/build").await.0, 404);
    assert_eq!(posts(&mut hub, "/api/news/indices/..%2Finny/build").await.0, 400);
}

#[tokio::test]
async fn there_has_to_be_something_to_build_of_and_something_to_stop() {
    let mut hub = setup().with("SECOND_OPENAI", MODEL_KEY).start().await;
    let (status, refused) = posts(&mut hub, BUILD).await;
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().contains("brak artykułów i dokumentów"), "{refused}");
    assert_eq!(posts(&mut hub, STOP).await.0, 409);
    assert_eq!(hub.get(PROGRESS).await.json()["build"]["phase"], "nothing");
}

#[tokio::test]
async fn an_operator_sees_a_build_and_neither_starts_nor_stops_one() {
    let mut hub = hub().await;
    let operator = hub.joins("ola", Role::Operator).await;
    let sees = async |hub: &TestHub, path: &str| -> Answer { hub.sees(&operator, path).await };
    assert!(!sees(&hub, "/news").await.text().contains("Zbuduj indeks"));
    assert_eq!(sees(&hub, "/news/build").await.status, 403);
    begins_and_hangs(&mut hub).await;
    let state = sees(&hub, "/news/state").await;
    assert!(state.text().contains("Wektory: 1 z 2") && state.text().contains("<progress"));
    assert!(!state.text().contains("Zatrzymaj budowę"));
    for path in ["/news/build", "/news/build/stop"] {
        assert_eq!(hub.posts(&operator, path, &[]).await.status, 403, "{path}");
    }
    hub.app().end_builds().await;
}

#[tokio::test]
async fn a_question_is_found_by_words_and_meaning_and_by_words_alone_where_the_service_fails() {
    let mut hub = hub().await;
    let kaucja = json!("https://a.example/kaucja");
    let found = found_by(&mut hub, "kaucja za słoik").await;
    assert_eq!(found, (json!("bm25"), json!(false), kaucja.clone()));
    assert_eq!(embedded(&hub).len(), 0, "there is nothing to compare with");
    builds(&mut hub).await;
    let found = found_by(&mut hub, "kaucja za słoik").await;
    assert_eq!(found, (json!("hybrid"), json!(false), kaucja.clone()));
    let texts = embedded(&hub);
    assert!(texts[..PASSAGES].iter().all(|text| text.starts_with("passage: [")), "{texts:?}");
    assert_eq!(texts[PASSAGES..], ["query: kaucja za słoik"]);
    let page = hub.page("/news?q=kaucja+za+s%C5%82oik").await;
    assert!(page.text().contains("Szukano po słowach i po znaczeniu."), "{}", page.text());
    assert_eq!(hub.get("/api/news/faiss/status").await.json()["status"]["search"], "hybrid");
    hub.model.does(Does::Answers(500, "{}"));
    let before = embedded(&hub).len();
    for _ in 0..5 {
        let found = found_by(&mut hub, "kaucja za słoik").await;
        assert_eq!(found, (json!("bm25"), json!(true), kaucja.clone()));
    }
    assert_eq!(embedded(&hub).len(), before + 2, "the others did not wait for it");
    let page = hub.page("/news?q=kaucja+za+s%C5%82oik").await;
    assert!(page.text().contains("Szukano tylko po słowach: usługa wektorów nie odpowiada."));
    hub.model.does(Does::Embeds(8));
    hub.advance(Duration::from_mins(1)).await;
    assert_eq!(found_by(&mut hub, "kaucja za słoik").await.0, "hybrid");
}
