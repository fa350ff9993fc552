//! `twilio-chat config show`: every variable with its value and where the value comes from, secrets masked.

use serde::Serialize;

use super::{
    BaseUrl, Config, RawConfig, Source,
    names::{self, models, twilio},
    values,
    variable::{Kind, Variable},
};
use crate::{
    i18n::{Lang, Text},
    t,
};

/// The table for a person, with hints and faults below it.
pub fn show(raw: &RawConfig, lang: Lang) -> String {
    let mut lines = Vec::new();
    let name_width = names::all().map(|variable| variable.name.len()).max().unwrap_or_default();
    let values = names::all().map(|variable| shown(raw, variable, lang).0);
    let value_width = values.map(|value| value.chars().count()).max().unwrap_or_default();
    for group in names::GROUPS {
        lines.push(group.title.get(lang).to_owned());
        for variable in group.variables {
            let (value, source) = shown(raw, variable, lang);
            let row = format!("  {:name_width$}  {value:value_width$}  {source}", variable.name);
            lines.push(row.trim_end().to_owned());
        }
        lines.push(String::new());
    }
    let hints = hints(raw, lang);
    if !hints.is_empty() {
        lines.push(t!(lang, "config.show.hints").to_owned());
        lines.extend(hints.into_iter().map(|hint| format!("  - {hint}")));
        lines.push(String::new());
    }
    if let Err(error) = Config::from_raw(raw) {
        lines.push(error.describe(lang));
        lines.push(String::new());
    }
    lines.join("\n")
}

/// The same for programs: one JSON array.
pub fn show_json(raw: &RawConfig) -> String {
    let rows: Vec<Row> = names::all().map(|variable| Row::new(raw, variable)).collect();
    // Strings and numbers only: there is nothing that JSON could refuse.
    serde_json::to_string_pretty(&rows).unwrap_or_default()
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    value: Option<String>,
    secret: bool,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    about: Text,
}

impl Row {
    fn new(raw: &RawConfig, variable: &'static Variable) -> Self {
        let found = raw.value(variable);
        let (source, line) = match found.map_or(Source::Default, |(_, source)| source) {
            Source::Env => ("environment", None),
            Source::DotEnv { line } => (".env", Some(line)),
            Source::Default => ("default", None),
            Source::Panel => ("panel", None),
            Source::Demo => ("demo", None),
        };
        let value = found.map(|(text, _)| masked(variable, text));
        let secret = variable.is_secret();
        Self { name: variable.name, value, secret, source, line, about: variable.about }
    }
}

/// Value and source in words.
fn shown(raw: &RawConfig, variable: &Variable, lang: Lang) -> (String, String) {
    let Some((text, source)) = raw.value(variable) else {
        return (t!(lang, "config.show.unset").to_owned(), String::new());
    };
    let source = match source {
        Source::Env => t!(lang, "config.show.source.environment").to_owned(),
        Source::DotEnv { line } => t!(lang, "config.show.source.dotenv", line = line),
        Source::Default => t!(lang, "config.show.source.default").to_owned(),
        Source::Panel => t!(lang, "config.show.source.panel").to_owned(),
        Source::Demo => t!(lang, "config.show.source.demo").to_owned(),
    };
    (one_line(&masked(variable, text)), source)
}

/// A variable's value as it may be shown, and where it comes from.
pub fn shown_value(raw: &RawConfig, name: &str) -> Option<(String, Source)> {
    let variable = names::find(name)?;
    raw.value(variable).map(|(text, source)| (masked(variable, text), source))
}

/// A model key as it may be shown.
pub fn masked_key(key: &str) -> String {
    masked(&models::OPENAI_API_KEY, key)
}

/// A value without what must stay secret: of a long secret the last four characters are left to tell it by.
fn masked(variable: &Variable, text: &str) -> String {
    const TELLING_CHARS: usize = 16;
    const BULLETS: &str = "••••";
    let text = text.trim();
    let chars = text.chars().count();
    // Also of one that is no URL: who mistypes it may still have typed a password.
    let holds_password = matches!(variable.kind, Kind::PublicUrl | Kind::ServiceUrl)
        && (text.contains('@') || BaseUrl::parse(text).is_none());
    if variable.is_secret() && chars >= TELLING_CHARS {
        BULLETS.chars().chain(text.chars().skip(chars - 4)).collect()
    } else if variable.is_secret() || holds_password {
        BULLETS.repeat(2)
    } else {
        text.to_owned()
    }
}

/// Long prompts would tear the table apart.
fn one_line(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    let mut line: String =
        text.chars().take(MAX_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        line.push('…');
    }
    line
}

fn hints(raw: &RawConfig, lang: Lang) -> Vec<String> {
    let mut hints: Vec<String> = raw.warning(lang).into_iter().collect();
    let first_key = raw.is_set(&models::OPENAI_API_KEY);
    let second_key = raw.is_set(&models::SECOND_OPENAI);
    let unsigned =
        raw.value(&twilio::TWILIO_VALIDATE_SIGNATURE).and_then(|(text, _)| values::flag(text.trim()));
    for (applies, hint) in [
        (!raw.has_twilio_credentials(), t!(lang, "config.hint.unconfigured")),
        (unsigned == Some(false), t!(lang, "config.hint.signatures_off")),
        (first_key && !second_key, t!(lang, "config.hint.only_first_key")),
        (second_key && !first_key, t!(lang, "config.hint.only_second_key")),
    ] {
        if applies {
            hints.push(hint.to_owned());
        }
    }
    hints
}

#[cfg(test)]
mod tests;
