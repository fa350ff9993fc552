//! What the model says: a rule's words, a quotation of the passages it was given, with citations where they are
//! numbered for that, or thanks.
//!
//! The words avoid Polish letters, so that an answer by SMS stays in the network's own alphabet.

mod cited;

use serde::{Deserialize, Serialize};

/// Passages quoted in one answer.
const QUOTED: usize = 2;

/// The longest quotation of one passage, in characters.
const LONGEST_QUOTE: usize = 140;

/// One scripted answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRule {
    /// The last question contains this, in any case.
    pub contains: String,
    /// Said then.
    pub answer: String,
    /// Also where the question brought passages along, which are quoted otherwise.
    #[serde(default)]
    pub always: bool,
}

impl AnswerRule {
    /// What a small shop is asked every day.
    pub fn of_a_shop() -> Vec<Self> {
        [
            ("godzin", "Jestesmy czynni od poniedzialku do piatku w godzinach 9-18, w soboty 9-14."),
            ("otwarte", "Dzis pracujemy do 18. W soboty jestesmy od 9 do 14."),
            (
                "dostaw",
                "Dostawa kurierem trwa 1-2 dni robocze i kosztuje 14,99 zl, od 150 zl jest bezplatna.",
            ),
            ("zwrot", "Na zwrot jest 14 dni od odbioru. Wystarczy odeslac towar z wypelnionym formularzem."),
            (
                "reklamac",
                "Przykro nam! Prosze przyslac zdjecie i numer zamowienia, odpowiemy w ciagu 24 godzin.",
            ),
            ("adres", "Sklep jest przy ul. Kwiatowej 5, wejscie od podworza."),
            ("cen", "Aktualny cennik wyslemy za chwile. O jaki produkt chodzi?"),
            ("zamowieni", "Sprawdzamy zamowienie. Prosze podac jego numer, np. 1042."),
            ("zamówieni", "Sprawdzamy zamowienie. Prosze podac jego numer, np. 1042."),
        ]
        .map(|(contains, answer)| Self {
            contains: contains.to_owned(),
            answer: answer.to_owned(),
            always: false,
        })
        .to_vec()
    }

    fn fits(&self, question: &str) -> bool {
        question.to_lowercase().contains(&self.contains.to_lowercase())
    }
}

/// The answer to the last question, given everything that was said.
pub(super) fn answer(rules: &[AnswerRule], question: &str, everything: &[String]) -> String {
    if let Some(rule) = rules.iter().find(|rule| rule.always && rule.fits(question)) {
        return rule.answer.clone();
    }
    if let Some(cited) = cited::answer(question, everything) {
        return cited;
    }
    let quotes: Vec<String> = everything.iter().flat_map(|text| passages(text)).take(QUOTED).collect();
    if !quotes.is_empty() {
        return format!("Wedlug zrodel: {}", quotes.join(" "));
    }
    match rules.iter().find(|rule| rule.fits(question)) {
        Some(rule) => rule.answer.clone(),
        None => "Dziekujemy za wiadomosc! Odpowiemy najszybciej, jak to mozliwe.".to_owned(),
    }
}

/// The beginning of each passage in a prompt: a heading (`Fragment 1 …`, `[1] …`, `<passage …>`), perhaps its title
/// and address, then its text.
fn passages(prompt: &str) -> Vec<String> {
    let mut quotes = Vec::new();
    let mut is_inside = false;
    for line in prompt.lines().map(str::trim) {
        if let Some(rest) = after_heading(line) {
            is_inside = true;
            if rest.is_empty() {
                continue;
            }
            quotes.push(quote(rest));
            is_inside = false;
        } else if is_inside && !line.is_empty() && !is_label(line) {
            quotes.push(quote(line));
            is_inside = false;
        }
    }
    quotes
}

/// What follows a passage's heading on its line; `None` when the line is no heading.
fn after_heading(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("Fragment ") {
        return rest.starts_with(|c: char| c.is_ascii_digit()).then_some("");
    }
    if let Some((number, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then(|| rest.trim());
    }
    let opening = ["<passage", "<fragment", "<document", "<source"];
    if opening.iter().any(|tag| line.starts_with(tag)) {
        return line.split_once('>').map(|(_, rest)| rest.split('<').next().unwrap_or_default().trim());
    }
    None
}

fn is_label(line: &str) -> bool {
    let labels = ["Tytuł:", "Tytul:", "Title:", "URL:", "Źródło:", "Data:", "---"];
    labels.iter().any(|label| line.starts_with(label))
}

/// The first sentence, shortened.
fn quote(text: &str) -> String {
    let sentence = text.split_inclusive(". ").next().unwrap_or(text).trim();
    let mut short: String = sentence.chars().take(LONGEST_QUOTE).collect();
    if short.len() < sentence.len() {
        short.push_str("...");
    }
    format!("\"{short}\"")
}

#[cfg(test)]
mod tests;
