//! Durable work: one worker a kind takes due jobs and runs them concurrently.

mod housekeeping;
mod indexer;
mod runner;

pub use indexer::index;
pub use runner::{Workers, run_due, run_due_at_once};
