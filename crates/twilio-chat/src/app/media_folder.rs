//! The folder of attachments: `<xx>/<sha256>`, named by content, so that equal files are one.
//!
//! A file appears whole or not at all, and is on disk before anything refers to it. Nothing here knows what
//! refers to it.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use hub_domain::media::MediaKind;
use hub_store::StoredFile;
use sha2::{Digest as _, Sha256};

/// Ending of a file that is being written.
const UNFINISHED: &str = "part";

/// Where attachments are kept.
#[derive(Clone, Debug)]
pub struct MediaFolder(PathBuf);

impl MediaFolder {
    /// The folder; it is made when the first file comes.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Keeps these bytes under that name, which is [`name_of`] them. When it returns they are on disk.
    ///
    /// # Errors
    /// The system's, as when the disk is full; nothing but an unfinished `.part` is left then.
    pub(crate) fn keep(&self, sha256: &str, content: &[u8]) -> io::Result<StoredFile> {
        let size = u32::try_from(content.len()).map_err(io::Error::other)?;
        let path = self.path(sha256);
        let folder = path.parent().unwrap_or(&self.0);
        // What bears the name was whole when it got it.
        if !path.exists() {
            create_private(folder)?;
            write_whole(&path, content)?;
        }
        // The names of file and folders are entries of the folders above, and whoever gave this file its name
        // may have died before they were on disk.
        for above in [folder, &self.0].into_iter().chain(self.0.parent()) {
            if !above.as_os_str().is_empty() {
                File::open(above)?.sync_all()?;
            }
        }
        Ok(StoredFile { sha256: sha256.to_owned(), kind: MediaKind::of(content), size })
    }

    /// Removes a file; one that is not there is removed already. When it returns the removal is on disk.
    pub(crate) fn remove(&self, sha256: &str) -> io::Result<()> {
        let path = self.path(sha256);
        for left in [&path, &path.with_extension(UNFINISHED)] {
            match fs::remove_file(left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        match path.parent().map(File::open) {
            Some(Ok(folder)) => folder.sync_all(),
            // No folder, no file.
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Some(Err(error)) => Err(error),
            None => Ok(()),
        }
    }

    /// Where a file of that name lies.
    pub(crate) fn path(&self, sha256: &str) -> PathBuf {
        self.0.join(sha256.get(..2).unwrap_or_default()).join(sha256)
    }
}

/// The name of a file with this content: its SHA-256 in hexadecimal.
pub(crate) fn name_of(content: &[u8]) -> String {
    Sha256::digest(content).into_iter().fold(String::new(), |mut name, byte| {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// Under another name until it is whole and on disk.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let part = path.with_extension(UNFINISHED);
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&part, path)
}

/// Only its owner looks into it: it holds people's pictures.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
