//! `twilio-chat config show`.

use std::{io::Write, process::ExitCode};

use super::{Failure, Outcome};
use crate::{
    config::{Config, RawConfig, show, show_json},
    i18n::Lang,
};

/// Prints every value with its source; exit 1 when the configuration has faults (shown too).
pub(super) fn run(raw: &RawConfig, json: bool, lang: Lang, out: &mut dyn Write) -> Outcome {
    let text = if json { show_json(raw) } else { show(raw, lang) };
    writeln!(out, "{}", text.trim_end()).map_err(|error| Failure::of_output(&error))?;
    Ok(if Config::from_raw(raw).is_ok() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
