use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::*;
use crate::invented::{Chance, cosine, embeddings};

const DIMENSION: usize = 20;

fn kind(dimension: usize) -> Kind {
    Kind { dimension, model: "text-embedding-3-large".to_owned() }
}

fn name(row: usize) -> String {
    format!("document {row}")
}

fn row<'a>(id: &'a str, vector: &'a [f32]) -> NewRow<'a> {
    NewRow { id, vector, category: None, time: None }
}

/// An index of these vectors, named by their number.
fn built(folder: &Path, vectors: &[f32], dimension: usize) -> VectorIndex {
    let index = VectorIndex::open(folder).unwrap();
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for (number, vector) in vectors.chunks(dimension).enumerate() {
            rows.add(row(&name(number), vector))?;
        }
        Ok(())
    };
    index.rebuild(kind(dimension), fill).unwrap();
    index
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| &*hit.id).collect()
}

/// Names and scores of the nearest, by the plainest way.
fn oracle(query: &[f32], vectors: &[f32], k: usize) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = vectors
        .chunks(query.len())
        .enumerate()
        .map(|(number, vector)| (name(number), cosine(query, vector)))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(k);
    all
}

fn same(hits: &[Hit], truth: &[(String, f64)]) {
    assert_eq!(hits.len(), truth.len());
    for (hit, (_, score)) in hits.iter().zip(truth) {
        assert!((f64::from(hit.score) - score).abs() < 1e-5, "{hit:?} {score}");
    }
}

#[test]
fn a_search_finds_what_the_oracle_finds() {
    let folder = tempfile::tempdir().unwrap();
    for dimension in [4, 65, 768] {
        let vectors = embeddings(500, dimension, 1);
        let index = built(folder.path(), &vectors, dimension);
        for seed in 2..12 {
            let query = embeddings(1, dimension, seed);
            let hits = index.search(&query, 10, &Filter::default()).unwrap();
            same(&hits, &oracle(&query, &vectors, 10));
        }
    }
}

#[test]
fn codes_find_what_an_exact_search_finds() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = embeddings(1_100, 768, 1);
    let index = built(folder.path(), &vectors, 768);
    let snapshot = index.snapshot();
    assert!(snapshot.segments[0].segment.codes().is_some());
    for seed in 2..7 {
        let query = embeddings(1, 768, seed);
        let exact = snapshot.search_exactly(&query, 10, &Filter::default()).unwrap();
        same(&exact, &oracle(&query, &vectors, 10));
        assert_eq!(snapshot.search(&query, 10, &Filter::default()).unwrap(), exact);
    }
}

#[test]
fn what_was_built_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = embeddings(300, DIMENSION, 1);
    let query = embeddings(1, DIMENSION, 2);
    let before = {
        let index = built(folder.path(), &vectors, DIMENSION);
        index.append(&[row("new", &query)]).unwrap();
        index.delete(&["document 7"]).unwrap();
        index.search(&query, 400, &Filter::default()).unwrap()
    };
    let index = VectorIndex::open(folder.path()).unwrap();
    assert_eq!(index.search(&query, 400, &Filter::default()).unwrap(), before);
    assert_eq!(index.snapshot().kind(), Some(&kind(DIMENSION)));
    assert_eq!(before.len(), 300);
    assert_eq!(before[0].id, "new");
    index.snapshot().verify().unwrap();
}

#[test]
fn an_empty_index_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(&folder.path().join("not there yet")).unwrap();
    assert_eq!(index.search(&[1.0], 3, &Filter::default()), Ok(vec![]));
    assert!(matches!(index.append(&[row("a", &[1.0])]), Err(IndexError::NotBuilt)));
    assert_eq!(index.delete(&["a"]).unwrap(), 0);
    assert!(!index.tidy().unwrap());
    let built = index.rebuild(kind(1), |_| Ok::<_, IndexError>(())).unwrap();
    assert_eq!(built, Built { rows: 0, replaced: 0 });
    assert_eq!(index.search(&[1.0], 3, &Filter::default()), Ok(vec![]));
    index.append(&[row("a", &[5.0])]).unwrap();
    let hits = index.search(&[1.0], 3, &Filter::default()).unwrap();
    assert_eq!(hits, [Hit { id: "a".into(), score: 1.0, category: None, time: None }]);
}

#[test]
fn rows_and_queries_that_are_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let index = built(folder.path(), &[1.0, 2.0], 2);
    let refused = |id: &str, vector: &[f32]| index.append(&[row(id, vector)]).unwrap_err().to_string();
    assert!(refused("a", &[1.0]).contains("of 1 numbers where 2 are needed"));
    assert!(refused("a", &[1.0, f32::NAN]).contains("a number that is none"));
    assert!(refused("a", &[0.0, 0.0]).contains("a vector of zeros"));
    assert!(refused("", &[1.0, 0.0]).contains("1 to 1024 bytes"));
    assert!(refused(&"x".repeat(1025), &[1.0, 0.0]).contains("1 to 1024 bytes"));
    let open = Filter::default();
    assert_eq!(index.search(&[1.0], 1, &open), Err(BadVector::Dimension { wanted: 2, found: 1 }));
    assert_eq!(index.search(&[f32::INFINITY, 1.0], 1, &open), Err(BadVector::NotFinite));
    assert_eq!(index.search(&[0.0, 0.0], 1, &open), Err(BadVector::Zero));
    assert_eq!(index.search(&[1.0, 1.0], 0, &open), Ok(vec![]));
    assert_eq!(index.snapshot().rows(), 1);
    // Numbers whose squares leave the range of a float are still a direction.
    index.append(&[row("large", &[3e38, 3e38]), row("small", &[1e-40, -1e-40])]).unwrap();
    assert_eq!(index.search(&[1e-40, 1e-40], 1, &open).unwrap()[0].id, "large");
}

#[test]
fn the_later_row_of_a_name_counts() {
    let folder = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(folder.path()).unwrap();
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        rows.add(row("a", &[1.0, 0.0]))?;
        rows.add(row("b", &[1.0, 1.0]))?;
        rows.add(row("a", &[0.0, 1.0]))
    };
    assert_eq!(index.rebuild(kind(2), fill).unwrap(), Built { rows: 2, replaced: 1 });
    assert_eq!(index.snapshot().vector("a"), Some(&[0.0, 1.0][..]));
    index.append(&[row("b", &[-1.0, 0.0]), row("b", &[0.0, -1.0])]).unwrap();
    assert_eq!(index.snapshot().vector("b"), Some(&[0.0, -1.0][..]));
    assert_eq!(index.snapshot().vector("c"), None);
    let check = |index: &VectorIndex| {
        let hits = index.search(&[0.0, 1.0], 9, &Filter::default()).unwrap();
        assert_eq!(
            hits.iter().map(|hit| (&*hit.id, hit.score)).collect::<Vec<_>>(),
            [("a", 1.0), ("b", -1.0)]
        );
    };
    check(&index);
    assert!(index.tidy().unwrap());
    check(&index);
    drop(index);
    check(&VectorIndex::open(folder.path()).unwrap());
}

#[test]
fn filters_let_through_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let index = VectorIndex::open(folder.path()).unwrap();
    let categories = [Some("Giełda"), Some("Prawo"), None];
    let times = [Some(100), Some(200), None, Some(-5)];
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for number in 0..200_u8 {
            let at = usize::from(number);
            let vector = [1.0, f32::from(number)];
            let (category, time) = (categories[at % 3], times[at % 4]);
            rows.add(NewRow { id: &name(at), vector: &vector, category, time })?;
        }
        Ok(())
    };
    index.rebuild(kind(2), fill).unwrap();
    index.delete(&["document 0"]).unwrap();
    let check = |names: &[&str], since, until, keep: fn(usize) -> bool| {
        let categories = names.iter().map(|&name| name.to_owned()).collect();
        let hits = index.search(&[1.0, 0.0], 200, &Filter { categories, since, until }).unwrap();
        let expected: Vec<String> = (1..200).filter(|row| keep(*row)).map(name).collect();
        assert_eq!(ids(&hits), expected, "{names:?} {since:?} {until:?}");
    };
    check(&[], None, None, |_| true);
    check(&["Giełda"], None, None, |row| row % 3 == 0);
    check(&["Prawo", "Giełda"], None, None, |row| row % 3 < 2);
    check(&["Nieznana"], None, None, |_| false);
    check(&[], Some(100), None, |row| row % 4 < 2);
    check(&[], Some(101), None, |row| row % 4 == 1);
    check(&[], None, Some(200), |row| row % 4 == 0 || row % 4 == 3);
    check(&["Prawo"], Some(-5), Some(101), |row| row % 3 == 1 && (row % 4 == 0 || row % 4 == 3));
    let hit = &index.search(&[1.0, 1.0], 1, &Filter::default()).unwrap()[0];
    assert_eq!((hit.category.as_deref(), hit.time), (Some("Prawo"), Some(200)));
}

#[test]
fn a_narrow_filter_is_exact_where_there_are_codes() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = embeddings(1_200, 768, 1);
    let index = VectorIndex::open(folder.path()).unwrap();
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for (number, vector) in vectors.chunks(768).enumerate() {
            let category = if number % 3 == 0 {
                "many"
            } else if number % 60 == 1 {
                "few"
            } else {
                "other"
            };
            rows.add(NewRow { category: Some(category), ..row(&name(number), vector) })?;
        }
        Ok(())
    };
    index.rebuild(kind(768), fill).unwrap();
    let snapshot = index.snapshot();
    for category in ["many", "few"] {
        let filter = Filter { categories: vec![category.to_owned()], ..Filter::default() };
        for seed in 5..10 {
            let query = embeddings(1, 768, seed);
            let hits = snapshot.search(&query, 10, &filter).unwrap();
            assert_eq!(hits, snapshot.search_exactly(&query, 10, &filter).unwrap());
            assert!(hits.len() == 10 && hits.iter().all(|hit| hit.category.as_deref() == Some(category)));
        }
    }
}

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
