//! Figures in a text, each in one spelling: amounts, dates, hours, shares. What a model may not make up.

use std::collections::HashSet;

use crate::text;

/// The figures of a text, and every run of neighbouring groups within one: who knows `12.05.2026` knows `12.05` too.
/// Small numbers written as words are figures as well.
pub(super) fn known<'a>(texts: impl IntoIterator<Item = &'a str>) -> HashSet<String> {
    let mut known = HashSet::new();
    for text in texts {
        for groups in groups(text) {
            for first in 0..groups.len() {
                for last in first..groups.len() {
                    known.insert(canonical(groups.get(first..=last).unwrap_or_default()));
                }
            }
        }
        text::words(text, &mut |word| known.extend(of_word(word).map(str::to_owned)));
    }
    known
}

/// The first figure of a text that is not among the known ones, as it is written.
pub(super) fn unknown(text: &str, known: &HashSet<String>) -> Option<String> {
    groups(text).find(|groups| !known.contains(&canonical(groups))).map(|groups| groups.join(" "))
}

/// One spelling: `14,99`, `14.99` and `1499` are the same here. That forgives a misplaced comma and never a digit.
fn canonical(groups: &[&str]) -> String {
    let digits = groups.concat();
    let shown = digits.trim_start_matches('0');
    if shown.is_empty() { "0".to_owned() } else { shown.to_owned() }
}

/// Digits that belong together, as groups: `1 500,20` is three, `10:30` two.
fn groups(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c: char| c.is_ascii_digit())?;
        rest = rest.get(start..)?;
        let mut groups = Vec::new();
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (group, after) = rest.split_at(end);
            groups.push(group);
            let Some(next) = joined(group, after) else {
                rest = after;
                return Some(groups);
            };
            rest = next;
        }
    })
}

/// What follows a group where it goes on: behind a comma, full stop or colon, or behind the space before three more
/// digits.
fn joined<'a>(group: &str, after: &'a str) -> Option<&'a str> {
    let mut characters = after.chars();
    let separator = characters.next()?;
    let next = characters.as_str();
    let digits = next.bytes().take_while(u8::is_ascii_digit).count();
    let joins = match separator {
        ',' | '.' | ':' => digits > 0,
        ' ' | '\u{a0}' | '\u{202f}' => digits == 3 && group.len() <= 3,
        _ => false,
    };
    joins.then_some(next)
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
            ("Kosztuje 14,99 zł.", "To 14 zl.", None),
            ("Kosztuje 14,99 zł.", "To 15 zl.", Some("15")),
            ("Zarobi 6200 zł", "6 200 zl", None),
            ("Zarobi 6\u{a0}200 zł", "6200", None),
            ("Zarobi 6200 zł", "6 300 zl", Some("6 300")),
            ("Od 12.05.2026 o 10:30", "12.05 o 10.30", None),
            ("Od 12.05.2026", "12.06.2026", Some("12 06 2026")),
            ("w ciągu trzech dni", "3 dni", None),
            ("od szóstej do osiemnastej", "6-18", None),
            ("within five days", "4 days", Some("4")),
            ("bez liczb", "bez liczb", None),
            ("o 9", "o 09", None),
            ("o 0", "o 00", None),
            ("", "2026", Some("2026")),
        ] {
            assert_eq!(unknown(answer, &known([source])).as_deref(), expect, "{source} → {answer}");
        }
    }
}
