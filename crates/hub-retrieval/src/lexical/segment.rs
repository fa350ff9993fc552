//! A part of the index that never changes: the passages added at one time, or several such parts merged.

use std::{collections::HashMap, ops::Range};

use hub_domain::text;

use super::{
    Bits,
    postings::{Reader, Writer},
    tokens,
};

/// Passages and the lists of their tokens.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The passages' numbers, ascending; a place in a list is a place here.
    pub(super) numbers: Box<[u32]>,
    /// How many tokens each passage has.
    pub(super) lengths: Box<[u16]>,
    /// Sum of the lengths.
    pub(super) tokens_in_all: u64,
    /// Every token, ascending.
    tokens: Box<[u64]>,
    lists: Box<[List]>,
    bytes: Box<[u8]>,
}

/// Where the list of a token ends (it begins where the one before ends), and how many passages it names.
#[derive(Clone, Copy, Debug)]
struct List {
    end: usize,
    count: u32,
}

impl Segment {
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The highest number; a segment is never empty.
    pub(super) fn last(&self) -> u32 {
        self.numbers.last().copied().unwrap_or_default()
    }

    pub(super) fn place_of(&self, number: u32) -> Option<usize> {
        self.numbers.binary_search(&number).ok()
    }

    /// The list of a token and how many passages it names.
    pub(super) fn list(&self, token: u64) -> Option<(Reader<'_>, u32)> {
        self.list_at(self.tokens.binary_search(&token).ok()?)
    }

    pub(super) fn memory(&self) -> usize {
        self.numbers.len() * 4
            + self.lengths.len() * 2
            + self.tokens.len() * 8
            + std::mem::size_of_val(&*self.lists)
            + self.bytes.len()
    }

    /// One segment with the living passages of several, whose numbers ascend; `None` when none lives.
    pub(super) fn merge(parts: &[(&Self, &Bits)]) -> Option<Self> {
        let mut merged = Draft::default();
        let mut moved = Vec::with_capacity(parts.len());
        for (segment, dead) in parts {
            let mut places = Vec::with_capacity(segment.len());
            for (place, (number, length)) in segment.numbers.iter().zip(&segment.lengths).enumerate() {
                places.push((!dead.has(place)).then(|| merged.passage(*number, *length)));
            }
            moved.push(places);
        }
        let mut next = vec![0_usize; parts.len()];
        let token_at = |next: &[usize], part: usize| parts.get(part)?.0.tokens.get(*next.get(part)?).copied();
        while let Some(token) = (0..parts.len()).filter_map(|part| token_at(&next, part)).min() {
            let mut list = Writer::default();
            for (part, ((segment, _), places)) in parts.iter().zip(&moved).enumerate() {
                if token_at(&next, part) != Some(token) {
                    continue;
                }
                let at = next.get_mut(part).map_or(0, |next| std::mem::replace(next, *next + 1));
                let Some((reader, _)) = segment.list_at(at) else { continue };
                for (place, times) in reader {
                    if let Some(Some(place)) = places.get(index(place)) {
                        list.push(*place, times, &mut merged.bytes);
                    }
                }
            }
            merged.end_list(token, &list);
        }
        merged.finish()
    }

    fn list_at(&self, at: usize) -> Option<(Reader<'_>, u32)> {
        let start = at.checked_sub(1).and_then(|before| self.lists.get(before)).map_or(0, |list| list.end);
        let list = self.lists.get(at)?;
        Some((Reader::new(self.bytes.get(start..list.end)?), list.count))
    }
}

/// A segment being written, list after list.
#[derive(Default)]
struct Draft {
    numbers: Vec<u32>,
    lengths: Vec<u16>,
    tokens: Vec<u64>,
    lists: Vec<List>,
    bytes: Vec<u8>,
}

impl Draft {
    /// Adds a passage and gives its place.
    fn passage(&mut self, number: u32, length: u16) -> u32 {
        let place = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.push(number);
        self.lengths.push(length);
        place
    }

    /// Ends the list that was just written; an empty one leaves no trace.
    fn end_list(&mut self, token: u64, list: &Writer) {
        if list.count > 0 {
            self.tokens.push(token);
            self.lists.push(List { end: self.bytes.len(), count: list.count });
        }
    }

    fn finish(self) -> Option<Segment> {
        (!self.numbers.is_empty()).then(|| Segment {
            tokens_in_all: self.lengths.iter().map(|length| u64::from(*length)).sum(),
            numbers: self.numbers.into(),
            lengths: self.lengths.into(),
            tokens: self.tokens.into(),
            lists: self.lists.into(),
            bytes: self.bytes.into(),
        })
    }
}

/// Collects passages for a segment. Each different word is taken apart and stemmed once.
#[derive(Default)]
pub(super) struct Builder {
    numbers: Vec<u32>,
    lengths: Vec<u16>,
    /// Where the tokens of a word are in `word_tokens`.
    words: HashMap<String, Range<usize>>,
    /// Places in `lists`.
    word_tokens: Vec<usize>,
    places: HashMap<u64, usize>,
    lists: Vec<OpenList>,
    /// How often the passage at hand has the token of each list. Apart from the lists because every word counts
    /// here: together the counts are small enough for a near cache.
    times: Vec<u8>,
    /// The lists that the passage at hand has touched.
    touched: Vec<usize>,
}

/// The list of a token while passages are added.
struct OpenList {
    token: u64,
    writer: Writer,
    bytes: Vec<u8>,
}

impl Builder {
    /// Adds a passage; the caller has checked that its number ascends.
    pub(super) fn add(&mut self, number: u32, passage: &str) {
        let mut length = 0_u16;
        text::words(passage, &mut |word| {
            let tokens = self.tokens_of(word);
            for at in self.word_tokens.get(tokens).unwrap_or_default() {
                let Some(times) = self.times.get_mut(*at) else { continue };
                if *times == 0 {
                    self.touched.push(*at);
                }
                *times = times.saturating_add(1);
                length = length.saturating_add(1);
            }
        });
        let place = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        for at in self.touched.drain(..) {
            if let (Some(list), Some(times)) = (self.lists.get_mut(at), self.times.get_mut(at)) {
                list.writer.push(place, std::mem::take(times), &mut list.bytes);
            }
        }
        self.numbers.push(number);
        self.lengths.push(length);
    }

    /// The segment; `None` when nothing was added.
    pub(super) fn finish(mut self) -> Option<Segment> {
        self.lists.sort_unstable_by_key(|list| list.token);
        let mut draft = Draft { numbers: self.numbers, lengths: self.lengths, ..Draft::default() };
        draft.bytes.reserve_exact(self.lists.iter().map(|list| list.bytes.len()).sum());
        for list in self.lists {
            draft.bytes.extend_from_slice(&list.bytes);
            draft.end_list(list.token, &list.writer);
        }
        draft.finish()
    }

    fn tokens_of(&mut self, word: &str) -> Range<usize> {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let start = self.word_tokens.len();
        tokens::of_word(word, &mut Vec::new(), &mut |token| {
            let at = *self.places.entry(token).or_insert_with(|| {
                self.lists.push(OpenList { token, writer: Writer::default(), bytes: Vec::new() });
                self.times.push(0);
                self.lists.len() - 1
            });
            self.word_tokens.push(at);
        });
        let range = start..self.word_tokens.len();
        self.words.insert(word.to_owned(), range.clone());
        range
    }
}

/// A place as an index.
pub(super) fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
