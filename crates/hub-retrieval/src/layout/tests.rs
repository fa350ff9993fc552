use std::fs;

use super::*;
use crate::{
    faiss::{Metric, Shape, Writer},
    npz,
};

fn document(id: &str) -> Document {
    Document { id: id.to_owned(), page_content: format!("text of {id}"), metadata: serde_json::Map::new() }
}

fn faiss(rows: &[[f32; 2]]) -> Vec<u8> {
    let shape =
        Shape { metric: Metric::L2, dimension: 2, rows: u64::try_from(rows.len()).unwrap(), id_map: None };
    let mut writer = Writer::new(Vec::new(), shape).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish(&[]).unwrap()
}

fn compressed(ids: &[&str], rows: &[[f32; 2]]) -> Vec<u8> {
    let rows = rows.iter().map(<[f32; 2]>::as_slice);
    npz::write(io::Cursor::new(Vec::new()), 2, ids, rows).unwrap().into_inner()
}

/// A data folder with the folder of an index in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.0.path().join("index")).unwrap();
        folder
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.path().join(name), bytes).unwrap();
        self
    }

    fn documents(self, name: &str, ids: &[&str]) -> Self {
        let documents: Vec<Document> = ids.iter().map(|id| document(id)).collect();
        documents::write(&self.0.path().join(name), &documents).unwrap();
        self
    }

    /// What is found, in one line: ids with rows, `|`, ids without; or the ids of documents alone; and what was refused.
    fn check(&self, expected: &str, refused: &[&str]) {
        let found = read(&self.0.path().join("index"), self.0.path());
        let ids =
            |documents: &[Document]| documents.iter().map(|document| document.id.clone()).collect::<Vec<_>>();
        let said = match &found.content {
            Content::Nothing => "nothing".to_owned(),
            Content::Documents(documents) => format!("documents {}", ids(documents).join(" ")),
            Content::Vectors(vectors) => {
                let mut rows = Vec::new();
                vectors
                    .each(|document, vector| {
                        rows.push(format!("{}={:?}", document.id, vector));
                        Ok::<_, SourceError>(())
                    })
                    .unwrap();
                assert_eq!(rows.len(), vectors.rows());
                let (lost, missing) = (vectors.without_document(), ids(vectors.missing()).join(" "));
                format!("{} | {missing} | {lost} lost", rows.join(" "))
            }
        };
        assert_eq!(said, expected, "{:?}", found.refused);
        assert_eq!(found.refused.iter().map(|refused| refused.file).collect::<Vec<_>>(), refused);
    }
}

const TWO: [[f32; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];

#[test]
fn vectors_with_documents_come_first() {
    Folder::new().check("nothing", &[]);
    let folder = Folder::new()
        .with("index/index.faiss", faiss(&TWO))
        .with("index/index.npz", compressed(&["a", "b"], &[[9.0, 9.0]; 2]))
        .documents("index/docs.json", &["a", "b"])
        .documents("documents.json", &["x"]);
    folder.check("a=[1.0, 2.0] b=[3.0, 4.0] |  | 0 lost", &[]);
}

#[test]
fn a_compressed_file_comes_second() {
    let folder = Folder::new()
        .with("index/index.npz", compressed(&["a", "b"], &TWO))
        .documents("index/docs.json", &["a", "b"]);
    folder.check("a=[1.0, 2.0] b=[3.0, 4.0] |  | 0 lost", &[]);
    let folder = folder.with("index/index.faiss", b"IxFI cut");
    folder.check("a=[1.0, 2.0] b=[3.0, 4.0] |  | 0 lost", &["index.faiss"]);
}

#[test]
fn documents_alone_are_to_be_embedded_again() {
    let folder = Folder::new().documents("index/docs.json", &["a"]).documents("documents.json", &["x"]);
    folder.check("documents a", &[]);
    let folder = folder.with("index/index.faiss", "").with("index/index.npz", "no zip");
    folder.check("documents a", &["index.faiss", "index.npz"]);
    let mut broken = faiss(&TWO);
    broken[49..53].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.with("index/index.faiss", broken).check("documents a", &["index.faiss", "index.npz"]);
}

#[test]
fn the_documents_of_the_data_folder_come_last() {
    let folder = Folder::new()
        .documents("documents.json", &["x"])
        .with("documents.jsonl", "{\"id\":\"y\",\"text\":\"\"}");
    folder.check("documents x", &[]);
    let folder = folder.with("documents.json", "[{");
    folder.check("documents y", &["documents.json"]);
    folder.with("index/index.faiss", faiss(&TWO)).check("documents y", &["documents.json"]);
}

#[test]
fn the_empty_files_of_the_earlier_program_are_none() {
    let folder = Folder::new()
        .with("index/docs.json", "[]")
        .with("index/index.npz", compressed(&[], &[]))
        .documents("documents.json", &["x"]);
    folder.check("documents x", &[]);
}

#[test]
fn rows_without_a_document_are_dropped_and_counted() {
    let folder = Folder::new().with("index/index.faiss", faiss(&TWO)).documents("index/docs.json", &["a"]);
    folder.check("a=[1.0, 2.0] |  | 1 lost", &[]);
}

#[test]
fn documents_without_a_row_or_with_zeros_are_told() {
    let folder = Folder::new()
        .with("index/index.faiss", faiss(&[[1.0, 2.0], [0.0, 0.0]]))
        .documents("index/docs.json", &["a", "b", "c"]);
    folder.check("a=[1.0, 2.0] | b c | 0 lost", &[]);
    let folder = folder.with("index/index.faiss", faiss(&[[0.0, 0.0]]));
    folder.check("documents a b c", &[]);
}

#[test]
fn a_pickle_is_used_only_without_a_list_and_never_run() {
    let folder =
        Folder::new().with("index/index.faiss", faiss(&TWO)).with("index/index.pkl", b"cos\nsystem\n.");
    folder.check("nothing", &["index.pkl"]);
    folder.documents("index/docs.json", &["a", "b"]).check("a=[1.0, 2.0] b=[3.0, 4.0] |  | 0 lost", &[]);
}
