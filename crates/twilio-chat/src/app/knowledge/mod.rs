//! The knowledge base: what the articles of a data folder say about a question.
//!
//! Everything here reads and writes files and may take a while: call it where blocking is allowed. Articles are
//! read when first asked and again when anybody has touched the files; whoever asks meanwhile is answered from
//! what there was. Answers are a model's words with citations where there is one to ask, sentences of the articles
//! otherwise, and say which.

mod answering;
mod ask;
mod building;
mod builds;
mod coverage;
mod desk;
mod embedder;
mod indices;
mod left;
mod lengths;
mod meaning;
mod near;
mod progress;
mod retriever;
mod told;

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock, TryLockError},
};

use hub_retrieval::{
    export::Stamp,
    library::{self, Imported, Kept, Library, LibraryError, Turn, embedded},
    names::{IndexName, Indices},
    passages::Cut,
};

pub(in crate::app) use self::builds::Builds;
pub use self::{
    answering::{Answerer, Gate, Wish, Worded, answer_in_words, is_for_model},
    ask::{Answer, Asked, answer},
    building::{BuildError, Estimate, build_with_vectors},
    builds::NotStarted,
    coverage::{Section, in_every_section, one_text},
    desk::KnowledgeError,
    embedder::Embedder,
    indices::{Listed, Standing},
    lengths::Changed,
    meaning::{Meaning, MeaningError},
    near::{FoundBy, Near},
    progress::{Phase, Progress, Progressed},
    retriever::Librarian,
    told::{MadeBy, Material, Question, SEGMENTS, Source, Told},
};

/// The data folder and what was read of it.
#[derive(Debug)]
pub struct Knowledge {
    indices: Indices,
    /// What vectors of unknown origin are taken to be made by.
    model: String,
    shelf: RwLock<Option<Arc<Shelved>>>,
    reading: Mutex<()>,
}

/// An index as it was when it was read.
#[derive(Debug)]
pub struct Shelved {
    /// Which.
    pub name: IndexName,
    /// Its articles and what its files hold.
    pub library: Library,
    stamp: (Stamp, Stamp),
}

impl Knowledge {
    /// Of a data folder, which need not be there yet. Reads nothing.
    pub fn new(data: &Path, model: &str) -> Self {
        Self {
            indices: Indices::new(data),
            model: model.to_owned(),
            shelf: RwLock::default(),
            reading: Mutex::default(),
        }
    }

    /// With passages of this length in whatever is built from now on.
    #[must_use]
    pub fn cutting(self, cut: Cut) -> Self {
        Self { indices: self.indices.cutting(cut), ..self }
    }

    /// The indices of the folder.
    pub fn indices(&self) -> &Indices {
        &self.indices
    }

    /// The model that vectors are taken to be made by.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The model that the vectors of an index are of, or are taken to be of.
    pub fn model_of(&self, name: &IndexName) -> io::Result<String> {
        Ok(embedded::model_of(&self.indices, name)?.unwrap_or_else(|| self.model.clone()))
    }

    /// The active index as its files are now; as they were, while another caller reads them.
    pub fn current(&self) -> io::Result<Arc<Shelved>> {
        let name = self.indices.active()?;
        let stamp = library::stamp(&self.indices, &name)?;
        let shelved = self.shelved();
        if let Some(shelved) = &shelved
            && (&shelved.name, &shelved.stamp) == (&name, &stamp)
        {
            return Ok(Arc::clone(shelved));
        }
        let _reading = match (self.reading.try_lock(), shelved) {
            (Ok(turn), _) => turn,
            (Err(TryLockError::WouldBlock), Some(shelved)) => return Ok(shelved),
            (Err(_), _) => self.reading.lock().unwrap_or_else(PoisonError::into_inner),
        };
        // Another caller may have read it while this one waited.
        if let Some(shelved) = self.shelved().filter(|now| (&now.name, &now.stamp) == (&name, &stamp)) {
            return Ok(shelved);
        }
        let library = library::load(&self.indices, &name);
        let holdings = &library.holdings;
        for refused in &holdings.refused {
            tracing::warn!(file = refused.file, reason = refused.reason, "FAISS: passed over");
        }
        tracing::info!(
            index = %name,
            layout = holdings.layout(),
            vectors = holdings.vectors,
            articles = holdings.articles,
            "FAISS: the index was read"
        );
        let next = Arc::new(Shelved { name, library, stamp });
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&next));
        Ok(next)
    }

    fn shelved(&self) -> Option<Arc<Shelved>> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes the documents of the articles into the active index; see [`library::build`].
    pub fn build(&self) -> Result<Kept, LibraryError> {
        self.build_named(&self.indices.active()?)
    }

    /// The same into another index.
    fn build_named(&self, name: &IndexName) -> Result<Kept, LibraryError> {
        let turn = Turn::take(&self.indices)?;
        let kept = library::build(&self.indices, name, &turn)?;
        tracing::info!(index = %name, documents = kept.documents, "FAISS: the index was built without a model");
        Ok(kept)
    }

    /// Writes the active index to a folder; see [`library::export`].
    pub fn export(&self, to: &Path) -> Result<Kept, LibraryError> {
        let turn = Turn::take(&self.indices)?;
        library::export(&self.indices, &self.indices.active()?, to, &self.model, &turn)
    }

    /// Takes over what a folder holds in place of the active index; see [`library::import`].
    pub fn import(&self, from: &Path) -> Result<Imported, LibraryError> {
        let turn = Turn::take(&self.indices)?;
        let name = self.indices.active()?;
        let imported = library::import(&self.indices, &name, from, &self.model, &turn)?;
        tracing::info!(
            index = %name,
            documents = imported.kept.documents,
            vectors = imported.kept.vectors,
            "FAISS: an index was imported"
        );
        Ok(imported)
    }
}

#[cfg(test)]
mod tests;
