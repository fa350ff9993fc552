//! Durable work: one worker a kind takes due jobs and runs them concurrently.

mod runner;

pub use runner::{Workers, run_due};
