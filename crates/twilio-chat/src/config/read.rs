//! Turns typed values into their types and keeps every fault for one report.

use secrecy::SecretString;

use super::{
    problem::{Fault, Problem},
    raw::{RawConfig, Source},
    values,
    variable::{Fallback, Kind, Variable},
};

/// Reads a [`RawConfig`] variable by variable.
pub(super) struct Reader<'a> {
    pub(super) raw: &'a RawConfig,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(raw: &'a RawConfig) -> Self {
        Self { raw, problems: raw.problems().to_vec() }
    }

    /// The value, if it is set (or has a default) and has the right form.
    pub(super) fn optional<T>(
        &mut self,
        variable: &'static Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, source) = self.raw.value(variable)?;
        let value = parse(text.trim());
        // A value borrowed from another variable is reported under that one's name, where it is read too.
        let borrowed = matches!(variable.fallback, Fallback::Of(_)) && source == Source::Default;
        if value.is_none() && !borrowed {
            let (name, source) = (Some(variable.name.to_owned()), Some(source));
            self.problems.push(Problem { name, source, fault: Fault::Malformed });
        }
        value
    }

    /// The value of a variable with a default. A faulty one reads as `T::default()`, which nobody gets to see:
    /// the fault refuses the whole configuration.
    pub(super) fn required<T: Default>(
        &mut self,
        variable: &'static Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> T {
        self.optional(variable, parse).unwrap_or_default()
    }

    pub(super) fn text(&mut self, variable: &'static Variable) -> String {
        self.required(variable, |text| Some(text.to_owned()))
    }

    pub(super) fn whole(&mut self, variable: &'static Variable) -> u32 {
        self.required(variable, |text| variable.kind.whole(text))
    }

    pub(super) fn secret(&mut self, variable: &'static Variable) -> Option<SecretString> {
        let Kind::Secret { min_chars } = variable.kind else { return None };
        self.optional(variable, |text| values::secret(min_chars, text))
    }

    pub(super) fn sid(&mut self, variable: &'static Variable) -> Option<String> {
        let Kind::Sid { prefix } = variable.kind else { return None };
        self.optional(variable, |text| values::sid(prefix, text))
    }
}
