//! `knowledge`: the knowledge base from the command line, without a server, mostly without a model.

use std::{fs, path::Path, sync::Arc};

use hub_sim::{ModelFaults, ModelSimulator};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::program::{Finished, Program};

const ARTICLES: &str = r#"{"id":"x","url":"https://a.example/most","title":"Most nad Wisłą otwarty","category":"Miasto","text":"Most nad Wisłą otwarto w poniedziałek. Przejazd jest bezpłatny."}
{"id":"y","url":"https://a.example/kaucja","title":"Kaucja za słoiki","category":"Prawo","text":"Kaucja za słoik wyniesie złotówkę. Ustawa wchodzi w życie w maju."}
"#;

fn with_articles() -> Program {
    let program = Program::new();
    fs::create_dir_all(program.path("X1_data")).unwrap();
    program.write("X1_data/articles.jsonl", ARTICLES);
    program
}

async fn knowledge(program: &Program, arguments: &[&str]) -> Finished {
    program.run(&[&["knowledge"], arguments].concat()).await
}

fn json_of(finished: &Finished) -> Value {
    assert_eq!((finished.code, finished.err.as_str()), (Some(0), ""), "{finished:?}");
    serde_json::from_str(&finished.out).unwrap()
}

/// faiss's own bytes for two rows of two numbers, compared by inner product.
fn faiss_file(path: &Path) {
    let mut bytes = b"IxFI".to_vec();
    bytes.extend(2_i32.to_le_bytes());
    bytes.extend(2_i64.to_le_bytes());
    bytes.extend([1_048_576_i64.to_le_bytes(); 2].concat());
    bytes.push(1);
    bytes.extend(0_i32.to_le_bytes());
    bytes.extend(4_u64.to_le_bytes());
    for number in [1.0_f32, 0.0, 0.0, 1.0] {
        bytes.extend(number.to_le_bytes());
    }
    fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_data_folder_has_a_status_and_knows_nothing() {
    let program = Program::new();
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!(
        (&status["layout"], &status["vectors"], &status["mode"]),
        (&json!("none"), &json!(0), &json!("no_llm"))
    );
    let answer = json_of(&knowledge(&program, &["ask", "kiedy otworzą most?", "--json"]).await);
    assert_eq!(
        (&answer["verdict"], &answer["answer"]),
        (&json!("unknown"), &json!("Nie znam odpowiedzi na to pytanie."))
    );
    let build = knowledge(&program, &["build"]).await;
    assert_eq!((build.code, &*build.err), (Some(1), "Nie ma tu ani wektorów, ani dokumentów.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_from_articles_without_a_key() {
    let program = with_articles();
    let found = json_of(&knowledge(&program, &["search", "kaucja za sloik", "--json", "--k", "1"]).await);
    let results = found["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["url"]), (1, &json!("https://a.example/kaucja")));
    // The name that `articles.jsonl` of the earlier program gives this address.
    assert_eq!(results[0]["id"].as_str().unwrap().len(), 40);
    let answer = knowledge(&program, &["ask", "ile wyniesie kaucja za słoik"]).await;
    assert!(answer.out.starts_with("Bez AI, z artykulow:\nKaucja za sloik wyniesie zlotowke."), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_a_status_and_an_export_agree() {
    let program = with_articles();
    let built = json_of(&knowledge(&program, &["build", "--json"]).await);
    assert_eq!(built, json!({ "mode": "no_llm", "documents": 2, "vectors": 0, "passages": 2 }));
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!((&status["layout"], &status["documents"]), (&json!("docs.json"), &json!(2)));
    assert!(program.path("X1_data/documents.json").exists());
    let exported = json_of(&knowledge(&program, &["export", "out", "--json"]).await);
    assert_eq!((&exported["documents"], &exported["vectors"]), (&json!(2), &json!(0)));
    assert!(program.path("out/docs.json").exists() && !program.path("out/index.faiss").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_beside_vectors_says_what_a_status_says() {
    let program = with_articles();
    fs::create_dir_all(program.path("X1_data/faiss_openai_index")).unwrap();
    faiss_file(&program.path("X1_data/faiss_openai_index/index.faiss"));
    let document = |id: &str| json!({ "id": id, "page_content": format!("Tekst {id}"), "metadata": {} });
    let documents = json!([document("a"), document("b")]).to_string();
    program.write("X1_data/faiss_openai_index/docs.json", documents);
    let told = knowledge(&program, &["build"]).await;
    let words =
        "Indeks bez zmian: dokumenty 2, wektory 2. Fragmenty artykułów (documents.json, documents.jsonl): 4.";
    assert!(told.out.contains(words), "{told:?}");
    let built = json_of(&knowledge(&program, &["build", "--json"]).await);
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    for field in ["documents", "vectors", "passages"] {
        assert_eq!(built[field], status[field], "{field}: {built} {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_faiss_is_imported_and_exported_byte_for_byte() {
    let program = Program::new();
    fs::create_dir_all(program.path("in")).unwrap();
    faiss_file(&program.path("in/index.faiss"));
    let document = |id: &str| json!({ "id": id, "page_content": format!("Tekst {id}"), "metadata": {} });
    program.write("in/docs.json", json!([document("a"), document("b")]).to_string());
    let imported = json_of(&knowledge(&program, &["import", "in", "--json"]).await);
    assert_eq!((&imported["layout"], &imported["vectors"]), (&json!("index.faiss+docs.json"), &json!(2)));
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!(
        (&status["vectors"], &status["dimensions"], &status["documents"]),
        (&json!(2), &json!(2), &json!(2))
    );
    json_of(&knowledge(&program, &["export", "out", "--json"]).await);
    let read = |name: &str| fs::read(program.path(name)).unwrap();
    assert_eq!(read("out/index.faiss"), read("in/index.faiss"));
    let nothing = knowledge(&program, &["import", "nowhere"]).await;
    assert_eq!((nothing.code, &*nothing.err), (Some(1), "Nie ma tu ani wektorów, ani dokumentów.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_data_folder_is_imported_with_its_vectors_and_its_articles() {
    let program = Program::new();
    fs::create_dir_all(program.path("in/faiss_openai_index")).unwrap();
    faiss_file(&program.path("in/faiss_openai_index/index.faiss"));
    let document = |id: &str| json!({ "id": id, "page_content": format!("Tekst {id}"), "metadata": {} });
    let (two, three) = ([document("a"), document("b")], [document("a"), document("b"), document("c")]);
    program.write("in/faiss_openai_index/docs.json", json!(two).to_string());
    program.write("in/documents.json", json!(three).to_string());
    program.write("in/articles.jsonl", ARTICLES);
    let imported = json_of(&knowledge(&program, &["import", "in", "--json"]).await);
    assert_eq!((&imported["layout"], &imported["vectors"]), (&json!("index.faiss+docs.json"), &json!(2)));
    assert_eq!((&imported["documents_without_vector"], &imported["articles"]), (&json!(1), &json!(3)));
    let found = json_of(&knowledge(&program, &["search", "kaucja za sloik", "--json"]).await);
    assert_eq!(found["results"][0]["url"], "https://a.example/kaucja");
    let again = knowledge(&program, &["import", "in"]).await;
    assert!(!again.out.contains("articles.jsonl"), "they are there: {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_over_a_corpus_is_a_run_of_articles() {
    let program = Program::new();
    let long = "Most nad Wisłą. ".repeat(200);
    let corpus = format!(
        "{}\n{}\n",
        json!({ "id": "d1", "title": "Most", "text": long, "lang": "pl" }),
        json!({ "id": 2, "title": "Kaucja", "text": "Kaucja za słoik wyniesie złotówkę." })
    );
    program.write("corpus.jsonl", corpus);
    program.write(
        "queries.jsonl",
        "{\"id\":\"q1\",\"query\":\"kaucja za sloik\"}\n{\"id\":\"q2\",\"query\":\"most na Wiśle\"}\n",
    );
    let arguments =
        ["search", "--batch", "queries.jsonl", "--run", "out.tsv", "--k", "10", "--corpus", "corpus.jsonl"];
    let finished = knowledge(&program, &arguments).await;
    assert_eq!((finished.code, &*finished.out, &*finished.err), (Some(0), "", ""));
    assert_eq!(fs::read_to_string(program.path("out.tsv")).unwrap(), "q1\t2\t1\nq2\td1\t1\n");

    program.write("questions.jsonl", "{\"id\":\"q1\",\"query\":\"kaucja za sloik\",\"relevant\":[\"2\"]}\n{\"id\":\"q2\",\"query\":\"most\",\"relevant\":[\"x\"]}\n");
    let figures = json_of(
        &knowledge(&program, &["evaluate", "questions.jsonl", "--corpus", "corpus.jsonl", "--json"]).await,
    );
    assert_eq!(
        (&figures["questions"], &figures["r@1"], &figures["mrr"]),
        (&json!(2), &json!(0.5), &json!(0.5))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_cannot_be_read_are_named_and_the_rest_is_done() {
    let program = Program::new();
    program.write("corpus.jsonl", "{\"id\":\"d1\",\"title\":\"Most\",\"text\":\"Most nad Wisłą.\"}\n");
    program.write(
        "queries.jsonl",
        "no JSON\n{\"id\":\"a\\tb\",\"query\":\"most\"}\n{\"id\":\"q\",\"query\":\"most\"}",
    );
    let arguments = ["search", "--batch", "queries.jsonl", "--corpus", "corpus.jsonl"];
    let finished = knowledge(&program, &arguments).await;
    assert_eq!((finished.code, &*finished.out), (Some(1), "q\td1\t1\n"));
    assert_eq!(finished.err, "queries.jsonl: nieczytelne linie, pominięte: 2; pierwsza to 1.\n");
    let missing = knowledge(&program, &["search", "most", "--corpus", "missing.jsonl"]).await;
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.starts_with("Nie mogę odczytać missing.jsonl"), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_passed_over_is_named_where_questions_are_asked() {
    let program = Program::new();
    fs::create_dir_all(program.path("X1_data/faiss_openai_index")).unwrap();
    program
        .write("X1_data/faiss_openai_index/docs.json", r#"[{"id":"1","page_content":"Kaucja za słoik."},5]"#);
    let reason = "docs.json: not a list of documents";
    for arguments in
        [&["search", "kaucja"][..], &["ask", "ile kaucji za słoik"], &["search", "kaucja", "--json"]]
    {
        let told = knowledge(&program, arguments).await;
        assert!(told.code == Some(1) && told.err.contains(reason), "{told:?}");
    }
    program.write("X1_data/articles.jsonl", ARTICLES);
    for arguments in [&["search", "kaucja za słoik"][..], &["ask", "ile wyniesie kaucja za słoik"]] {
        let told = knowledge(&program, arguments).await;
        assert!(told.code == Some(0) && told.err.is_empty() && told.out.contains(reason), "{told:?}");
    }
    let found = json_of(&knowledge(&program, &["search", "kaucja za słoik", "--json"]).await);
    assert_eq!(found["refused"][0]["file"], "docs.json");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_of_an_editor_at_the_beginning_of_a_file_is_nothing() {
    let program = Program::new();
    let marked = |text: &str| format!("\u{feff}{text}");
    fs::create_dir_all(program.path("X1_data/faiss_openai_index")).unwrap();
    let documents = r#"[{"id":"1","page_content":"Kaucja za słoik."}]"#;
    program.write("X1_data/faiss_openai_index/docs.json", marked(documents));
    let found = json_of(&knowledge(&program, &["search", "kaucja", "--json"]).await);
    assert_eq!((found["results"].as_array().unwrap().len(), &found["refused"]), (1, &json!([])));
    program.write("corpus.jsonl", marked("{\"id\":\"d1\",\"text\":\"Most nad Wisłą.\"}"));
    program.write("queries.jsonl", marked("{\"id\":\"q\",\"query\":\"most\",\"relevant\":\"d1\"}"));
    let arguments = ["search", "--batch", "queries.jsonl", "--corpus", "corpus.jsonl"];
    let finished = knowledge(&program, &arguments).await;
    assert_eq!((finished.code, &*finished.out, &*finished.err), (Some(0), "q\td1\t1\n", ""));
    let figures =
        knowledge(&program, &["evaluate", "queries.jsonl", "--corpus", "corpus.jsonl", "--json"]).await;
    assert_eq!(json_of(&figures)["r@1"], 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_vectors_are_made_once_and_searched() {
    let service = ModelSimulator::new("sk-vectors".to_owned(), 1, Arc::new(|| Timestamp::UNIX_EPOCH));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = service.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let program = with_articles()
        .with("SECOND_OPENAI", "sk-vectors")
        .with("SECOND_OPENAI_BASE_URL", base)
        .with("EMBEDDING_MODEL", "text-embedding-3-small");
    for paid in [2, 0] {
        let built = json_of(&knowledge(&program, &["build", "--json"]).await);
        let model = "text-embedding-3-small";
        let expect = json!({ "mode": "hybrid", "model": model, "documents": 2, "vectors": 2, "paid": paid });
        assert_eq!(built, expect);
    }
    assert_eq!(service.counts().embedded, 3, "the second build asks for one word, as a sample");
    let found = json_of(&knowledge(&program, &["search", "kaucja za sloik", "--json"]).await);
    assert_eq!((&found["mode"], &found["trouble"]), (&json!("hybrid"), &json!(null)));
    assert_eq!(found["results"][0]["url"], "https://a.example/kaucja");
    service.faults(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    let found = json_of(&knowledge(&program, &["search", "kaucja za sloik", "--json"]).await);
    assert_eq!(found["mode"], "no_llm");
    assert!(found["trouble"].as_str().unwrap().contains("HTTP 500"), "{found}");
    assert_eq!(found["results"][0]["url"], "https://a.example/kaucja");
    let told = knowledge(&program, &["search", "kaucja za sloik"]).await;
    assert!(told.out.contains("Szukano tylko po słowach"), "{told:?}");
    service.faults(ModelFaults { wrong_dimensions: 1.0, ..ModelFaults::default() });
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!((&status["dimensions"], &status["service_dimensions"]), (&json!(1536), &json!(1535)));
    for arguments in [&["status"][..], &["search", "kaucja za sloik"]] {
        let told = knowledge(&program, arguments).await;
        let words = "Usługa daje wektory po 1535 liczb, a indeks ma 1536";
        assert!(told.out.contains(words) && told.out.contains("knowledge build"), "{told:?}");
    }
    let built = knowledge(&program, &["build"]).await;
    assert!(built.out.contains("dotychczasowe miały 1536: policzono wszystkie na nowo"), "{built:?}");
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!((&status["dimensions"], &status["service_dimensions"]), (&json!(1535), &json!(1535)));
    server.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_the_model_answers_and_its_receipt_is_kept_where_there_is_a_database() {
    let service = ModelSimulator::new("sk-answers".to_owned(), 1, Arc::new(|| Timestamp::UNIX_EPOCH));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = service.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let program = with_articles().with("SECOND_OPENAI", "sk-answers").with("SECOND_OPENAI_BASE_URL", base);
    let status = json_of(&knowledge(&program, &["status", "--json"]).await);
    assert_eq!((&status["mode"], &status["model"]), (&json!("llm"), &json!("gpt-4o-mini")));
    let ask = ["ask", "ile wyniesie kaucja za słoik", "--json"];
    let told = json_of(&knowledge(&program, &ask).await);
    assert_eq!((&told["made_by"], &told["decision"]), (&json!("model"), &json!("answered_cited")), "{told}");
    assert!(told["answer"].as_str().unwrap().ends_with("[1].\n[1] https://a.example/kaucja"), "{told}");
    assert_eq!(told["cited"], json!(["https://a.example/kaucja"]));
    assert!(!program.path("data").exists(), "a question makes no database");
    // Any command that needs one does.
    let made = program.run(&["user", "list"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    json_of(&knowledge(&program, &ask).await);
    let database = rusqlite::Connection::open(program.path("data/app.db")).unwrap();
    let kept: String =
        database.query_row("SELECT purpose || ' ' || decision FROM receipt", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "knowledge answered_cited");
    let unknown = json_of(&knowledge(&program, &["ask", "przepis na sernik z rodzynkami", "--json"]).await);
    assert_eq!(
        (&unknown["made_by"], &unknown["model"], service.counts().chats),
        (&json!("articles"), &json!(null), 2)
    );
    service.faults(ModelFaults { errors: 1.0, ..ModelFaults::default() });
    let told = json_of(&knowledge(&program, &ask).await);
    assert_eq!((&told["made_by"], &told["decision"]), (&json!("articles"), &json!("quoted_failed")));
    assert!(told["answer"].as_str().unwrap().starts_with("Bez AI, z artykulow:"), "{told}");
    let of_file =
        knowledge(&program, &["ask", "kaucja", "--corpus", "X1_data/articles.jsonl", "--json"]).await;
    assert_eq!(json_of(&of_file)["made_by"], "articles", "a file of articles is shown to no model");
    let (program, asked) = (program.with("AUTO_MAX_COST_DAY", "0.000001"), service.counts().chats);
    let told = json_of(&knowledge(&program, &ask).await);
    assert_eq!((&told["made_by"], &told["decision"]), (&json!("articles"), &json!("quoted_cap")));
    assert_eq!(service.counts().chats, asked, "the day's money is spent");
    server.abort();
}
