//! `documents.jsonl`: one flat record a line, its keys in the order the earlier program used.

use std::{
    io::{self, BufRead, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Document, DocumentsError, open, wrong};
use crate::durable;

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Value>,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chunk_index: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scraped_at: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_hash: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chunk_hash: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chunk_len: Option<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Reads `documents.jsonl`. Empty lines are passed over.
pub fn read_lines(path: &Path) -> Result<Vec<Document>, DocumentsError> {
    let mut documents = Vec::new();
    for (before, line) in open(path)?.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|error| wrong(&error, before))?;
        documents.push(line.into());
    }
    Ok(documents)
}

/// Writes `documents.jsonl`, whole or not at all.
pub fn write_lines(path: &Path, documents: &[Document]) -> io::Result<()> {
    durable::write(path, |out| {
        for document in documents {
            serde_json::to_writer(&mut *out, &Line::from(document))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    })
}

impl From<&Document> for Line {
    fn from(document: &Document) -> Self {
        // Names that the line has for itself would stand in it twice.
        let mut rest = document.metadata.clone();
        rest.remove("id");
        rest.remove("text");
        let mut take = |key| rest.remove(key);
        Self {
            id: document.id.clone(),
            url: take("url"),
            title: take("title"),
            text: document.page_content.clone(),
            chunk_index: take("chunk_index"),
            category: take("category"),
            scraped_at: take("scraped_at"),
            source: take("source"),
            content_hash: take("content_hash"),
            chunk_hash: take("chunk_hash"),
            chunk_len: take("chunk_len"),
            rest,
        }
    }
}

impl From<Line> for Document {
    fn from(line: Line) -> Self {
        let mut metadata = line.rest;
        let named = [
            ("url", line.url),
            ("title", line.title),
            ("chunk_index", line.chunk_index),
            ("category", line.category),
            ("scraped_at", line.scraped_at),
            ("source", line.source),
            ("content_hash", line.content_hash),
            ("chunk_hash", line.chunk_hash),
            ("chunk_len", line.chunk_len),
        ];
        metadata.extend(named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        Self { id: line.id, page_content: line.text, metadata }
    }
}
