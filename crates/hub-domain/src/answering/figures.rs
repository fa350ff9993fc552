//! Figures in a text, each in one spelling: amounts, dates, hours, shares. What a model may not make up.

use std::collections::HashSet;

use crate::{links, text};

/// The figures of a text. Who knows the date `12.05.2026` knows `12.05` and `2026` too; no other figure is known in
/// pieces: `5` is not what `2,5` says. Small numbers written as words are figures as well, those of links are not:
/// nobody reads an amount out of an address.
pub(super) fn known<'a>(texts: impl IntoIterator<Item = &'a str>) -> HashSet<String> {
    let mut known = HashSet::new();
    for text in texts {
        for figure in figures(&links::without(text, links::whole)) {
            if figure.is_date() {
                known.extend(figure.runs().map(|run| run.canonical()));
            }
            known.insert(figure.canonical());
        }
        text::words(text, &mut |word| known.extend(of_word(word).map(str::to_owned)));
    }
    known
}

/// The first figure of a text that is not among the known ones, as it is written.
pub(super) fn unknown(text: &str, known: &HashSet<String>) -> Option<String> {
    let text = links::without(text, links::ranges);
    figures(&text).find(|figure| !known.contains(&figure.canonical())).map(|figure| figure.written.to_owned())
}

/// Digits that belong together: `1 500,20` is three groups, `10:30` two.
#[derive(Debug)]
struct Figure<'a> {
    written: &'a str,
    groups: Vec<&'a str>,
    /// What stands between the groups; every kind of space is `' '`.
    separators: Vec<char>,
}

impl<'a> Figure<'a> {
    /// One spelling of what it says: `14,90` is `14.90`, `1 500` is `1500`, `09:30` is `9.30`.
    fn canonical(&self) -> String {
        let (integer, rest) = self.integer();
        match (self.separators.get(rest - 1), self.groups.get(rest..).unwrap_or_default()) {
            (Some(separator), [last]) if is_decimal(*separator, &integer, last) => {
                if last.bytes().all(|digit| digit == b'0') { integer } else { format!("{integer}.{last}") }
            }
            // `1,500` is one and a half here and fifteen hundred there: it stays as it is.
            (Some(',' | '.'), [last]) => format!("{integer}.{last}"),
            (_, others) => {
                let others = self.separators.get(rest - 1..).unwrap_or_default().iter().zip(others);
                others
                    .fold(integer, |text, (separator, group)| format!("{text}{separator}{}", trimmed(group)))
            }
        }
    }

    /// The first groups without what separates thousands, and how many groups they are.
    fn integer(&self) -> (String, usize) {
        let first = self.separators.first().copied().unwrap_or_default();
        let pairs = self.separators.iter().zip(self.groups.iter().skip(1));
        let thousands =
            pairs.take_while(|(separator, group)| **separator == first && group.len() == 3).count();
        let behind = self.separators.get(thousands);
        let is_one = match first {
            ' ' => thousands > 0,
            // A single one may as well be a decimal's, unless that follows with a sign of its own.
            ',' | '.' => {
                self.groups.first().is_some_and(|group| group.len() <= 3)
                    && (thousands > 1 && behind != Some(&first)
                        || thousands == 1 && behind.is_some_and(|sign| *sign != first && *sign != ':'))
            }
            _ => false,
        };
        let groups = if is_one { thousands + 1 } else { 1 };
        (trimmed(&self.groups.get(..groups).unwrap_or_default().concat()).to_owned(), groups)
    }

    /// Three or more groups behind full stops, that are no thousands.
    fn is_date(&self) -> bool {
        self.groups.len() > 2
            && self.separators.iter().all(|separator| *separator == '.')
            && self.integer().1 == 1
    }

    /// Every run of neighbouring groups.
    fn runs(&self) -> impl Iterator<Item = Figure<'a>> + '_ {
        let count = self.groups.len();
        let ends = move |first| (first..count).map(move |last| (first, last));
        (0..count).flat_map(ends).map(|(first, last)| Figure {
            written: self.written,
            groups: self.groups.get(first..=last).unwrap_or_default().to_vec(),
            separators: self.separators.get(first..last).unwrap_or_default().to_vec(),
        })
    }
}

/// Whether the last group counts parts of one: hundredths, or minutes, which are written with a full stop too.
fn is_decimal(separator: char, integer: &str, last: &str) -> bool {
    let value = |digits: &str| digits.parse::<u8>().unwrap_or(u8::MAX);
    match separator {
        ',' | '.' => last.len() <= 2,
        ':' => last.len() == 2 && value(last) < 60 && value(integer) <= 24,
        _ => false,
    }
}

/// A number without the zeros in front of it.
fn trimmed(digits: &str) -> &str {
    let shown = digits.trim_start_matches('0');
    if shown.is_empty() { "0" } else { shown }
}

/// The figures in the order of the text.
fn figures(text: &str) -> impl Iterator<Item = Figure<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c: char| c.is_ascii_digit())?;
        let begun = rest.get(start..)?;
        rest = begun;
        let (mut groups, mut separators) = (Vec::new(), Vec::new());
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (group, after) = rest.split_at(end);
            let next = joined(group, &separators, after);
            groups.push(group);
            let Some((separator, next)) = next else {
                rest = after;
                let written = begun.get(..begun.len() - after.len())?;
                return Some(Figure { written, groups, separators });
            };
            separators.push(separator);
            rest = next;
        }
    })
}

/// What separates a group from what it goes on with, and that: behind a comma, full stop or colon, or behind the
/// space before three more digits.
fn joined<'a>(group: &str, before: &[char], after: &'a str) -> Option<(char, &'a str)> {
    let mut characters = after.chars();
    let separator = characters.next()?;
    let next = characters.as_str();
    let digits = next.bytes().take_while(u8::is_ascii_digit).count();
    match separator {
        ',' | '.' | ':' => (digits > 0).then_some((separator, next)),
        ' ' | '\u{a0}' | '\u{202f}' => {
            let counts_thousands = before.iter().all(|separator| *separator == ' ');
            (digits == 3 && group.len() <= 3 && counts_thousands).then_some((' ', next))
        }
        _ => None,
    }
}

/// Folded words of small numbers, as they stand in Polish and English prose.
const WORDS: [(&str, &[&str]); 10] = [
    (
        "1",
        &["jeden", "jedna", "jedno", "jednego", "jednej", "jednym", "one", "pierwszej", "pierwszy", "first"],
    ),
    ("2", &["dwa", "dwie", "dwoch", "dwom", "dwoma", "dwoje", "two", "drugiej", "drugi", "second"]),
    ("3", &["trzy", "trzech", "trzem", "trzema", "troje", "three", "trzeciej", "trzeci", "third"]),
    ("4", &["cztery", "czterech", "czterem", "czterema", "four", "czwartej"]),
    ("5", &["piec", "pieciu", "five", "piatej"]),
    ("6", &["szesc", "szesciu", "six", "szostej"]),
    ("7", &["siedem", "siedmiu", "seven", "siodmej"]),
    ("8", &["osiem", "osmiu", "eight", "osmej"]),
    ("9", &["dziewiec", "dziewieciu", "nine", "dziewiatej"]),
    ("10", &["dziesiec", "dziesieciu", "ten", "dziesiatej"]),
];
/// Beginnings of the words of larger ones.
const BEGINNINGS: [(&str, &str); 19] = [
    ("jedenast", "11"),
    ("eleven", "11"),
    ("dwunast", "12"),
    ("dwanasci", "12"),
    ("twelve", "12"),
    ("trzynast", "13"),
    ("czternast", "14"),
    ("fourteen", "14"),
    ("pietnast", "15"),
    ("fifteen", "15"),
    ("szesnast", "16"),
    ("siedemnast", "17"),
    ("osiemnast", "18"),
    ("eighteen", "18"),
    ("dziewietnast", "19"),
    ("dwudziest", "20"),
    ("dwadziesci", "20"),
    ("twenty", "20"),
    ("trzydziest", "30"),
];

fn of_word(word: &str) -> Option<&'static str> {
    let whole = WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(figure, _)| *figure);
    whole.or_else(|| BEGINNINGS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, figure)| *figure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_known_in_whatever_way_it_is_written() {
        for (source, answer, expect) in [
            ("Kosztuje 14,99 zł.", "To 14.99 zl.", None),
            ("Kosztuje 14,99 zł.", "To 15 zl.", Some("15")),
            ("Zarobi 6200 zł", "6 200 zl", None),
            ("Zarobi 6\u{a0}200 zł", "6200", None),
            ("Zarobi 6\u{202f}200 zł", "6200,00", None),
            ("Zarobi 6200 zł", "6 300 zl", Some("6 300")),
            ("Zarobi 1 500,20 zł", "1500.20 zl", None),
            ("Zarobi 1.500,20 zł", "1,500.20 zl", None),
            ("Zarobi 1.250.000 zł", "1 250 000 zl", None),
            ("It earns 1,250,000", "1 250 000 zl", None),
            ("Od 12.05.2026 o 10:30", "12.05 o 10.30", None),
            ("Od 12.05.2026 o 10.30", "12 maja 2026 o 10:30", None),
            ("Od 12.05.2026", "5.2026", None),
            ("Od 12.05.2026", "12.06.2026", Some("12.06.2026")),
            ("Od 5.12.2026", "05.12.2026", None),
            ("O 12:30 100 osób", "100 osob o 12:30", None),
            ("w ciągu trzech dni", "3 dni", None),
            ("od szóstej do osiemnastej", "6-18", None),
            ("within five days", "4 days", Some("4")),
            ("bez liczb", "bez liczb", None),
            ("o 9", "o 09", None),
            ("o 0", "o 00", None),
            ("o 9", "o 9:00", None),
            ("Więcej: b.example/most/12345, 5 zl", "5 zl na b.example/most/12345", None),
            ("", "2026", Some("2026")),
        ] {
            assert_eq!(unknown(answer, &known([source])).as_deref(), expect, "{source} → {answer}");
        }
    }

    #[test]
    fn a_piece_of_a_figure_is_another_figure() {
        for (source, answer, expect) in [
            ("o 2,5%", "o 5%", "5"),
            ("o 2,5%", "o 2%", "2"),
            ("o 2,5%", "o 25%", "25"),
            ("o 0,5%", "o 5%", "5"),
            ("o 0,5%", "o 0,05%", "0,05"),
            ("o 1,005", "o 1,5", "1,5"),
            ("o 1,500", "o 1500", "1500"),
            ("1 500 zł", "500 zl", "500"),
            ("1 500 zł", "1 zl", "1"),
            ("1.250.000 zł", "250.000 zl", "250.000"),
            ("14,99 zł", "1499 zl", "1499"),
            ("14,99 zł", "14 zl", "14"),
            ("14,99 zł", "99 zl", "99"),
            ("o 10:30", "30 osob", "30"),
            ("w stosunku 1:2", "1,2 zl", "1,2"),
            ("Od 12.05.2026", "122026", "122026"),
            ("Więcej: https://a.example/artykul-12345", "kara 12345 zl", "12345"),
            ("Więcej: https://a.example/x_(12345)", "kara 12345 zl", "12345"),
            ("Więcej: https://a.example/x", "https://a.example/x (500 zl)", "500"),
            ("Więcej: https://a.example/x", "https://a.example/x(500zl)", "500"),
        ] {
            assert_eq!(unknown(answer, &known([source])).as_deref(), Some(expect), "{source} → {answer}");
        }
    }
}
