//! The `index.pkl` of `LangChain`, read as data: which document belongs to which row.
//!
//! A pickle is a program. This reader is no interpreter of it: it knows the 22 instructions that such a file
//! consists of and two names, builds plain values and refuses everything else. Nothing is ever called, and what is
//! built can't outgrow the file by more than a fixed factor. We never write one.

mod machine;
mod value;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};

use crate::documents::Document;
use value::{Arena, Class, Handle, Value};

/// A file repeats its strings by reference; what they add up to stays below this many times its length.
const MAX_GROWTH: usize = 16;

/// Why a pickle is not taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PickleError {
    /// It ends in the middle.
    #[error("the pickle ends too early")]
    Cut,
    /// An instruction that such files don't have.
    #[error("the pickle has the instruction 0x{code:02x} at byte {at}, which is not one of those understood")]
    Instruction {
        /// The instruction.
        code: u8,
        /// Where.
        at: usize,
    },
    /// It asks for something to be loaded that is not one of the two names.
    #[error("the pickle asks for a class that is neither InMemoryDocstore nor Document")]
    Class,
    /// Its instructions don't fit each other.
    #[error("the pickle is malformed: {0}")]
    Malformed(&'static str),
    /// Well formed, but no docstore.
    #[error("the pickle holds no docstore: {0}")]
    Shape(&'static str),
    /// Its values add up to far more than the file.
    #[error("the pickle unfolds into more than {MAX_GROWTH} times its length")]
    TooMuch,
}

/// The documents of a docstore by the row of the index that belongs to each.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<u64, Document>, PickleError> {
    let (arena, root) = machine::run(bytes)?;
    let mut reading = Reading { arena: &arena, left: bytes.len().saturating_mul(MAX_GROWTH) };
    let Value::Pair(docstore, rows) = *arena.value(root) else {
        return Err(PickleError::Shape("not a pair of docstore and rows"));
    };
    let documents = reading.documents(docstore)?;
    let mut found = BTreeMap::new();
    for &(row, id) in arena.entries(rows).ok_or(PickleError::Shape("no dictionary of rows"))? {
        let (Value::Int(row), Value::Text(id)) = (arena.value(row), arena.value(id)) else {
            return Err(PickleError::Shape("a row that is no number, or without the name of its document"));
        };
        let row = u64::try_from(*row).map_err(|_| PickleError::Shape("a row below zero"))?;
        // A row whose document is missing is the caller's to count.
        if let Some(&document) = documents.get(id) {
            found.insert(row, reading.document(id, document)?);
        }
    }
    Ok(found)
}

struct Reading<'a> {
    arena: &'a Arena<'a>,
    /// Bytes that may still be copied out.
    left: usize,
}

impl<'a> Reading<'a> {
    /// `_dict` of the docstore: handles of documents by id.
    fn documents(&mut self, docstore: Handle) -> Result<HashMap<&'a str, Handle>, PickleError> {
        let state = self.arena.state(docstore, Class::Docstore).ok_or(PickleError::Shape("no docstore"))?;
        let by_id = self.field(state, "_dict")?.and_then(|handle| self.arena.entries(handle));
        let by_id = by_id.ok_or(PickleError::Shape("a docstore without documents"))?;
        let mut documents = HashMap::new();
        for &(id, document) in by_id {
            let Value::Text(id) = *self.arena.value(id) else {
                return Err(PickleError::Shape("a document without a name"));
            };
            documents.insert(id, document);
        }
        Ok(documents)
    }

    fn document(&mut self, id: &str, handle: Handle) -> Result<Document, PickleError> {
        let state = self.arena.state(handle, Class::Document).ok_or(PickleError::Shape("no document"))?;
        // Pydantic keeps the fields one level down; older versions kept them here.
        let fields = self.field(state, "__dict__")?.unwrap_or(state);
        let content = self.field(fields, "page_content")?.map(|handle| self.arena.value(handle));
        let Some(Value::Text(content)) = content else {
            return Err(PickleError::Shape("a document without text"));
        };
        let mut metadata = Map::new();
        if let Some(handle) = self.field(fields, "metadata")? {
            let entries =
                self.arena.entries(handle).ok_or(PickleError::Shape("metadata of another shape"))?;
            for &(key, value) in entries {
                let Value::Text(key) = *self.arena.value(key) else {
                    return Err(PickleError::Shape("metadata without a name"));
                };
                let value = match *self.arena.value(value) {
                    Value::None => Json::Null,
                    Value::Int(number) => number.into(),
                    Value::Text(text) => self.copy(text)?.into(),
                    Value::Empty
                    | Value::Pair(..)
                    | Value::Dictionary(_)
                    | Value::Set
                    | Value::Class(_)
                    | Value::Object { .. } => {
                        return Err(PickleError::Shape("metadata that is neither text nor number"));
                    }
                };
                metadata.insert(self.copy(key)?, value);
            }
        }
        Ok(Document { id: self.copy(id)?, page_content: self.copy(content)?, metadata })
    }

    /// Looking costs as well: one large dictionary may be the state of every document.
    fn field(&mut self, dictionary: Handle, key: &str) -> Result<Option<Handle>, PickleError> {
        let Some(entries) = self.arena.entries(dictionary) else { return Ok(None) };
        self.left = self.left.checked_sub(entries.len()).ok_or(PickleError::TooMuch)?;
        let is_key = |handle| matches!(self.arena.value(handle), Value::Text(text) if *text == key);
        Ok(entries.iter().rev().find(|(name, _)| is_key(*name)).map(|(_, value)| *value))
    }

    /// Every copy also pays for its own record, so that a million empty texts are not free.
    fn copy(&mut self, text: &str) -> Result<String, PickleError> {
        self.left = self.left.checked_sub(text.len().saturating_add(8)).ok_or(PickleError::TooMuch)?;
        Ok(text.to_owned())
    }
}
