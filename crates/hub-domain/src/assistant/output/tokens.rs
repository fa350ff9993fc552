//! Numbers and keys in a text, each in one spelling so that two texts can be compared.

/// Shorter numbers are prices, years, house numbers.
const SHORTEST_NUMBER: usize = 9;
/// What is compared of a number: the same phone with and without its country.
const COMPARED_DIGITS: usize = 9;

/// Phone, account and card numbers: their last digits.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = String> {
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let mut gap = 0;
    for character in text.chars().chain(['\n']) {
        match character.to_digit(10) {
            Some(digit) => {
                digits.extend(char::from_digit(digit, 10));
                gap = 0;
            }
            // One sign of grouping, or a bracket and a space.
            None if matches!(character, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '+') && gap < 2 => {
                gap += 1;
            }
            None => {
                if digits.len() >= SHORTEST_NUMBER && !is_date(&digits) {
                    numbers.extend(digits.get(digits.len() - COMPARED_DIGITS..).map(str::to_owned));
                }
                digits.clear();
                gap = 0;
            }
        }
    }
    numbers.into_iter()
}

/// A date and an hour next to each other: `2026-11-22 10`, `22.11.2026 10`.
fn is_date(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let year = |year: Option<u32>| year.is_some_and(|year| (1900..2200).contains(&year));
    let month = |month: Option<u32>| month.is_some_and(|month| (1..=12).contains(&month));
    let day = |day: Option<u32>| day.is_some_and(|day| (1..=31).contains(&day));
    let iso = year(part(0, 4)) && month(part(4, 6)) && day(part(6, 8));
    let polish = day(part(0, 2)) && month(part(2, 4)) && year(part(4, 8));
    digits.len() <= 12 && (iso || polish)
}

/// A key of a model service or of Twilio.
pub(super) fn holds_key(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).any(|word| {
        let hex = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        word.strip_prefix("sk-").is_some_and(|rest| rest.len() >= 16)
            || word
                .split_at_checked(2)
                .is_some_and(|(kind, rest)| matches!(kind, "AC" | "SK" | "MG") && hex(rest))
            || hex(word)
    })
}
