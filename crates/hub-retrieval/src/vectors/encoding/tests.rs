use super::*;
use crate::invented::{Chance, embeddings};

#[test]
fn codes_that_find_what_an_exact_search_finds_are_kept() {
    let encoded = encode(&embeddings(900, 768, 9), 768);
    assert_eq!(encoded.columns.len(), 900_usize.div_ceil(BLOCK) * 96);
    assert_eq!(encoded.factors.len(), 900_usize.div_ceil(BLOCK) * Factors::LENGTH);
}

#[test]
fn codes_that_lose_too_much_are_not_kept() {
    // Vectors of pure chance are all equally far from each other: one bit a number can't tell which is nearest.
    let vectors = Chance::new(10).vector(900 * 768);
    assert!(encode(&vectors, 768).columns.is_empty());
}
