//! The documents of an index: passages with what is known about them, in the files of the earlier program.
//!
//! `docs.json` stands beside the vectors, `documents.json` and `documents.jsonl` in the data folder. The text of a
//! document is a customer-visible passage and never appears in an error.

mod lines;
mod made;

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::durable;

pub use lines::{read_lines, write_lines};

/// Longer files are refused: a document file is read as a whole.
const LONGEST_FILE: u64 = 1 << 30;

/// One passage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Names the passage for good; rows of an index belong to it by this.
    pub id: String,
    /// The passage itself.
    pub page_content: String,
    /// `url`, `title`, `category`, `scraped_at` and whatever else its writer knew.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

impl Document {
    /// A text from the metadata, if there is one.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.metadata.get(key)?.as_str()
    }
}

/// Why a file of documents is not taken.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The disk.
    #[error("the file of documents can't be read: {0}")]
    Io(#[from] io::Error),
    /// Not JSON, or not a list of documents. The message has the place, never the text.
    #[error("not a list of documents: {kind} in line {line}, column {column}")]
    Json {
        /// What is wrong.
        kind: &'static str,
        /// Where.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// Beyond what is read at once.
    #[error("the file of documents has {0} bytes; at most {LONGEST_FILE} are read")]
    TooLong(u64),
}

/// Reads `docs.json` or `documents.json`: a list of documents.
pub fn read(path: &Path) -> Result<Vec<Document>, DocumentsError> {
    // Far faster than from a reader, and the documents stay in memory anyway.
    let mut text = Vec::new();
    open(path)?.read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(|error| wrong(&error, 0))
}

/// Writes `docs.json` or `documents.json`, whole or not at all.
pub fn write(path: &Path, documents: &[Document]) -> io::Result<()> {
    durable::write(path, |out| fill(out, documents))
}

/// Two spaces and plain Polish letters, as the earlier program wrote it.
pub(crate) fn fill(out: &mut BufWriter<File>, documents: &[Document]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, documents)?;
    out.write_all(b"\n")
}

pub(crate) fn open(path: &Path) -> Result<BufReader<io::Take<File>>, DocumentsError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > LONGEST_FILE {
        return Err(DocumentsError::TooLong(length));
    }
    Ok(past_mark(BufReader::with_capacity(1 << 16, file.take(LONGEST_FILE)))?)
}

/// Past the mark that some editors begin a file with, if there is one: it belongs to no line and to no JSON.
pub fn past_mark<R: BufRead>(mut reader: R) -> io::Result<R> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    Ok(reader)
}

/// Serde's own message may quote the text; this one can't. `lines_before` are added to its line.
pub(crate) fn wrong(error: &serde_json::Error, lines_before: usize) -> DocumentsError {
    use serde_json::error::Category;
    let kind = match error.classify() {
        Category::Io => {
            return DocumentsError::Io(io::Error::from(
                error.io_error_kind().unwrap_or(io::ErrorKind::Other),
            ));
        }
        Category::Syntax => "no JSON",
        Category::Data => "another shape",
        Category::Eof => "an early end",
    };
    DocumentsError::Json { kind, line: lines_before + error.line(), column: error.column() }
}
