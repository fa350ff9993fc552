//! What of a model's words may leave: plain text within its length, that says nothing it can't know.
//!
//! The model is not trusted: whatever a customer or a source talked it into, a link, address or number leaves only
//! if it stands in the sources, and neither the rules, the instruction nor anything that looks like a key leaves
//! at all.

use std::collections::HashSet;

use super::prompt::{HANDOVER_MARK, visible};
use crate::{
    links::links,
    long_text::{LONGEST, PartLimit, split},
    text,
};

mod tokens;

use tokens::numbers;

/// What an answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The mark of the prompt.
    pub mark: &'a str,
    /// The fixed rules as they were told.
    pub rules: &'a str,
    /// The operator's instruction.
    pub instruction: &'a str,
    /// Titles, texts and addresses of the passages.
    pub passages: &'a [&'a str],
    /// What was said in this conversation.
    pub thread: &'a [&'a str],
}

/// How long an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputLimits {
    /// Segments of all its parts together.
    pub segments: usize,
}

/// What becomes of a model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This may be said.
    Say(String),
    /// The model asks for a person.
    HandOver,
    /// It must not be said, and why.
    Unfit(Unfit),
}

/// Why a model's words must not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing is left of them.
    Empty,
    /// They repeat the rules, the instruction or the mark.
    Instruction,
    /// They hold something like a key.
    Secret,
    /// A link or e-mail address that is not in the sources.
    Link,
    /// A phone or account number that is neither in the sources nor in the conversation.
    Number,
}

impl Unfit {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Instruction => "instruction",
            Self::Secret => "secret",
            Self::Link => "link",
            Self::Number => "number",
        }
    }
}

/// Judges a model's words.
pub fn accept(words: &str, sources: &Sources<'_>, limits: OutputLimits) -> Verdict {
    if words.contains(HANDOVER_MARK) {
        return Verdict::HandOver;
    }
    let said = plain(words);
    if let Some(why) = unfit(&said, sources) {
        return Verdict::Unfit(why);
    }
    Verdict::Say(within(said, limits))
}

/// Why this must not be said, if it must not.
pub(crate) fn unfit(said: &str, sources: &Sources<'_>) -> Option<Unfit> {
    if said.is_empty() {
        return Some(Unfit::Empty);
    }
    if says_instruction(said, sources) {
        return Some(Unfit::Instruction);
    }
    if tokens::holds_key(said) {
        return Some(Unfit::Secret);
    }
    let told = || sources.passages.iter().copied().chain([sources.instruction]);
    let known_links: HashSet<String> = told().flat_map(links).collect();
    if links(said).any(|link| !known_links.contains(&link)) {
        return Some(Unfit::Link);
    }
    let known_numbers: HashSet<String> =
        told().chain(sources.thread.iter().copied()).flat_map(numbers).collect();
    numbers(said).any(|number| !known_numbers.contains(&number)).then_some(Unfit::Number)
}

/// The text as a phone shows it: no Markdown, nothing that can't be seen.
pub(crate) fn plain(words: &str) -> String {
    let visible = visible(words, LONGEST * 4);
    let lines =
        visible.lines().map(|line| line.trim_start_matches('#').trim().replace("**", "").replace('`', ""));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Cut at a seam to the segments it may take.
fn within(said: String, limits: OutputLimits) -> String {
    let limit = PartLimit { chars: usize::MAX, segments: Some(limits.segments.max(1)) };
    let most = limits.segments.max(1);
    if crate::segments::count(&said).segments <= most {
        return said;
    }
    split(&said, limit).into_iter().next().unwrap_or(said)
}

/// Words in a row of the rules that give them away.
const RULE_RUN: usize = 8;
/// Words in a row of the instruction that no answer needs.
const INSTRUCTION_RUN: usize = 30;

fn says_instruction(said: &str, sources: &Sources<'_>) -> bool {
    // Without the signs around it: those at the beginning of a line were taken for a heading's.
    let mark = sources.mark.trim_matches(['#', ' ']);
    if !mark.is_empty() && said.contains(mark) {
        return true;
    }
    let said = words(said);
    // An answer may repeat a fact of the instruction (hours, an address), not half of it.
    let instruction = words(sources.instruction);
    let run = INSTRUCTION_RUN.min((instruction.len() / 2).max(RULE_RUN));
    shares_run(&said, &words(sources.rules), RULE_RUN) || shares_run(&said, &instruction, run)
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    text::words(text, &mut |word| words.push(word.to_owned()));
    words
}

/// Whether so many words in a row are in both.
fn shares_run(said: &[String], secret: &[String], run: usize) -> bool {
    let runs: HashSet<&[String]> = secret.windows(run).collect();
    said.windows(run).any(|window| runs.contains(window))
}

#[cfg(test)]
mod tests;
