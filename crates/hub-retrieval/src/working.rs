//! Our own index files, made to be mapped: a page of header, then aligned sections of numbers.
//!
//! A header with its own checksum, every bound checked against the file's length: a file that passes `open` can't make
//! anything read outside it, whatever its contents. The checksum of the contents is for `verify`, which reads all of
//! them; opening reads a page. The format is private: another version is refused and built again from documents.

mod header;
mod write;

#[cfg(test)]
mod tests;

use std::{fs::File, io, path::Path};

use sha2::{Digest, Sha256};

use crate::{
    map::{Map, Number},
    vectors::bitmap::Bitmap,
};

pub(crate) use header::{Header, Section};
pub(crate) use write::{LONGEST_ID, Row, SegmentWriter};

/// Why a working file is not taken. Each is mended by building the index again from its documents.
#[derive(Debug, thiserror::Error)]
pub enum WorkingError {
    /// The disk.
    #[error("a working file of the index can't be read: {0}")]
    Io(#[from] io::Error),
    /// Not one of ours.
    #[error("this is no working file of an index")]
    Foreign,
    /// Of an earlier or later program.
    #[error("the working file has version {0}, not the one that this program makes")]
    Version(u32),
    /// Cut or changed.
    #[error("a working file of the index is damaged: {0}")]
    Damaged(&'static str),
}

/// A segment: rows that never change, with what belongs to each.
#[derive(Debug)]
pub(crate) struct Segment {
    map: Map,
    header: Header,
    names: Vec<String>,
}

impl Segment {
    pub(crate) fn open(path: &Path) -> Result<Self, WorkingError> {
        Self::of(&File::open(path)?)
    }

    fn of(file: &File) -> Result<Self, WorkingError> {
        // An empty file can't be mapped everywhere.
        if file.metadata()?.len() < header::LENGTH {
            return Err(WorkingError::Foreign);
        }
        let map = Map::new(file)?;
        let header = Header::parse(map.bytes())?;
        let names =
            map.bytes().get(header.range(Section::Names)).and_then(|json| serde_json::from_slice(json).ok());
        let names = names.ok_or(WorkingError::Damaged("the names of its categories"))?;
        Ok(Self { map, header, names })
    }

    /// Reads everything and compares with the checksum.
    pub(crate) fn verify(&self) -> Result<(), WorkingError> {
        let contents = self.map.bytes().get(header::length()..).unwrap_or_default();
        if Sha256::digest(contents).as_slice() == self.header.contents {
            Ok(())
        } else {
            Err(WorkingError::Damaged("its contents don't have the checksum they were written with"))
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.header.rows
    }

    pub(crate) fn dimension(&self) -> usize {
        self.header.dimension
    }

    pub(crate) fn vectors(&self) -> &[f32] {
        self.section(Section::Vectors)
    }

    pub(crate) fn vector(&self, row: usize) -> Option<&[f32]> {
        let from = row.checked_mul(self.header.dimension)?;
        self.vectors().get(from..from.checked_add(self.header.dimension)?)
    }

    /// Columns of codes, factors and mean, if the segment has codes.
    pub(crate) fn codes(&self) -> Option<Codes<'_>> {
        self.header.has_codes().then(|| Codes {
            columns: self.section(Section::Codes),
            factors: self.section(Section::Factors),
            mean: self.section(Section::Mean),
        })
    }

    /// The name of a row. A damaged file has none for some.
    pub(crate) fn id(&self, row: usize) -> Option<&str> {
        let ends = self.section::<u64>(Section::IdEnds);
        let from = if row == 0 { 0 } else { usize::try_from(*ends.get(row - 1)?).ok()? };
        let to = usize::try_from(*ends.get(row)?).ok()?;
        let ids = self.map.bytes().get(self.header.range(Section::Ids))?;
        str::from_utf8(ids.get(from..to)?).ok()
    }

    /// Rows of this name: the last one written, and any others.
    pub(crate) fn find(&self, id: &str) -> impl Iterator<Item = usize> {
        let order = self.section::<u32>(Section::Order);
        let name = |row: u32| usize::try_from(row).ok().and_then(|row| self.id(row)).unwrap_or_default();
        let from = order.partition_point(|row| name(*row) < id);
        order.get(from..).unwrap_or_default().iter().map_while(move |row| {
            let row = usize::try_from(*row).ok()?;
            (self.id(row) == Some(id)).then_some(row)
        })
    }

    /// Rows whose name a later one has too.
    pub(crate) fn replaced(&self) -> Vec<usize> {
        let order = self.section::<u32>(Section::Order);
        let mut last = None;
        let later = order.iter().filter_map(|row| usize::try_from(*row).ok()).filter(|row| {
            let id = self.id(*row);
            let is_replaced = id.is_some() && id == last;
            last = id;
            is_replaced
        });
        later.collect()
    }

    pub(crate) fn category(&self, row: usize) -> Option<&str> {
        let number = *self.section::<u32>(Section::Categories).get(row)?;
        self.names.get(usize::try_from(number).ok()?).map(String::as_str)
    }

    pub(crate) fn categories(&self) -> &[u32] {
        self.section(Section::Categories)
    }

    /// What the numbers of categories stand for.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Seconds since 1970, [`NO_TIME`] where unknown.
    pub(crate) fn times(&self) -> &[i64] {
        self.section(Section::Times)
    }

    fn section<T: Number>(&self, section: Section) -> &[T] {
        self.map.numbers(self.header.range(section)).unwrap_or_default()
    }
}

/// The number of a category that a row doesn't have.
pub(crate) const NO_CATEGORY: u32 = u32::MAX;
/// The time of a row that has none.
pub(crate) const NO_TIME: i64 = i64::MIN;

/// What a segment keeps for the fast way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes<'a> {
    pub(crate) columns: &'a [[u8; 32]],
    pub(crate) factors: &'a [f32],
    pub(crate) mean: &'a [f32],
}

/// Writes which rows of a segment are gone.
pub(crate) fn write_dead(path: &Path, dead: &Bitmap) -> io::Result<()> {
    let words = crate::map::bytes_of(dead.words());
    let mut bytes = Vec::with_capacity(words.len() + 32);
    bytes.extend(Sha256::digest(words));
    bytes.extend(words);
    crate::durable::write_bytes(path, &bytes)
}

/// Reads which rows of a segment are gone.
pub(crate) fn read_dead(path: &Path, rows: usize) -> Result<Bitmap, WorkingError> {
    const DAMAGED: WorkingError = WorkingError::Damaged("the list of deleted rows");
    let bytes = std::fs::read(path)?;
    let (sum, words) = bytes.split_first_chunk::<32>().ok_or(DAMAGED)?;
    if Sha256::digest(words).as_slice() != sum {
        return Err(DAMAGED);
    }
    let words = words.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    Bitmap::from_words(words, rows).ok_or(DAMAGED)
}
