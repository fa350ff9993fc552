//! The real binary over real sockets: what cannot be shown in process (`kill -9`, signals, a full disk, exit
//! codes, what a person sees on the terminal).
//!
//! Tests that need short waits exist only with the feature `short-waits`, which lets the binary divide them.

mod cli;
mod configured;
mod demo;
mod disk;
mod dry_runs;
mod http;
mod import_kills;
mod panel_keys;
#[cfg_attr(not(feature = "short-waits"), expect(dead_code, reason = "partly for tests with short waits"))]
mod program;
#[cfg_attr(not(feature = "short-waits"), expect(dead_code, reason = "partly for tests with short waits"))]
mod records;
mod signed;
#[cfg_attr(not(feature = "short-waits"), expect(dead_code, reason = "partly for tests with short waits"))]
mod twilio;
mod wait;

#[cfg(feature = "short-waits")]
mod down;
#[cfg(feature = "short-waits")]
mod idle;
#[cfg(feature = "short-waits")]
mod knowledge;
mod load;
#[cfg(feature = "short-waits")]
mod model_trouble;
#[cfg(feature = "short-waits")]
mod replay;
