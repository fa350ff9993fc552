//! An index with vectors: what has to be embedded for it, how it takes the place of the old one, and how it is opened.

use std::{fs, io, sync::Arc};

use serde::{Deserialize, Serialize};

use super::keep::{self, Kept, LibraryError, MARK, Turn};
use crate::{
    Kind, NewRow, Rows, Snapshot,
    documents::Document,
    durable, export,
    layout::{self, Content},
    names::{IndexName, Indices},
    passages::Cut,
};

#[cfg(test)]
mod tests;

/// Which model the vectors of an index are of.
const ORIGIN: &str = "origin.json";

/// A passage that needs a vector.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// As it stands in the files.
    pub document: Document,
    /// What is embedded of it.
    pub text: String,
}

/// All passages of an index.
pub fn wanted(indices: &Indices, name: &IndexName) -> Result<Vec<Wanted>, LibraryError> {
    let library = super::load_cut(indices, name, indices.cut());
    let of = |passage: crate::collection::PassageOf<'_>| Wanted {
        document: Document::from(passage),
        text: passage.with_heading(),
    };
    let wanted: Vec<Wanted> = library.collection.passages().map(of).collect();
    if wanted.is_empty() { Err(LibraryError::Nothing(library.holdings.refused)) } else { Ok(wanted) }
}

/// Puts an index of these passages in the place of the old one, which is found until the new one is whole. `vector`
/// gives the vector of a text.
pub fn replace(
    indices: &Indices,
    name: &IndexName,
    model: &str,
    wanted: &[Wanted],
    mut vector: impl FnMut(&str) -> io::Result<Vec<f32>>,
    _turn: &Turn,
) -> Result<Kept, LibraryError> {
    let (folder, work) = (indices.folder(name), indices.working(name));
    let Some(first) = wanted.first() else { return Err(LibraryError::Nothing(Vec::new())) };
    let kind = Kind { dimension: vector(&first.text)?.len(), model: model.to_owned() };
    durable::remove(&work.join(MARK))?;
    let index = keep::opened(&work)?;
    index.rebuild(kind, |rows: &mut Rows| {
        wanted.iter().try_for_each(|Wanted { document, text }| {
            let row = NewRow {
                id: &document.id,
                vector: &vector(text)?,
                category: document.text("category"),
                time: keep::time(document),
            };
            rows.add(row).map_err(LibraryError::from)
        })
    })?;
    let documents: Vec<Document> = wanted.iter().map(|wanted| wanted.document.clone()).collect();
    let written = export::write(&folder, &index.snapshot(), &documents, false)?;
    let origin = Origin { hash: export::hash(&folder)?, model: model.to_owned(), cut: indices.cut() };
    durable::write_bytes(&work.join(ORIGIN), &serde_json::to_vec(&origin).map_err(io::Error::from)?)?;
    keep::mark(&folder, &work)?;
    keep::write_snapshot(indices, name, &documents)?;
    Ok(Kept { documents: written.rows, vectors: written.rows })
}

/// The vectors of an index, ready to be searched; `None` where it has none. Working files that are not of its files
/// are made anew; `model` is what vectors of unknown origin are taken to be of.
pub fn open(indices: &Indices, name: &IndexName, model: &str) -> Result<Option<Arc<Snapshot>>, LibraryError> {
    let (folder, work) = (indices.folder(name), indices.working(name));
    if let Some(index) = keep::believed(&folder, &work)? {
        return Ok(Some(index.snapshot()).filter(|snapshot| snapshot.rows() > 0));
    }
    let Content::Vectors(vectors) = layout::read(&folder, indices.data()).content else { return Ok(None) };
    let turn = Turn::take(indices)?;
    let index = keep::working(indices, name, model, &vectors)?;
    drop(turn);
    Ok(Some(index.snapshot()))
}

/// Kept apart from the mark, which a crash takes away: the old files stay those of the old model.
#[derive(Serialize, Deserialize)]
struct Origin {
    hash: String,
    model: String,
    /// Those that don't say were made when there was but one.
    #[serde(default)]
    cut: Cut,
}

/// The model of the files as they are now, where that is known.
pub fn model_of(indices: &Indices, name: &IndexName) -> io::Result<Option<String>> {
    let Some(origin) = origin(indices, name)? else { return Ok(None) };
    Ok(origin.is_of(indices, name)?.then_some(origin.model))
}

/// How long the passages are that the vectors were made of. Of files by others that is not known: as long as
/// passages are to be. Files that can't be read have no passages at all.
pub(super) fn cut_of(indices: &Indices, name: &IndexName) -> Cut {
    let Ok(Some(origin)) = origin(indices, name) else { return indices.cut() };
    // The files are read through for this: only where it matters.
    let differs = origin.cut != indices.cut();
    if differs && origin.is_of(indices, name).is_ok_and(|is_of| is_of) { origin.cut } else { indices.cut() }
}

fn origin(indices: &Indices, name: &IndexName) -> io::Result<Option<Origin>> {
    match fs::read(indices.working(name).join(ORIGIN)) {
        // A file that can't be read says nothing.
        Ok(json) => Ok(serde_json::from_slice(&json).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Origin {
    fn is_of(&self, indices: &Indices, name: &IndexName) -> io::Result<bool> {
        Ok(export::hash(&indices.folder(name))? == self.hash)
    }
}
