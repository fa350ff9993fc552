//! How many segments a text takes, and why.
//!
//! A text of GSM-7 characters holds 160 septets, any other 70 UTF-16 units; longer ones are cut into segments
//! of 153 and 67. An escape pair and a surrogate pair are never cut in two, so dividing the length is wrong
//! near the edges: the segments are filled one character at a time.

use std::{collections::HashSet, fmt};

/// How the network writes a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The 7-bit alphabet of GSM, counted in septets.
    Gsm7,
    /// Anything else, counted in UTF-16 units.
    Ucs2,
}

impl Encoding {
    /// The name people know.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units in a message of one segment.
    const fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units in each segment of a longer message; the rest of it says which part it is.
    const fn chained(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a text costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segments {
    /// The alphabet the text needs.
    pub encoding: Encoding,
    /// Septets or UTF-16 units of the whole text.
    pub units: usize,
    /// Segments billed; none for an empty text.
    pub segments: usize,
    /// The characters that rule out GSM-7, each once, in order of appearance.
    pub forced_by: Vec<char>,
}

/// Measures a text in one pass.
pub fn count(text: &str) -> Segments {
    let mut gsm7 = Filling::new(Encoding::Gsm7);
    let mut ucs2 = Filling::new(Encoding::Ucs2);
    let mut seen = HashSet::new();
    let mut forced_by = Vec::new();
    for character in text.chars() {
        let septets = septets(character);
        gsm7.add(septets);
        ucs2.add(character.len_utf16());
        if septets == 0 && seen.insert(character) {
            forced_by.push(character);
        }
    }
    let filling = if forced_by.is_empty() { gsm7 } else { ucs2 };
    Segments { encoding: filling.encoding, units: filling.units, segments: filling.segments(), forced_by }
}

/// Whether the network's 7-bit alphabet (with its extension table) has this character.
pub fn is_gsm7(character: char) -> bool {
    septets(character) > 0
}

/// Segments being filled as if the message were a long one.
struct Filling {
    encoding: Encoding,
    units: usize,
    started: usize,
    room: usize,
}

impl Filling {
    const fn new(encoding: Encoding) -> Self {
        Self { encoding, units: 0, started: 0, room: 0 }
    }

    /// Adds one character, whole: it goes to the next segment when it doesn't fit.
    const fn add(&mut self, units: usize) {
        if units > self.room {
            self.started += 1;
            self.room = self.encoding.chained();
        }
        self.room -= units;
        self.units += units;
    }

    const fn segments(&self) -> usize {
        match self.units {
            0 => 0,
            units if units <= self.encoding.alone() => 1,
            _ => self.started,
        }
    }
}

/// Septets a character takes; 0 when the alphabet doesn't have it.
#[expect(clippy::match_same_arms, reason = "a row a script; one arm would be forty lines")]
const fn septets(character: char) -> usize {
    match character {
        ' '..='Z' | '_' | 'a'..='z' | '\n' | '\r' => 1,
        '£' | '¥' | '¤' | '§' | '¡' | '¿' => 1,
        'ß' | 'Æ' | 'æ' | 'Ø' | 'ø' | 'Å' | 'å' | 'Ç' | 'ì' | 'ò' | 'ù' => 1,
        'Ä' | 'ä' | 'Ö' | 'ö' | 'Ü' | 'ü' | 'Ñ' | 'ñ' | 'É' | 'é' | 'è' | 'à' => 1,
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => 1,
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
