//! Files that are either the old one or the new one, whatever crashes: temporary file, sync, rename, sync the folder.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

#[cfg(test)]
mod crash;

/// Ends the name of a file that is not whole yet.
pub(crate) const UNFINISHED: &str = ".unfinished";

/// Writes a whole file beside `path` and puts it in its place.
pub(crate) fn write(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    Unfinished::filled(path, fill)?.place()
}

/// A file under its unfinished name. Dropped before it is in its place, it is removed.
#[derive(Debug)]
pub(crate) struct Unfinished {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Unfinished {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        step()?;
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(unfinished(path))?;
        Ok(Self { file, path: path.to_owned(), placed: false })
    }

    /// Filled and on disk, but not yet in its place.
    pub(crate) fn filled(
        path: &Path,
        fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> io::Result<Self> {
        let made = Self::create(path)?;
        let mut out = BufWriter::with_capacity(1 << 20, made.file.try_clone()?);
        fill(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(made)
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Where it is now.
    pub(crate) fn path(&self) -> PathBuf {
        unfinished(&self.path)
    }

    /// The point of no return: afterwards the file is the new one, also after a power cut.
    pub(crate) fn place(mut self) -> io::Result<()> {
        step()?;
        self.file.sync_all()?;
        rename(&unfinished(&self.path), &self.path)?;
        self.placed = true;
        self.path.parent().map_or(Ok(()), sync_folder)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.placed && step().is_ok() {
            // Whoever could not write the file has said so already; a leftover is swept up later.
            let _ = fs::remove_file(unfinished(&self.path));
        }
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(UNFINISHED);
    path.with_file_name(name)
}

/// Gives a file another name in its folder.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::rename(from, to)
}

/// Makes names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    step()?;
    File::open(folder)?.sync_all()
}

/// Removes a file that may not be there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    step()?;
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes bytes as a whole file.
pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, |out| out.write_all(bytes))
}

/// A checksum as text.
pub(crate) fn hex(sum: &[u8]) -> String {
    sum.iter().fold(String::with_capacity(sum.len() * 2), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(half.into(), 16));
        }
        text
    })
}

/// Before each step that changes the disk: where a test may end the world.
#[cfg_attr(not(test), expect(clippy::unnecessary_wraps, reason = "fails in tests"))]
fn step() -> io::Result<()> {
    #[cfg(test)]
    crash::step()?;
    Ok(())
}
