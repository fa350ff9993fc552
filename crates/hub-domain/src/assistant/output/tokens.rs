//! Links, numbers and keys in a text, each in one spelling so that two texts can be compared.

/// Endings that phones make links of, and that attackers register.
const ENDINGS: [&str; 60] = [
    "app", "at", "be", "bid", "biz", "buzz", "ca", "cc", "ch", "click", "cloud", "club", "co", "com", "cz",
    "de", "dev", "digital", "es", "eu", "fr", "gd", "gg", "gl", "gov", "icu", "info", "io", "it", "link",
    "live", "ly", "me", "mobi", "net", "nl", "online", "org", "pl", "pro", "pw", "ru", "sh", "shop", "site",
    "sk", "space", "store", "su", "tech", "tk", "to", "top", "tv", "ua", "uk", "us", "vip", "website", "xyz",
];
/// Shorter numbers are prices, years, house numbers.
const SHORTEST_NUMBER: usize = 9;
/// What is compared of a number: the same phone with and without its country.
const COMPARED_DIGITS: usize = 9;

/// Links and e-mail addresses, without scheme and `www.`, in lower case.
pub(super) fn links(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '"' | '„' | '”')
    });
    pieces.filter_map(link)
}

fn link(piece: &str) -> Option<String> {
    let piece =
        piece.trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_'));
    let lower = piece.to_lowercase();
    let scheme_less = lower.split_once("://").map(|(_, rest)| rest);
    let rest = scheme_less.unwrap_or(&lower);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let has_path = host.len() < rest.len();
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_host = host.rsplit_once('.').is_some_and(|(name, ending)| {
        let named =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
        let spelt = ending.len() >= 2 && ending.chars().all(char::is_alphabetic);
        // `zł.Zapraszamy` is a missing space; with a known ending or a path behind it, it is a link.
        named && (spelt && has_path || ENDINGS.binary_search(&ending).is_ok() || ending.starts_with("xn--"))
    });
    let is_link = scheme_less.is_some()
        || lower.starts_with("www.")
        || rest.contains('@') && rest.contains('.')
        || is_host;
    is_link.then(|| rest.to_owned())
}

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
