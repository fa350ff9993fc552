//! The index as files that faiss and the earlier program read: `index.faiss`, `docs.json`, on request `index.npz`.
//!
//! Vectors and documents belong together by their order, so a mixture of old and new files would pair them wrongly.
//! Vectors are therefore taken away before the new documents come, and come back last: whoever looks in between finds
//! documents alone, which is a whole layout too. See docs/decisions for the points where a crash can fall.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    documents::{self, Document},
    durable::{self, Unfinished},
    faiss::{self, Metric, Shape},
    npz,
    vectors::Snapshot,
};

#[cfg(test)]
mod tests;

const FAISS: &str = "index.faiss";
const NPZ: &str = "index.npz";
const DOCUMENTS: &str = "docs.json";
const PICKLE: &str = "index.pkl";
/// Where a pickle goes whose rows are no longer those of `index.faiss`.
const OLD_PICKLE: &str = "index.pkl.old";

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Documents with their rows.
    pub rows: usize,
    /// Documents without a vector: not among the files.
    pub without_vector: usize,
}

/// Writes the files of those documents that have vectors, in the order of the documents.
pub fn write(folder: &Path, snapshot: &Snapshot, all: &[Document], with_npz: bool) -> io::Result<Exported> {
    fs::create_dir_all(folder)?;
    let with_vector = |document: &&Document| snapshot.vector(&document.id).is_some();
    let documents: Vec<Document> = all.iter().filter(with_vector).cloned().collect();
    let rows = || documents.iter().filter_map(|document| snapshot.vector(&document.id));
    let dimension = snapshot.kind().map_or(1, |kind| kind.dimension);

    let list = Unfinished::filled(&folder.join(DOCUMENTS), |out| documents::fill(out, &documents))?;
    let index = Unfinished::filled(&folder.join(FAISS), |out| {
        let count = u64::try_from(documents.len()).map_err(io::Error::other)?;
        let shape = Shape { metric: Metric::InnerProduct, dimension, rows: count, id_map: None };
        let mut out = faiss::Writer::new(out, shape)?;
        rows().try_for_each(|row| out.row(row))?;
        out.finish(&[]).map(drop)
    })?;
    let compressed = if with_npz {
        let ids: Vec<&str> = documents.iter().map(|document| &*document.id).collect();
        Some(Unfinished::filled(&folder.join(NPZ), |out| {
            npz::write(out, dimension, &ids, rows()).map(drop).map_err(io::Error::other)
        })?)
    } else {
        None
    };

    take_away(folder)?;
    list.place()?;
    compressed.map_or(Ok(()), Unfinished::place)?;
    index.place()?;
    Ok(Exported { rows: documents.len(), without_vector: all.len() - documents.len() })
}

/// Writes documents that have no vectors, and takes away the vectors that belonged to others.
pub fn write_documents(folder: &Path, documents: &[Document]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let list = Unfinished::filled(&folder.join(DOCUMENTS), |out| documents::fill(out, documents))?;
    take_away(folder)?;
    list.place()
}

/// Takes away the vectors: afterwards no file stands beside documents that are not its own.
fn take_away(folder: &Path) -> io::Result<()> {
    durable::remove(&folder.join(FAISS))?;
    durable::remove(&folder.join(NPZ))?;
    if folder.join(PICKLE).exists() {
        durable::rename(&folder.join(PICKLE), &folder.join(OLD_PICKLE))?;
    }
    // Without this the removals could reach the disk after the new documents.
    durable::sync_folder(folder)
}

/// Size and time of each file of an index: whether anyone has touched them since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    files: Vec<(String, u64, u128)>,
}

/// The stamp of a folder as it is now. A folder that is not there has an empty one.
pub fn stamp(folder: &Path) -> io::Result<Stamp> {
    stamp_of(folder, &[FAISS, NPZ, DOCUMENTS, PICKLE])
}

/// The stamp of some files of a folder.
pub(crate) fn stamp_of(folder: &Path, names: &[&str]) -> io::Result<Stamp> {
    let mut files = Vec::new();
    for name in names {
        match fs::metadata(folder.join(name)) {
            Ok(file) => {
                let since = file.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                files.push(((*name).to_owned(), file.len(), since.as_nanos()));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Stamp { files })
}

/// A hash of the same files: whether what was touched also became another.
pub fn hash(folder: &Path) -> io::Result<String> {
    let mut sum = Sha256::new();
    for name in [FAISS, NPZ, DOCUMENTS, PICKLE] {
        match fs::File::open(folder.join(name)) {
            Ok(mut file) => {
                sum.update(name);
                io::copy(&mut file, &mut Sum(&mut sum))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(durable::hex(&sum.finalize()))
}

struct Sum<'a>(&'a mut Sha256);

impl io::Write for Sum<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
