//! A data folder as a whole: the articles of one index, ready to be asked, and what its files hold.
//!
//! Reading changes nothing on disk. What is damaged is passed over and named; what is left is used.

pub mod archive;
pub mod embedded;
mod folder;
mod keep;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, HashSet},
    fs, io,
    path::Path,
};

use crate::{
    article::Article,
    articles::{self, Articles, Identity},
    collection::Collection,
    documents::DocumentsError,
    export::{self, Stamp},
    layout::{self, Content, Refused},
    names::{IndexName, Indices},
    passages::Cut,
    stitch,
};

pub use folder::import;
pub use keep::{Imported, Kept, LibraryError, Turn, build, export, tidy};

const ARTICLES: &str = "articles.jsonl";
/// Where the earlier program kept the last articles of each section.
const SECTIONS: &str = "business_insider_scrapes";

/// Articles to ask, and where they come from.
#[derive(Debug, Default)]
pub struct Library {
    /// What questions are put to.
    pub collection: Collection,
    /// What the files hold.
    pub holdings: Holdings,
}

/// What the files of an index hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// The files in use, the best first; empty when there are none.
    pub files: Vec<&'static str>,
    /// Rows of vectors that have a document.
    pub vectors: usize,
    /// Numbers in a row; 0 without vectors.
    pub dimensions: usize,
    /// Documents of the index; without an index, passages of the articles.
    pub documents: usize,
    /// Articles that can be found.
    pub articles: usize,
    /// Their sections, in order of names.
    pub categories: Vec<String>,
    /// Rows of vectors that were dropped because no document belongs to them.
    pub without_document: u64,
    /// Files, or parts of them, that were passed over.
    pub refused: Vec<Refused>,
}

impl Holdings {
    /// The files in use as one word: `index.faiss+docs.json`.
    pub fn layout(&self) -> String {
        if self.files.is_empty() { "none".to_owned() } else { self.files.join("+") }
    }
}

/// Reads an index. The default one also has the articles of the data folder, which go before what its
/// documents have of the same address. Passages are as long as those that its vectors were made of.
pub fn load(indices: &Indices, name: &IndexName) -> Library {
    load_cut(indices, name, embedded::cut_of(indices, name))
}

fn load_cut(indices: &Indices, name: &IndexName, cut: Cut) -> Library {
    let found = layout::read(&indices.folder(name), indices.data());
    let mut holdings = Holdings { files: found.files, refused: found.refused, ..Holdings::default() };
    let mut articles = Vec::new();
    if name.is_default() {
        articles = of_data(indices.data(), &mut holdings);
    }
    let stitched = match &found.content {
        Content::Vectors(vectors) => {
            holdings.vectors = vectors.rows();
            holdings.dimensions = vectors.dimension();
            holdings.documents = vectors.rows() + vectors.missing().len();
            holdings.without_document = vectors.without_document();
            stitch::articles(vectors.documents().chain(vectors.missing()))
        }
        Content::Documents(documents) => {
            holdings.documents = documents.len();
            stitch::articles(documents)
        }
        Content::Nothing => Vec::new(),
    };
    drop(found.content);
    let known: HashSet<&str> = articles.iter().map(|article| article.url.as_str()).collect();
    let others: Vec<Article> =
        stitched.into_iter().filter(|article| !known.contains(article.url.as_str())).collect();
    articles.extend(others);
    let collection = Collection::cut(articles, cut);
    holdings.articles = collection.articles().count();
    let categories: BTreeSet<&str> = collection.articles().map(|article| &*article.category).collect();
    holdings.categories = categories.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if holdings.documents == 0 {
        holdings.documents = collection.passages().count();
    }
    Library { collection, holdings }
}

/// The articles of the data folder: all that were ever read, or the last ones of each section.
fn of_data(data: &Path, holdings: &mut Holdings) -> Vec<Article> {
    let mut take = |file: &'static str, read: Result<Articles, DocumentsError>| match read {
        Ok(found) => {
            if let Some(first) = found.refused.first() {
                let reason =
                    format!("{} lines are no articles, the first is line {first}", found.refused.len());
                holdings.refused.push(Refused { file, reason });
            }
            found.articles
        }
        Err(DocumentsError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            holdings.refused.push(Refused { file, reason: error.to_string() });
            Vec::new()
        }
    };
    let mut file = ARTICLES;
    let mut found = take(file, articles::read(&data.join(ARTICLES), Identity::Url));
    if found.is_empty() {
        file = SECTIONS;
        // Without such a folder there are no sections.
        let mut lists: Vec<_> = fs::read_dir(data.join(SECTIONS)).into_iter().flatten().flatten().collect();
        lists.sort_by_key(fs::DirEntry::file_name);
        let lists = lists
            .iter()
            .map(fs::DirEntry::path)
            .filter(|path| path.extension().is_some_and(|end| end == "json"));
        found = lists.flat_map(|path| take(file, articles::read_list(&path))).collect();
    }
    if holdings.files.is_empty() && !found.is_empty() {
        holdings.files.push(file);
    }
    found
}

/// Whether anyone has touched what [`load`] reads: another stamp is a reason to load again.
pub fn stamp(indices: &Indices, name: &IndexName) -> io::Result<(Stamp, Stamp)> {
    let of_data =
        export::stamp_of(indices.data(), &[ARTICLES, "documents.json", "documents.jsonl", SECTIONS])?;
    Ok((export::stamp(&indices.folder(name))?, of_data))
}
