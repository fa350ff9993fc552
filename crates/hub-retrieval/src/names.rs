//! Named indices and where they lie in the data folder; one of them is the active one.
//!
//! A name comes from a form or a command line and becomes part of a path: nothing that could leave its folder is a
//! name. Deleting an index deletes its vectors and never articles or documents of the data folder.

#[cfg(test)]
mod tests;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::{durable, passages::Cut};

/// The index that every installation has; its folder has its name.
const DEFAULT: &str = "faiss_openai_index";
const LONGEST: usize = 64;

/// The name of an index: letters, digits, `-`, `_` and `.` inside, at most 64.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexName(String);

/// Not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of an index has 1 to {LONGEST} letters a-z, digits, `-`, `_` or `.`, and begins with a letter or digit"
)]
pub struct BadName;

impl IndexName {
    /// The index that is active unless another was chosen.
    pub fn default_index() -> Self {
        Self(DEFAULT.to_owned())
    }

    /// Whether it is the one whose documents also stand in the data folder.
    pub fn is_default(&self) -> bool {
        self.0 == DEFAULT
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IndexName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let begins = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        // `A` and `a` would be one folder on some disks.
        let is_name = begins && text.len() <= LONGEST && text.bytes().all(allowed);
        if is_name { Ok(Self(text.to_ascii_lowercase())) } else { Err(BadName) }
    }
}

impl fmt::Display for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The indices of a data folder.
#[derive(Clone, Debug)]
pub struct Indices {
    data: PathBuf,
    cut: Cut,
}

impl Indices {
    /// Of the folder called `X1_data` in a usual installation.
    pub fn new(data: &Path) -> Self {
        Self { data: data.to_owned(), cut: Cut::default() }
    }

    /// With passages of this length in whatever is built from now on.
    #[must_use]
    pub fn cutting(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// How long passages are to be.
    pub(crate) fn cut(&self) -> Cut {
        self.cut
    }

    /// The data folder itself.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the files lie that others read and write.
    pub fn folder(&self, name: &IndexName) -> PathBuf {
        if name.0 == DEFAULT { self.data.join(DEFAULT) } else { self.data.join("indices").join(&name.0) }
    }

    /// Where our own working files lie.
    pub fn working(&self, name: &IndexName) -> PathBuf {
        self.data.join(".work").join(&name.0)
    }

    /// Every index that has a folder of either kind, in order of names.
    pub fn list(&self) -> io::Result<Vec<IndexName>> {
        let mut names = Vec::new();
        for folder in [self.data.join("indices"), self.data.join(".work")] {
            names.extend(folders(&folder)?);
        }
        if self.data.join(DEFAULT).is_dir() {
            names.push(IndexName::default_index());
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The active one. A mark that names none, or one that was deleted, is no mark.
    pub fn active(&self) -> io::Result<IndexName> {
        let marked = match fs::read_to_string(self.mark()) {
            Ok(text) => text.trim().parse().ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(marked.filter(|name| self.exists(name)).unwrap_or_else(IndexName::default_index))
    }

    /// Whether this looks like a whole data folder rather than the folder of one index.
    pub(crate) fn are_there(&self) -> io::Result<bool> {
        let active = self.active()?;
        Ok(self.folder(&active).is_dir())
    }

    /// Makes it the active one; false if there is no such index.
    pub fn activate(&self, name: &IndexName) -> io::Result<bool> {
        if !self.exists(name) && name.0 != DEFAULT {
            return Ok(false);
        }
        fs::create_dir_all(self.data.join("indices"))?;
        durable::write_bytes(&self.mark(), format!("{name}\n").as_bytes())?;
        Ok(true)
    }

    /// Deletes its files of both kinds; false if there was no such index.
    ///
    /// The working files go last: an index that was not wholly deleted still shows itself.
    pub fn delete(&self, name: &IndexName) -> io::Result<bool> {
        let mut found = false;
        for folder in [self.folder(name), self.working(name)] {
            match fs::remove_dir_all(folder) {
                Ok(()) => found = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn exists(&self, name: &IndexName) -> bool {
        self.folder(name).is_dir() || self.working(name).is_dir()
    }

    fn mark(&self) -> PathBuf {
        self.data.join("indices").join(".active")
    }
}

fn folders(of: &Path) -> io::Result<Vec<IndexName>> {
    let entries = match fs::read_dir(of) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        // What is no name was not made by us.
        if let Some(name) = entry.file_name().to_str().and_then(|name| name.parse::<IndexName>().ok())
            && entry.file_name() == name.as_str()
            && entry.file_type()?.is_dir()
        {
            names.push(name);
        }
    }
    Ok(names)
}
