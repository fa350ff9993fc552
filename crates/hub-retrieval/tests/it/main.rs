//! The crate as its users see it.

mod data;
mod earlier_program;
mod polish;
