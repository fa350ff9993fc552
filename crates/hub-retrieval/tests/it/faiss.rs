//! Beside faiss itself, if this machine's Python has it (`pip install faiss-cpu numpy`; `HUB_TEST_PYTHON` names
//! another Python). Without it these tests say so and check nothing; the bytes of small files stand in the unit tests.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::Command,
};

use hub_retrieval::{
    Filter, IndexError, Kind, NewRow, Rows, VectorIndex,
    documents::Document,
    export,
    faiss::{IdMap, Metric, Reader, Writer},
    layout::{self, Content, SourceError},
};

/// The Python that has faiss, if there is one.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("HUB_TEST_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let has_faiss = Command::new(&python).args(["-c", "import faiss, numpy"]).output();
    if has_faiss.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    println!("SKIPPED: {} has no faiss and numpy", python.display());
    None
}

fn run(python: &Path, what: &str, folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/beside_faiss.py");
    let output = Command::new(python).arg(script).arg(what).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn numbers(path: &Path) -> Vec<f32> {
    let bytes = fs::read(path).unwrap();
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn build(index: &VectorIndex, vectors: &[f32], dimension: usize) {
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for (number, vector) in vectors.chunks(dimension).enumerate() {
            rows.add(NewRow { id: &format!("{number:040}"), vector, category: None, time: None })?;
        }
        Ok(())
    };
    index.rebuild(Kind { dimension, model: "m".to_owned() }, fill).unwrap();
}

#[test]
fn files_of_faiss_are_read_and_written_again_byte_for_byte() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    run(&python, "make", folder.path());
    let mut checked = 0;
    for (kind, metric) in [("ip", Metric::InnerProduct), ("l2", Metric::L2)] {
        for (map, id_map) in [("", None), ("map", Some(IdMap::Plain)), ("map2", Some(IdMap::Two))] {
            for (dimension, rows) in [(4, 30), (7, 5), (128, 40), (768, 25), (1536, 20), (3072, 15), (16, 0)]
            {
                let stem = folder.path().join(format!("{kind}-{map}-{dimension}"));
                let bytes = fs::read(stem.with_extension("faiss")).unwrap();
                let truth = numbers(&stem.with_extension("rows"));
                let mut reader = Reader::new(Cursor::new(&bytes)).unwrap();
                let shape = *reader.shape();
                assert_eq!(
                    (shape.metric, shape.id_map, shape.dimension, shape.rows),
                    (metric, id_map, dimension, rows)
                );
                let mut writer = Writer::new(Vec::new(), shape).unwrap();
                let (mut row, mut read) = (Vec::new(), Vec::<f32>::new());
                while reader.next_row(&mut row).unwrap() {
                    read.extend(&row);
                    writer.row(&row).unwrap();
                }
                assert_eq!(read, truth);
                let ids = reader.ids().unwrap_or_default().to_vec();
                assert!(ids.iter().copied().eq((0..).map(|id| id * 3 - 7).take(ids.len())));
                assert_eq!(writer.finish(&ids).unwrap(), bytes, "{kind} {map} {dimension}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 42);

    let index = VectorIndex::open(&folder.path().join("working")).unwrap();
    build(&index, &numbers(&folder.path().join("search.rows")), 256);
    let scores = numbers(&folder.path().join("search.scores"));
    for (query, scores) in numbers(&folder.path().join("search.queries")).chunks(256).zip(scores.chunks(10)) {
        let hits = index.search(query, 10, &Filter::default()).unwrap();
        assert_eq!(hits.len(), scores.len());
        for (hit, score) in hits.iter().zip(scores) {
            assert!((hit.score - score).abs() <= 1e-5 * score.abs(), "{hit:?} {score}");
        }
    }
}

#[test]
fn faiss_and_numpy_read_what_is_exported() {
    let Some(python) = python() else { return };
    let (working, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let index = VectorIndex::open(working.path()).unwrap();
    // Numbers that differ enough for each row to be its own nearest.
    let vectors: Vec<f32> = (0..50_u16 * 9).map(|number| f32::from(number * 71 % 1013) - 500.0).collect();
    build(&index, &vectors, 9);
    let document = |number: usize| Document {
        id: format!("{number:040}"),
        page_content: "Zażółć".to_owned(),
        metadata: serde_json::Map::new(),
    };
    let documents: Vec<Document> = (0..50).rev().map(document).collect();
    export::write(folder.path(), &index.snapshot(), &documents, true).unwrap();
    run(&python, "check", folder.path());

    let Content::Vectors(found) = layout::read(&folder.path().join("numpy"), folder.path()).content else {
        panic!("numpy's file was not read");
    };
    assert_eq!((found.rows(), found.dimension()), (50, 9));
    let snapshot = index.snapshot();
    found
        .each(|document, vector| {
            let ours = snapshot.vector(&document.id).unwrap();
            assert!(ours.iter().zip(vector).all(|(ours, theirs)| (ours * 3.0 - theirs).abs() < 1e-6));
            Ok::<_, SourceError>(())
        })
        .unwrap();
}
