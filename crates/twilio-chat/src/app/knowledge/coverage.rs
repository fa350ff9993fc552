//! All sections at once: what each has to say about a question, found by search within it.

use hub_retrieval::{
    answer::extractive::{self, Budget, Frame},
    collection::{Collection, FoundArticle, Search},
};

use super::Asked;
use crate::{i18n::Lang, t};

/// What a section has.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Best first; empty where nothing of the question stands in it.
    pub found: Vec<FoundArticle>,
    /// Their own sentences about it; `None` where none can be quoted.
    pub quoted: Option<String>,
}

impl Section {
    /// What stands above it.
    pub fn heading(&self) -> String {
        self.name.to_uppercase()
    }
}

/// Searches each section for itself, in order of names, at most `each` articles in one.
pub fn in_every_section(
    collection: &Collection,
    sections: &[String],
    asked: &Asked<'_>,
    each: usize,
) -> Vec<Section> {
    let of_section = |name: &String| {
        let filter = collection.filter(|article| article.category == *name);
        let search =
            Search { question: asked.question, dense: asked.dense, filter: Some(&filter), now: asked.now };
        let found = collection.search(&search, each);
        // What is near in meaning is near in every section: only where a word stands is it about the question.
        let found = if found.confidence > 0.0 { found.articles } else { Vec::new() };
        Section { quoted: quoted(collection, name, &found, asked), name: name.clone(), found }
    };
    sections.iter().map(of_section).collect()
}

/// The sentences of a section's articles, without its heading.
fn quoted(collection: &Collection, name: &str, found: &[FoundArticle], asked: &Asked<'_>) -> Option<String> {
    let heading = name.to_uppercase();
    let frame = Frame { opening: &heading };
    let budget = Budget { segments: asked.segments, plain: false };
    let said = extractive::answer(asked.question, found, collection.lexical(), frame, budget)?.text;
    Some(said.strip_prefix(&heading).unwrap_or(&said).trim_start().to_owned())
}

/// The sections as one text, each under its name; one that has nothing says so.
pub fn one_text(sections: &[Section], lang: Lang) -> String {
    let text = |section: &Section| under(&section.heading(), section.quoted.as_deref(), lang);
    joined(t!(lang, "knowledge.opening"), sections.iter().map(text))
}

/// A section under its heading.
pub(super) fn under(heading: &str, text: Option<&str>, lang: Lang) -> String {
    format!("{heading}\n{}", text.unwrap_or(t!(lang, "knowledge.nothing_new")))
}

/// Sections below an opening line, each after a blank one.
pub(super) fn joined(opening: &str, sections: impl Iterator<Item = String>) -> String {
    let mut text = opening.to_owned();
    for section in sections {
        text.push_str("\n\n");
        text.push_str(&section);
    }
    text
}
