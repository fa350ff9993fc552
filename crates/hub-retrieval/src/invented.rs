//! Vectors for tests, the same in every run. Like embeddings they share an offset and vary in few directions, some more
//! than others; vectors of pure chance have no neighbours worth finding.

/// Numbers that look random.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Between -1 and 1, near 0 more often.
    pub(crate) fn number(&mut self) -> f32 {
        let mut uniform = || f32::from(u16::try_from(self.bits() & 0xffff).unwrap()) / 65_536.0;
        uniform() + uniform() + uniform() + uniform() - 2.0
    }

    pub(crate) fn vector(&mut self, dimension: usize) -> Vec<f32> {
        (0..dimension).map(|_| self.number()).collect()
    }
}

/// So many rows of this dimension, one behind another, not of length one.
pub(crate) fn embeddings(rows: usize, dimension: usize, seed: u64) -> Vec<f32> {
    const DIRECTIONS: usize = 24;
    let mut chance = Chance::new(7);
    let offset = chance.vector(dimension);
    let mut scale = 1.0_f32;
    let directions: Vec<Vec<f32>> = (0..DIRECTIONS)
        .map(|_| {
            scale *= 0.93;
            chance.vector(dimension).iter().map(|number| number * scale).collect()
        })
        .collect();
    let mut chance = Chance::new(seed);
    let mut all = Vec::with_capacity(rows * dimension);
    for _ in 0..rows {
        let from = all.len();
        all.extend(&offset);
        for direction in &directions {
            let along = chance.number();
            for (number, part) in all[from..].iter_mut().zip(direction) {
                *number += along * part;
            }
        }
    }
    all
}

/// The cosine, in double precision and in order.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
