use std::{fs, path::Path};

use super::*;
use crate::{
    Kind, VectorIndex,
    documents::{self, Document},
    faiss,
    invented::embeddings,
};

const LINE: &str = r#"{"id":"1","url":"https://a.example/most","title":"Most otwarty","category":"Miasto","scraped_at":"2026-01-02T03:04:05Z","text":"Most nad Wisłą otwarto w poniedziałek."}"#;

fn document(id: &str, url: &str, text: &str) -> Document {
    let of = |key: &str, text: &str| (key.to_owned(), text.into());
    let metadata = [of("url", url), of("title", "Tytuł"), of("category", "Prawo")].into_iter().collect();
    Document { id: id.to_owned(), page_content: text.to_owned(), metadata }
}

/// An index of two documents with vectors of four numbers, in a folder of its own.
fn foreign(folder: &Path) -> Vec<Document> {
    let documents = vec![
        document("d1", "https://b.example/1", "Kaucja za słoik wynosi złotówkę."),
        document("d2", "https://b.example/2", "Podatek od garażu spadnie."),
    ];
    let work = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(work.path()).unwrap();
    let vectors = embeddings(2, 4, 3);
    let kind = Kind { dimension: 4, model: "m".into() };
    index
        .rebuild(kind, |rows| {
            documents.iter().zip(vectors.chunks(4)).try_for_each(|(document, vector)| {
                rows.add(crate::NewRow { id: &document.id, vector, category: None, time: None })
            })
        })
        .unwrap();
    crate::export::write(folder, &index.snapshot(), &documents, false).unwrap();
    documents
}

fn indices() -> (tempfile::TempDir, Indices, IndexName) {
    let folder = tempfile::tempdir().unwrap();
    let indices = Indices::new(folder.path());
    (folder, indices, IndexName::default_index())
}

fn first(library: &Library, question: &str) -> Option<String> {
    let search = crate::collection::Search { question, ..Default::default() };
    library.collection.search(&search, 1).articles.first().map(|found| found.article().url.clone())
}

#[test]
fn an_empty_folder_is_an_empty_library() {
    let (_folder, indices, name) = indices();
    let library = load(&indices, &name);
    assert_eq!((library.holdings.layout().as_str(), library.holdings.documents), ("none", 0));
    let turn = Turn::take(&indices).unwrap();
    assert!(matches!(build(&indices, &name, &turn), Err(LibraryError::Nothing(_))));
    assert!(matches!(Turn::take(&indices), Err(LibraryError::Busy)));
}

#[test]
fn articles_and_the_documents_of_other_pages_are_found_together() {
    let (folder, indices, name) = indices();
    fs::write(folder.path().join("articles.jsonl"), format!("{LINE}\nno article\n")).unwrap();
    foreign(&indices.folder(&name));
    let library = load(&indices, &name);
    assert_eq!(library.holdings.layout(), "index.faiss+docs.json");
    assert_eq!((library.holdings.vectors, library.holdings.dimensions), (2, 4));
    assert_eq!((library.holdings.documents, library.holdings.articles), (2, 3));
    assert_eq!(library.holdings.categories, ["Miasto", "Prawo"]);
    assert_eq!(library.holdings.refused[0].reason, "1 lines are no articles, the first is line 2");
    assert_eq!(first(&library, "kiedy otwarto most").as_deref(), Some("https://a.example/most"));
    assert_eq!(first(&library, "kaucja za sloik").as_deref(), Some("https://b.example/1"));
}

#[test]
fn the_last_articles_of_each_section_do_where_there_is_nothing_else() {
    let (folder, indices, name) = indices();
    fs::create_dir(folder.path().join(SECTIONS)).unwrap();
    fs::write(folder.path().join(SECTIONS).join("miasto.json"), format!("[{LINE}]")).unwrap();
    fs::write(folder.path().join(SECTIONS).join("broken.json"), "[").unwrap();
    let library = load(&indices, &name);
    assert_eq!((library.holdings.layout().as_str(), library.holdings.articles), (SECTIONS, 1));
    assert_eq!(library.holdings.refused.len(), 1);
}

#[test]
fn a_build_without_vectors_writes_documents_that_are_enough_to_build_again() {
    let (folder, indices, name) = indices();
    let articles = folder.path().join("articles.jsonl");
    fs::write(&articles, LINE).unwrap();
    let kept = build(&indices, &name, &Turn::take(&indices).unwrap()).unwrap();
    assert_eq!(kept, Kept { documents: 1, vectors: 0 });
    fs::remove_file(articles).unwrap();
    for file in ["docs.json", "documents.json", "documents.jsonl"] {
        let library = load(&indices, &name);
        assert_eq!((library.holdings.layout().as_str(), library.holdings.documents), (file, 1));
        assert_eq!(first(&library, "most").as_deref(), Some("https://a.example/most"));
        let holder = if file == "docs.json" { indices.folder(&name) } else { folder.path().to_owned() };
        fs::remove_file(holder.join(file)).unwrap();
    }
}

#[test]
fn a_build_without_a_model_leaves_vectors_that_were_paid_for() {
    let (folder, indices, name) = indices();
    fs::write(folder.path().join("articles.jsonl"), LINE).unwrap();
    foreign(&indices.folder(&name));
    let before = crate::export::hash(&indices.folder(&name)).unwrap();
    let kept = build(&indices, &name, &Turn::take(&indices).unwrap()).unwrap();
    assert_eq!(kept, Kept { documents: 2, vectors: 2 });
    assert_eq!(crate::export::hash(&indices.folder(&name)).unwrap(), before);
    assert_eq!(load(&indices, &name).holdings.documents, kept.documents, "as a status tells it");
    assert_eq!(documents::read(&folder.path().join("documents.json")).unwrap().len(), 3);
}

#[test]
fn what_is_exported_can_be_imported_and_is_the_same_again() {
    let (folder, indices, name) = indices();
    let (elsewhere, back) = (folder.path().join("elsewhere"), folder.path().join("back"));
    let documents = foreign(&elsewhere);
    let turn = Turn::take(&indices).unwrap();
    let imported = import(&indices, &name, &elsewhere, "m", &turn).unwrap();
    assert_eq!(imported.kept, Kept { documents: 2, vectors: 2 });
    assert_eq!(imported.files, ["index.faiss", "docs.json"]);
    let kept = export(&indices, &name, &back, "m", &turn).unwrap();
    assert_eq!(kept, Kept { documents: 2, vectors: 2 });
    for file in ["index.faiss", "docs.json"] {
        assert_eq!(fs::read(back.join(file)).unwrap(), fs::read(elsewhere.join(file)).unwrap(), "{file}");
    }
    assert_eq!(documents::read(&folder.path().join("documents.json")).unwrap(), documents);
}

#[test]
fn an_index_that_others_changed_is_exported_as_they_left_it() {
    let (folder, indices, name) = indices();
    let (old, back) = (folder.path().join("old"), folder.path().join("back"));
    foreign(&old);
    let turn = Turn::take(&indices).unwrap();
    import(&indices, &name, &old, "m", &turn).unwrap();
    // Another program writes one row of another dimension.
    let path = indices.folder(&name).join("index.faiss");
    let shape = faiss::Shape { metric: faiss::Metric::L2, dimension: 2, rows: 1, id_map: None };
    let mut writer = faiss::Writer::new(Vec::new(), shape).unwrap();
    writer.row(&[0.0, 5.0]).unwrap();
    fs::write(&path, writer.finish(&[]).unwrap()).unwrap();
    let kept = export(&indices, &name, &back, "m", &turn).unwrap();
    assert_eq!(kept, Kept { documents: 1, vectors: 1 });
    let exported = load(&Indices::new(folder.path()), &name).holdings;
    assert_eq!((exported.vectors, exported.dimensions), (1, 2));
    let mut reader =
        faiss::Reader::new(std::io::Cursor::new(fs::read(back.join("index.faiss")).unwrap())).unwrap();
    let mut row = Vec::new();
    assert!(reader.next_row(&mut row).unwrap());
    assert_eq!(row, [0.0, 1.0]);
}

#[test]
fn nothing_to_import_changes_nothing_and_says_why() {
    let (folder, indices, name) = indices();
    foreign(&indices.folder(&name));
    let before = crate::export::hash(&indices.folder(&name)).unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("docs.json"), "{").unwrap();
    let error = import(&indices, &name, &empty, "m", &Turn::take(&indices).unwrap()).unwrap_err();
    assert!(error.to_string().contains("docs.json: not a list of documents"), "{error}");
    assert_eq!(crate::export::hash(&indices.folder(&name)).unwrap(), before);
}

#[test]
fn touched_files_have_another_stamp() {
    let (folder, indices, name) = indices();
    let empty = stamp(&indices, &name).unwrap();
    fs::write(folder.path().join("articles.jsonl"), LINE).unwrap();
    let articles = stamp(&indices, &name).unwrap();
    foreign(&indices.folder(&name));
    let all = stamp(&indices, &name).unwrap();
    assert!(empty != articles && articles != all);
    assert_eq!(all, stamp(&indices, &name).unwrap());
}

#[test]
fn a_damaged_working_file_is_made_again() {
    let (folder, indices, name) = indices();
    let elsewhere = folder.path().join("elsewhere");
    foreign(&elsewhere);
    let turn = Turn::take(&indices).unwrap();
    import(&indices, &name, &elsewhere, "m", &turn).unwrap();
    for entry in fs::read_dir(indices.working(&name)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "segment") {
            fs::write(path, "damaged").unwrap();
        }
    }
    let kept = export(&indices, &name, &folder.path().join("back"), "m", &turn).unwrap();
    assert_eq!(kept.vectors, 2);
}
