//! `index.npz`: the vectors as numpy saves them compressed, `embeddings` of shape (rows, dimension) in `<f4`.
//!
//! Its `ids` are a pickle and are never looked at: `docs.json` has the same ids in the same order. No more is inflated
//! than the array's own header declares, and that is held against what the compressed bytes could ever hold.

mod npy;

#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek, SeekFrom, Write};

use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// Deflate can't do better.
const BEST_RATIO: u64 = 1032;
/// The widest row that is believed, as in faiss files.
const MAX_DIMENSION: u64 = 1 << 20;

/// Why such a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NpzError {
    /// The disk, or broken compression.
    #[error("the npz file can't be read: {0}")]
    Io(#[from] io::Error),
    /// Not a zip archive, or one without embeddings.
    #[error("not an npz file: {0}")]
    Zip(#[from] ZipError),
    /// Not the array it should be.
    #[error("the array of the npz file is not understood: {0}")]
    Array(&'static str),
    /// NaN or an infinity.
    #[error("row {0} of the npz file has a number that is none")]
    NotFinite(u64),
}

/// Gives each row in order, after `begin` was told rows and dimension.
pub fn read<R: Read + Seek, E: From<NpzError>>(
    mut source: R,
    begin: impl FnOnce(u64, usize) -> Result<(), E>,
    mut each: impl FnMut(&[f32]) -> Result<(), E>,
) -> Result<(), E> {
    let length = source.seek(SeekFrom::End(0)).map_err(NpzError::from)?;
    let mut archive = ZipArchive::new(source).map_err(NpzError::from)?;
    let mut member = archive.by_name("embeddings.npy").map_err(NpzError::from)?;
    let compressed = member.compressed_size().min(length);
    let (rows, dimension) = npy::shape(&mut member)?;
    let bytes = rows.checked_mul(dimension).and_then(|numbers| numbers.checked_mul(4));
    if bytes.is_none_or(|bytes| bytes > compressed.saturating_mul(BEST_RATIO)) {
        return Err(NpzError::Array("it claims more than the file can hold").into());
    }
    if dimension > MAX_DIMENSION || (dimension == 0 && rows > 0) {
        return Err(NpzError::Array("its rows can't be that wide").into());
    }
    let wide = usize::try_from(dimension).map_err(|_| NpzError::Array("its rows can't be that wide"))?;
    begin(rows, wide)?;
    let mut raw = vec![0; if rows == 0 { 0 } else { wide * 4 }];
    let mut row = Vec::with_capacity(wide);
    for number in 0..rows {
        member.read_exact(&mut raw).map_err(NpzError::from)?;
        row.clear();
        row.extend(raw.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        if !row.iter().all(|number| number.is_finite()) {
            return Err(NpzError::NotFinite(number).into());
        }
        each(&row)?;
    }
    // Also reads the checksum that the archive keeps.
    if member.read(&mut [0]).map_err(NpzError::from)? != 0 {
        return Err(NpzError::Array("something stands behind its end").into());
    }
    Ok(())
}

/// Writes such a file: rows in the order of their ids.
pub fn write<'a, W: Write + Seek>(
    out: W,
    dimension: usize,
    ids: &[&str],
    rows: impl Iterator<Item = &'a [f32]>,
) -> Result<W, NpzError> {
    let mut archive = ZipWriter::new(out);
    // numpy writes every member with large sizes and without a date.
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    archive.start_file("embeddings.npy", options)?;
    archive.write_all(&npy::header("<f4", &format!("({}, {dimension})", ids.len())))?;
    let mut written = 0;
    let mut bytes = Vec::with_capacity(dimension * 4);
    for row in rows {
        if row.len() != dimension {
            return Err(NpzError::Array("a row of another dimension"));
        }
        bytes.clear();
        bytes.extend(row.iter().flat_map(|number| number.to_le_bytes()));
        archive.write_all(&bytes)?;
        written += 1;
    }
    if written != ids.len() {
        return Err(NpzError::Array("as many ids as rows are needed"));
    }
    archive.start_file("ids.npy", options)?;
    let width = ids.iter().map(|id| id.chars().count()).max().unwrap_or(0).max(40);
    archive.write_all(&npy::header(&format!("<U{width}"), &format!("({},)", ids.len())))?;
    for id in ids {
        bytes.clear();
        bytes.extend(id.chars().flat_map(|character| u32::from(character).to_le_bytes()));
        bytes.resize(width * 4, 0);
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?)
}
