//! A million rows of 1,536 numbers: 6 GB on disk, about ten minutes. `make bench-full`.

use std::fs;

use hub_retrieval::{IndexError, Kind, NewRow, Rows, VectorIndex};

use super::{
    Outcome, Workshop,
    chance::Maker,
    clock, scan,
    table::{Figure, Goal, Table},
};

const DIMENSION: usize = 1_536;
const ROWS: usize = 1_000_000;
const QUERIES: usize = 50;
const ROUNDS: usize = 5;

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> Outcome {
    let folder = workshop.path("million");
    let mut maker = Maker::new(DIMENSION);
    let index = VectorIndex::open(&folder)?;
    // Making the rows is not building the index.
    let (mut making, mut row) = (0.0, Vec::new());
    let (before, began) = (clock::processor_seconds(), clock::now());
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for number in 0..ROWS {
            let before = clock::now();
            maker.fill(&mut row);
            making += before.elapsed().as_secs_f64();
            rows.add(NewRow { id: &format!("{number:040x}"), vector: &row, category: None, time: None })?;
        }
        Ok(())
    };
    index.rebuild(Kind { dimension: DIMENSION, model: "bench".to_owned() }, fill)?;
    let processor = clock::processor_seconds() - before - making;
    let figures = [
        Figure::new("CPU", processor, "s").with_goal(Goal::AtMost(60.0)),
        Figure::new("", began.elapsed().as_secs_f64() - making, "s"),
    ];
    table.line("million", "1M × 1536: build", &figures);
    drop(index);

    let mut opens = Vec::new();
    for _ in 0..15 {
        let began = clock::now();
        let opened = VectorIndex::open(&folder)?;
        opens.push(began.elapsed());
        drop(opened);
    }
    let open = Figure::new("", clock::median_ms(opens), "ms").with_goal(Goal::AtMost(1.0));
    table.line("million", "1M × 1536: open", &[open]);

    let index = VectorIndex::open(&folder)?;
    let snapshot = index.snapshot();
    let queries = maker.rows(QUERIES);
    let (mut waits, mut processors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (processor, clock) = scan::ask(&snapshot, &queries, DIMENSION, false)?;
        waits.push(clock * 1e3);
        processors.push(processor * 1e3);
    }
    let own = clock::own_memory();
    // Codes and factors are in the mapped file too; they are what every search touches.
    let codes = 1e6 * (192.0 + 8.0) / 1e6;
    let figures = [
        Figure::new("", clock::median(waits), "ms").with_goal(Goal::AtMost(10.0)),
        Figure::new("CPU", clock::median(processors), "ms"),
        Figure::new("recall@10", scan::recall(&snapshot, &queries, DIMENSION)?, "")
            .with_goal(Goal::AtLeast(0.995)),
        Figure::new("besides rows", own + codes, "MB").with_goal(Goal::AtMost(250.0)),
    ];
    table.line("million", "1M × 1536: by estimates", &figures);
    drop((snapshot, index));
    fs::remove_dir_all(folder)?;
    Ok(())
}
