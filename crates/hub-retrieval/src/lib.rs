//! The knowledge base: passages in, ranked passages out.
//!
//! Files that faiss and the earlier program understand, vectors, words, and how the two are joined. Nothing here
//! opens a socket, reads a clock or draws a random number; embeddings come from whoever calls.

pub mod answer;
pub mod article;
pub mod articles;
pub mod collection;
pub mod documents;
mod durable;
pub mod evaluate;
pub mod export;
pub mod faiss;
pub mod fusion;
pub mod hits;
#[cfg(test)]
mod invented;
pub mod layout;
pub mod lexical;
pub mod library;
mod map;
pub mod names;
pub mod npz;
pub mod paid;
pub mod passages;
pub mod pickle;
pub mod ranking;
mod stitch;
mod vectors;
pub mod verdict;
mod working;

pub use vectors::{BadVector, Built, Filter, Hit, IndexError, Kind, NewRow, Rows, Snapshot, VectorIndex};
pub use working::WorkingError;
