//! The vector index: rows appended and deleted while others search, in files that open at once.
//!
//! An index is a list of segments that never change, each with the set of its deleted rows. A writer makes new files
//! beside the old ones and then places a new manifest; readers hold a [`Snapshot`] and are never waited for. What a
//! damaged file would cost is refused when opening, and the index is built again from its documents.

pub(crate) mod bitmap;
pub(crate) mod codes;
pub(crate) mod encoding;
mod filter;
pub(crate) mod kernel;
mod manifest;
mod plan;
mod rotation;
mod scan;
mod second;
mod snapshot;
mod top;
mod unit;
mod writer;

#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

pub use filter::Filter;
pub use snapshot::{Hit, Kind, Snapshot};
pub use unit::BadVector;
pub use writer::{Built, IndexError, NewRow, Rows};

use crate::working::{Segment, WorkingError, read_dead};
use bitmap::Bitmap;
use kernel::Kernel;
use manifest::Manifest;
use snapshot::Part;
use writer::Writer;

/// How often opening begins again when another process swaps the files under it.
const ATTEMPTS: usize = 3;

/// An open index. Shared by all threads; one process at a time may write.
#[derive(Debug)]
pub struct VectorIndex {
    folder: PathBuf,
    current: RwLock<Arc<Snapshot>>,
    /// Empty until the first change: readers need no lock.
    writer: Mutex<Option<Writer>>,
}

impl VectorIndex {
    /// Opens the index of a folder; without one it is empty. Refuses files that are damaged, foreign or of another
    /// version: then [`VectorIndex::open_anew`] and build.
    pub fn open(folder: &Path) -> Result<Self, WorkingError> {
        let snapshot = load(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            current: RwLock::new(Arc::new(snapshot)),
            writer: Mutex::new(None),
        })
    }

    /// Forgets what the folder holds and opens it as empty. Refused while another process changes it.
    pub fn open_anew(folder: &Path) -> Result<Self, IndexError> {
        let lock = writer::lock(folder)?;
        Manifest::remove(folder)?;
        drop(lock);
        Ok(Self::open(folder)?)
    }

    /// The index as it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// [`Snapshot::search`] in the index as it is now.
    pub fn search(&self, query: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, BadVector> {
        self.snapshot().search(query, k, filter)
    }

    /// Replaces everything by what `fill` adds; searches see the old rows until all new ones are on disk.
    ///
    /// Other changes wait for it. If `fill` fails, nothing has happened.
    pub fn rebuild<E: From<IndexError>>(
        &self,
        kind: Kind,
        fill: impl FnOnce(&mut Rows) -> Result<(), E>,
    ) -> Result<Built, E> {
        self.change(|writer, folder, current| writer.rebuild(folder, current, kind, fill))
    }

    /// Adds rows, or puts them in the place of earlier ones of the same name.
    pub fn append(&self, rows: &[NewRow<'_>]) -> Result<(), IndexError> {
        self.change(|writer, folder, current| writer.append(folder, current, rows).map(|next| (next, ())))
    }

    /// Deletes the rows of these documents, and says how many there were.
    pub fn delete(&self, ids: &[&str]) -> Result<usize, IndexError> {
        self.change(|writer, folder, current| writer.delete(folder, current, ids))
    }

    /// Writes segments anew that have many deleted rows, joins small ones, and says whether there were any.
    ///
    /// To be called after changes when there is time. It costs as much as building what it touches; without it
    /// searches stay right and become slower.
    pub fn tidy(&self) -> Result<bool, IndexError> {
        let mut any = false;
        while self.change(Writer::tidy)? {
            any = true;
        }
        Ok(any)
    }

    fn change<T, E: From<IndexError>>(
        &self,
        change: impl FnOnce(&mut Writer, &Path, &Snapshot) -> Result<(Snapshot, T), E>,
    ) -> Result<T, E> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            let (begun, snapshot) = Writer::begin(&self.folder)?;
            self.publish(snapshot);
            *writer = Some(begun);
        }
        let Some(writer) = writer.as_mut() else { return Err(IndexError::Busy.into()) };
        let current = self.snapshot();
        let (next, told) = change(writer, &self.folder, &current)?;
        self.publish(next);
        Ok(told)
    }

    fn publish(&self, snapshot: Snapshot) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// What the files of a folder say.
fn load(folder: &Path) -> Result<Snapshot, WorkingError> {
    let mut attempt = 1;
    loop {
        match load_once(folder) {
            // The manifest was read, and another process has since replaced what it spoke of.
            Err(WorkingError::Io(error)) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(WorkingError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Err(WorkingError::Damaged("one of its files is missing"));
            }
            loaded => return loaded,
        }
    }
}

fn load_once(folder: &Path) -> Result<Snapshot, WorkingError> {
    let kernel = Kernel::best();
    let Some(manifest) = Manifest::read(folder)? else {
        return Ok(Snapshot { kind: None, segments: Vec::new(), kernel });
    };
    let mut segments = Vec::with_capacity(manifest.segments.len());
    for entry in &manifest.segments {
        let segment = Segment::open(&folder.join(manifest::segment_file(entry.number)))?;
        if segment.rows() != entry.rows || segment.dimension() != manifest.kind.dimension {
            return Err(WorkingError::Damaged("a segment is not the one it should be"));
        }
        let alive = if entry.deletions == 0 {
            Bitmap::all(entry.rows)
        } else {
            read_dead(&folder.join(manifest::dead_file(entry.number, entry.deletions)), entry.rows)?
                .complement()
        };
        segments.push(Part {
            number: entry.number,
            segment: Arc::new(segment),
            alive: Arc::new(alive),
            deletions: entry.deletions,
        });
    }
    Ok(Snapshot { kind: Some(manifest.kind), segments, kernel })
}

/// Removes files of ours that no manifest speaks of: what a crash or an earlier state left.
fn sweep(folder: &Path) -> Result<(), WorkingError> {
    let manifest = Manifest::read(folder)?;
    let kept: Vec<String> = manifest.iter().flat_map(Manifest::files).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_str()
            && manifest::is_ours(name)
            && name != "manifest"
            && !kept.iter().any(|kept| kept == name)
        {
            crate::durable::remove(&entry.path())?;
        }
    }
    Ok(())
}
