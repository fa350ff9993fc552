//! The indices of the data folder: which there are, which is asked, and how the active one is carried away and
//! back. What changes files takes the turn that builds and imports take too.

use std::{
    fs::{self, File},
    io::{self, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use hub_retrieval::{
    library::{
        self, Holdings, LibraryError, Turn,
        archive::{self, Member, Restored},
    },
    names::IndexName,
};
use jiff::Timestamp;

use super::Knowledge;

/// An index as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub name: IndexName,
    /// Questions are put to it.
    pub active: bool,
    /// It has files that can be read.
    pub exists: bool,
    /// Their size.
    pub bytes: u64,
    /// When the newest of them was written.
    pub written: Option<Timestamp>,
}

/// The active index and its files.
#[derive(Clone, Debug)]
pub struct Standing {
    /// It, in the list.
    pub index: Listed,
    /// Where its files lie.
    pub folder: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// What its files hold.
    pub holdings: Holdings,
    /// Every file of an archive, and whether it is there.
    pub members: Vec<(Member, PathBuf, bool)>,
    /// What vectors are taken to be made by.
    pub model: String,
}

impl Knowledge {
    /// Every index; the default one even where it has no files yet.
    pub fn listed(&self) -> io::Result<Vec<Listed>> {
        let active = self.indices.active()?;
        let mut names = self.indices.list()?;
        if !names.contains(&IndexName::default_index()) {
            names.insert(0, IndexName::default_index());
        }
        names.into_iter().map(|name| self.one(name, &active)).collect()
    }

    fn one(&self, name: IndexName, active: &IndexName) -> io::Result<Listed> {
        let (mut bytes, mut written, mut exists) = (0, None, false);
        for member in archive::MEMBERS.iter().filter(|member| member.of_index) {
            let Some(file) = metadata(&member.path(&self.indices, &name))? else { continue };
            exists = true;
            bytes += file.len();
            written = written.max(Timestamp::try_from(file.modified()?).ok());
        }
        Ok(Listed { active: name == *active, name, exists, bytes, written })
    }

    /// How the active index stands. Reads it if anyone has touched it.
    pub fn standing(&self) -> io::Result<Standing> {
        let current = self.current()?;
        let mut members = Vec::new();
        for member in archive::MEMBERS {
            let path = member.path(&self.indices, &current.name);
            let is_there = metadata(&path)?.is_some();
            members.push((member, path, is_there));
        }
        Ok(Standing {
            index: self.one(current.name.clone(), &current.name)?,
            folder: self.indices.folder(&current.name),
            data: self.indices.data().to_owned(),
            holdings: current.library.holdings.clone(),
            members,
            model: self.model.clone(),
        })
    }

    /// Questions are put to it from now on; false if there is no such index.
    pub fn activate(&self, name: &IndexName) -> Result<bool, LibraryError> {
        let _turn = Turn::take(&self.indices)?;
        Ok(self.indices.activate(name)?)
    }

    /// Deletes its vectors and documents, and no article of the data folder. The names of the files that it had;
    /// none if there is no such index.
    pub fn delete(&self, name: &IndexName) -> Result<Option<Vec<&'static str>>, LibraryError> {
        let _turn = Turn::take(&self.indices)?;
        let mut files = Vec::new();
        for member in archive::MEMBERS.iter().filter(|member| member.of_index) {
            if metadata(&member.path(&self.indices, name))?.is_some() {
                files.push(member.name);
            }
        }
        if !self.indices.delete(name)? {
            return Ok(None);
        }
        tracing::info!(index = %name, "FAISS: an index was deleted");
        Ok(Some(files))
    }

    /// The active index and the articles as an archive, and its size.
    pub fn pack(&self, now: Timestamp) -> Result<(File, u64), LibraryError> {
        let turn = Turn::take(&self.indices)?;
        let name = self.indices.active()?;
        let mut file = archive::scratch(&self.indices)?;
        if archive::write(&self.indices, &name, now, io::BufWriter::new(&file), &turn)? == 0 {
            return Err(LibraryError::Nothing(Vec::new()));
        }
        let size = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok((file, size))
    }

    /// Takes over an archive in place of the active index, and says which one that is.
    pub fn restore(&self, archive: &File) -> Result<(Restored, IndexName), LibraryError> {
        let turn = Turn::take(&self.indices)?;
        let name = self.indices.active()?;
        let archive = io::BufReader::new(archive);
        let restored = archive::restore(&self.indices, &name, archive, &self.model, &turn)?;
        let kept = restored.imported.kept;
        tracing::info!(
            index = %name,
            documents = kept.documents,
            vectors = kept.vectors,
            "FAISS: an archive was imported"
        );
        Ok((restored, name))
    }

    /// Tidies the working files of every index; how many had any need of it. Whoever changes them goes first.
    pub fn tidy(&self) -> Result<usize, LibraryError> {
        if !self.indices.data().join(".work").is_dir() {
            return Ok(0);
        }
        let turn = match Turn::take(&self.indices) {
            Err(LibraryError::Busy) => return Ok(0),
            turn => turn?,
        };
        let mut tidied = 0;
        for name in self.indices.list()? {
            if library::tidy(&self.indices, &name, &turn)? {
                tidied += 1;
            }
        }
        Ok(tidied)
    }
}

fn metadata(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::metadata(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
