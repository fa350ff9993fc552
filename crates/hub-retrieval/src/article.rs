//! An article as the knowledge base keeps it: what was read on one page.

use hub_domain::links;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::{Digest as _, Sha1};

use crate::durable::hex;

/// What was read on one page. Its address is its identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Where it was read, or its name where that is not known; no two articles share it.
    pub url: String,
    /// As printed above the text.
    pub title: String,
    /// The section it was found in; empty when unknown.
    #[serde(default)]
    pub category: String,
    /// The text, paragraphs on lines of their own.
    pub text: String,
    /// When the page says it was published.
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// When it was read.
    #[serde(default, rename = "scraped_at")]
    pub scraped: Option<Timestamp>,
}

impl Article {
    /// Its name in `articles.jsonl`: 40 digits made of its address.
    pub fn id(&self) -> String {
        hex(&Sha1::digest(&self.url))
    }

    /// Where anyone can read it; `None` for a document that has a name of its own only.
    pub fn link(&self) -> Option<&str> {
        links::is_web(&self.url).then_some(&*self.url)
    }

    /// When it was news: published if the page says so, else read.
    pub fn time(&self) -> Option<Timestamp> {
        self.published.or(self.scraped)
    }
}
