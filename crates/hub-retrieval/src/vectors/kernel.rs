//! The two loops that every search spends its time in, for each instruction set, chosen at run time.
//!
//! `dots` is one text in plain Rust with fixed lanes, compiled again with AVX2 on. `sums` looks up half a byte of 32
//! codes at once, which only intrinsics can say. Both keep up with the memory. AVX-512 has nothing of its own: going
//! through a mapped file its loads are slower by a half (a page of 4 KiB is fetched ahead less well), and as fast
//! elsewhere. The plain meaning that both are held against is in the tests.
#![expect(unsafe_code, reason = "calls of functions whose features were detected, and loads from arrays")]

#[cfg(test)]
mod tests;

/// Codes side by side in a block.
pub(crate) const BLOCK: usize = 32;
/// Four sums of this size still fit a byte.
pub(crate) const MAX_LEVEL: u8 = 63;
/// Products summed side by side: enough registers to keep two multiply-add units busy.
const LANES: usize = 64;
/// Sums in a register. Lanes are added up register by register: one by one they would take as long as the row.
const WIDTH: usize = 8;

/// What each value of half a code byte is worth to a query, at most [`MAX_LEVEL`].
pub(crate) type Levels = [u8; 16];
/// The same byte of the 32 codes of a block.
pub(crate) type Column = [u8; BLOCK];

/// An instruction set. Made by `all` only, after the processor was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kernel(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

impl Kernel {
    /// The best that this machine has.
    pub(crate) fn best() -> Self {
        Self::all().last().copied().unwrap_or(Self(Set::Portable))
    }

    /// Every one that this machine has, the best last.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self(Set::Portable)];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            all.push(Self(Set::Avx2));
        }
        all
    }

    /// The inner product of the query with each row; as many rows as there are places in `out`.
    pub(crate) fn dots(self, query: &[f32], rows: &[f32], out: &mut [f32]) {
        match self.0 {
            Set::Portable => dots(query, rows, out, |a, b, sum| a * b + sum),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `all` made this kernel after the processor said that it has the features.
            Set::Avx2 => unsafe { x86::dots_avx2(query, rows, out) },
        }
    }

    /// For each of the 32 codes of a block the sum of what its halves of bytes are worth.
    ///
    /// `levels` has two for each column, of the low half and of the high one. Sums beyond 65,535 wrap: the caller
    /// keeps to 512 columns.
    pub(crate) fn sums(self, levels: &[[Levels; 2]], block: &[Column], out: &mut [u16; BLOCK]) {
        match self.0 {
            Set::Portable => sums(levels, block, out),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Set::Avx2 => unsafe { x86::sums_avx2(levels, block, out) },
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "its text must be compiled with the features of its caller")]
fn dots(query: &[f32], rows: &[f32], out: &mut [f32], step: impl Fn(f32, f32, f32) -> f32 + Copy) {
    let (wide, narrow) = query.as_chunks::<LANES>();
    for (row, out) in rows.chunks_exact(query.len().max(1)).zip(out) {
        let (row_wide, row_narrow) = row.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for (query, row) in wide.iter().zip(row_wide) {
            for ((sum, a), b) in sums.iter_mut().zip(query).zip(row) {
                *sum = step(*a, *b, *sum);
            }
        }
        for ((sum, a), b) in sums.iter_mut().zip(narrow).zip(row_narrow) {
            *sum = step(*a, *b, *sum);
        }
        let mut register = [0.0_f32; WIDTH];
        for part in sums.as_chunks::<WIDTH>().0 {
            for (total, sum) in register.iter_mut().zip(part) {
                *total += sum;
            }
        }
        *out = register.iter().sum();
    }
}

fn sums(levels: &[[Levels; 2]], block: &[Column], out: &mut [u16; BLOCK]) {
    *out = [0; BLOCK];
    for ([low, high], column) in levels.iter().zip(block) {
        for (sum, byte) in out.iter_mut().zip(column) {
            let level = |levels: &Levels, half: u8| levels.get(usize::from(half)).copied().unwrap_or(0);
            let worth = u16::from(level(low, byte & 15)) + u16::from(level(high, byte >> 4));
            *sum = sum.wrapping_add(worth);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi8, _mm256_add_epi16, _mm256_and_si256,
        _mm256_broadcastsi128_si256, _mm256_loadu_si256, _mm256_set1_epi8, _mm256_set1_epi16,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256,
    };

    use super::{BLOCK, Column, Levels};

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn dots_avx2(query: &[f32], rows: &[f32], out: &mut [f32]) {
        super::dots(query, rows, out, f32::mul_add);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn sums_avx2(levels: &[[Levels; 2]], block: &[Column], out: &mut [u16; BLOCK]) {
        let low_half = _mm256_set1_epi8(15);
        let low_byte = _mm256_set1_epi16(255);
        // Sums of codes 0, 2, 4 … and of 1, 3, 5 …: a byte of each pair of bytes.
        let (mut even, mut odd) = (_mm256_setzero_si256(), _mm256_setzero_si256());
        // Four lookups of at most 63 fit a byte: two columns, then their sum is widened.
        for (levels, columns) in levels.chunks(2).zip(block.chunks(2)) {
            let mut narrow = _mm256_setzero_si256();
            for ([low, high], column) in levels.iter().zip(columns) {
                let codes = load(column);
                let lows = _mm256_shuffle_epi8(table(low), _mm256_and_si256(codes, low_half));
                let highs = _mm256_and_si256(_mm256_srli_epi16::<4>(codes), low_half);
                let highs = _mm256_shuffle_epi8(table(high), highs);
                narrow = _mm256_add_epi8(narrow, _mm256_add_epi8(lows, highs));
            }
            even = _mm256_add_epi16(even, _mm256_and_si256(narrow, low_byte));
            odd = _mm256_add_epi16(odd, _mm256_srli_epi16::<8>(narrow));
        }
        let pairs = store(even).into_iter().zip(store(odd));
        for (out, (even, odd)) in out.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
            *out = [even, odd];
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn load(column: &Column) -> __m256i {
        // SAFETY: 32 bytes are behind the reference, and the load needs no alignment.
        unsafe { _mm256_loadu_si256(column.as_ptr().cast()) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn table(levels: &Levels) -> __m256i {
        // SAFETY: 16 bytes are behind the reference, and the load needs no alignment.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(levels.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn store(sums: __m256i) -> [u16; 16] {
        let mut out = [0; 16];
        // SAFETY: 32 bytes are behind the reference, and the store needs no alignment.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), sums) }
        out
    }
}
