//! What changes cost, how long opening takes, and searches while the index is built anew.

use std::{
    fs,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use hub_retrieval::{Filter, IndexError, Kind, NewRow, Rows, VectorIndex};

use super::{
    Outcome, Workshop,
    chance::Maker,
    clock, scan,
    table::{Figure, Goal, Table},
};

const DIMENSION: usize = 1_536;
const ROWS: usize = 20_000;
const ROUNDS: usize = 15;

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> Outcome {
    let folder = workshop.path("update");
    let mut maker = Maker::new(DIMENSION);
    let vectors = maker.rows(ROWS);
    let query = maker.rows(1);
    let row = |number: usize| vectors.get(number * DIMENSION..(number + 1) * DIMENSION);
    let index = scan::build(&folder, DIMENSION, ROWS, row)?;

    let mut opens = Vec::new();
    for _ in 0..ROUNDS {
        let began = clock::now();
        let opened = VectorIndex::open(&folder)?;
        opens.push(began.elapsed());
        drop(opened);
    }
    let open = Figure::new("", clock::median_ms(opens), "ms").with_goal(Goal::AtMost(1.0));
    table.line("update", "20k × 1536: open", &[open]);

    let mut appends = Vec::new();
    for number in 0..ROUNDS {
        let id = format!("new {number}");
        let vector = row(number).unwrap_or_default();
        let began = clock::now();
        index.append(&[NewRow { id: &id, vector, category: None, time: None }])?;
        appends.push(began.elapsed());
    }
    index.tidy()?;
    table.line("update", "append one row, on disk", &[Figure::new("", clock::median_ms(appends), "ms")]);

    let (done, searched) = (AtomicBool::new(false), AtomicUsize::new(0));
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for number in 0..2_000 {
            let vector = row(number).unwrap_or_default();
            rows.add(NewRow { id: &format!("{number:040x}"), vector, category: None, time: None })?;
        }
        Ok(())
    };
    index.rebuild(Kind { dimension: DIMENSION, model: "bench".to_owned() }, fill)?;
    let began = clock::now();
    let rebuilds = thread::scope(|scope| -> Result<f64, IndexError> {
        let search = || -> Result<(), String> {
            while !done.load(Ordering::Relaxed) {
                let hits = index.search(&query, 5, &Filter::default()).map_err(|error| error.to_string())?;
                if hits.len() != 5 {
                    return Err(format!("{} hits", hits.len()));
                }
                searched.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        };
        let searchers = [scope.spawn(search), scope.spawn(search)];
        let mut rebuilds = 0.0;
        let mut outcome = Ok(());
        while began.elapsed().as_secs() < 5 && outcome.is_ok() {
            let kind = Kind { dimension: DIMENSION, model: "bench".to_owned() };
            outcome = index.rebuild(kind, fill).map(drop);
            rebuilds += 1.0;
        }
        done.store(true, Ordering::Relaxed);
        for searcher in searchers {
            if let Ok(Err(wrong)) = searcher.join() {
                return Err(std::io::Error::other(wrong).into());
            }
        }
        outcome.map(|()| rebuilds)
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let searched = u32::try_from(searched.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
    let figures = [
        Figure::new("", f64::from(searched) / seconds, "searches/s").with_goal(Goal::AtLeast(1_000.0)),
        Figure::new("", rebuilds, "builds meanwhile"),
    ];
    table.line("update", "2k × 1536: searches during builds", &figures);
    drop(index);
    fs::remove_dir_all(folder)?;
    Ok(())
}
