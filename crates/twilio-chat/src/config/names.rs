//! The one table of configuration variables: what the reader accepts, `config show` prints and
//! `.env.example` documents.

use std::iter;

use super::variable::Variable;
use crate::i18n::Text;

pub(crate) mod access;
pub(crate) mod application;
pub(crate) mod models;
pub(crate) mod twilio;

/// Variables that are shown together.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) title: Text,
    pub(crate) variables: &'static [&'static Variable],
}

/// Every variable, in the order in which a person reads them.
pub(crate) const GROUPS: [&Group; 5] =
    [&twilio::GROUP, &application::GROUP, &access::GROUP, &models::GROUP, &models::KNOWLEDGE];

/// Names of the original program that ours has no use for.
const RETIRED: [&str; 5] =
    ["FLASK_APP", "FAISS_INDEX_PATH", "FAISS_TOP_K", "RATE_LIMIT_PER_MINUTE", "WEBHOOK_TIMEOUT"];
const RETIRED_PREFIX: &str = "AUTO_REPLY_";

/// Every variable.
pub(crate) fn all() -> impl Iterator<Item = &'static Variable> {
    GROUPS.into_iter().flat_map(|group| group.variables.iter().copied())
}

/// The variable of this name.
pub(crate) fn find(name: &str) -> Option<&'static Variable> {
    all().find(|variable| variable.name == name)
}

/// Whether the original program knew this name and ours ignores it.
pub(crate) fn is_retired(name: &str) -> bool {
    RETIRED.contains(&name) || name.starts_with(RETIRED_PREFIX)
}

/// The known name that a mistyped one was most likely meant to be; `None` when nothing is close.
pub(crate) fn nearest(typed: &str) -> Option<&'static str> {
    // Longer ones are no typing mistakes, and comparing them would cost their square.
    const MAX_CHARS: usize = 64;
    let typed: Vec<char> = typed.chars().take(MAX_CHARS).map(|c| c.to_ascii_uppercase()).collect();
    let scored = all().map(|known| (distance(&typed, known.name), known.name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    if distance * 2 <= typed.len() {
        return Some(name);
    }
    // `PORT` for `APP_PORT`: far by letters, near by sense.
    let ending: String = iter::once('_').chain(typed).collect();
    all().map(|known| known.name).find(|known| known.ends_with(&ending))
}

/// Insertions, deletions and substitutions between two words (Levenshtein).
fn distance(typed: &[char], known: &str) -> usize {
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (known_at, known_char) in known.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = known_at + 1;
        next.push(left);
        for (pair, typed_char) in row.windows(2).zip(typed) {
            let (diagonal, above) = pair
                .split_first()
                .map_or((0, 0), |(first, rest)| (*first, rest.first().copied().unwrap_or_default()));
            let substituted = diagonal + usize::from(*typed_char != known_char);
            left = substituted.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
