//! What changes a data folder: building, import and export. One at a time, whichever process does it.
//!
//! Each file is placed whole. Working files are believed only with the mark that says which files of the index
//! they were made of; the mark is taken away first and comes back last. See docs/decisions for the points where
//! a crash can fall.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::embedded;
use crate::{
    Kind, NewRow, Rows, VectorIndex,
    documents::{self, Document},
    durable,
    export::{self, Stamp},
    layout::{self, Content, Found, Refused, SourceError, Vectors},
    names::{IndexName, Indices},
    vectors::IndexError,
};

/// Of which files the working files were made.
pub(super) const MARK: &str = "made-of.json";

/// Why a data folder was not changed, or not wholly.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The disk.
    #[error("a file of the knowledge base: {0}")]
    Io(#[from] io::Error),
    /// The working files.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file of vectors.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Somebody else is at it.
    #[error("the knowledge base is being changed by another build or import")]
    Busy,
    /// An archive that is none, or more than one may be.
    #[error("the archive can't be taken: {0}")]
    Archive(String),
    /// There is nothing that could be taken.
    #[error("there are neither vectors nor documents{}", listed(.0))]
    Nothing(Vec<Refused>),
}

fn listed(refused: &[Refused]) -> String {
    refused.iter().fold(String::new(), |text, one| text + "; " + one.file + ": " + &one.reason)
}

/// The turn of whoever changes a data folder; given back when dropped, or when the process dies.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

impl Turn {
    /// Takes the turn; refused while another has it.
    pub fn take(indices: &Indices) -> Result<Self, LibraryError> {
        let folder = indices.data().join(".work");
        fs::create_dir_all(&folder)?;
        let lock =
            OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("turn.lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(LibraryError::Busy),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// What a build or an export wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Documents in the files.
    pub documents: usize,
    /// Rows of vectors in the files.
    pub vectors: usize,
}

/// What an import took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What the index has now.
    pub kept: Kept,
    /// The files it was taken from.
    pub files: Vec<&'static str>,
    /// Rows dropped because no document belongs to them.
    pub without_document: u64,
    /// Documents that have no row: a build makes them one where their articles came along.
    pub without_vector: usize,
    /// Articles that the data folder did not have and has now.
    pub articles: usize,
    /// What was passed over.
    pub refused: Vec<Refused>,
}

/// Writes the documents of the articles, without a model. Vectors that are there stay with their documents, and then the
/// other documents stand in the data folder alone. Gives what the index holds afterwards.
pub fn build(indices: &Indices, name: &IndexName, _turn: &Turn) -> Result<Kept, LibraryError> {
    let library = super::load(indices, name);
    let documents: Vec<Document> = library.collection.passages().map(Document::from).collect();
    if documents.is_empty() {
        return Err(LibraryError::Nothing(library.holdings.refused));
    }
    let kept = if library.holdings.vectors == 0 {
        export::write_documents(&indices.folder(name), &documents)?;
        Kept { documents: documents.len(), vectors: 0 }
    } else {
        Kept { documents: library.holdings.documents, vectors: library.holdings.vectors }
    };
    write_snapshot(indices, name, &documents)?;
    Ok(kept)
}

/// Writes the index to a folder as `index.faiss` with `docs.json`; without vectors `docs.json` alone.
pub fn export(
    indices: &Indices,
    name: &IndexName,
    to: &Path,
    model: &str,
    _turn: &Turn,
) -> Result<Kept, LibraryError> {
    let found = layout::read(&indices.folder(name), indices.data());
    let documents = match found.content {
        Content::Vectors(vectors) => {
            let index = working(indices, name, model, &vectors)?;
            let documents: Vec<Document> = vectors.documents().cloned().collect();
            let written = export::write(to, &index.snapshot(), &documents, false)?;
            return Ok(Kept { documents: written.rows, vectors: written.rows });
        }
        Content::Documents(documents) => documents,
        Content::Nothing => super::load(indices, name).collection.passages().map(Document::from).collect(),
    };
    if documents.is_empty() {
        return Err(LibraryError::Nothing(found.refused));
    }
    export::write_documents(to, &documents)?;
    Ok(Kept { documents: documents.len(), vectors: 0 })
}

/// Takes over what was found, in place of the index.
pub(super) fn take_over(
    indices: &Indices,
    name: &IndexName,
    found: Found,
    model: &str,
    _turn: &Turn,
) -> Result<Imported, LibraryError> {
    let (folder, work) = (indices.folder(name), indices.working(name));
    let mut imported = Imported {
        kept: Kept { documents: 0, vectors: 0 },
        files: found.files,
        without_document: 0,
        without_vector: 0,
        articles: 0,
        refused: found.refused,
    };
    let documents = match found.content {
        Content::Nothing => return Err(LibraryError::Nothing(imported.refused)),
        Content::Vectors(vectors) => {
            durable::remove(&work.join(MARK))?;
            let index = rebuilt(&work, model, &vectors)?;
            let documents: Vec<Document> = vectors.documents().cloned().collect();
            imported.without_document = vectors.without_document();
            imported.without_vector = vectors.missing().len();
            imported.kept.vectors = export::write(&folder, &index.snapshot(), &documents, false)?.rows;
            mark(&folder, &work)?;
            documents
        }
        Content::Documents(documents) => {
            durable::remove(&work.join(MARK))?;
            export::write_documents(&folder, &documents)?;
            documents
        }
    };
    imported.kept.documents = documents.len();
    write_snapshot(indices, name, &documents)?;
    Ok(imported)
}

/// Joins and shortens the working files of an index where that is worth it; whether there were any.
///
/// An index without working files, or with damaged ones, is left alone: they are made again when needed.
pub fn tidy(indices: &Indices, name: &IndexName, _turn: &Turn) -> Result<bool, LibraryError> {
    let work = indices.working(name);
    if !work.join(MARK).exists() {
        return Ok(false);
    }
    match VectorIndex::open(&work) {
        Ok(index) => Ok(index.tidy()?),
        Err(_) => Ok(false),
    }
}

/// The documents of the default index also stand in the data folder: enough to build the index again.
pub(super) fn write_snapshot(
    indices: &Indices,
    name: &IndexName,
    all: &[Document],
) -> Result<(), LibraryError> {
    if name.is_default() {
        documents::write(&indices.data().join("documents.json"), all)?;
        documents::write_lines(&indices.data().join("documents.jsonl"), all)?;
    }
    Ok(())
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Mark {
    stamp: Stamp,
    hash: String,
}

pub(super) fn mark(folder: &Path, work: &Path) -> Result<(), LibraryError> {
    let mark = Mark { stamp: export::stamp(folder)?, hash: export::hash(folder)? };
    let bytes = serde_json::to_vec(&mark).map_err(io::Error::from)?;
    Ok(durable::write_bytes(&work.join(MARK), &bytes)?)
}

/// The working files of an index, made anew where others have changed its files since.
pub(super) fn working(
    indices: &Indices,
    name: &IndexName,
    model: &str,
    vectors: &Vectors,
) -> Result<VectorIndex, LibraryError> {
    let (folder, work) = (indices.folder(name), indices.working(name));
    if let Some(index) = believed(&folder, &work)?
        && index.snapshot().rows() == vectors.rows()
    {
        return Ok(index);
    }
    let known = embedded::model_of(indices, name)?;
    durable::remove(&work.join(MARK))?;
    let index = rebuilt(&work, known.as_deref().unwrap_or(model), vectors)?;
    mark(&folder, &work)?;
    Ok(index)
}

/// The working files, if they are of the files of the index as these are now. Damaged ones are made again.
pub(super) fn believed(folder: &Path, work: &Path) -> io::Result<Option<VectorIndex>> {
    let made_of = fs::read(work.join(MARK)).ok().and_then(|json| serde_json::from_slice::<Mark>(&json).ok());
    let Some(mark) = made_of else { return Ok(None) };
    if mark.stamp == export::stamp(folder)? || mark.hash == export::hash(folder)? {
        return Ok(VectorIndex::open(work).ok());
    }
    Ok(None)
}

/// The working files, whatever they hold; empty where they can't be read.
pub(super) fn opened(work: &Path) -> Result<VectorIndex, LibraryError> {
    fs::create_dir_all(work)?;
    Ok(match VectorIndex::open(work) {
        Ok(index) => index,
        // Damaged, or of another version: they are made again.
        Err(_) => VectorIndex::open_anew(work)?,
    })
}

/// How old a document is, as rows of vectors know it.
pub(super) fn time(document: &Document) -> Option<i64> {
    let time = document.text("published").or_else(|| document.text("scraped_at"))?;
    Some(time.parse::<jiff::Timestamp>().ok()?.as_second())
}

fn rebuilt(work: &Path, model: &str, vectors: &Vectors) -> Result<VectorIndex, LibraryError> {
    let index = opened(work)?;
    let kind = Kind { dimension: vectors.dimension(), model: model.to_owned() };
    index.rebuild(kind, |rows: &mut Rows| {
        vectors.each(|document, vector| {
            rows.add(NewRow {
                id: &document.id,
                vector,
                category: document.text("category"),
                time: time(document),
            })
            .map_err(LibraryError::from)
        })
    })?;
    Ok(index)
}
