//! The command line.

pub mod segments;
