//! Durable work: one worker a kind takes due jobs and runs them concurrently.

mod indexer;
mod runner;

pub use indexer::index;
pub use runner::{Workers, run_due};
