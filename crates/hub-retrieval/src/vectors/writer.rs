//! Changes of an index, each in the same order: new segment files, new lists of deleted rows, the manifest.
//!
//! The manifest is the commit. A crash before it leaves files that nobody speaks of, one after it files that nobody
//! speaks of any more; both are swept up by the next change. See docs/decisions for the points and their tests.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    sync::Arc,
};

use super::{
    bitmap::Bitmap,
    codes, load,
    manifest::{Entry, Manifest, dead_file, segment_file},
    plan::{self, Fill},
    snapshot::{Kind, Part, Snapshot},
    sweep,
    unit::{BadVector, normalise_of},
};
use crate::working::{LONGEST_ID, Row, Segment, SegmentWriter, WorkingError, write_dead};

/// From here on codes are made: below it an exact scan is as good. Tests come past it with less.
const WORTH_CODES: usize = if cfg!(test) { 1_000 } else { 20_000 };

/// Why an index was not changed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Its files.
    #[error(transparent)]
    Working(#[from] WorkingError),
    /// Only one process at a time changes an index.
    #[error("another process is changing this index")]
    Busy,
    /// Rows can only be appended to an index that has been built.
    #[error("the index has not been built yet")]
    NotBuilt,
    /// A row that can't be one.
    #[error("row {row}: {why}")]
    Vector {
        /// Which of those given.
        row: usize,
        /// Why.
        why: BadVector,
    },
    /// A document without a name, or with one longer than any.
    #[error("row {0}: the name of a document has 1 to {LONGEST_ID} bytes")]
    Id(usize),
    /// More than a segment can count.
    #[error("an index has fewer than 2^32 rows")]
    TooMany,
}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        Self::Working(error.into())
    }
}

/// A row to come.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// Names its document.
    pub id: &'a str,
    /// Of any length but zero; it is brought to length one.
    pub vector: &'a [f32],
    /// What [`super::Filter::categories`] asks for.
    pub category: Option<&'a str>,
    /// Seconds since 1970, what [`super::Filter::since`] asks for.
    pub time: Option<i64>,
}

/// What a build made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    /// Rows that can be found.
    pub rows: usize,
    /// Rows that a later one of the same name replaced.
    pub replaced: usize,
}

/// Takes the rows of a new segment.
#[derive(Debug)]
pub struct Rows {
    out: SegmentWriter,
    dimension: usize,
    unit: Vec<f32>,
}

impl Rows {
    /// Adds a row. Of two with the same name the later counts.
    pub fn add(&mut self, row: NewRow<'_>) -> Result<(), IndexError> {
        let number = self.out.rows();
        if row.id.is_empty() || row.id.len() > LONGEST_ID {
            return Err(IndexError::Id(number));
        }
        if u32::try_from(number).is_ok_and(|number| number < u32::MAX - 1) {
            normalise_of(row.vector, self.dimension, &mut self.unit)
                .map_err(|why| IndexError::Vector { row: number, why })?;
            let NewRow { id, category, time, .. } = row;
            Ok(self.out.add(Row { id, vector: &self.unit, category, time })?)
        } else {
            Err(IndexError::TooMany)
        }
    }
}

/// Holds the right to change an index.
#[derive(Debug)]
pub(super) struct Writer {
    /// Given back when it is closed, also by a crash.
    _lock: File,
    next: u64,
}

impl Writer {
    /// Takes the lock, looks again at what is there now, and sweeps.
    pub(super) fn begin(folder: &Path) -> Result<(Self, Snapshot), IndexError> {
        let lock = lock(folder)?;
        let next = Manifest::read(folder)?.map_or(1, |manifest| manifest.next);
        let snapshot = load(folder)?;
        sweep(folder)?;
        Ok((Self { _lock: lock, next }, snapshot))
    }

    pub(super) fn rebuild<E: From<IndexError>>(
        &mut self,
        folder: &Path,
        current: &Snapshot,
        kind: Kind,
        fill: impl FnOnce(&mut Rows) -> Result<(), E>,
    ) -> Result<(Snapshot, Built), E> {
        let part = self.segment(folder, kind.dimension, fill)?;
        let (mut rows, mut replaced) = (0, 0);
        if let Some(part) = &part {
            rows = part.alive.count();
            replaced = part.segment.rows() - rows;
        }
        let next =
            Snapshot { kind: Some(kind), segments: part.into_iter().collect(), kernel: current.kernel };
        self.commit(folder, &next)?;
        Ok((next, Built { rows, replaced }))
    }

    pub(super) fn append(
        &mut self,
        folder: &Path,
        current: &Snapshot,
        rows: &[NewRow<'_>],
    ) -> Result<Snapshot, IndexError> {
        let dimension = current.kind.as_ref().ok_or(IndexError::NotBuilt)?.dimension;
        let part = self.segment(folder, dimension, |out| rows.iter().try_for_each(|row| out.add(*row)))?;
        let ids: Vec<&str> = rows.iter().map(|row| row.id).collect();
        let (mut next, _) = without(folder, current, &ids)?;
        next.segments.extend(part);
        self.commit(folder, &next)?;
        Ok(next)
    }

    pub(super) fn delete(
        &mut self,
        folder: &Path,
        current: &Snapshot,
        ids: &[&str],
    ) -> Result<(Snapshot, usize), IndexError> {
        let (next, deleted) = without(folder, current, ids)?;
        if deleted > 0 {
            self.commit(folder, &next)?;
        }
        Ok((next, deleted))
    }

    pub(super) fn tidy(&mut self, folder: &Path, current: &Snapshot) -> Result<(Snapshot, bool), IndexError> {
        let fill = |part: &Part| Fill { rows: part.segment.rows(), alive: part.alive.count() };
        let fills: Vec<Fill> = current.segments.iter().map(fill).collect();
        let (Some(range), Some(kind)) = (plan::next(&fills), &current.kind) else {
            return Ok((current.clone(), false));
        };
        let old = current.segments.get(range.clone()).unwrap_or_default();
        let part =
            self.segment(folder, kind.dimension, |out| old.iter().try_for_each(|part| copy(part, out)))?;
        let mut next = current.clone();
        next.segments.splice(range, part);
        self.commit(folder, &next)?;
        Ok((next, true))
    }

    /// Makes a segment; none of no rows.
    fn segment<E: From<IndexError>>(
        &mut self,
        folder: &Path,
        dimension: usize,
        fill: impl FnOnce(&mut Rows) -> Result<(), E>,
    ) -> Result<Option<Part>, E> {
        let number = self.next;
        let path = folder.join(segment_file(number));
        let out = SegmentWriter::create(&path, dimension).map_err(IndexError::from)?;
        let mut rows = Rows { out, dimension, unit: Vec::with_capacity(dimension) };
        fill(&mut rows)?;
        if rows.out.rows() == 0 {
            return Ok(None);
        }
        self.next += 1;
        let want_codes = rows.out.rows() >= WORTH_CODES && codes::DIMENSIONS.contains(&dimension);
        rows.out.finish(want_codes).map_err(IndexError::from)?;
        Ok(Some(open(folder, &path, number)?))
    }

    fn commit(&self, folder: &Path, next: &Snapshot) -> Result<(), IndexError> {
        let Some(kind) = &next.kind else { return Ok(()) };
        let entry =
            |part: &Part| Entry { number: part.number, rows: part.segment.rows(), deletions: part.deletions };
        let entries = next.segments.iter().map(entry).collect();
        Manifest::new(kind.clone(), self.next, entries).write(folder)?;
        // The change is made, whatever comes of this. The next one sweeps too, and says what is wrong.
        let _ = sweep(folder);
        Ok(())
    }
}

/// Takes the right to change an index, or says that another has it.
pub(super) fn lock(folder: &Path) -> Result<File, IndexError> {
    fs::create_dir_all(folder)?;
    let lock = File::create(folder.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(IndexError::Busy),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Opens a segment just written; of rows with the same name all but the last are gone.
fn open(folder: &Path, path: &Path, number: u64) -> Result<Part, IndexError> {
    let segment = Segment::open(path)?;
    let mut dead = Bitmap::none(segment.rows());
    for row in segment.replaced() {
        dead.insert(row);
    }
    let deletions = u64::from(dead.count() > 0);
    if deletions > 0 {
        write_dead(&folder.join(dead_file(number, deletions)), &dead)?;
    }
    Ok(Part { number, segment: Arc::new(segment), alive: Arc::new(dead.complement()), deletions })
}

/// The index without the rows of these documents, their deletion on disk but not yet in the manifest.
fn without(folder: &Path, current: &Snapshot, ids: &[&str]) -> Result<(Snapshot, usize), IndexError> {
    let mut next = current.clone();
    let mut deleted = 0;
    for part in &mut next.segments {
        let mut dead = part.alive.complement();
        let gone = ids.iter().filter_map(|id| part.find(id)).filter(|row| dead.insert(*row)).count();
        if gone > 0 {
            part.deletions += 1;
            write_dead(&folder.join(dead_file(part.number, part.deletions)), &dead)?;
            part.alive = Arc::new(dead.complement());
            deleted += gone;
        }
    }
    Ok((next, deleted))
}

fn copy(part: &Part, out: &mut Rows) -> Result<(), IndexError> {
    let segment = &part.segment;
    for row in (0..segment.rows()).filter(|row| part.alive.contains(*row)) {
        let (Some(id), Some(vector)) = (segment.id(row), segment.vector(row)) else {
            return Err(WorkingError::Damaged("a row without a name").into());
        };
        let time = segment.times().get(row).copied().filter(|time| *time != crate::working::NO_TIME);
        out.out.add(Row { id, vector, category: segment.category(row), time })?;
    }
    Ok(())
}
