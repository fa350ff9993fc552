//! The files of an index and of the data folder as one zip archive, as the earlier program made it.
//!
//! An archive comes from anyone: its members are known by name alone and never by path, and no more is inflated
//! than a data folder may have.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use serde_json::json;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{Imported, LibraryError, Turn, keep};
use crate::{
    articles::{self, Identity},
    durable, layout,
    names::{IndexName, Indices},
};

/// Longer archives are refused.
pub const LONGEST: u64 = 250 * 1024 * 1024;
/// What an archive may hold in all, inflated.
const LONGEST_INFLATED: u64 = 2 << 30;
/// What any archive may hold, however small it is.
const ALWAYS_INFLATED: u64 = 64 << 20;
/// Articles and vectors never shrink to less than one part in so many; what does was made to fill a disk.
const MOST_SHRUNK: u64 = 100;
/// Members that are looked at; no archive of ours has so many.
const MOST_MEMBERS: usize = 1_000;
const ARTICLES: &str = "articles.jsonl";

/// A file of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name in the archive.
    pub name: &'static str,
    /// Whether an index without it has to be built again.
    pub required: bool,
    /// It belongs to the index and goes with it; the others are the data folder's.
    pub of_index: bool,
}

/// Everything that an archive may hold, beside its list of contents.
pub const MEMBERS: [Member; 8] = [
    Member { name: "index.faiss", required: true, of_index: true },
    Member { name: "docs.json", required: true, of_index: true },
    Member { name: "index.npz", required: false, of_index: true },
    Member { name: "index.pkl", required: false, of_index: true },
    Member { name: "documents.jsonl", required: false, of_index: false },
    Member { name: "documents.json", required: false, of_index: false },
    Member { name: "articles.jsonl", required: false, of_index: false },
    Member { name: "news_config.json", required: false, of_index: false },
];

impl Member {
    /// Where it lies.
    pub fn path(&self, indices: &Indices, index: &IndexName) -> PathBuf {
        if self.of_index { indices.folder(index).join(self.name) } else { indices.data().join(self.name) }
    }
}

/// Writes the files that are there, and a list of them; gives how many there were.
pub fn write(
    indices: &Indices,
    index: &IndexName,
    now: Timestamp,
    out: impl Write + Seek,
    _turn: &Turn,
) -> Result<usize, LibraryError> {
    let mut archive = ZipWriter::new(out);
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut listed = Vec::new();
    for member in MEMBERS {
        let mut file = match File::open(member.path(indices, index)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        archive.start_file(member.name, options).map_err(io::Error::from)?;
        let size = io::copy(&mut file, &mut archive)?;
        listed.push(json!({ "name": member.name, "required": member.required, "size_bytes": size }));
    }
    archive.start_file("manifest.json", options).map_err(io::Error::from)?;
    let manifest = json!({ "generated_at": now, "files": listed });
    serde_json::to_writer_pretty(&mut archive, &manifest).map_err(io::Error::from)?;
    archive.finish().map_err(io::Error::from)?;
    Ok(listed.len())
}

/// A file without a name on the disk of the data folder, for an archive under way: whatever becomes of its user,
/// nothing of it stays.
pub fn scratch(indices: &Indices) -> io::Result<File> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = indices.data().join(".work");
    fs::create_dir_all(&folder)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".archive-{}-{number}", process::id()));
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
    fs::remove_file(path)?;
    Ok(file)
}

/// What was taken from an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Members that were taken over.
    pub members: Vec<&'static str>,
    /// What the index has now.
    pub imported: Imported,
}

/// Takes over the index of an archive, and its articles if it has any. Subscriptions stay as they are.
pub fn restore(
    indices: &Indices,
    index: &IndexName,
    archive: impl Read + Seek,
    model: &str,
    turn: &Turn,
) -> Result<Restored, LibraryError> {
    let folder = indices.data().join(".work").join(".unpacked");
    empty(&folder)?;
    let restored = restore_from(indices, index, &folder, archive, model, turn);
    fs::remove_dir_all(&folder)?;
    restored
}

fn restore_from(
    indices: &Indices,
    index: &IndexName,
    folder: &Path,
    mut archive: impl Read + Seek,
    model: &str,
    turn: &Turn,
) -> Result<Restored, LibraryError> {
    let size = archive.seek(SeekFrom::End(0))?;
    let longest = size.saturating_mul(MOST_SHRUNK).clamp(ALWAYS_INFLATED, LONGEST_INFLATED);
    let mut members = unpack(archive, folder, longest)?;
    let imported = keep::take_over(indices, index, layout::read(folder, folder), model, turn)?;
    let has_articles = members.contains(&ARTICLES)
        && articles::read(&folder.join(ARTICLES), Identity::Url).is_ok_and(|read| !read.articles.is_empty());
    if has_articles {
        let mut unpacked = File::open(folder.join(ARTICLES))?;
        durable::write(&indices.data().join(ARTICLES), |out| io::copy(&mut unpacked, out).map(drop))?;
    }
    members.retain(|name| match *name {
        ARTICLES => has_articles,
        name => name != "news_config.json",
    });
    Ok(Restored { members, imported })
}

/// Left by a restore that died, or not there.
fn empty(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    fs::create_dir_all(folder)
}

/// Writes the known members of an archive to a folder, at most so many bytes in all.
fn unpack(archive: impl Read + Seek, folder: &Path, longest: u64) -> Result<Vec<&'static str>, LibraryError> {
    let broken = |error: zip::result::ZipError| LibraryError::Archive(error.to_string());
    let mut archive = ZipArchive::new(archive).map_err(broken)?;
    if archive.len() > MOST_MEMBERS {
        return Err(LibraryError::Archive(format!("it has more than {MOST_MEMBERS} members")));
    }
    let (mut found, mut left) = (Vec::new(), longest);
    for number in 0..archive.len() {
        let file = archive.by_index(number).map_err(broken)?;
        let base = file.name().rsplit(['/', '\\']).next().unwrap_or_default();
        let Some(member) = MEMBERS.iter().find(|member| member.name == base && file.is_file()) else {
            continue;
        };
        if found.contains(&member.name) {
            return Err(LibraryError::Archive(format!("it has {} twice", member.name)));
        }
        let mut out = File::create(folder.join(member.name))?;
        let copied = io::copy(&mut file.take(left + 1), &mut out)
            .map_err(|error| LibraryError::Archive(error.to_string()))?;
        left = left
            .checked_sub(copied)
            .ok_or_else(|| LibraryError::Archive(format!("it inflates to more than {longest} bytes")))?;
        found.push(member.name);
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
