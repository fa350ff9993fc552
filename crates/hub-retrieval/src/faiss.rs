//! Flat index files as faiss writes them: inner product, L2, and either behind an id map.
//!
//! Such a file has no checksum, so nothing in it is believed before the file's own length confirms it: a header
//! that claims more than is there is refused before anything is allocated. Rows stream through one buffer.
//! Reading never maps the file: it belongs to others, who may cut it short at any time.

mod header;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{FaissError, Reader};
pub use write::Writer;

/// How the rows of a file are to be compared. Both orders are the same for rows of length one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Larger is nearer. What we write.
    InnerProduct,
    /// Squared Euclidean distance: smaller is nearer. What `LangChain` writes.
    L2,
}

/// Which index stands around the flat one and gives its rows numbers of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdMap {
    /// `IndexIDMap`.
    Plain,
    /// `IndexIDMap2`, which can also find a row by its number. The file is the same.
    Two,
}

/// What the header of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How rows are compared.
    pub metric: Metric,
    /// Numbers in a row: 1 to 2^20.
    pub dimension: usize,
    /// Rows in the file.
    pub rows: u64,
    /// Numbers of the rows follow them, if there is a map.
    pub id_map: Option<IdMap>,
}
