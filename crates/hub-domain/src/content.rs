//! Approved texts of the account, with places to fill in: what WhatsApp takes once its 24 hours are over.

use std::collections::BTreeMap;

/// A text of the account as Twilio keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// `HX…`
    pub sid: String,
    /// What its author called it.
    pub name: String,
    /// Its language (`pl`, `en_US`).
    pub language: String,
    /// The text, with its places as `{{name}}`; empty for what has no text, such as a picture.
    pub text: String,
    /// What its author gave as examples, by the name of the place. Buttons and pictures have places too: some stand
    /// here only.
    pub samples: BTreeMap<String, String>,
}

impl Content {
    /// The names of its places: those of the text in its order, then the others.
    pub fn places(&self) -> Vec<&str> {
        let mut places: Vec<&str> = Vec::new();
        let others = self.samples.keys().map(String::as_str);
        for name in pieces(&self.text).filter_map(|(_, place)| place).chain(others) {
            if !places.contains(&name) {
                places.push(name);
            }
        }
        places
    }

    /// The text with the values in their places; a place without a value stays as it is.
    pub fn filled(&self, values: &BTreeMap<String, String>) -> String {
        let mut text = String::with_capacity(self.text.len());
        for (before, place) in pieces(&self.text) {
            text.push_str(before);
            match place.map(|name| (name, values.get(name).filter(|value| !value.trim().is_empty()))) {
                None => {}
                Some((_, Some(value))) => text.push_str(value.trim()),
                Some((name, None)) => text.extend(["{{", name, "}}"]),
            }
        }
        text
    }

    /// The first place that has no value.
    pub fn missing(&self, values: &BTreeMap<String, String>) -> Option<&str> {
        let has_value = |name: &str| values.get(name).is_some_and(|value| !value.trim().is_empty());
        self.places().into_iter().find(|name| !has_value(name))
    }
}

/// A text in pieces: what stands before a place, and the name of the place; the last piece has none.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let mut from = 0;
        while let Some((before, after)) = whole.get(from..).and_then(|tail| tail.split_once("{{")) {
            let at = from + before.len();
            match after.split_once("}}") {
                Some((name, tail)) if is_name(name.trim()) => {
                    rest = Some(tail);
                    return Some((whole.get(..at).unwrap_or_default(), Some(name.trim())));
                }
                // Braces that are no place are text.
                _ => from = at + 1,
            }
        }
        rest = None;
        Some((whole, None))
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests;
