//! Articles out of documents: where only passages are left, they are put together again.
//!
//! Passages overlap; what two neighbours share stands once. The text is the article's as far as the passages have
//! it: white space between two that share nothing is a line break.

use std::collections::HashMap;

use crate::{article::Article, documents::Document};

/// A shorter coincidence of an end and a beginning is no overlap.
const SHORTEST: usize = 8;

/// The articles of the documents, in the order in which they begin.
pub(crate) fn articles<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Vec<Article> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<&Document>)> = Vec::new();
    for document in documents {
        // A document without an address is an article of its own, named and not linked by what it is called.
        let url = document.text("url").filter(|url| !url.is_empty()).unwrap_or(&document.id);
        let place = *places.entry(url).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(document),
            None => groups.push((url, vec![document])),
        }
    }
    groups.into_iter().filter_map(|(url, group)| article(url, group)).collect()
}

fn article(url: &str, mut passages: Vec<&Document>) -> Option<Article> {
    passages.sort_by_key(|document| document.metadata.get("chunk_index").and_then(serde_json::Value::as_u64));
    let first = *passages.first()?;
    let known = |key| first.text(key).unwrap_or_default().to_owned();
    let time = |key| first.text(key)?.parse().ok();
    let mut text = String::new();
    for passage in passages {
        join(&mut text, &passage.page_content);
    }
    Some(Article {
        url: url.to_owned(),
        title: known("title"),
        category: known("category"),
        text,
        published: time("published"),
        scraped: time("scraped_at"),
    })
}

fn join(text: &mut String, next: &str) {
    let shared = next
        .char_indices()
        .map(|(at, character)| at + character.len_utf8())
        .rfind(|end| next.get(..*end).is_some_and(|beginning| text.ends_with(beginning)))
        .filter(|end| *end >= SHORTEST);
    if shared.is_none() && !text.is_empty() {
        text.push('\n');
    }
    text.push_str(next.get(shared.unwrap_or(0)..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::Collection;

    #[test]
    fn passages_become_the_article_again() {
        let sentences: Vec<String> =
            (0..120).map(|n| format!("Zdanie numer {n} mówi o czymś innym.")).collect();
        let text = sentences.join("\n");
        let article = Article {
            url: "https://a.example/1".into(),
            title: "Tytuł".into(),
            category: "Prawo".into(),
            text,
            published: None,
            scraped: Some("2026-01-02T03:04:05Z".parse().unwrap()),
        };
        let collection = Collection::new(vec![article.clone()]);
        let mut documents: Vec<Document> = collection.passages().map(Document::from).collect();
        assert!(documents.len() > 3);
        documents.reverse();
        assert_eq!(articles(&documents), [article]);
    }

    #[test]
    fn neighbours_that_share_nothing_stand_on_lines_of_their_own() {
        let document = |id: &str, text: &str| Document {
            id: id.into(),
            page_content: text.into(),
            metadata: [("url".to_owned(), "u".into())].into_iter().collect(),
        };
        let found = articles(&[document("1", "Ala ma kota."), document("2", ". Kot śpi.")]);
        assert_eq!(found[0].text, "Ala ma kota.\n. Kot śpi.");
        let alone = Document { metadata: serde_json::Map::new(), ..document("3", "Bez adresu.") };
        let found = articles(&[alone]);
        assert_eq!((&*found[0].url, found[0].link()), ("3", None));
    }
}
