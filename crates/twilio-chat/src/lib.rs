//! The product: use cases, jobs, web, command line and configuration.
//!
//! The binary in `main.rs` only gathers what comes from the process (arguments, environment, `.env`) and
//! hands it to [`cli::run`].

pub mod app;
pub mod cli;
pub mod config;
pub mod i18n;
pub mod jobs;
pub mod logs;
pub mod start;
pub mod sys;
pub mod web;
