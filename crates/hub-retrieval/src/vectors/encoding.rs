//! Codes for all rows of a segment, and the check whether they find what an exact search finds.
//!
//! Codes that lose too much are not kept: the segment is then searched exactly, slower and right.

use std::collections::HashSet;

use super::{
    bitmap::Bitmap,
    codes::{self, Encoder, Factors, Probe},
    kernel::{BLOCK, Column, Kernel},
    rotation::rotate,
    scan::{self, Sought},
    second::both,
    top::Top,
};
use crate::working::Codes;

#[cfg(test)]
mod tests;

/// Rows that the mean is taken of.
const MEAN_SAMPLE: usize = 1 << 16;
/// Rows that are searched for in the check, how many neighbours of each, and what share must be found.
const QUERIES: usize = 32;
const NEIGHBOURS: usize = 10;
const WANTED: usize = 99;

/// Codes of a segment; empty where none are kept.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) columns: Vec<Column>,
    pub(crate) factors: Vec<f32>,
    pub(crate) mean: Vec<f32>,
}

impl Encoded {
    fn codes(&self) -> Codes<'_> {
        Codes { columns: &self.columns, factors: &self.factors, mean: &self.mean }
    }
}

/// Makes codes, and gives none if they don't find enough.
pub(crate) fn encode(vectors: &[f32], dimension: usize) -> Encoded {
    let mean = mean(vectors, dimension);
    let rows = vectors.len() / dimension.max(1);
    let (columns, factors) = both(
        rows,
        true,
        |part| part_of(vectors, dimension, &mean, part),
        |mut first, second| {
            first.0.extend(second.0);
            first.1.extend(second.1);
            first
        },
    );
    let encoded = Encoded { columns, factors, mean };
    let (found, of) = recall(vectors, dimension, encoded.codes());
    if found * 100 >= of * WANTED { encoded } else { Encoded::default() }
}

fn part_of(
    vectors: &[f32],
    dimension: usize,
    mean: &[f32],
    part: std::ops::Range<usize>,
) -> (Vec<Column>, Vec<f32>) {
    let width = codes::columns(dimension);
    let blocks = part.len().div_ceil(BLOCK);
    let mut columns = vec![[0; BLOCK]; blocks * width];
    let mut factors = Vec::with_capacity(blocks * Factors::LENGTH);
    let mut encoder = Encoder::new(mean);
    let rows = vectors.get(part.start * dimension..part.end * dimension).unwrap_or_default();
    for (rows, block) in rows.chunks(BLOCK * dimension).zip(columns.chunks_mut(width)) {
        let mut of_block = Factors::NONE;
        for (at, row) in rows.chunks(dimension).enumerate() {
            encoder.encode(row, at, block, &mut of_block);
        }
        factors.extend(of_block.scale);
        factors.extend(of_block.add);
    }
    (columns, factors)
}

/// The rotated mean of a sample spread over all rows.
fn mean(vectors: &[f32], dimension: usize) -> Vec<f32> {
    let rows = vectors.len() / dimension.max(1);
    let mut sums = vec![0.0_f64; dimension];
    let mut count = 0.0_f64;
    for row in vectors.chunks_exact(dimension).step_by(rows.div_ceil(MEAN_SAMPLE).max(1)) {
        count += 1.0;
        for (sum, number) in sums.iter_mut().zip(row) {
            *sum += f64::from(*number);
        }
    }
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "rounding is meant")]
    let mut mean: Vec<f32> = sums.iter().map(|sum| (sum / count.max(1.0)) as f32).collect();
    rotate(&mut mean);
    mean
}

/// Of the nearest rows of a few sampled ones: how many codes find, and how many there are.
fn recall(vectors: &[f32], dimension: usize, codes: Codes<'_>) -> (usize, usize) {
    let rows = vectors.len() / dimension.max(1);
    let kernel = Kernel::best();
    let queries: Vec<&[f32]> =
        vectors.chunks_exact(dimension).step_by(rows.div_ceil(QUERIES).max(1)).take(QUERIES).collect();
    let all = Bitmap::all(rows);
    let (mut found, mut of) = (0, 0);
    for (query, truth) in queries.iter().zip(nearest(kernel, &queries, vectors, dimension)) {
        let mut rotated = query.to_vec();
        rotate(&mut rotated);
        let probe = Probe::new(&rotated, codes.mean);
        let sought = Sought { kernel, query, rows: &all, room: NEIGHBOURS };
        let guessed = scan::coded(sought, &probe, codes, vectors).into_sorted();
        let guessed: HashSet<u32> = guessed.iter().map(|scored| scored.place).collect();
        let truth = truth.into_sorted();
        found += truth.iter().filter(|scored| guessed.contains(&scored.place)).count();
        of += truth.len();
    }
    (found, of)
}

/// The nearest rows of several queries in one pass over the rows, which are many and far away.
fn nearest(kernel: Kernel, queries: &[&[f32]], vectors: &[f32], dimension: usize) -> Vec<Top<u32>> {
    let rows = vectors.len() / dimension.max(1);
    both(
        rows,
        true,
        |part| {
            let mut tops = vec![Top::new(NEIGHBOURS); queries.len()];
            let part_rows = vectors.get(part.start * dimension..part.end * dimension).unwrap_or_default();
            for (row, vector) in (part.start..).zip(part_rows.chunks_exact(dimension)) {
                let place = u32::try_from(row).unwrap_or(u32::MAX);
                for (query, top) in queries.iter().zip(&mut tops) {
                    let mut product = [0.0];
                    kernel.dots(query, vector, &mut product);
                    let [product] = product;
                    top.offer(product, place);
                }
            }
            tops
        },
        |mut first, second| {
            for (first, second) in first.iter_mut().zip(second) {
                first.merge(second);
            }
            first
        },
    )
}
