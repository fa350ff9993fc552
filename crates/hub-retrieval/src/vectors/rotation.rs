//! A fixed random rotation: it spreads what a vector says evenly over its numbers, so that signs alone keep most of it.
//!
//! Hadamard transforms of the largest power of two at the front and at the back in turn, signs flipped before each, and
//! the two halves mixed after it. Every step keeps lengths and angles. The flips are part of the file format.

const ROUNDS: u64 = 4;

/// Rotates in place.
pub(crate) fn rotate(vector: &mut [f32]) {
    let dimension = vector.len();
    let Some(power) = dimension.checked_ilog2().map(|log| 1_usize << log) else { return };
    for round in 0..ROUNDS {
        flip(vector, round);
        let from = if round % 2 == 0 { 0 } else { dimension - power };
        if let Some(part) = vector.get_mut(from..from + power) {
            hadamard(part);
        }
        if power < dimension {
            mix(vector);
        }
    }
}

/// Changes the sign of about half of the numbers.
fn flip(vector: &mut [f32], round: u64) {
    for (word, numbers) in (0_u64..).zip(vector.chunks_mut(64)) {
        let mut bits = scramble((round << 32) | word);
        for number in numbers {
            if bits & 1 == 1 {
                *number = -*number;
            }
            bits >>= 1;
        }
    }
}

/// The finishing step of splitmix64.
fn scramble(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The normalised Walsh-Hadamard transform of a power of two of numbers.
fn hadamard(numbers: &mut [f32]) {
    let mut half = 1;
    let mut scale = 1.0_f32;
    while half < numbers.len() {
        for pair in numbers.chunks_exact_mut(half * 2) {
            let (left, right) = pair.split_at_mut(half);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half *= 2;
        scale *= std::f32::consts::FRAC_1_SQRT_2;
    }
    for number in numbers {
        *number *= scale;
    }
}

/// Each number of the first half with its counterpart in the second; an odd one in the middle stays.
fn mix(vector: &mut [f32]) {
    let half = vector.len() / 2;
    let middle = vector.len() - half;
    let (left, right) = vector.split_at_mut(middle);
    for (a, b) in left.iter_mut().zip(right) {
        let (sum, difference) = (*a + *b, *a - *b);
        *a = sum * std::f32::consts::FRAC_1_SQRT_2;
        *b = difference * std::f32::consts::FRAC_1_SQRT_2;
    }
}

#[cfg(test)]
mod tests;
