//! `/news`: the page of the knowledge base.

use std::fs;

use axum::{body::Body, http::Request};
use hub_domain::access::Role;

use crate::news_api::{DOCS, data, form, hub, with_articles, with_index, zip};

#[tokio::test]
async fn an_empty_knowledge_base_says_what_to_do() {
    let mut hub = hub().await;
    let page = hub.page("/news").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("Baza wiedzy jest jeszcze pusta.") && text.contains("Wczytaj archiwum"), "{text}");
    assert!(text.contains("Bez AI") && !text.contains("name=\"q\""));
    let none = hub.page("/news/export").await;
    assert_eq!(none.status, 404);
    assert!(none.text().contains("Brak plików FAISS do zapisania."));
}

#[tokio::test]
async fn the_page_shows_what_there_is_and_answers_a_question() {
    let mut hub = hub().await;
    with_articles(&hub);
    with_index(&hub, "proba");
    let folder = data(&hub).join("faiss_openai_index");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("index.npz"), "no").unwrap();
    fs::write(folder.join("docs.json"), DOCS).unwrap();
    let page = hub.page("/news?q=ile+wyniesie+kaucja+za+sloik").await;
    let text = page.text();
    for part in [
        "Kaucja za sloik wyniesie zlotowke.",
        "https://a.example/kaucja",
        "trafność",
        "Prawo",
        "index.npz",
        "proba",
        "Ustaw jako aktywny",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for inline in [" style=", "<style", " onclick=", "javascript:"] {
        assert!(!text.contains(inline), "{inline}");
    }
    let page = hub.page("/news?q=sernik+z+rodzynkami").await;
    assert!(
        page.text().contains("Nie znam odpowiedzi")
            && page.text().contains("W artykułach nie ma odpowiedzi.")
    );
    let page = hub.page("/news?q=kaucja&sections=all").await;
    assert!(page.text().contains("MIASTO") && page.text().contains("PRAWO"));
}

#[tokio::test]
async fn what_stands_in_an_article_is_shown_as_text_and_leads_to_pages_only() {
    let mut hub = hub().await;
    fs::create_dir_all(data(&hub)).unwrap();
    let line = r#"{"url":"javascript:alert(1)","title":"<b>Kaucja</b>","category":"","text":"<script>kaucja za słoik</script> wynosi złotówkę."}"#;
    fs::write(data(&hub).join("articles.jsonl"), line).unwrap();
    let page = hub.page("/news?q=kaucja+za+s%C5%82oik").await;
    assert!(
        page.text().contains("&#60;b&#62;Kaucja") && !page.text().contains("<script>kaucja"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("href=\"javascript:"));
}

#[tokio::test]
async fn an_admin_chooses_deletes_takes_out_and_puts_back() {
    let mut hub = hub().await;
    with_articles(&hub);
    with_index(&hub, "proba");
    let cookie = hub.session().await;
    let done = hub.posts(&cookie, "/news/activate", &[("name", "proba")]).await;
    assert_eq!((done.status, done.header("location")), (303, "/news?done=news-activated"));
    let archive = hub.page("/news/export").await;
    assert_eq!((archive.status, archive.header("content-type")), (200, "application/zip"));
    let done = hub.posts(&cookie, "/news/delete", &[("name", "proba")]).await;
    assert_eq!((done.status, done.header("location")), (303, "/news?done=news-deleted"));
    for name in ["proba", "..", "../..", ""] {
        let refused = hub.posts(&cookie, "/news/delete", &[("name", name)]).await;
        assert_eq!(refused.status, 404, "{name}");
        assert!(refused.text().contains("Nie znaleziono indeksu."), "{name}");
    }
    let back = |bytes: &[u8]| {
        let request = Request::post("/news/import").header("cookie", &cookie);
        form(request.header("sec-fetch-site", "same-origin"), "archive", "kopia.zip", bytes)
    };
    let done = hub.ask(back(&archive.body)).await;
    assert_eq!((done.status, done.header("location")), (303, "/news?done=news-imported"));
    let refused = hub.ask(back(&zip(&[("a.txt", b"a")]))).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("W archiwum nie ma ani wektorów, ani dokumentów."));
    assert!(hub.page("/news?q=tramwaj+do+portu").await.text().contains("https://b.example/tramwaj"));
    let log = hub.page("/settings/audit").await;
    for words in
        ["wybrano indeks bazy wiedzy", "usunięto indeks bazy wiedzy", "przejęto archiwum bazy wiedzy"]
    {
        assert!(log.text().contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_page_asks_before_an_index_is_deleted_or_replaced() {
    let mut hub = hub().await;
    with_articles(&hub);
    with_index(&hub, "proba");
    let page = hub.page("/news").await;
    let text = page.text();
    for link in ["href=\"/news/proba/delete\"", "href=\"/news/import\""] {
        assert!(text.contains(link), "{link}: {text}");
    }
    for form in ["action=\"/news/delete\"", "action=\"/news/import\""] {
        assert!(!text.contains(form), "{form} acts at one press");
    }
    let sure = hub.page("/news/proba/delete").await;
    assert!(sure.text().contains("Usunąć indeks proba?"), "{}", sure.text());
    assert!(sure.text().contains("action=\"/news/delete\"") && sure.text().contains("value=\"proba\""));
    assert!(hub.page("/news").await.text().contains("proba"), "to ask deletes nothing");
    assert_eq!(hub.page("/news/nie-ma/delete").await.status, 404);
    let sure = hub.page("/news/import").await;
    for part in ["Wczytać archiwum?", "faiss_openai_index", "action=\"/news/import\"", "Tak, zastąp"] {
        assert!(sure.text().contains(part), "{part}: {}", sure.text());
    }
}

#[tokio::test]
async fn an_operator_asks_and_changes_nothing() {
    let hub = hub().await;
    with_articles(&hub);
    let operator = hub.joins("ola", Role::Operator).await;
    let page = Request::get("/news?q=kaucja").header("cookie", &operator).body(Body::empty()).unwrap();
    let page = hub.ask(page).await;
    assert!(page.text().contains("https://a.example/kaucja"));
    for form in ["/news/delete", "/news/activate", "/news/import", "/news/export"] {
        assert!(!page.text().contains(form), "{form}");
    }
}
