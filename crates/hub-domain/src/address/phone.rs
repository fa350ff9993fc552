//! Phone numbers in the international form (E.164), and reading what a person in Poland types for one.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// A phone number: `+`, then 7 to 15 digits, the first not 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PhoneNumber(String);

/// Why a text is not a phone number. The messages say what is expected and never repeat the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was typed.
    #[error("enter a phone number, for example +48 500 100 200")]
    Empty,
    /// The strict form was expected.
    #[error("a phone number starts with + and the country code, for example +48500100200")]
    MissingPlus,
    /// Letters or other signs.
    #[error("a phone number holds only digits after the +, for example +48 500 100 200")]
    NotDigits,
    /// `+0…`, or a national number with the trunk 0.
    #[error("leave out the 0 at the front and start with the country code, for example +48 500 100 200")]
    LeadingZero,
    /// Fewer digits than any number has.
    #[error("the number is too short: 9 digits in Poland, or + and 7 to 15 digits with the country code")]
    TooShort,
    /// More digits than any number has.
    #[error("the number is too long: at most 15 digits with the country code, for example +48 500 100 200")]
    TooLong,
}

const POLAND: &str = "48";
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl PhoneNumber {
    /// Reads the exact form `+48500100200`.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Reads what a person types: with spaces and dashes, with `00` for `+`, nine digits for Poland, or with
    /// the country code but no `+`.
    pub fn from_typed(text: &str) -> Result<Self, PhoneError> {
        let compact: String = without_trunk_zero(text).chars().filter(|c| !is_separator(*c)).collect();
        if compact.is_empty() {
            return Err(PhoneError::Empty);
        }
        let bare = compact.strip_prefix('+').unwrap_or(&compact);
        if !bare.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        let international = bare.strip_prefix("00").or(compact.strip_prefix('+'));
        let digits = match (international, bare.len()) {
            (Some(digits), _) => digits.to_owned(),
            (None, _) if bare.starts_with('0') => return Err(PhoneError::LeadingZero),
            (None, ..9) => return Err(PhoneError::TooShort),
            (None, 9) => format!("{POLAND}{bare}"),
            (None, _) => bare.to_owned(),
        };
        Self::parse(&format!("+{digits}"))
    }

    /// The number with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number begins with this country code, given without `+`.
    pub fn has_calling_code(&self, code: &str) -> bool {
        self.0.strip_prefix('+').is_some_and(|digits| digits.starts_with(code))
    }

    /// Whether it is a Polish number.
    pub fn is_polish(&self) -> bool {
        self.has_calling_code(POLAND)
    }

    /// For logs: `+48*****200`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// For reading: `+48 500 100 200`; numbers of other countries as they are.
    pub fn display_grouped(&self) -> String {
        let national = self.0.strip_prefix("+48").filter(|national| national.len() == 9);
        match national.map(|national| (national.get(..3), national.get(3..6), national.get(6..))) {
            Some((Some(first), Some(second), Some(third))) => format!("+48 {first} {second} {third}"),
            _ => self.0.clone(),
        }
    }

    /// Whether the text is a number in the exact form.
    pub(super) fn is_valid(text: &str) -> bool {
        check(text).is_ok()
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        check(&text)?;
        Ok(Self(text))
    }
}

/// Hides the middle of a number or identifier. What is hidden is always four characters or more, and how many
/// there were doesn't show.
pub(super) fn mask(text: &str) -> String {
    let length = text.chars().count();
    let (head, tail) = match length {
        10.. => (3, 3),
        7.. => (0, 3),
        _ => (0, 0),
    };
    let mut masked: String = text.chars().take(head).collect();
    masked.push_str("*****");
    masked.extend(text.chars().skip(length - tail));
    masked
}

fn check(text: &str) -> Result<(), PhoneError> {
    let Some(digits) = text.strip_prefix('+') else {
        return Err(if text.is_empty() { PhoneError::Empty } else { PhoneError::MissingPlus });
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        Err(PhoneError::NotDigits)
    } else if digits.starts_with('0') {
        Err(PhoneError::LeadingZero)
    } else if digits.len() < *DIGITS.start() {
        Err(PhoneError::TooShort)
    } else if digits.len() > *DIGITS.end() {
        Err(PhoneError::TooLong)
    } else {
        Ok(())
    }
}

/// Signs people and address books put between digits, some of them invisible.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '(' | ')' | '.' | '/' | '_')
        || matches!(character, '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `+44 (0)20 …` is a habit of letterheads: the 0 in brackets is dialled only inside the country.
fn without_trunk_zero(text: &str) -> Cow<'_, str> {
    let international = text.trim_start().starts_with('+') || text.trim_start().starts_with("00");
    if international { text.replacen("(0)", "", 1).into() } else { text.into() }
}

#[cfg(test)]
mod tests;
