//! Going through the rows of a segment: exactly, or by estimates of their codes with an exact comparison of the best.

use super::{
    bitmap::Bitmap,
    codes::{self, Factors, Probe},
    kernel::{BLOCK, Kernel},
    second::both,
    top::Top,
};
use crate::working::Codes;

/// Rows from which going through their codes is worth a second thread.
const LARGE_CODED: usize = 32 << 10;
/// Rows that are compared at once.
const CHUNK: usize = 64;

/// What is searched for, in which of the rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'a> {
    pub(crate) kernel: Kernel,
    /// Of length one.
    pub(crate) query: &'a [f32],
    pub(crate) rows: &'a Bitmap,
    /// How many are wanted.
    pub(crate) room: usize,
}

/// The best rows by their exact products. On one thread: it alone reads as fast as the memory gives, and where rows are
/// many their codes stand for most of them.
pub(crate) fn exact(sought: Sought<'_>, vectors: &[f32]) -> Top<u32> {
    let dimension = sought.query.len();
    let mut top = Top::new(sought.room);
    let mut products = [0.0; CHUNK];
    sought.rows.runs(|first, length| {
        let from = first.saturating_mul(dimension);
        let rows = vectors.get(from..from.saturating_add(length.saturating_mul(dimension)));
        let (Some(rows), Some(products)) = (rows, products.get_mut(..length)) else { return };
        sought.kernel.dots(sought.query, rows, products);
        for (row, product) in (first..).zip(&*products) {
            top.offer(*product, place(row));
        }
    });
    top
}

/// The best rows by the estimates of their codes, then compared exactly.
pub(crate) fn coded(sought: Sought<'_>, probe: &Probe, codes: Codes<'_>, vectors: &[f32]) -> Top<u32> {
    let candidates = sought.room.saturating_mul(10).max(100).min(sought.rows.len());
    let estimated = estimated(Sought { room: candidates, ..sought }, probe, codes);
    let dimension = sought.query.len();
    let mut top = Top::new(sought.room);
    for candidate in estimated.into_sorted() {
        let from = usize::try_from(candidate.place).unwrap_or(usize::MAX).saturating_mul(dimension);
        if let Some(row) = vectors.get(from..from.saturating_add(dimension)) {
            let mut product = [0.0];
            sought.kernel.dots(sought.query, row, &mut product);
            let [product] = product;
            top.offer(product, candidate.place);
        }
    }
    top
}

fn estimated(sought: Sought<'_>, probe: &Probe, codes: Codes<'_>) -> Top<u32> {
    let columns = codes::columns(sought.query.len());
    let count = sought.rows.len();
    both(
        count,
        count >= LARGE_CODED,
        |part| {
            let mut top = Top::new(sought.room);
            let blocks = part.start / BLOCK..part.end.div_ceil(BLOCK);
            let columns =
                codes.columns.chunks_exact(columns).zip(codes.factors.chunks_exact(Factors::LENGTH));
            let mut estimates = [0.0; BLOCK];
            for (block, (columns, factors)) in (0..).zip(columns).skip(blocks.start).take(blocks.len()) {
                let wanted = sought.rows.half_word(block);
                if wanted == 0 {
                    continue;
                }
                probe.estimates(sought.kernel, columns, factors, &mut estimates);
                let threshold = top.threshold();
                let best = estimates.iter().fold(f32::NEG_INFINITY, |best, estimate| best.max(*estimate));
                if best < threshold {
                    continue;
                }
                for (bit, estimate) in estimates.iter().enumerate() {
                    if *estimate >= threshold && wanted >> bit & 1 == 1 {
                        top.offer(*estimate, place(block * BLOCK + bit));
                    }
                }
            }
            top
        },
        |mut first, second| {
            first.merge(second);
            first
        },
    )
}

/// Segments have fewer rows than a u32 can count.
fn place(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
