use super::*;
use crate::{
    invented::embeddings,
    layout::{self, Content},
    vectors::{IndexError, Kind, NewRow, Rows, VectorIndex},
};

fn document(id: &str) -> Document {
    Document { id: id.to_owned(), page_content: format!("text of {id}"), metadata: serde_json::Map::new() }
}

fn index(folder: &Path, names: &[&str]) -> VectorIndex {
    let index = VectorIndex::open(folder).unwrap();
    let vectors = embeddings(names.len(), 8, 1);
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        names
            .iter()
            .zip(vectors.chunks(8))
            .try_for_each(|(id, vector)| rows.add(NewRow { id, vector, category: None, time: None }))
    };
    index.rebuild(Kind { dimension: 8, model: "m".to_owned() }, fill).unwrap();
    index
}

#[test]
fn what_was_exported_is_imported_with_the_same_vectors() {
    let (working, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let index = index(working.path(), &["a", "b", "c"]);
    let snapshot = index.snapshot();
    let documents = ["c", "x", "a"].map(document);
    let exported = write(folder.path(), &snapshot, &documents, true).unwrap();
    assert_eq!(exported, Exported { rows: 2, without_vector: 1 });
    let check = || {
        let Content::Vectors(found) = layout::read(folder.path(), folder.path()).content else {
            panic!("no vectors")
        };
        assert_eq!(found.documents().map(|document| &*document.id).collect::<Vec<_>>(), ["c", "a"]);
        found
            .each(|document, vector| {
                assert_eq!(snapshot.vector(&document.id), Some(vector));
                Ok::<_, layout::SourceError>(())
            })
            .unwrap();
    };
    check();
    fs::remove_file(folder.path().join(FAISS)).unwrap();
    check();
}

#[test]
fn what_belonged_to_the_old_rows_is_put_aside() {
    let (working, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let index = index(working.path(), &["a"]);
    for name in [PICKLE, NPZ] {
        fs::write(folder.path().join(name), "old").unwrap();
    }
    write(folder.path(), &index.snapshot(), &[document("a")], false).unwrap();
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [DOCUMENTS, FAISS, OLD_PICKLE]);
}

#[test]
fn edits_of_others_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(stamp(&folder.path().join("none")).unwrap(), Stamp::default());
    fs::write(folder.path().join(FAISS), "x").unwrap();
    let (before, sum) = (stamp(folder.path()).unwrap(), hash(folder.path()).unwrap());
    assert_eq!((stamp(folder.path()).unwrap(), hash(folder.path()).unwrap()), (before.clone(), sum.clone()));
    fs::write(folder.path().join("other"), "x").unwrap();
    assert_eq!(stamp(folder.path()).unwrap(), before);
    fs::write(folder.path().join(FAISS), "xy").unwrap();
    assert_ne!(stamp(folder.path()).unwrap(), before);
    assert_ne!(hash(folder.path()).unwrap(), sum);
}
