//! A segment being written: vectors stream to the disk as they come, everything else follows when the last one is there.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::{
    NO_CATEGORY, NO_TIME, WorkingError,
    header::{self, ALIGNMENT, Header, SECTIONS, Section},
};
use crate::{
    durable::Unfinished,
    map::{Map, bytes_of},
    vectors::encoding,
};

/// Names longer than this are no names.
pub(crate) const LONGEST_ID: usize = 1024;

/// One row to come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) id: &'a str,
    /// Of length one.
    pub(crate) vector: &'a [f32],
    pub(crate) category: Option<&'a str>,
    pub(crate) time: Option<i64>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct SegmentWriter {
    unfinished: Unfinished,
    out: Hashing,
    dimension: usize,
    ids: Vec<u8>,
    id_ends: Vec<u64>,
    categories: Vec<u32>,
    times: Vec<i64>,
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl SegmentWriter {
    pub(crate) fn create(path: &Path, dimension: usize) -> io::Result<Self> {
        let unfinished = Unfinished::create(path)?;
        let mut file = unfinished.file().try_clone()?;
        file.seek(SeekFrom::Start(header::LENGTH))?;
        let out =
            Hashing { out: BufWriter::with_capacity(1 << 20, file), sum: Sha256::new(), at: header::LENGTH };
        Ok(Self {
            unfinished,
            out,
            dimension,
            ids: Vec::new(),
            id_ends: Vec::new(),
            categories: Vec::new(),
            times: Vec::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.id_ends.len()
    }

    /// The caller has checked the row.
    pub(crate) fn add(&mut self, row: Row<'_>) -> io::Result<()> {
        debug_assert_eq!(row.vector.len(), self.dimension, "rows of a segment have one dimension");
        self.out.write(bytes_of(row.vector))?;
        self.ids.extend(row.id.as_bytes());
        self.id_ends.push(u64::try_from(self.ids.len()).map_err(io::Error::other)?);
        self.times.push(row.time.unwrap_or(NO_TIME));
        let number = row.category.map_or(Ok(NO_CATEGORY), |name| self.number(name))?;
        self.categories.push(number);
        Ok(())
    }

    /// Writes the rest and puts the file in its place. Codes are made if asked for, and kept if they are good.
    pub(crate) fn finish(mut self, want_codes: bool) -> Result<(), WorkingError> {
        let mut parts = SECTIONS.map(|_| 0..0);
        let vectors = usize::try_from(header::LENGTH).unwrap_or(0)..self.out.place()?;
        let codes = if want_codes { self.encode(&vectors)? } else { encoding::Encoded::default() };
        let names = serde_json::to_vec(&self.names).map_err(io::Error::from)?;
        let order = self.order()?;
        for (section, part) in SECTIONS.iter().zip(&mut parts) {
            let bytes = match section {
                Section::Vectors => {
                    *part = vectors.clone();
                    continue;
                }
                Section::Codes => bytes_of(&codes.columns),
                Section::Factors => bytes_of(&codes.factors),
                Section::Mean => bytes_of(&codes.mean),
                Section::IdEnds => bytes_of(&self.id_ends),
                Section::Ids => &self.ids,
                Section::Order => bytes_of(&order),
                Section::Categories => bytes_of(&self.categories),
                Section::Times => bytes_of(&self.times),
                Section::Names => &names,
            };
            self.out.align()?;
            let from = self.out.place()?;
            self.out.write(bytes)?;
            *part = from..self.out.place()?;
        }
        let rows = self.id_ends.len();
        let whole = self.out.at;
        let (mut file, sum) = self.out.end()?;
        let header = Header { dimension: self.dimension, rows, contents: sum, parts };
        let page = header.page(whole).ok_or(WorkingError::Damaged("its shape can't be"))?;
        file.rewind()?;
        file.write_all(&page)?;
        self.unfinished.place()?;
        Ok(())
    }

    /// The vectors are read back through a map: they may be more than memory holds.
    fn encode(&mut self, vectors: &std::ops::Range<usize>) -> Result<encoding::Encoded, WorkingError> {
        self.out.out.flush()?;
        let map = Map::new(&File::open(self.unfinished.path())?)?;
        let vectors =
            map.numbers(vectors.clone()).ok_or(WorkingError::Damaged("rows that were just written"))?;
        Ok(encoding::encode(vectors, self.dimension))
    }

    /// Rows by name, of equal names the later first.
    fn order(&self) -> io::Result<Vec<u32>> {
        let rows = u32::try_from(self.id_ends.len()).map_err(io::Error::other)?;
        let name = |row: u32| {
            let row = usize::try_from(row).unwrap_or(usize::MAX);
            let end = |row: usize| self.id_ends.get(row).and_then(|end| usize::try_from(*end).ok());
            let from = row.checked_sub(1).map_or(Some(0), end)?;
            self.ids.get(from..end(row)?)
        };
        let mut order: Vec<u32> = (0..rows).collect();
        order.sort_unstable_by(|a, b| name(*a).cmp(&name(*b)).then(b.cmp(a)));
        Ok(order)
    }

    fn number(&mut self, name: &str) -> io::Result<u32> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let number = u32::try_from(self.names.len()).map_err(io::Error::other)?;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }
}

/// Writes, counts and sums up.
struct Hashing {
    out: BufWriter<File>,
    sum: Sha256,
    at: u64,
}

impl Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.sum.update(bytes);
        self.at += u64::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(())
    }

    fn align(&mut self) -> io::Result<()> {
        let padding = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.write(&vec![0; usize::try_from(padding).unwrap_or(0)])
    }

    fn place(&self) -> io::Result<usize> {
        usize::try_from(self.at).map_err(io::Error::other)
    }

    fn end(self) -> io::Result<(File, [u8; 32])> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((file, self.sum.finalize().into()))
    }
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hashing").field("at", &self.at).finish_non_exhaustive()
    }
}
