//! What a word is known by: its pieces of four letters with both ends marked, and its stem.
//!
//! `^word$` gives `^wor`, `word`, `ord$`, so a typo costs some of the pieces and never all. A stem is a token
//! of another kind: `#word` never meets the piece `word`. Tokens are kept as 64-bit hashes; among the few
//! hundred thousand of a large index two share one with a probability of about one in a hundred million.

use hub_domain::text;

use super::stop_words;

/// Letters in a piece.
const PIECE: usize = 4;
/// What comes after this many letters of a word (a long address, a blob) is not searched for.
const LONGEST: usize = 40;

/// The tokens of one word from [`text::words`]. `letters` is room to work in.
pub(super) fn of_word(word: &str, letters: &mut Vec<char>, out: &mut impl FnMut(u64)) {
    letters.clear();
    letters.push('^');
    letters.extend(word.chars().take(LONGEST));
    letters.push('$');
    if letters.len() < PIECE {
        out(hash(1, letters));
    }
    for piece in letters.windows(PIECE) {
        out(hash(1, piece));
    }
    if !stop_words::contains(word) {
        letters.clear();
        letters.extend(text::stem(word).chars().take(LONGEST));
        out(hash(2, letters));
    }
}

/// FNV-1a over the letters of a token of some kind, with its bits stirred at the end.
fn hash(kind: u64, letters: &[char]) -> u64 {
    let letters = letters.iter().map(|letter| u64::from(u32::from(*letter)));
    let hash = std::iter::once(kind)
        .chain(letters)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, next| (hash ^ next).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}
