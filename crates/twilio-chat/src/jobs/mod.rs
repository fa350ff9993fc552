//! Durable work: one worker a kind takes due jobs and runs them concurrently.

mod housekeeping;
mod runner;

pub use runner::{Workers, run_due, run_due_at_once};
