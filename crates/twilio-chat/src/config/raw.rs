//! What was typed, and where: the process environment over `.env` over defaults, with panel settings on top.
//!
//! Nothing is judged here but names and syntax; values are read by [`super::Config::from_raw`].

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    dotenv,
    names::{self, twilio},
    problem::{Fault, Problem},
    variable::{Fallback, Variable},
};
use crate::{i18n::Lang, t};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The process environment.
    Env,
    /// The `.env` file.
    DotEnv {
        /// Counted from 1.
        line: usize,
    },
    /// Nobody set it.
    Default,
    /// A setting made in the panel.
    Panel,
    /// Put in place for the demo.
    Demo,
}

/// A configuration as typed. Its `Debug` shows names and places, never values.
#[derive(Clone, Default)]
pub struct RawConfig {
    values: BTreeMap<&'static str, Value>,
    problems: Vec<Problem>,
    retired: BTreeSet<String>,
}

#[derive(Clone)]
struct Value {
    text: String,
    source: Source,
}

impl RawConfig {
    /// Merges the process environment over the content of `.env`. An empty value counts as none.
    pub fn merge(environment: impl IntoIterator<Item = (String, String)>, dotenv: Option<&[u8]>) -> Self {
        let mut raw = Self::default();
        raw.read_dotenv(dotenv.unwrap_or_default());
        raw.put(environment, Source::Env);
        raw
    }

    /// Lays settings made in the panel on top. Names that are no variables are passed over.
    #[must_use]
    pub fn with_panel(mut self, settings: impl IntoIterator<Item = (String, String)>) -> Self {
        self.put(settings, Source::Panel);
        self
    }

    /// Whether anything of a Twilio account is there, complete or not: then this is no demo.
    pub fn has_twilio_credentials(&self) -> bool {
        let credentials = [
            &twilio::TWILIO_ACCOUNT_SID,
            &twilio::TWILIO_AUTH_TOKEN,
            &twilio::TWILIO_API_KEY_SID,
            &twilio::TWILIO_API_KEY_SECRET,
        ];
        credentials.into_iter().any(|variable| self.is_set(variable))
    }

    /// What the operator should know but may ignore; one text in all.
    pub fn warning(&self, lang: Lang) -> Option<String> {
        let names = self.retired.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        (!names.is_empty()).then(|| t!(lang, "config.retired", names = names))
    }

    pub(super) fn is_set(&self, variable: &Variable) -> bool {
        self.values.contains_key(variable.name)
    }

    /// The value in force and its source; `None` if it is not set and has no default.
    pub(super) fn value(&self, variable: &Variable) -> Option<(&str, Source)> {
        if let Some(value) = self.values.get(variable.name) {
            return Some((&value.text, value.source));
        }
        match variable.fallback {
            Fallback::None => None,
            Fallback::Value(text) => Some((text, Source::Default)),
            Fallback::OlderName(older, text) => self.value(older).or(Some((text, Source::Default))),
            Fallback::Of(other) => self.value(other).map(|(text, _)| (text, Source::Default)),
        }
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn set(&mut self, variable: &Variable, text: String, source: Source) {
        self.values.insert(variable.name, Value { text, source });
    }

    pub(super) fn clear(&mut self, variable: &Variable) {
        self.values.remove(variable.name);
    }

    fn read_dotenv(&mut self, file: &[u8]) {
        let (entries, errors) = dotenv::parse(file);
        for entry in entries {
            let source = Source::DotEnv { line: entry.line };
            match names::find(&entry.name) {
                // The last of several lines counts, an empty one too.
                Some(variable) if entry.value.trim().is_empty() => self.clear(variable),
                Some(variable) => self.set(variable, entry.value, source),
                None if names::is_retired(&entry.name) => {
                    self.retired.insert(entry.name);
                }
                None => {
                    let (name, source) = (Some(entry.name), Some(source));
                    self.problems.push(Problem { name, source, fault: Fault::Unknown });
                }
            }
        }
        for error in errors {
            let source = Some(Source::DotEnv { line: error.line });
            self.problems.push(Problem { name: error.name, source, fault: Fault::Syntax(error.fault) });
        }
    }

    fn put(&mut self, values: impl IntoIterator<Item = (String, String)>, source: Source) {
        for (name, text) in values {
            if let Some(variable) = names::find(&name).filter(|_| !text.trim().is_empty()) {
                self.set(variable, text, source);
            }
        }
    }
}

impl fmt::Debug for RawConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources = self.values.iter().map(|(name, value)| (name, value.source));
        f.debug_map().entries(sources).finish()
    }
}

#[cfg(test)]
mod tests;
