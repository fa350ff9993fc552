mod changes;

use std::path::Path;

use super::*;
use crate::invented::{cosine, embeddings};

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
