//! The knowledge base: passages in, ranked passages out.
//!
//! Files that faiss and the earlier program understand, vectors, words, and how the two are joined. Nothing here
//! opens a socket, reads a clock or draws a random number; embeddings come from whoever calls.

pub mod documents;
mod durable;
pub mod export;
pub mod faiss;
#[cfg(test)]
mod invented;
pub mod layout;
mod map;
pub mod names;
pub mod npz;
pub mod pickle;
mod vectors;
mod working;

pub use vectors::{BadVector, Built, Filter, Hit, IndexError, Kind, NewRow, Rows, Snapshot, VectorIndex};
pub use working::WorkingError;
