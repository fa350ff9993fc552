//! Durable work: one worker a kind takes due jobs and runs them concurrently; beside them the other loops.

mod housekeeping;
mod indexer;
mod recovery;
mod runner;
mod service;

pub use indexer::index;
pub use recovery::recover_due;
pub use runner::{Workers, run_due, run_due_at_once};
pub use service::{Running, Service};
