//! The knowledge base: passages in, ranked passages out.
//!
//! Files that faiss and the earlier program understand, vectors, words, and how the two are joined. Nothing here
//! opens a socket, reads a clock or draws a random number; embeddings come from whoever calls.

pub mod answer;
pub mod article;
pub mod collection;
pub mod evaluate;
pub mod fusion;
pub mod hits;
pub mod lexical;
pub mod passages;
pub mod ranking;
pub mod verdict;
