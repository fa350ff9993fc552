//! The product: use cases, jobs, web, command line and configuration.

pub mod cli;
pub mod config;
pub mod i18n;
