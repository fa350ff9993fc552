//! A set of rows, a bit each.

/// Rows of a segment that are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
    rows: usize,
}

impl Bitmap {
    pub(crate) fn none(rows: usize) -> Self {
        Self { words: vec![0; rows.div_ceil(64)], rows }
    }

    pub(crate) fn all(rows: usize) -> Self {
        Self::none(rows).complement()
    }

    /// From its words, if they are as many as such a set has and name no row beyond the last.
    pub(crate) fn from_words(words: Vec<u64>, rows: usize) -> Option<Self> {
        let made = Self { words, rows };
        let fits = made.words.len() == rows.div_ceil(64)
            && made.words.last().is_none_or(|last| last & !made.last_mask() == 0);
        fits.then_some(made)
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// How many rows there are to be in it or not.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// 32 of its bits: rows `32 · half` and up.
    pub(crate) fn half_word(&self, half: usize) -> u32 {
        let word = self.words.get(half / 2).copied().unwrap_or(0);
        let [low, high] = [word & u64::from(u32::MAX), word >> 32];
        u32::try_from(if half.is_multiple_of(2) { low } else { high }).unwrap_or(0)
    }

    pub(crate) fn contains(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Adds a row, and says whether it was new.
    pub(crate) fn insert(&mut self, row: usize) -> bool {
        match self.words.get_mut(row / 64) {
            Some(word) if row < self.rows => {
                let is_new = *word >> (row % 64) & 1 == 0;
                *word |= 1 << (row % 64);
                is_new
            }
            _ => false,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| usize::try_from(word.count_ones()).unwrap_or(0)).sum()
    }

    /// Every row that is not in it.
    pub(crate) fn complement(&self) -> Self {
        let mut words: Vec<u64> = self.words.iter().map(|word| !word).collect();
        if let Some(last) = words.last_mut() {
            *last &= self.last_mask();
        }
        Self { words, rows: self.rows }
    }

    /// Keeps the rows for which this is true.
    pub(crate) fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        for (index, word) in self.words.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !keep(index * 64 + usize::try_from(bit).unwrap_or(0)) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// Gives each run of neighbours as first row and length. Runs end at every 64th row.
    pub(crate) fn runs(&self, mut each: impl FnMut(usize, usize)) {
        for (index, word) in self.words.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                let start = word.trailing_zeros();
                let length = (word >> start).trailing_ones();
                each(index * 64 + small(start), small(length));
                word &= (!0_u64).checked_shl(start + length).unwrap_or(0);
            }
        }
    }

    fn last_mask(&self) -> u64 {
        match self.rows % 64 {
            0 => !0,
            bits => (1 << bits) - 1,
        }
    }
}

fn small(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(0)
}

#[cfg(test)]
mod tests;
