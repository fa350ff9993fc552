//! A passage as a document, with the metadata that the earlier program gave it.

use serde_json::{Map, Value, json};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::Document;
use crate::{collection::PassageOf, durable::hex};

/// Where the earlier program says its documents come from.
const SOURCE: &str = "business_insider_scraper";

impl From<PassageOf<'_>> for Document {
    fn from(passage: PassageOf<'_>) -> Self {
        let article = passage.article;
        let mut contents = Sha256::new();
        contents.update(&article.title);
        contents.update("\n");
        contents.update(&article.text);
        let mut metadata = Map::new();
        let mut tell = |key: &str, value: Value| metadata.insert(key.to_owned(), value);
        tell("source", json!(SOURCE));
        tell("url", json!(article.url));
        tell("title", json!(article.title));
        tell("category", json!(article.category));
        tell("scraped_at", json!(article.scraped));
        if article.published.is_some() {
            tell("published", json!(article.published));
        }
        tell("content_hash", json!(hex(&contents.finalize())));
        tell("chunk_index", json!(passage.index));
        tell("chunk_hash", json!(hex(&Sha1::digest(passage.text))));
        tell("chunk_len", json!(passage.text.chars().count()));
        Self { id: passage.id().to_string(), page_content: passage.text.to_owned(), metadata }
    }
}
