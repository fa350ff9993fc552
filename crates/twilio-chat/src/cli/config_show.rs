//! `twilio-chat config show`.

use std::{io::Write, process::ExitCode};

use super::{Failure, Outcome};
use crate::{
    config::{Config, RawConfig, show, show_json},
    i18n::Lang,
    start::Entered,
    t,
};

/// Prints every value with its source, those of the panel too; exit 1 when the configuration has faults (shown too)
/// or the panel's keys can't be read, which does not keep the rest from being shown.
pub(super) fn run(typed: &RawConfig, json: bool, lang: Lang, out: &mut dyn Write) -> Outcome {
    let (raw, fault) = match Entered::beside(typed) {
        Ok(Entered { raw, unreadable }) if unreadable.is_empty() => (raw, None),
        Ok(Entered { raw, unreadable }) => {
            let names: Vec<&str> = unreadable.iter().map(|name| name.as_str()).collect();
            (raw, Some(t!(lang, "cli.panel_keys.unreadable", names = names.join(", "))))
        }
        Err(error) => (typed.clone(), Some(error.describe(lang))),
    };
    let text = if json { show_json(&raw) } else { show(&raw, lang) };
    writeln!(out, "{}", text.trim_end()).map_err(|error| Failure::of_output(&error))?;
    match fault {
        Some(text) => Err(Failure::new(text)),
        None if Config::from_raw(&raw).is_ok() => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::from(1)),
    }
}
