//! Listeners: words that a customer's text may begin with or consist of, and what they ask for.

use crate::{
    keywords::{Keyword, Language, classify},
    text,
};

/// The command that asks the knowledge base.
pub const NEWS: &str = "/news";
/// Stands for every text: the classic auto-reply speaks only while it is on.
pub const ANY: &str = "*";

/// Said when [`NEWS`] is switched off. The original's words, as are those below.
pub const NEWS_OFF: &str = "Funkcja /news jest chwilowo niedostępna.";
/// Said to [`NEWS`] without a question.
pub const NEWS_USAGE: &str = "Użycie: /news <Twoje pytanie>\nPrzykład: /news co nowego w gospodarce?";

/// Said when the knowledge base has nothing about the question.
pub fn news_not_found(query: &str) -> String {
    let shown: String = query.chars().take(50).collect();
    format!("Nie znaleziono informacji na temat: {shown}")
}

/// A listener as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// `/news`, `*`, or a word of the operator's.
    pub command: String,
    /// Acted upon.
    pub enabled: bool,
    /// What is said to a word of the operator's; `None` for the built-in ones.
    pub answer: Option<String>,
}

/// What a text asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// An answer from the knowledge base; the question may be empty.
    News(&'a str),
    /// The same, while that is switched off.
    NewsOff,
    /// A word of the operator's, with its answer.
    Word(&'a str),
}

/// What the text asks for, if it is a command or a word.
pub fn hear<'a>(listeners: &'a [Listener], body: &'a str) -> Option<Heard<'a>> {
    let body = body.trim();
    let (first, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    if first.eq_ignore_ascii_case(NEWS) {
        let on =
            listeners.iter().any(|listener| listener.enabled && listener.command.eq_ignore_ascii_case(NEWS));
        return Some(if on { Heard::News(rest.trim()) } else { Heard::NewsOff });
    }
    let said = folded(body);
    if said.is_empty() {
        return None;
    }
    let word = listeners.iter().filter(|listener| listener.enabled).find_map(|listener| {
        let answer = listener.answer.as_deref()?;
        (folded(&listener.command) == said).then_some(answer)
    });
    word.map(Heard::Word)
}

/// Longest word, in characters; a longer one nobody writes to the letter.
pub const LONGEST_WORD: usize = 100;

/// Why a word of the operator's could never be acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWord {
    /// Nothing to recognise, or a command.
    Unrecognisable,
    /// Longer than [`LONGEST_WORD`].
    TooLong,
    /// Twilio's own word: Twilio answers it, nobody else does.
    Twilios,
    /// It changes the customer's consent, which goes before everything.
    Consent,
}

/// Checks a word before it becomes a listener: what [`crate::keywords`] takes never reaches [`hear`].
pub fn check(word: &str) -> Result<(), BadWord> {
    if folded(word).is_empty() || word.starts_with('/') || word.eq_ignore_ascii_case(NEWS) {
        return Err(BadWord::Unrecognisable);
    }
    if word.chars().count() > LONGEST_WORD {
        return Err(BadWord::TooLong);
    }
    match classify(word) {
        Some(keyword) if keyword.language() == Language::English => Err(BadWord::Twilios),
        Some(Keyword::Stop(_) | Keyword::Start(_)) => Err(BadWord::Consent),
        // A Polish plea for help is a question like any other.
        Some(Keyword::Help(_)) | None => Ok(()),
    }
}

/// Whether the classic auto-reply may speak.
pub fn hears_any(listeners: &[Listener]) -> bool {
    listeners.iter().any(|listener| listener.enabled && listener.command == ANY)
}

/// A word as it is compared: lower case, plain letters, single spaces.
pub fn folded(text: &str) -> String {
    let mut folded = String::new();
    text::words(text, &mut |word| {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    });
    folded
}

#[cfg(test)]
mod tests;
