//! What the folder of an index can hold, looked for in the order in which it is to be trusted.
//!
//! 1. `index.faiss` with `docs.json`, or with the `index.pkl` of `LangChain`;
//! 2. `index.npz` with `docs.json`;
//! 3. documents alone, of `docs.json` or `index.pkl`;
//! 4. `documents.json` or `documents.jsonl` of the data folder.
//!
//! What is damaged or foreign is passed over and named. An empty list of documents is none: the earlier program made such files to have something there.

mod source;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{
    documents::{self, Document},
    pickle,
};

use source::Source;
pub use source::SourceError;

/// Longer pickles are refused: a pickle is read as a whole.
const LONGEST_PICKLE: u64 = 1 << 30;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The best of it.
    pub content: Content,
    /// The files that it is made of; none for [`Content::Nothing`].
    pub files: Vec<&'static str>,
    /// Files that were passed over, and why: for the log and the person.
    pub refused: Vec<Refused>,
}

/// The best that a folder holds.
#[derive(Debug)]
pub enum Content {
    /// Vectors with their documents.
    Vectors(Vectors),
    /// Documents whose vectors have to be made again.
    Documents(Vec<Document>),
    /// Neither.
    Nothing,
}

/// A file that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its name.
    pub file: &'static str,
    /// Why. Never has anything of its contents.
    pub reason: String,
}

/// A file of vectors that has been read once to its end, and the documents of its rows.
#[derive(Debug)]
pub struct Vectors {
    source: Source,
    dimension: usize,
    documents: BTreeMap<u64, Document>,
    without_document: u64,
    missing: Vec<Document>,
}

impl Vectors {
    /// Numbers in a row.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Rows that have a document.
    pub fn rows(&self) -> usize {
        self.documents.len()
    }

    /// Rows that were dropped because no document belongs to them.
    pub fn without_document(&self) -> u64 {
        self.without_document
    }

    /// Documents that have no row, or one of zeros: their vectors have to be made again.
    pub fn missing(&self) -> &[Document] {
        &self.missing
    }

    /// The documents that have rows, in their order.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// Gives each document with its vector, as it stands in the file and of any length.
    pub fn each<E: From<SourceError>>(
        &self,
        mut each: impl FnMut(&Document, &[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.source
            .each(|row, vector| self.documents.get(&row).map_or(Ok(()), |document| each(document, vector)))
    }
}

/// Looks through the folder of an index, and for documents through the data folder around it.
pub fn read(folder: &Path, data: &Path) -> Found {
    let mut look = Look { files: Vec::new(), refused: Vec::new() };
    let content = look.content(folder, data);
    Found { content, files: look.files, refused: look.refused }
}

/// Looks for documents in a data folder alone, whatever index it has.
pub fn of_data(data: &Path) -> Found {
    let mut look = Look { files: Vec::new(), refused: Vec::new() };
    let content = look.of_data(data);
    Found { content, files: look.files, refused: look.refused }
}

struct Look {
    files: Vec<&'static str>,
    refused: Vec<Refused>,
}

impl Look {
    fn content(&mut self, folder: &Path, data: &Path) -> Content {
        let listed = self.documents("docs.json", folder, documents::read);
        let by_row = listed.map(|listed| (0..).zip(listed).collect()).or_else(|| self.pickle(folder));
        if let Some(by_row) = by_row {
            for source in [Source::faiss(folder), Source::npz(folder)] {
                if let Some(vectors) = self.vectors(source, &by_row) {
                    return Content::Vectors(vectors);
                }
            }
            return Content::Documents(by_row.into_values().collect());
        }
        self.of_data(data)
    }

    fn of_data(&mut self, data: &Path) -> Content {
        let of_data = self.documents("documents.json", data, documents::read);
        let of_data = of_data.or_else(|| self.documents("documents.jsonl", data, documents::read_lines));
        of_data.map_or(Content::Nothing, Content::Documents)
    }

    /// Reads the whole file once: only then is it known to be good.
    fn vectors(&mut self, source: Source, by_row: &BTreeMap<u64, Document>) -> Option<Vectors> {
        let (mut dimension, mut without_document) = (0, 0);
        let mut with_row = BTreeMap::new();
        let read = source.each(|row, vector| {
            dimension = vector.len();
            match by_row.get(&row) {
                None => without_document += 1,
                Some(document) if vector.iter().any(|number| *number != 0.0) => {
                    with_row.insert(row, document.clone());
                }
                Some(_) => {}
            }
            Ok::<_, SourceError>(())
        });
        match read {
            Ok(()) if with_row.is_empty() => None,
            Ok(()) => {
                self.files.insert(0, source.name());
                let missing = by_row.iter().filter(|(row, _)| !with_row.contains_key(row));
                let missing = missing.map(|(_, document)| document.clone()).collect();
                Some(Vectors { source, dimension, documents: with_row, without_document, missing })
            }
            Err(error) => {
                self.refuse(source.name(), error.not_found(), &error);
                None
            }
        }
    }

    fn documents(
        &mut self,
        name: &'static str,
        folder: &Path,
        read: fn(&Path) -> Result<Vec<Document>, documents::DocumentsError>,
    ) -> Option<Vec<Document>> {
        match read(&folder.join(name)) {
            Ok(documents) if documents.is_empty() => None,
            Ok(documents) => {
                self.files.push(name);
                Some(documents)
            }
            Err(error) => {
                let absent = matches!(&error, documents::DocumentsError::Io(io) if is_absent(io));
                self.refuse(name, absent, &error);
                None
            }
        }
    }

    fn pickle(&mut self, folder: &Path) -> Option<BTreeMap<u64, Document>> {
        const NAME: &str = "index.pkl";
        let bytes = File::open(folder.join(NAME)).and_then(|file| {
            if file.metadata()?.len() > LONGEST_PICKLE {
                return Err(io::Error::other(format!("it has more than {LONGEST_PICKLE} bytes")));
            }
            let mut bytes = Vec::new();
            file.take(LONGEST_PICKLE).read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                self.refuse(NAME, is_absent(&error), &error);
                return None;
            }
        };
        match pickle::read(&bytes) {
            Ok(by_row) if by_row.is_empty() => None,
            Ok(by_row) => {
                self.files.push(NAME);
                Some(by_row)
            }
            Err(error) => {
                self.refuse(NAME, false, &error);
                None
            }
        }
    }

    /// A file that is not there is not worth a word.
    fn refuse(&mut self, file: &'static str, absent: bool, reason: &dyn std::error::Error) {
        if !absent {
            self.refused.push(Refused { file, reason: reason.to_string() });
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
