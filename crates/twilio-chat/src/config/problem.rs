//! What is wrong with a configuration, in words that name the variable, its place and the way out, and never
//! repeat a value: it may be a secret, or a secret pasted in the wrong place.

use std::fmt;

use super::{dotenv::SyntaxFault, names, raw::Source, variable::Variable};
use crate::{
    i18n::{Lang, plural},
    t,
};

/// Every fault of a configuration, found in one go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.describe(Lang::En))]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// The names that are wrong, where a name is known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().filter_map(|problem| problem.name.as_deref())
    }

    /// The report for a person: a heading and one line a fault.
    pub fn describe(&self, lang: Lang) -> String {
        let count = self.problems.len();
        let heading = plural(
            lang,
            u64::try_from(count).unwrap_or(u64::MAX),
            t!(lang, "config.problems.one"),
            t!(lang, "config.problems.few"),
            t!(lang, "config.problems.many"),
        );
        let mut lines = vec![heading.replace("{count}", &count.to_string())];
        lines.extend(self.problems.iter().map(|problem| format!("  - {}", problem.describe(lang))));
        lines.join("\n")
    }
}

/// One fault.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) name: Option<String>,
    /// `None`: the variable is not set anywhere.
    pub(super) source: Option<Source>,
    pub(super) fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Syntax(SyntaxFault),
    Unknown,
    Malformed,
    /// Another variable makes sense only together with this one.
    MissingCompanion {
        present: &'static str,
    },
    MissingSender,
    MissingPublicUrl,
    MissingSigningToken,
    UnsignedProduction,
    OverlapNotBelowSize,
}

impl Problem {
    pub(super) fn missing(variable: &Variable, fault: Fault) -> Self {
        Self { name: Some(variable.name.to_owned()), source: None, fault }
    }

    fn describe(&self, lang: Lang) -> String {
        let what = self.what(lang);
        let place = place(lang, self.source);
        match &self.name {
            Some(variable) => t!(lang, "config.problem", variable = variable, place = place, what = what),
            None => t!(lang, "config.problem.unnamed", place = place, what = what),
        }
    }

    fn what(&self, lang: Lang) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        let fixed = match self.fault {
            Fault::Syntax(SyntaxFault::NotUtf8) => t!(lang, "config.syntax.not_utf8"),
            Fault::Syntax(SyntaxFault::NoEquals) => t!(lang, "config.syntax.no_equals"),
            Fault::Syntax(SyntaxFault::BadName) => t!(lang, "config.syntax.bad_name"),
            Fault::Syntax(SyntaxFault::UnclosedQuote) => t!(lang, "config.syntax.unclosed_quote"),
            Fault::Syntax(SyntaxFault::TextAfterQuote) => t!(lang, "config.syntax.text_after_quote"),
            Fault::Unknown => match names::nearest(name) {
                Some(nearest) => return t!(lang, "config.unknown.nearest", nearest = nearest),
                None => t!(lang, "config.unknown"),
            },
            Fault::Malformed => {
                let expected = names::find(name).map(|variable| variable.kind.expected(lang));
                return t!(lang, "config.malformed", expected = expected.unwrap_or_default());
            }
            Fault::MissingCompanion { present } => {
                return t!(lang, "config.missing.companion", present = present);
            }
            Fault::MissingSender => t!(lang, "config.missing.sender"),
            Fault::MissingPublicUrl => t!(lang, "config.missing.public_url"),
            Fault::MissingSigningToken => t!(lang, "config.missing.signing_token"),
            Fault::UnsignedProduction => t!(lang, "config.conflict.unsigned_production"),
            Fault::OverlapNotBelowSize => t!(lang, "config.conflict.overlap"),
        };
        fixed.to_owned()
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(Lang::En))
    }
}

fn place(lang: Lang, source: Option<Source>) -> String {
    let fixed = match source {
        Some(Source::Env) => t!(lang, "config.place.environment"),
        Some(Source::DotEnv { line }) => return t!(lang, "config.place.dotenv", line = line),
        Some(Source::Panel) => t!(lang, "config.place.panel"),
        Some(Source::Default | Source::Demo) => t!(lang, "config.place.default"),
        None => t!(lang, "config.place.unset"),
    };
    fixed.to_owned()
}
