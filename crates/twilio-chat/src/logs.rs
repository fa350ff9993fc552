//! Where log lines go and how they look: text on a terminal, JSON otherwise, both to standard error.

use std::io::{IsTerminal, stderr};

use tracing::level_filters::LevelFilter;

use crate::config::LogLevel;

/// Starts logging for the whole process; a second call changes nothing.
pub fn start(level: LogLevel) {
    let builder = tracing_subscriber::fmt().with_max_level(filter(level)).with_writer(stderr);
    let started = if stderr().is_terminal() {
        builder.with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
