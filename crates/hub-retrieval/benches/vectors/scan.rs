//! Exact search and search by estimates at the usual sizes, beside faiss and beside reading the same bytes.

use std::{fs, hint::black_box, path::Path};

use hub_retrieval::{Filter, IndexError, Kind, NewRow, Rows, Snapshot, VectorIndex};

use super::{
    Outcome, Workshop,
    beside::Faiss,
    chance::Maker,
    clock,
    table::{Figure, Goal, Table},
};

const SIZES: [(usize, usize); 6] =
    [(1_000, 1_536), (1_000, 3_072), (10_000, 1_536), (10_000, 3_072), (100_000, 1_536), (100_000, 3_072)];
const ROUNDS: usize = 5;
const K: usize = 10;

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> Outcome {
    for (rows, dimension) in SIZES {
        size(workshop, table, rows, dimension)?;
    }
    Ok(())
}

fn size(workshop: &Workshop, table: &mut Table, rows: usize, dimension: usize) -> Outcome {
    let (row_file, query_file) = (workshop.path("rows"), workshop.path("queries"));
    let mut maker = Maker::new(dimension);
    let vectors = maker.rows(rows);
    let queries = maker.rows((20_000 / (rows / 100)).clamp(20, 400));
    write(&row_file, &vectors)?;
    write(&query_file, &queries)?;
    let folder = workshop.path("index");
    let index =
        build(&folder, dimension, rows, |number| vectors.get(number * dimension..(number + 1) * dimension))?;
    let snapshot = index.snapshot();
    let mut faiss = Faiss::start(&row_file, &query_file, dimension);

    let (mut ours, mut waits, mut fast, mut fast_waits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut theirs, mut reads) = (Vec::new(), Vec::new());
    let name = format!("{}k × {dimension}", rows / 1_000);
    for _ in 0..ROUNDS {
        let (processor, clock) = ask(&snapshot, &queries, dimension, true)?;
        ours.push(processor);
        waits.push(clock);
        let (processor, clock) = ask(&snapshot, &queries, dimension, false)?;
        fast.push(processor);
        fast_waits.push(clock);
        theirs.extend(faiss.as_mut().and_then(Faiss::round).map(|(processor, _)| processor));
        reads.push(read(&vectors, queries.len() / dimension));
    }
    let paired =
        |others: &[f64]| clock::median(ours.iter().zip(others).map(|(ours, other)| ours / other).collect());
    let of_read = clock::median(reads.iter().zip(&ours).map(|(read, ours)| read / ours).collect());
    let mut figures = vec![
        Figure::new("", clock::median(waits) * 1e3, "ms"),
        Figure::new("CPU", clock::median(ours.clone()) * 1e3, "ms"),
        Figure::new("of a plain read", of_read, "").with_goal(Goal::AtLeast(0.75)),
    ];
    if !theirs.is_empty() {
        figures.push(Figure::new("of faiss' CPU", paired(&theirs), "").with_goal(Goal::AtMost(0.9)));
    }
    table.line("vectors", &format!("{name}: exact"), &figures);
    if rows >= 20_000 {
        let mut figures = vec![
            Figure::new("", clock::median(fast_waits) * 1e3, "ms"),
            Figure::new("CPU", clock::median(fast.clone()) * 1e3, "ms"),
            Figure::new("recall@10", recall(&snapshot, &queries, dimension)?, "")
                .with_goal(Goal::AtLeast(0.995)),
        ];
        if !theirs.is_empty() {
            let ratio = fast.iter().zip(&theirs).map(|(fast, theirs)| fast / theirs).collect();
            figures.push(Figure::new("of faiss' exact CPU", clock::median(ratio), ""));
        }
        table.line("vectors", &format!("{name}: by estimates"), &figures);
    }
    drop(index);
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Builds an index of rows that are asked for one by one.
pub(crate) fn build<'a>(
    folder: &Path,
    dimension: usize,
    count: usize,
    mut row: impl FnMut(usize) -> Option<&'a [f32]>,
) -> Result<VectorIndex, Box<dyn std::error::Error>> {
    let index = VectorIndex::open(folder)?;
    let fill = |rows: &mut Rows| -> Result<(), IndexError> {
        for number in 0..count {
            let vector = row(number).unwrap_or_default();
            rows.add(NewRow { id: &format!("{number:040x}"), vector, category: None, time: None })?;
        }
        Ok(())
    };
    index.rebuild(Kind { dimension, model: "bench".to_owned() }, fill)?;
    Ok(index)
}

/// Seconds a query, of the processor and of the clock.
pub(crate) fn ask(
    snapshot: &Snapshot,
    queries: &[f32],
    dimension: usize,
    exactly: bool,
) -> Result<(f64, f64), Box<dyn std::error::Error>> {
    let (before, began) = (clock::processor_seconds(), clock::now());
    let mut count = 0.0;
    for query in queries.chunks_exact(dimension) {
        let open = Filter::default();
        let hits =
            if exactly { snapshot.search_exactly(query, K, &open) } else { snapshot.search(query, K, &open) };
        black_box(hits?);
        count += 1.0;
    }
    let wall = began.elapsed().as_secs_f64();
    let processor = clock::processor_seconds() - before;
    Ok((processor / count, wall / count))
}

/// Seconds that reading all rows once takes, of the processor.
fn read(vectors: &[f32], times: usize) -> f64 {
    let before = clock::processor_seconds();
    let mut count = 0.0;
    for _ in 0..times.max(1) {
        let mut sums = [0_u32; 64];
        for numbers in black_box(vectors).as_chunks::<64>().0 {
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum = sum.wrapping_add(number.to_bits());
            }
        }
        black_box(sums);
        count += 1.0;
    }
    (clock::processor_seconds() - before) / count
}

/// The share of the true nearest that a search by estimates finds.
pub(crate) fn recall(
    snapshot: &Snapshot,
    queries: &[f32],
    dimension: usize,
) -> Result<f64, Box<dyn std::error::Error>> {
    let (mut found, mut of) = (0.0, 0.0);
    for query in queries.chunks_exact(dimension) {
        let truth = snapshot.search_exactly(query, K, &Filter::default())?;
        let least = truth.last().map_or(0.0, |hit| hit.score);
        let guessed = snapshot.search(query, K, &Filter::default())?;
        for hit in guessed {
            // Ties count, whichever of them was found.
            found += if hit.score >= least { 1.0 } else { 0.0 };
        }
        for _ in truth {
            of += 1.0;
        }
    }
    Ok(found / of)
}

fn write(path: &Path, numbers: &[f32]) -> Outcome {
    let mut bytes = Vec::with_capacity(numbers.len() * 4);
    for number in numbers {
        bytes.extend(number.to_le_bytes());
    }
    Ok(fs::write(path, bytes)?)
}
