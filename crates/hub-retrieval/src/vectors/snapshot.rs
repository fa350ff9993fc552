//! The index as it is at one moment: what a search reads. It never changes and stays whole while anyone holds it,
//! whatever is appended, deleted, compacted or built meanwhile.

use std::{borrow::Cow, sync::Arc};

use super::{
    bitmap::Bitmap,
    codes::Probe,
    filter::Filter,
    kernel::Kernel,
    rotation::rotate,
    scan::{self, Sought},
    top::Top,
    unit::{BadVector, normalise_of},
};
use crate::working::{NO_TIME, Segment};

/// Fewer rows than these are compared exactly even where there are codes. Tests come past it with less.
const WORTH_CODES: usize = if cfg!(test) { 250 } else { 5_000 };

/// See the module.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) kind: Option<Kind>,
    pub(super) segments: Vec<Part>,
    pub(super) kernel: Kernel,
}

/// What all rows of an index have in common.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kind {
    /// Numbers in a row.
    pub dimension: usize,
    /// The embedding model: rows of different models can't be compared.
    pub model: String,
}

/// A segment and which of its rows are still there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) number: u64,
    pub(super) segment: Arc<Segment>,
    pub(super) alive: Arc<Bitmap>,
    /// How often rows were deleted: the name of the file that says which.
    pub(super) deletions: u64,
}

/// A row that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The document it belongs to.
    pub id: String,
    /// The cosine of the angle to the query: 1 is the same direction.
    pub score: f32,
    /// As it was given.
    pub category: Option<String>,
    /// As it was given.
    pub time: Option<i64>,
}

impl Snapshot {
    /// What its rows are, once there were any.
    pub fn kind(&self) -> Option<&Kind> {
        self.kind.as_ref()
    }

    /// Rows that can be found.
    pub fn rows(&self) -> usize {
        self.segments.iter().map(|part| part.alive.count()).sum()
    }

    /// The nearest `k` rows that the filter lets through, nearest first.
    pub fn search(&self, query: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, BadVector> {
        self.find(query, k, filter, true)
    }

    /// The same without estimates: slower on large indices, and what `search` is measured by.
    pub fn search_exactly(&self, query: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, BadVector> {
        self.find(query, k, filter, false)
    }

    /// The vector of a document.
    pub fn vector(&self, id: &str) -> Option<&[f32]> {
        let found = self.segments.iter().rev().find_map(|part| Some((part, part.find(id)?)));
        let (part, row) = found?;
        part.segment.vector(row)
    }

    /// Reads every segment and compares with its checksum. Takes as long as reading the disk does.
    pub fn verify(&self) -> Result<(), crate::working::WorkingError> {
        self.segments.iter().try_for_each(|part| part.segment.verify())
    }

    fn find(&self, query: &[f32], k: usize, filter: &Filter, fast: bool) -> Result<Vec<Hit>, BadVector> {
        let Some(kind) = &self.kind else { return Ok(Vec::new()) };
        let mut unit = Vec::with_capacity(query.len());
        normalise_of(query, kind.dimension, &mut unit)?;
        let mut rotated = None;
        let k = k.min(self.segments.iter().map(|part| part.segment.rows()).sum());
        let mut best = Top::new(k);
        for (number, part) in (0_usize..).zip(&self.segments) {
            let rows = part.rows(filter);
            let sought = Sought { kernel: self.kernel, query: &unit, rows: &rows, room: k };
            let top = match part.segment.codes().filter(|_| fast && rows.count() >= WORTH_CODES) {
                None => scan::exact(sought, part.segment.vectors()),
                Some(codes) => {
                    let rotated = rotated.get_or_insert_with(|| {
                        let mut rotated = unit.clone();
                        rotate(&mut rotated);
                        rotated
                    });
                    let probe = Probe::new(rotated, codes.mean);
                    scan::coded(sought, &probe, codes, part.segment.vectors())
                }
            };
            for scored in top.into_sorted() {
                best.offer(scored.score, (number, scored.place));
            }
        }
        let hits = best.into_sorted().into_iter().filter_map(|scored| {
            let (number, row) = scored.place;
            self.segments.get(number)?.hit(usize::try_from(row).ok()?, scored.score)
        });
        Ok(hits.collect())
    }
}

impl Part {
    fn rows(&self, filter: &Filter) -> Cow<'_, Bitmap> {
        if filter.is_open() {
            Cow::Borrowed(&self.alive)
        } else {
            Cow::Owned(filter.keep(&self.segment, Bitmap::clone(&self.alive)))
        }
    }

    /// The row of a document, if it is still there.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.segment.find(id).find(|row| self.alive.contains(*row))
    }

    /// Nothing for a row whose name a damaged file has lost.
    fn hit(&self, row: usize, score: f32) -> Option<Hit> {
        Some(Hit {
            id: self.segment.id(row)?.to_owned(),
            score,
            category: self.segment.category(row).map(str::to_owned),
            time: self.segment.times().get(row).copied().filter(|time| *time != NO_TIME),
        })
    }
}
