//! The first page of a segment: what lies where, and two checksums.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::WorkingError;
use crate::vectors::{
    codes::{self, Factors},
    kernel::BLOCK,
};

const MAGIC: &[u8; 8] = b"hubvec\r\n";
/// Another layout, another rotation or another meaning of a number is another version.
pub(super) const VERSION: u32 = 1;
/// A page: sections begin at its end and stay aligned for any kind of number.
pub(super) const LENGTH: u64 = 4096;
/// Sections begin at multiples of this.
pub(super) const ALIGNMENT: u64 = 64;
/// Wider rows are no embeddings.
const MAX_DIMENSION: u32 = 1 << 20;

/// The sections in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// f32, row after row.
    Vectors,
    /// Blocks of columns.
    Codes,
    /// f32: 32 scales and 32 summands for each block.
    Factors,
    /// f32: the rotated mean.
    Mean,
    /// u64 for each row: where its name ends.
    IdEnds,
    /// The names, one behind another.
    Ids,
    /// u32: rows in the order of their names, of equal names the later first.
    Order,
    /// u32 for each row.
    Categories,
    /// i64 for each row.
    Times,
    /// JSON: the names of the categories.
    Names,
}

pub(super) const SECTIONS: [Section; 10] = [
    Section::Vectors,
    Section::Codes,
    Section::Factors,
    Section::Mean,
    Section::IdEnds,
    Section::Ids,
    Section::Order,
    Section::Categories,
    Section::Times,
    Section::Names,
];

/// A checked header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(super) dimension: usize,
    pub(super) rows: usize,
    pub(super) contents: [u8; 32],
    /// In the order of the sections.
    pub(super) parts: [Range<usize>; 10],
}

impl Header {
    pub(super) fn range(&self, section: Section) -> Range<usize> {
        let place = SECTIONS.iter().position(|known| *known == section);
        place.and_then(|place| self.parts.get(place)).cloned().unwrap_or(0..0)
    }

    pub(super) fn has_codes(&self) -> bool {
        !self.range(Section::Codes).is_empty()
    }

    /// Reads the header of a whole file.
    pub(super) fn parse(file: &[u8]) -> Result<Self, WorkingError> {
        let page = file.get(..length()).ok_or(WorkingError::Foreign)?;
        let mut fields = Fields { left: page };
        if fields.take::<8>() != *MAGIC {
            return Err(WorkingError::Foreign);
        }
        let version = u32::from_le_bytes(fields.take());
        if version != VERSION {
            return Err(WorkingError::Version(version));
        }
        let (sealed, sum) = page.split_at(length() - 32);
        if Sha256::digest(sealed).as_slice() != sum {
            return Err(WorkingError::Damaged("its header doesn't have the checksum it was written with"));
        }
        let dimension = u32::from_le_bytes(fields.take());
        let rows = u64::from_le_bytes(fields.take());
        let whole = u64::from_le_bytes(fields.take());
        let contents = fields.take();
        if Ok(whole) != u64::try_from(file.len()) {
            return Err(WorkingError::Damaged("it doesn't have its length"));
        }
        if dimension == 0 || dimension > MAX_DIMENSION || rows >= u64::from(u32::MAX) {
            return Err(WorkingError::Damaged("its shape can't be"));
        }
        let (Ok(dimension), Ok(rows)) = (usize::try_from(dimension), usize::try_from(rows)) else {
            return Err(WorkingError::Damaged("its shape can't be"));
        };
        let mut parts = SECTIONS.map(|_| 0..0);
        for part in &mut parts {
            let from = usize::try_from(u64::from_le_bytes(fields.take())).unwrap_or(usize::MAX);
            let to = usize::try_from(u64::from_le_bytes(fields.take())).unwrap_or(usize::MAX);
            *part = from..to;
        }
        let header = Self { dimension, rows, contents, parts };
        header.check(file.len())?;
        Ok(header)
    }

    /// Every section lies in the file, is aligned, and is as long as the shape demands.
    fn check(&self, file: usize) -> Result<(), WorkingError> {
        for section in SECTIONS {
            let part = self.range(section);
            let aligned = u64::try_from(part.start).is_ok_and(|start| start % ALIGNMENT == 0);
            let inside = part.start >= length() && part.start <= part.end && part.end <= file;
            let wanted = self.wanted(section);
            let fits = wanted.is_none_or(|wanted| part.len() == wanted)
                || (is_optional(section) && !self.has_codes() && part.is_empty());
            if !(aligned && inside && fits) {
                return Err(WorkingError::Damaged("one of its sections is not where it must be"));
            }
        }
        Ok(())
    }

    /// Bytes of a section, where the shape fixes them. More than any file has where they can't be counted.
    fn wanted(&self, section: Section) -> Option<usize> {
        let (rows, dimension) = (self.rows, self.dimension);
        let blocks = rows.div_ceil(BLOCK);
        let size = match section {
            Section::Ids | Section::Names => return None,
            Section::Vectors => rows.checked_mul(dimension).and_then(|numbers| numbers.checked_mul(4)),
            Section::Codes => {
                blocks.checked_mul(codes::columns(dimension)).and_then(|columns| columns.checked_mul(BLOCK))
            }
            Section::Factors => blocks.checked_mul(Factors::LENGTH * 4),
            Section::Mean => dimension.checked_mul(4),
            Section::IdEnds | Section::Times => rows.checked_mul(8),
            Section::Order | Section::Categories => rows.checked_mul(4),
        };
        Some(size.unwrap_or(usize::MAX))
    }

    /// The page to write.
    pub(super) fn page(&self, whole: u64) -> Option<Vec<u8>> {
        let mut page = Vec::with_capacity(length());
        page.extend(MAGIC);
        page.extend(VERSION.to_le_bytes());
        page.extend(u32::try_from(self.dimension).ok()?.to_le_bytes());
        page.extend(u64::try_from(self.rows).ok()?.to_le_bytes());
        page.extend(whole.to_le_bytes());
        page.extend(self.contents);
        for part in &self.parts {
            page.extend(u64::try_from(part.start).ok()?.to_le_bytes());
            page.extend(u64::try_from(part.end).ok()?.to_le_bytes());
        }
        page.resize(length() - 32, 0);
        let sum = Sha256::digest(&page);
        page.extend(sum);
        Some(page)
    }
}

/// Codes are there together or not at all.
fn is_optional(section: Section) -> bool {
    matches!(section, Section::Codes | Section::Factors | Section::Mean)
}

/// [`LENGTH`] in memory.
pub(super) const fn length() -> usize {
    4096
}

/// Fields of the page, which is longer than all of them.
struct Fields<'a> {
    left: &'a [u8],
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((field, left)) = self.left.split_first_chunk() else { return [0; N] };
        self.left = left;
        *field
    }
}
