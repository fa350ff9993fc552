//! Rows out of a file, one at a time.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Shape, header};

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FaissError {
    /// The disk.
    #[error("the index file can't be read: {0}")]
    Io(#[from] io::Error),
    /// It ends inside its header.
    #[error("the index file ends in the middle of its header")]
    Cut,
    /// Another kind of index, or no index at all.
    #[error("not a flat faiss index: the file begins with `{0}`")]
    Kind(String),
    /// A row can't be that wide.
    #[error("the index file claims rows of {0} numbers")]
    Dimension(i32),
    /// A file can't have that many.
    #[error("the index file claims {0} rows")]
    Rows(i64),
    /// One of the metrics that nothing here can answer.
    #[error("the index file compares by metric {0}; inner product (0) and L2 (1) are known")]
    Metric(i32),
    /// Two of its fields can't both be true.
    #[error("the index file contradicts itself: {0} differ")]
    Contradiction(&'static str),
    /// Cut short, or something stands behind the end.
    #[error("the index file claims {} bytes and has {length}", claimed.map_or("too many".to_owned(), |n| n.to_string()))]
    Length {
        /// By its header, unless that is more than can be counted.
        claimed: Option<u64>,
        /// In truth.
        length: u64,
    },
    /// NaN or an infinity.
    #[error("row {0} of the index file has a number that is none")]
    NotFinite(u64),
}

/// An open file whose header has been checked against its length.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    shape: Shape,
    ids: Option<Vec<i64>>,
    next: u64,
    bytes: Vec<u8>,
}

impl<R: Read + Seek> Reader<R> {
    /// Checks the header, and reads the numbers of the rows if the file has them.
    pub fn new(mut source: R) -> Result<Self, FaissError> {
        let length = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let mut head = Vec::new();
        let longest = u64::try_from(header::OUTER + header::FLAT).unwrap_or(u64::MAX);
        source.by_ref().take(longest).read_to_end(&mut head)?;
        let shape = header::parse(&head, length)?;
        // From here on the length of the file stands behind every number of the header.
        let ids = if shape.id_map.is_some() { Some(ids(&mut source, &shape)?) } else { None };
        let around = if shape.id_map.is_some() { header::OUTER } else { 0 };
        source.seek(SeekFrom::Start(u64::try_from(around + header::FLAT).unwrap_or(u64::MAX)))?;
        let bytes = if shape.rows == 0 { Vec::new() } else { vec![0; shape.dimension * 4] };
        Ok(Self { source, shape, ids, next: 0, bytes })
    }

    /// What the header says.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The numbers of the rows, where the file has them.
    pub fn ids(&self) -> Option<&[i64]> {
        self.ids.as_deref()
    }

    /// Puts the next row into `row`, and says whether there was one.
    pub fn next_row(&mut self, row: &mut Vec<f32>) -> Result<bool, FaissError> {
        row.clear();
        if self.next == self.shape.rows {
            return Ok(false);
        }
        self.source.read_exact(&mut self.bytes)?;
        row.extend(self.bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        if !row.iter().all(|number| number.is_finite()) {
            return Err(FaissError::NotFinite(self.next));
        }
        self.next += 1;
        Ok(true)
    }
}

/// The map of ids stands behind the rows: their count again, then one for each.
fn ids<R: Read + Seek>(source: &mut R, shape: &Shape) -> Result<Vec<i64>, FaissError> {
    let length = shape.rows.checked_mul(8).and_then(|bytes| bytes.checked_add(8)).ok_or(FaissError::Cut)?;
    source.seek(SeekFrom::End(-i64::try_from(length).map_err(|_| FaissError::Cut)?))?;
    let mut bytes = Vec::new();
    source.by_ref().take(length).read_to_end(&mut bytes)?;
    let (count, ids) = bytes.split_first_chunk::<8>().ok_or(FaissError::Cut)?;
    if u64::from_le_bytes(*count) != shape.rows {
        return Err(FaissError::Contradiction("the length of the id map and the rows"));
    }
    Ok(ids.as_chunks::<8>().0.iter().map(|id| i64::from_le_bytes(*id)).collect())
}
