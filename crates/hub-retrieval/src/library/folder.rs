//! Taking over a folder: that of one index, or a whole data folder with its index, its documents and its articles.
//!
//! Vectors go first, because they were paid for. What the index of a whole folder does not have comes as articles and
//! stands beside those of the data folder, which stay as they are; the next build makes vectors of it.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, Write as _},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ARTICLES, Holdings,
    keep::{self, Imported, LibraryError, Turn},
    of_data,
};
use crate::{
    article::Article,
    documents::Document,
    durable,
    layout::{self, Content, Found},
    names::{IndexName, Indices},
    stitch,
};

/// Takes over what a folder holds, in any layout, in place of the index.
pub fn import(
    indices: &Indices,
    name: &IndexName,
    from: &Path,
    model: &str,
    turn: &Turn,
) -> Result<Imported, LibraryError> {
    let theirs = Indices::new(from);
    if !theirs.are_there()? {
        return keep::take_over(indices, name, layout::read(from, from), model, turn);
    }
    let mut found = layout::read(&theirs.folder(&theirs.active()?), from);
    let left = Left::by(&mut found, from);
    // First the articles: whoever dies before the index is there imports once more, and finds them known.
    let added = if name.is_default() { add(indices.data(), from, &left.articles)? } else { 0 };
    let mut imported = keep::take_over(indices, name, found, model, turn)?;
    imported.articles = added;
    imported.without_vector = imported.without_vector.max(left.documents);
    Ok(imported)
}

/// What a whole data folder has beside its index.
struct Left {
    articles: Vec<Article>,
    /// Documents that have no row of vectors, where the index has others that do.
    documents: usize,
}

impl Left {
    fn by(found: &mut Found, from: &Path) -> Self {
        let mut theirs = Holdings::default();
        let mut articles = of_data(from, &mut theirs);
        found.refused.append(&mut theirs.refused);
        // Documents alone are taken over as they are, all of them.
        let Content::Vectors(vectors) = &found.content else { return Self { articles, documents: 0 } };
        let listed = layout::of_data(from);
        found.refused.extend(listed.refused);
        let with_row: HashSet<&str> = vectors.documents().map(|document| &*document.id).collect();
        let mut others = vectors.missing().to_vec();
        if let Content::Documents(documents) = listed.content {
            let lost: HashSet<String> = others.iter().map(|document| document.id.clone()).collect();
            let is_other = |id: &str| !with_row.contains(id) && !lost.contains(id);
            others.extend(documents.into_iter().filter(|document| is_other(&document.id)));
        }
        // An article is whole only with those of its passages that have a row.
        let pages: HashSet<&str> = others.iter().filter_map(|document| document.text("url")).collect();
        let of_pages = |document: &&Document| document.text("url").is_some_and(|url| pages.contains(url));
        let known: HashSet<String> = articles.iter().map(|article| article.url.clone()).collect();
        let mut stitched = stitch::articles(vectors.documents().filter(of_pages).chain(&others));
        stitched.retain(|article| !known.contains(&article.url));
        articles.extend(stitched);
        Self { articles, documents: others.len() }
    }
}

/// Adds the articles whose addresses a data folder does not know yet; how many.
fn add(data: &Path, from: &Path, articles: &[Article]) -> Result<usize, LibraryError> {
    let ours = of_data(data, &mut Holdings::default());
    let known: HashSet<&str> = ours.iter().map(|article| &*article.url).collect();
    let new: Vec<&Article> = articles.iter().filter(|article| !known.contains(&*article.url)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let mut before = bytes(&data.join(ARTICLES))?;
    if !before.is_empty() && !before.ends_with(b"\n") {
        before.push(b'\n');
    }
    // Lists of sections count only where this file is not there: it would hide what they have.
    let of_sections = if before.is_empty() { &*ours } else { &[] };
    let theirs = bytes(&from.join(ARTICLES))?;
    let as_written = by_address(&theirs);
    durable::write(&data.join(ARTICLES), |out| {
        out.write_all(&before)?;
        of_sections.iter().chain(new.iter().copied()).try_for_each(|article| {
            match as_written.get(&article.url) {
                Some(line) => out.write_all(line)?,
                None => serde_json::to_writer(&mut *out, &line(article))?,
            }
            out.write_all(b"\n")
        })
    })?;
    Ok(new.len())
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// The lines of a file of articles: they have more than we read of them.
fn by_address(lines: &[u8]) -> HashMap<String, &[u8]> {
    #[derive(Deserialize)]
    struct Line {
        url: String,
    }
    let lines = lines.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.filter_map(|line| Some((serde_json::from_slice::<Line>(line).ok()?.url, line))).collect()
}

/// An article as the earlier program wrote it.
fn line(article: &Article) -> Value {
    json!({
        "id": article.id(),
        "url": article.url,
        "title": article.title,
        "category": article.category,
        "text": article.text,
        "published": article.published,
        "scraped_at": article.scraped,
    })
}

#[cfg(test)]
mod tests;
