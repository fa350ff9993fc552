//! What of a model's words may leave as an answer: words that cite what they were given, and nothing it can't hold.
//!
//! The model is not trusted. Links are added here, from the sources it cites; a figure, date or amount leaves only if
//! it stands in a source; what is too long is never cut but asked for again.

use std::fmt::Write as _;

use super::{citations, figures, prompt::NOTHING, sources::Source, statements};
use crate::{
    assistant::output::{self, Sources, Unfit},
    folding, links, segments,
};

/// What an answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The passages it may cite.
    pub sources: &'a [Source],
    /// The mark of the prompt.
    pub mark: &'a str,
    /// The rules as they were told.
    pub rules: &'a str,
    /// Stands on a line of its own above the answer; empty: nothing does.
    pub opening: &'a str,
    /// Segments that the answer may take with its links.
    pub segments: usize,
    /// Letters are written plainly where that saves segments.
    pub plain: bool,
}

/// An answer that may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// To be sent as it is, with the links of what it cites.
    pub text: String,
    /// The numbers of the sources it cites, in the order of the text.
    pub cited: Vec<usize>,
}

/// What becomes of a model's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// They may be said.
    Fit(Fit),
    /// The model finds no answer in the sources.
    Nothing,
    /// They must not be said as they are.
    Faulty(Fault),
}

/// Why words must not be said as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A statement of them does not say where it is from.
    Uncited,
    /// They cite a number that no source has.
    UnknownSource,
    /// A figure that is in no source.
    Invented(String),
    /// A link or e-mail address that is in no source.
    Link,
    /// A phone or account number that is in no source.
    Number,
    /// With their links they take more segments than they may, or the model did not come to an end.
    TooLong,
    /// They repeat the rules or the mark.
    Rules,
    /// They hold something like a key.
    Secret,
}

impl Fault {
    /// The stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Uncited => "uncited",
            Self::UnknownSource => "unknown_source",
            Self::Invented(_) => "invented",
            Self::Link => "link",
            Self::Number => "number",
            Self::TooLong => "too_long",
            Self::Rules => "rules",
            Self::Secret => "secret",
        }
    }
}

/// Judges a model's words; `cut` says that it was stopped before their end.
pub fn judge(words: &str, cut: bool, given: &Given<'_>) -> Judged {
    let said = output::plain(words);
    let bare = citations::without(&said);
    match fault(&said, &bare, given) {
        // Whoever gives these away was talked into it, whatever else is written.
        Some(fault @ (Fault::Rules | Fault::Secret)) => Judged::Faulty(fault),
        _ if words.contains(NOTHING) => Judged::Nothing,
        Some(fault) => Judged::Faulty(fault),
        None if cut => Judged::Faulty(Fault::TooLong),
        None => finished(&said, given).map_or(Judged::Faulty(Fault::TooLong), Judged::Fit),
    }
}

fn fault(said: &str, bare: &str, given: &Given<'_>) -> Option<Fault> {
    let texts: Vec<&str> = given.sources.iter().flat_map(texts).collect();
    // The question is no source: what it claims must not come back as if an article had said it.
    let sources =
        Sources { mark: given.mark, rules: given.rules, instruction: "", passages: &texts, thread: &[] };
    match output::unfit(bare.trim(), &sources) {
        Some(Unfit::Empty) => return Some(Fault::Uncited),
        Some(Unfit::Instruction) => return Some(Fault::Rules),
        Some(Unfit::Secret) => return Some(Fault::Secret),
        Some(Unfit::Link) => return Some(Fault::Link),
        Some(Unfit::Number) => return Some(Fault::Number),
        None => {}
    }
    let cited = citations::cited(said);
    if cited.is_empty() {
        return Some(Fault::Uncited);
    }
    let is_given = |number: &usize| given.sources.iter().any(|source| source.number == *number);
    if !cited.iter().all(is_given) {
        return Some(Fault::UnknownSource);
    }
    if statements::has_uncited(said) {
        return Some(Fault::Uncited);
    }
    let sources = given.sources.iter().filter(|source| cited.contains(&source.number));
    let dates: Vec<String> = sources.clone().filter_map(date).collect();
    // A figure of a source that is not named would stand behind the link of another.
    let said = sources.flat_map(|source| [&*source.excerpt.passage.title, &*source.excerpt.passage.text]);
    let known = figures::known(said.chain(dates.iter().map(String::as_str)));
    figures::unknown(bare, &known).map(Fault::Invented)
}

/// Everything of a source that may be said again.
fn texts(source: &Source) -> [&str; 3] {
    let passage = &source.excerpt.passage;
    [&passage.title, &passage.text, passage.url.as_deref().unwrap_or_default()]
}

/// The day of a source as Polish writes it; other orders of the same numbers are single figures of it.
fn date(source: &Source) -> Option<String> {
    let date = source.excerpt.date?;
    Some(format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()))
}

/// The answer with the places it cites, numbered anew from 1; two passages of one article are one place. `None`: it
/// does not fit.
fn finished(said: &str, given: &Given<'_>) -> Option<Fit> {
    let cited = citations::cited(said);
    let mut places: Vec<&str> = Vec::new();
    for number in &cited {
        let place = place(given.sources, *number)?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let number = |cited| {
        let place = place(given.sources, cited)?;
        places.iter().position(|known| *known == place).map(|at| at + 1)
    };
    let mut text = String::new();
    if !given.opening.is_empty() {
        text.push_str(given.opening);
        text.push('\n');
    }
    text.push_str(&citations::rewritten(said, number));
    for (number, place) in (1..).zip(&places) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n[{number}] {place}");
    }
    let text = if given.plain { folding::around_links(&text).into_owned() } else { text };
    (segments::count(&text).segments <= given.segments.max(1)).then_some(Fit { text, cited })
}

/// Where a source can be read: its address, or the title of one that has none but a name among documents.
fn place(sources: &[Source], number: usize) -> Option<&str> {
    let passage = &sources.iter().find(|source| source.number == number)?.excerpt.passage;
    Some(passage.url.as_deref().filter(|url| links::is_web(url)).unwrap_or(&passage.title))
}

/// About how many characters the model's own words may have beside the opening and two links.
pub fn room(given: &Given<'_>) -> usize {
    let url = |source: &Source| source.excerpt.passage.url.as_ref().map_or(0, |url| url.chars().count() + 5);
    let links = 2 * given.sources.iter().map(url).max().unwrap_or(0);
    let (segment, least) = if can_be_plain(given) { (150, 100) } else { (64, 50) };
    (given.segments.max(1) * segment).saturating_sub(given.opening.chars().count() + links).max(least)
}

/// Whether the network's 7-bit alphabet may hold all of an answer; the letters of links stay what they are.
fn can_be_plain(given: &Given<'_>) -> bool {
    let urls = given.sources.iter().filter_map(|source| source.excerpt.passage.url.as_deref());
    given.plain && urls.flat_map(str::chars).all(segments::is_gsm7)
}

#[cfg(test)]
mod tests;
