use super::*;
use crate::invented::embeddings;

/// Estimates of all rows of one block, and the truth.
fn estimates(dimension: usize, rows: usize) -> Vec<(f32, f64)> {
    let vectors = embeddings(rows, dimension, 5);
    let query = embeddings(1, dimension, 6);
    let mut mean = vec![0.0; dimension];
    for row in vectors.chunks(dimension) {
        for (sum, number) in mean.iter_mut().zip(row) {
            *sum += number / f32::from(u8::try_from(rows).unwrap());
        }
    }
    rotate(&mut mean);
    let mut block = vec![[0; BLOCK]; columns(dimension)];
    let mut factors = Factors::NONE;
    let mut encoder = Encoder::new(&mean);
    for (at, row) in vectors.chunks(dimension).enumerate() {
        encoder.encode(row, at, &mut block, &mut factors);
    }
    let mut rotated = query.clone();
    rotate(&mut rotated);
    let factors: Vec<f32> = factors.scale.into_iter().chain(factors.add).collect();
    let mut out = [0.0; BLOCK];
    Probe::new(&rotated, &mean).estimates(Kernel::best(), &block, &factors, &mut out);
    let truth = |row: &[f32]| query.iter().zip(row).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    vectors.chunks(dimension).zip(out).map(|(row, estimate)| (estimate, truth(row))).collect()
}

#[test]
fn estimates_are_near_the_products() {
    for dimension in [768, 1000, 1536, 3072, 4096] {
        let pairs = estimates(dimension, 32);
        let truths = pairs.iter().map(|(_, truth)| *truth);
        let spread = truths.clone().fold(f64::MIN, f64::max) - truths.fold(f64::MAX, f64::min);
        for (estimate, truth) in pairs {
            let error = (f64::from(estimate) - truth).abs();
            assert!(error < spread / 8.0, "{dimension}: {estimate} for {truth}, all within {spread}");
        }
    }
}

#[test]
fn a_row_that_is_the_mean_is_estimated_exactly() {
    for (estimate, truth) in estimates(768, 1) {
        assert!((f64::from(estimate) - truth).abs() < 1e-3 * truth.abs(), "{estimate} for {truth}");
    }
}
