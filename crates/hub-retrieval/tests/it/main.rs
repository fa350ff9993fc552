//! The crate as its users see it.

mod earlier_program;
