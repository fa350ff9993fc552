//! Changes one after another, beside searches, and by several at once.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::*;
use crate::invented::Chance;

/// Appends, replaces, deletes and tidies by chance, and compares with a plain list after each step.
#[test]
fn many_changes_leave_what_a_plain_list_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = built(folder.path(), &[], DIMENSION);
    let mut list: Vec<(String, Vec<f32>)> = Vec::new();
    let mut chance = Chance::new(11);
    for step in 0..80 {
        match chance.below(5) {
            0 | 1 => {
                let new: Vec<(String, Vec<f32>)> = (0..=chance.below(20))
                    .map(|_| (name(chance.below(120)), chance.vector(DIMENSION)))
                    .collect();
                let rows: Vec<NewRow<'_>> = new.iter().map(|(id, vector)| row(id, vector)).collect();
                index.append(&rows).unwrap();
                for (id, vector) in new {
                    list.retain(|(known, _)| *known != id);
                    list.push((id, vector));
                }
            }
            2 => {
                let gone: Vec<String> = (0..chance.below(15)).map(|_| name(chance.below(120))).collect();
                let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
                let before = list.len();
                list.retain(|(known, _)| !gone.contains(&known.as_str()));
                assert_eq!(index.delete(&gone).unwrap(), before - list.len());
            }
            3 => {
                index.tidy().unwrap();
            }
            _ => {
                drop(index);
                index = VectorIndex::open(folder.path()).unwrap();
            }
        }
        let query = chance.vector(DIMENSION);
        let hits = index.search(&query, 200, &Filter::default()).unwrap();
        let mut expected: Vec<(&str, f64)> =
            list.iter().map(|(id, vector)| (&**id, cosine(&query, vector))).collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1));
        assert_eq!(ids(&hits), expected.iter().map(|(id, _)| *id).collect::<Vec<_>>(), "step {step}");
        assert_eq!(index.snapshot().rows(), list.len());
    }
    index.tidy().unwrap();
    assert!(index.snapshot().segments.len() <= 8);
}

#[test]
fn deleted_rows_are_written_out_at_a_fifth() {
    let folder = tempfile::tempdir().unwrap();
    let index = built(folder.path(), &embeddings(100, DIMENSION, 1), DIMENSION);
    let size = || {
        fs::metadata(folder.path().join(manifest::segment_file(index.snapshot().segments[0].number)))
            .unwrap()
            .len()
    };
    let before = size();
    let gone: Vec<String> = (0..19).map(name).collect();
    index.delete(&gone.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    assert!(!index.tidy().unwrap());
    index.delete(&[&name(19)]).unwrap();
    assert!(index.tidy().unwrap());
    assert_eq!(index.snapshot().rows(), 80);
    assert!(size() < before);
    // The old segment and its lists of deleted rows are gone from the disk.
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 3, "manifest, lock and one segment");
}

#[test]
fn readers_keep_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = embeddings(50, DIMENSION, 1);
    let index = built(folder.path(), &vectors, DIMENSION);
    let query = embeddings(1, DIMENSION, 2);
    let before = index.snapshot();
    let hits = before.search(&query, 50, &Filter::default()).unwrap();
    let all: Vec<String> = (0..50).map(name).collect();
    index.delete(&all.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    index.tidy().unwrap();
    assert_eq!(index.snapshot().rows(), 0);
    assert_eq!(before.search(&query, 50, &Filter::default()).unwrap(), hits);
}

#[test]
fn searches_go_on_while_the_index_is_built_and_see_one_or_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (embeddings(300, DIMENSION, 1), embeddings(400, DIMENSION, 2));
    let query = embeddings(1, DIMENSION, 3);
    let index = built(folder.path(), &old, DIMENSION);
    let (truth_old, truth_new) = (oracle(&query, &old, 5), oracle(&query, &new, 5));
    let done = AtomicBool::new(false);
    let searched: usize = thread::scope(|scope| {
        let search = || {
            let mut searched = 0;
            while !done.load(Ordering::Relaxed) {
                let hits = index.search(&query, 5, &Filter::default()).unwrap();
                let is = |truth: &[(String, f64)]| {
                    hits.iter()
                        .zip(truth)
                        .all(|(hit, (_, score))| (f64::from(hit.score) - score).abs() < 1e-5)
                };
                assert!(hits.len() == 5 && (is(&truth_old) || is(&truth_new)), "{hits:?}");
                searched += 1;
            }
            searched
        };
        let searchers = [scope.spawn(search), scope.spawn(search)];
        for round in 0..20 {
            let vectors = if round % 2 == 0 { &new } else { &old };
            let fill = |rows: &mut Rows| -> Result<(), IndexError> {
                for (number, vector) in vectors.chunks(DIMENSION).enumerate() {
                    rows.add(row(&name(number), vector))?;
                }
                Ok(())
            };
            index.rebuild(kind(DIMENSION), fill).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        searchers.into_iter().map(|searcher| searcher.join().unwrap()).sum()
    });
    assert!(searched > 100, "{searched}");
}

#[test]
fn a_build_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let index = built(folder.path(), &embeddings(10, DIMENSION, 1), DIMENSION);
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        rows.add(row("a", &[1.0; DIMENSION]))?;
        rows.add(row("b", &[0.0; DIMENSION]))
    };
    assert!(index.rebuild(kind(DIMENSION), fill).is_err());
    assert_eq!(index.snapshot().rows(), 10);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no unfinished file stays");
}

#[test]
fn a_damaged_index_is_refused_and_built_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(built(folder.path(), &embeddings(10, DIMENSION, 1), DIMENSION));
    let manifest = folder.path().join("manifest");
    let segment = folder.path().join(manifest::segment_file(1));
    let (text, bytes) = (fs::read_to_string(&manifest).unwrap(), fs::read(&segment).unwrap());
    let refused = || VectorIndex::open(folder.path()).unwrap_err().to_string();
    fs::write(&manifest, text.replace("\"rows\":10", "\"rows\":11")).unwrap();
    assert!(refused().contains("the list of its segments"));
    fs::write(&manifest, "something else").unwrap();
    assert!(refused().contains("no working file"));
    fs::write(&manifest, &text).unwrap();
    fs::remove_file(&segment).unwrap();
    assert!(refused().contains("one of its files is missing"));
    fs::write(&segment, &bytes[..5_000]).unwrap();
    assert!(refused().contains("its length"));

    let index = VectorIndex::open_anew(folder.path()).unwrap();
    assert_eq!(index.snapshot().rows(), 0);
    let index = built(folder.path(), &embeddings(5, DIMENSION, 1), DIMENSION);
    assert_eq!(index.snapshot().rows(), 5);
    assert!(matches!(VectorIndex::open_anew(folder.path()), Err(IndexError::Busy)));
}

#[test]
fn one_at_a_time_changes_an_index_and_starts_from_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let first = built(folder.path(), &embeddings(10, DIMENSION, 1), DIMENSION);
    let second = VectorIndex::open(folder.path()).unwrap();
    assert!(matches!(second.delete(&["document 1"]), Err(IndexError::Busy)));
    first.delete(&["document 1"]).unwrap();
    drop(first);
    assert_eq!(second.delete(&["document 1", "document 2"]).unwrap(), 1);
    assert_eq!(second.snapshot().rows(), 8);
}
