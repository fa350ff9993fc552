//! Vectors of length one: the only ones that are stored or searched for. Their inner product is the cosine.

/// Not a vector with a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVector {
    /// Of another model, most likely.
    #[error("a vector of {found} numbers where {wanted} are needed")]
    Dimension {
        /// What the index has.
        wanted: usize,
        /// What came.
        found: usize,
    },
    /// NaN or an infinity among its numbers.
    #[error("a vector with a number that is none")]
    NotFinite,
    /// All zeros point nowhere.
    #[error("a vector of zeros")]
    Zero,
}

/// Puts the vector, brought to length one, into `out`.
pub(crate) fn normalise(vector: &[f32], out: &mut Vec<f32>) -> Result<(), BadVector> {
    out.clear();
    if !vector.iter().all(|number| number.is_finite()) {
        return Err(BadVector::NotFinite);
    }
    let squares: f64 = vector.iter().map(|number| f64::from(*number) * f64::from(*number)).sum();
    if squares == 0.0 {
        return Err(BadVector::Zero);
    }
    let length = squares.sqrt();
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "rounding is meant")]
    out.extend(vector.iter().map(|number| (f64::from(*number) / length) as f32));
    Ok(())
}

/// The same for a vector that must have this dimension.
pub(crate) fn normalise_of(vector: &[f32], wanted: usize, out: &mut Vec<f32>) -> Result<(), BadVector> {
    if vector.len() != wanted {
        return Err(BadVector::Dimension { wanted, found: vector.len() });
    }
    normalise(vector, out)
}
