//! Files of articles, one JSON object a line: `articles.jsonl` of the data folder, and anyone's corpus.
//!
//! A line that is no article is passed over and counted; its text never appears in an error.

use std::{
    io::{BufRead as _, Read as _},
    path::Path,
};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    article::Article,
    documents::{DocumentsError, open, wrong},
};

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Articles {
    /// In the order of the file.
    pub articles: Vec<Article>,
    /// Numbers of the lines that are no articles, from 1.
    pub refused: Vec<usize>,
}

/// What names an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Its address, as in `articles.jsonl`.
    Url,
    /// Its `id`, as in a corpus.
    Id,
}

/// Every field may have any type: those that we don't need are nobody's business.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    url: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    category: Value,
    #[serde(default)]
    text: Value,
    #[serde(default, alias = "published_at")]
    published: Value,
    #[serde(default)]
    scraped_at: Value,
}

/// Reads such a file. Empty lines are passed over.
pub fn read(path: &Path, identity: Identity) -> Result<Articles, DocumentsError> {
    let mut found = Articles::default();
    for (number, line) in (1..).zip(open(path)?.split(b'\n')) {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match article(line.trim_ascii(), identity) {
            Some(article) => found.articles.push(article),
            None => found.refused.push(number),
        }
    }
    Ok(found)
}

/// Reads a list of articles, as the earlier program kept the last ones of each section.
pub fn read_list(path: &Path) -> Result<Articles, DocumentsError> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    let list: Vec<Line> = serde_json::from_slice(&bytes).map_err(|error| wrong(&error, 0))?;
    let articles = list.into_iter().filter_map(|line| of_line(&line, Identity::Url)).collect();
    Ok(Articles { articles, refused: Vec::new() })
}

fn article(line: &[u8], identity: Identity) -> Option<Article> {
    // An array would pass for the object, the way serde reads structs.
    let line: Line = serde_json::from_slice(line).ok().filter(|_| line.starts_with(b"{"))?;
    of_line(&line, identity)
}

fn of_line(line: &Line, identity: Identity) -> Option<Article> {
    let named = match identity {
        Identity::Url => &line.url,
        Identity::Id => &line.id,
    };
    let url = match named {
        Value::String(name) if !name.is_empty() => name.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let title = text(&line.title).to_owned();
    // What has a title only is found by it.
    let text = Some(text(&line.text)).filter(|text| !text.trim().is_empty()).unwrap_or(&title).to_owned();
    let category = self::text(&line.category).to_owned();
    let (published, scraped) = (time(&line.published), time(&line.scraped_at));
    (!text.trim().is_empty()).then_some(Article { url, title, category, text, published, scraped })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &str, identity: Identity) -> Articles {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("articles.jsonl");
        std::fs::write(&path, lines).unwrap();
        read(&path, identity).unwrap()
    }

    #[test]
    fn what_is_no_article_is_counted_and_the_rest_is_read() {
        let lines = "{\"id\":\"a\",\"title\":\"A\",\"text\":\"x\",\"category\":7,\"score\":[1]}\r\n\n\
                     [\"b\",\"\",\"B\",\"\",\"y\"]\nno JSON\n{\"text\":\"nameless\"}\n{\"id\":3,\"title\":\"C\"}\n{\"id\":\"d\"}";
        let found = of(lines, Identity::Id);
        assert_eq!(found.refused, [3, 4, 5, 7]);
        let shown: Vec<_> =
            found.articles.iter().map(|article| (&*article.url, &*article.title, &*article.text)).collect();
        assert_eq!(shown, [("a", "A", "x"), ("3", "C", "C")]);
    }

    #[test]
    fn an_article_is_named_by_what_was_asked_for_and_keeps_its_times() {
        let line = r#"{"id":"1","url":"https://a.example/1","title":"T","category":"Prawo","text":"x","scraped_at":"2025-12-27T18:27:42.379450Z","published":"yesterday"}"#;
        let article = of(line, Identity::Url).articles.remove(0);
        assert_eq!((&*article.url, &*article.category), ("https://a.example/1", "Prawo"));
        assert_eq!(article.time().unwrap().as_second(), 1_766_860_062);
        assert_eq!(of(line, Identity::Id).articles[0].url, "1");
    }
}
