use std::path::Path;

use super::*;

const ARTICLE: &str =
    r#"{"url":"https://a.example/1","title":"Kaucja","text":"Kaucja za słoik wynosi złotówkę."}"#;

fn with_vectors(folder: &Path, model: &str) -> (Indices, IndexName) {
    fs::write(folder.join("articles.jsonl"), ARTICLE).unwrap();
    let (indices, name) = (Indices::new(folder), IndexName::default_index());
    let turn = Turn::take(&indices).unwrap();
    let wanted = wanted(&indices, &name).unwrap();
    let kept = replace(&indices, &name, model, &wanted, |_| Ok(vec![3.0, 4.0]), &turn).unwrap();
    assert_eq!(kept, Kept { documents: 1, vectors: 1 });
    drop(turn);
    (indices, name)
}

fn model(indices: &Indices, name: &IndexName) -> String {
    open(indices, name, "configured").unwrap().unwrap().kind().unwrap().model.clone()
}

#[test]
fn working_files_that_are_lost_come_back_with_the_model_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let (indices, name) = with_vectors(folder.path(), "old");
    assert_eq!(model(&indices, &name), "old");
    // As a crash in the middle of a build with another model leaves it.
    let work = indices.working(&name);
    fs::remove_file(work.join(MARK)).unwrap();
    let kind = Kind { dimension: 2, model: "new".to_owned() };
    keep::opened(&work).unwrap().rebuild(kind, |_| Ok::<_, LibraryError>(())).unwrap();
    assert_eq!(model(&indices, &name), "old");
}

#[test]
fn files_of_others_are_taken_to_be_of_the_configured_model() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (indices, name) = with_vectors(folder.path(), "old");
    let (theirs, of_theirs) = with_vectors(other.path(), "theirs");
    fs::remove_file(indices.folder(&name).join("docs.json")).unwrap();
    let documents = [crate::documents::Document {
        id: "1".to_owned(),
        page_content: "Inny tekst.".to_owned(),
        metadata: serde_json::Map::new(),
    }];
    crate::documents::write(&indices.folder(&name).join("docs.json"), &documents).unwrap();
    fs::copy(theirs.folder(&of_theirs).join("index.faiss"), indices.folder(&name).join("index.faiss"))
        .unwrap();
    assert_eq!(model(&indices, &name), "configured");
}

#[test]
fn a_vector_that_does_not_come_leaves_the_old_index() {
    let folder = tempfile::tempdir().unwrap();
    let (indices, name) = with_vectors(folder.path(), "old");
    let turn = Turn::take(&indices).unwrap();
    let wanted = [wanted(&indices, &name).unwrap(), wanted(&indices, &name).unwrap()].concat();
    let mut asked = 0;
    let vector = |_: &str| {
        asked += 1;
        if asked < 3 { Ok(vec![1.0, 0.0, 0.0]) } else { Err(io::Error::other("gone")) }
    };
    replace(&indices, &name, "new", &wanted, vector, &turn).unwrap_err();
    drop(turn);
    assert_eq!(model(&indices, &name), "old");
}

#[test]
fn passages_of_another_length_take_effect_with_the_next_build() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Kaucja za słoik wynosi złotówkę. ".repeat(20);
    let article = serde_json::json!({ "url": "https://a.example/1", "title": "Kaucja", "text": text });
    fs::write(folder.path().join("articles.jsonl"), article.to_string()).unwrap();
    let (as_ever, name) = (Indices::new(folder.path()), IndexName::default_index());
    let built = |indices: &Indices| {
        let turn = Turn::take(indices).unwrap();
        let wanted = wanted(indices, &name).unwrap();
        replace(indices, &name, "model", &wanted, |_| Ok(vec![3.0, 4.0]), &turn).unwrap().vectors
    };
    let passages = |indices: &Indices| super::super::load(indices, &name).collection.passages().count();
    assert_eq!(built(&as_ever), 1);
    let shorter = as_ever.clone().cutting(Cut { limit: 100, overlap: 0 });
    assert_eq!(passages(&shorter), 1, "its vectors are of the longer passages");
    let count = built(&shorter);
    assert!(count > 5, "{count}");
    assert_eq!(passages(&shorter), count);
    assert_eq!(passages(&as_ever), count, "the other way round it is the same");
    // Of files of others nothing is known.
    fs::remove_file(as_ever.working(&name).join(ORIGIN)).unwrap();
    assert_eq!(passages(&as_ever), 1);
}

#[test]
fn an_index_that_does_not_say_how_long_its_passages_are_was_cut_as_ever() {
    let origin: Origin = serde_json::from_str(r#"{"hash":"0","model":"m"}"#).unwrap();
    assert_eq!(origin.cut, Cut { limit: 900, overlap: 120 });
}
