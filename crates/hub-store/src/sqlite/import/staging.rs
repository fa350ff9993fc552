//! The folder in which an import prepares its files, and how a finished one leaves it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{io_fault, source};
use crate::import::ImportError;

/// `import/staging` beside a database. It is emptied before use, since a process that died may have left
/// files there, and goes away when dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// Folders above it that were not there, the deepest first.
    made: Vec<PathBuf>,
}

impl Staging {
    pub(super) fn beside(database: &Path) -> Result<Self, ImportError> {
        let folder = folder_of(database).join("import");
        let made = folder_of(database).ancestors().take_while(|above| !above.exists()).map(Path::to_owned);
        let staging = Self { made: made.collect(), folder };
        staging.clear();
        let path = staging.path();
        fs::create_dir_all(&path).map_err(io_fault(format!("making {}", path.display())))?;
        Ok(staging)
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Where finished copies are kept.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self) -> PathBuf {
        self.folder.join("staging")
    }

    /// What can't be removed now is removed by the next import.
    fn clear(&self) {
        let _ = fs::remove_dir_all(self.path());
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.clear();
        // They go only when nothing is kept in them.
        for folder in std::iter::once(&self.folder).chain(&self.made) {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// `original-20260102-030405.db`
fn name_of_copy(stem: &str, now: Timestamp) -> String {
    format!("{stem}-{}.db", now.strftime("%Y%m%d-%H%M%S"))
}

/// A copy in the place where it stays.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    is_new: bool,
}

impl Kept {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn into_path(self) -> PathBuf {
        self.path
    }

    /// Nothing was taken over: a copy of its own goes, one from before stays.
    pub(super) fn take_back(self) {
        if self.is_new {
            // It does no harm there, and the next try finds it.
            let _ = fs::remove_file(self.path);
        }
    }
}

/// Moves a finished copy into the folder and makes that durable. Where the same was kept before, as by an import
/// that was killed, that one stays and serves.
pub(super) fn keep(file: &Path, folder: &Path, stem: &str, now: Timestamp) -> Result<Kept, ImportError> {
    if let Some(path) = kept_before(file, folder, stem) {
        return Ok(Kept { path, is_new: false });
    }
    let path = free_place(&folder.join(name_of_copy(stem, now)));
    replace(file, &path)?;
    Ok(Kept { path, is_new: true })
}

fn kept_before(file: &Path, folder: &Path, stem: &str) -> Option<PathBuf> {
    let is_copy = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{stem}-")) && name.ends_with(".db")
    };
    let names = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    names.filter(is_copy).find(|path| source::same(file, path).unwrap_or(false))
}

/// Puts a finished file in the place of another, if there is one, in one step that survives a power cut. What fails
/// after that step doesn't undo it.
pub(super) fn replace(file: &Path, place: &Path) -> Result<(), ImportError> {
    let doing = || format!("putting {} in its place", place.display());
    File::open(file).and_then(|file| file.sync_all()).map_err(io_fault(doing()))?;
    fs::rename(file, place).map_err(io_fault(doing()))?;
    if let Err(error) = File::open(folder_of(place)).and_then(|folder| folder.sync_all()) {
        tracing::warn!(%error, place = %place.display(), "a file is in its place, but not yet for sure on the disk");
    }
    Ok(())
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn free_place(place: &Path) -> PathBuf {
    let mut free = place.to_owned();
    let mut number = 1;
    while free.exists() {
        number += 1;
        free = place.with_extension(format!("{number}.db"));
    }
    free
}
