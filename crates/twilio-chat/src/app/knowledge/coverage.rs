//! All sections at once: what each has to say about a question, found by search within it.

use hub_retrieval::{
    answer::extractive::{self, Budget, Frame},
    collection::{Collection, FoundArticle, Search},
};

use super::Asked;
use crate::t;

/// What a section has.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Best first; empty where nothing of the question stands in it.
    pub found: Vec<FoundArticle>,
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
            Search { question: asked.question, filter: Some(&filter), now: asked.now, ..Search::default() };
        Section { name: name.clone(), found: collection.search(&search, each).articles }
    };
    sections.iter().map(of_section).collect()
}

/// The sections as one text, each under its name; one that has nothing says so.
pub fn one_text(collection: &Collection, sections: &[Section], asked: &Asked<'_>) -> String {
    let mut text = t!(asked.lang, "knowledge.opening").to_owned();
    for section in sections {
        let heading = section.name.to_uppercase();
        let frame = Frame { opening: &heading };
        let budget = Budget { segments: asked.segments, plain: false };
        let said = extractive::answer(asked.question, &section.found, collection.lexical(), frame, budget);
        text.push_str("\n\n");
        if let Some(extract) = said {
            text.push_str(&extract.text);
        } else {
            text.push_str(&heading);
            text.push('\n');
            text.push_str(t!(asked.lang, "knowledge.nothing_new"));
        }
    }
    text
}
