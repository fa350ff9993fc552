//! Durable work: one worker a kind takes due jobs and runs them concurrently; beside them the recovery.

mod recovery;
mod runner;
mod service;

pub use recovery::recover_due;
pub use runner::{Workers, run_due};
pub use service::{Running, Service};
