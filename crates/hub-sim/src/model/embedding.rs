//! Vectors from texts: a hashed bag of character n-grams, of unit length.
//!
//! No meaning is understood, but texts that share words and word forms lie near each other, which is enough to
//! try a search. The same text always has the same vector, on every machine.

/// Lengths of the n-grams, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=5;

/// The vector of a text; any number of dimensions from 1.
pub fn embed(text: &str, dimensions: usize) -> Vec<f32> {
    let dimensions = dimensions.max(1);
    let mut vector = vec![0.0_f32; dimensions];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        // The borders belong to the word: beginnings and endings tell more than middles.
        let letters: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
        for gram in LENGTHS.flat_map(|length| letters.windows(length.min(letters.len()))) {
            add(&mut vector, gram);
        }
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in &mut vector {
            *value /= length;
        }
    } else if let Some(first) = vector.first_mut() {
        // A vector of nothing but zeros has no direction.
        *first = 1.0;
    }
    vector
}

fn add(vector: &mut [f32], gram: &[char]) {
    let hash = gram.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
        (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3)
    });
    // FNV's low bits are its best; its highest one decides the sign, so that collisions cancel out.
    let mixed = hash ^ (hash >> 29);
    let place = usize::try_from(mixed >> 1).unwrap_or_default() % vector.len();
    if let Some(value) = vector.get_mut(place) {
        *value += if hash >> 63 == 0 { 1.0 } else { -1.0 };
    }
}

#[cfg(test)]
mod tests;
