//! The folder in which an import prepares its files, and how a finished one leaves it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::io_fault;
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
pub(super) fn name_of_copy(stem: &str, now: Timestamp) -> String {
    format!("{stem}-{}.db", now.strftime("%Y%m%d-%H%M%S"))
}

/// Moves a finished file to its place (or, when that is taken, to one beside it) and makes that durable.
pub(super) fn keep(file: &Path, place: &Path) -> Result<PathBuf, ImportError> {
    let free = free_place(place);
    replace(file, &free)?;
    Ok(free)
}

/// Puts a finished file in the place of another, if there is one, in one step that survives a power cut.
pub(super) fn replace(file: &Path, place: &Path) -> Result<(), ImportError> {
    let doing = || format!("putting {} in its place", place.display());
    File::open(file).and_then(|file| file.sync_all()).map_err(io_fault(doing()))?;
    fs::rename(file, place).map_err(io_fault(doing()))?;
    File::open(folder_of(place)).and_then(|folder| folder.sync_all()).map_err(io_fault(doing()))
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
