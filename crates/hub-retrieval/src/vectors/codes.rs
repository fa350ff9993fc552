//! One bit a number: rows as the signs of their rotated difference from the mean, and what a query makes of them.
//!
//! A row is `mean + length · direction`. Of the direction only signs are kept, and how well they stand for it, so that
//! the estimate of an inner product is right on average. The mean goes first because embeddings share a large offset,
//! which would be in every sign. Estimates only choose whom to compare exactly; they are never a score.

use super::{
    kernel::{BLOCK, Column, Kernel, Levels, MAX_LEVEL},
    rotation::rotate,
};

#[cfg(test)]
mod tests;

/// Fewer numbers in a row are too few signs to tell rows apart; more would overflow the sums.
pub(crate) const DIMENSIONS: std::ops::RangeInclusive<usize> = 768..=4096;

/// Columns of a block.
pub(crate) fn columns(dimension: usize) -> usize {
    dimension.div_ceil(8)
}

/// What belongs to each code of a block: the factor of its sum, and what is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Factors {
    pub(crate) scale: [f32; BLOCK],
    pub(crate) add: [f32; BLOCK],
}

impl Factors {
    pub(crate) const NONE: Self = Self { scale: [0.0; BLOCK], add: [0.0; BLOCK] };
    /// Numbers of a block in the file.
    pub(crate) const LENGTH: usize = 2 * BLOCK;
}

/// Makes codes of rows.
#[derive(Clone, Debug)]
pub(crate) struct Encoder<'a> {
    /// Of all rows, rotated.
    mean: &'a [f32],
    mean_square: f32,
    scratch: Vec<f32>,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(mean: &'a [f32]) -> Self {
        let mean_square = mean.iter().map(|number| number * number).sum();
        Self { mean, mean_square, scratch: Vec::with_capacity(mean.len()) }
    }

    /// Puts a row into place `at` of a block whose columns are still zero there.
    pub(crate) fn encode(&mut self, row: &[f32], at: usize, block: &mut [Column], factors: &mut Factors) {
        self.scratch.clear();
        self.scratch.extend(row);
        rotate(&mut self.scratch);
        // With the mean: what of the row's product with a query doesn't depend on the query's own difference.
        let mut along_mean = -self.mean_square;
        let (mut squares, mut sizes) = (0.0_f32, 0.0_f32);
        for (numbers, (column, means)) in
            self.scratch.chunks(8).zip(block.iter_mut().zip(self.mean.chunks(8)))
        {
            let mut byte = 0_u8;
            for (bit, (number, mean)) in numbers.iter().zip(means).enumerate() {
                along_mean += number * mean;
                let difference = number - mean;
                squares += difference * difference;
                sizes += difference.abs();
                byte |= u8::from(difference > 0.0) << bit;
            }
            if let Some(place) = column.get_mut(at) {
                *place = byte;
            }
        }
        // A row that is the mean itself has no direction, and its product nothing to add.
        let scale = if sizes > 0.0 { squares / sizes } else { 0.0 };
        if let (Some(place), Some(add)) = (factors.scale.get_mut(at), factors.add.get_mut(at)) {
            (*place, *add) = (scale, along_mean);
        }
    }
}

/// A query prepared for the codes of one mean.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    levels: Vec<[Levels; 2]>,
    step: f32,
    base: f32,
    along_mean: f32,
}

impl Probe {
    /// Of a rotated query.
    pub(crate) fn new(rotated: &[f32], mean: &[f32]) -> Self {
        let along_mean = rotated.iter().zip(mean).map(|(number, mean)| number * mean).sum();
        let difference: Vec<f32> = rotated.iter().zip(mean).map(|(number, mean)| number - mean).collect();
        // The four signs of half a byte add up to between minus and plus the sum of sizes.
        let sizes = difference.chunks(4).map(|four| four.iter().map(|number| number.abs()).sum::<f32>());
        let (largest, total) =
            sizes.fold((0.0_f32, 0.0_f32), |(most, sum), size| (most.max(size), sum + size));
        let step = if largest > 0.0 { 2.0 * largest / f32::from(MAX_LEVEL) } else { 1.0 };
        let levels = difference.chunks(8).map(|eight| {
            let (low, high) = eight.split_at(eight.len().min(4));
            [levels(low, step), levels(high, step)]
        });
        Self { levels: levels.collect(), step, base: -total, along_mean }
    }

    /// The estimated products of the query with the 32 rows of a block.
    pub(crate) fn estimates(
        &self,
        kernel: Kernel,
        block: &[Column],
        factors: &[f32],
        out: &mut [f32; BLOCK],
    ) {
        let mut sums = [0; BLOCK];
        kernel.sums(&self.levels, block, &mut sums);
        let (scales, adds) = factors.split_at(factors.len().min(BLOCK));
        for (((out, sum), scale), add) in out.iter_mut().zip(sums).zip(scales).zip(adds) {
            *out = self.along_mean + add + scale * (f32::from(sum) * self.step + self.base);
        }
    }
}

/// What each pattern of four signs is worth, in steps above the least.
fn levels(numbers: &[f32], step: f32) -> Levels {
    let size: f32 = numbers.iter().map(|number| number.abs()).sum();
    std::array::from_fn(|pattern| {
        let signed = |(bit, number): (usize, &f32)| if pattern >> bit & 1 == 1 { *number } else { -*number };
        let worth: f32 = numbers.iter().enumerate().map(signed).sum();
        whole(((worth + size) / step).round())
    })
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn whole(level: f32) -> u8 {
    (level as u8).min(MAX_LEVEL)
}
