use super::*;
use crate::{Kind, NewRow, VectorIndex, collection::Search, documents, export, library};

fn document(url: &str, chunk: u64, text: &str) -> Document {
    let metadata = json!({ "url": url, "title": "Tytuł", "category": "Prawo", "chunk_index": chunk });
    let Value::Object(metadata) = metadata else { unreachable!() };
    Document { id: format!("{url}|{chunk}"), page_content: text.to_owned(), metadata }
}

/// The folder of an earlier installation: the vectors of one page of three, the documents of all, an article of two.
fn theirs(folder: &Path) -> Vec<Document> {
    let all = vec![
        document("https://a.example/1", 0, "Kaucja za słoik wynosi złotówkę."),
        document("https://a.example/2", 0, "Podatek od garażu spadnie."),
        document("https://a.example/3", 0, "Most nad Wisłą otwarto."),
    ];
    let work = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(work.path()).unwrap();
    let fill = |rows: &mut crate::Rows| {
        rows.add(NewRow { id: &all[0].id, vector: &[0.6, 0.8], category: None, time: None })
    };
    index.rebuild(Kind { dimension: 2, model: "m".into() }, fill).unwrap();
    let of_index = folder.join("faiss_openai_index");
    export::write(&of_index, &index.snapshot(), &all[..1], false).unwrap();
    documents::write(&folder.join("documents.json"), &all).unwrap();
    let article = |number: u32, text: &str| {
        let url = format!("https://a.example/{number}");
        json!({ "url": url, "title": "Tytuł", "text": text, "content_hash": "0123" }).to_string() + "\n"
    };
    let articles = article(1, &all[0].page_content) + &article(2, &all[1].page_content);
    fs::write(folder.join(ARTICLES), articles).unwrap();
    all
}

fn taken(data: &Path, from: &Path) -> Imported {
    let indices = Indices::new(data);
    let turn = Turn::take(&indices).unwrap();
    import(&indices, &IndexName::default_index(), from, "m", &turn).unwrap()
}

fn is_found(data: &Path, question: &str, url: &str) {
    let library = library::load(&Indices::new(data), &IndexName::default_index());
    let found = library.collection.search(&Search { question, ..Search::default() }, 1);
    assert_eq!(found.articles.first().map(|found| &*found.article().url), Some(url), "{question}");
}

#[test]
fn a_whole_folder_gives_its_vectors_and_then_what_they_do_not_have() {
    let (from, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    theirs(from.path());
    let imported = taken(data.path(), from.path());
    assert_eq!(imported.files, ["index.faiss", "docs.json"]);
    assert_eq!((imported.kept.documents, imported.kept.vectors), (1, 1));
    assert_eq!((imported.without_vector, imported.articles), (2, 3));
    is_found(data.path(), "kaucja za sloik", "https://a.example/1");
    is_found(data.path(), "podatek od garazu", "https://a.example/2");
    is_found(data.path(), "most nad wisla", "https://a.example/3");
    let articles = fs::read_to_string(data.path().join(ARTICLES)).unwrap();
    assert_eq!(articles.matches("content_hash").count(), 2, "lines stay as they were: {articles}");
    let again = taken(data.path(), from.path());
    assert_eq!((again.kept.vectors, again.articles), (1, 0));
    assert_eq!(fs::read_to_string(data.path().join(ARTICLES)).unwrap(), articles);
}

#[test]
fn articles_that_are_there_stay_as_they_are() {
    let (from, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    theirs(from.path());
    let ours = r#"{"url":"https://a.example/2","title":"Nasz","text":"Podatek od garażu wzrośnie."}"#;
    fs::write(data.path().join(ARTICLES), ours).unwrap();
    assert_eq!(taken(data.path(), from.path()).articles, 2);
    let articles = fs::read_to_string(data.path().join(ARTICLES)).unwrap();
    assert!(articles.starts_with(&format!("{ours}\n")) && articles.lines().count() == 3, "{articles}");
}

#[test]
fn sections_that_are_there_are_not_hidden() {
    let (from, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    theirs(from.path());
    let sections = data.path().join("business_insider_scrapes");
    fs::create_dir(&sections).unwrap();
    let ours = r#"[{"url":"https://b.example/1","title":"Żłobek","text":"Żłobek przyjmie stu nowych."}]"#;
    fs::write(sections.join("miasto.json"), ours).unwrap();
    assert_eq!(taken(data.path(), from.path()).articles, 3);
    is_found(data.path(), "zlobek przyjmie", "https://b.example/1");
}

#[test]
fn a_whole_folder_without_vectors_gives_its_documents() {
    let (from, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    theirs(from.path());
    let index = from.path().join("faiss_openai_index/index.faiss");
    let file = fs::OpenOptions::new().write(true).open(index).unwrap();
    file.set_len(50).unwrap();
    let imported = taken(data.path(), from.path());
    assert_eq!((imported.files, imported.kept.documents), (vec!["docs.json"], 1));
    assert_eq!(imported.refused[0].file, "index.faiss");
    is_found(data.path(), "podatek od garazu", "https://a.example/2");
}
