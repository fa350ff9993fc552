//! Links and e-mail addresses in a text: what they are, and where they stand.

use std::ops::Range;

/// Endings that phones make links of, and that attackers register.
const ENDINGS: [&str; 60] = [
    "app", "at", "be", "bid", "biz", "buzz", "ca", "cc", "ch", "click", "cloud", "club", "co", "com", "cz",
    "de", "dev", "digital", "es", "eu", "fr", "gd", "gg", "gl", "gov", "icu", "info", "io", "it", "link",
    "live", "ly", "me", "mobi", "net", "nl", "online", "org", "pl", "pro", "pw", "ru", "sh", "shop", "site",
    "sk", "space", "store", "su", "tech", "tk", "to", "top", "tv", "ua", "uk", "us", "vip", "website", "xyz",
];

/// Links and e-mail addresses, without scheme and `www.`, in lower case.
pub(crate) fn links(text: &str) -> impl Iterator<Item = String> {
    ranges(text).into_iter().filter_map(|range| link(text.get(range)?))
}

/// Whether a browser opens it as it is.
pub fn is_web(address: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| address.len() > scheme.len() && address.starts_with(scheme))
}

/// Where links stand, without brackets and punctuation around them.
pub(crate) fn ranges(text: &str) -> Vec<Range<usize>> {
    let is_gap =
        |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '"' | '„' | '”');
    let is_around = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_');
    let mut at = 0;
    let mut ranges = Vec::new();
    for piece in text.split_inclusive(is_gap) {
        let end = at + piece.len();
        let piece = piece.trim_end_matches(is_gap);
        let start = at + piece.len() - piece.trim_start_matches(is_around).len();
        let piece = piece.trim_matches(is_around);
        if link(piece).is_some() {
            ranges.push(start..start + piece.len());
        }
        at = end;
    }
    ranges
}

/// Where links stand, with the brackets that may belong to them: `https://a.example/Lodz_(city)` up to the next space.
pub(crate) fn whole(text: &str) -> Vec<Range<usize>> {
    let mut whole: Vec<Range<usize>> = Vec::new();
    for range in ranges(text) {
        if whole.last().is_some_and(|last| range.start < last.end) {
            continue;
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '„' | '”');
        let rest = text.get(range.start..).unwrap_or_default();
        whole.push(range.start..range.start + rest.find(is_end).unwrap_or(rest.len()));
    }
    whole
}

/// The text with a space in place of each link.
pub(crate) fn without(text: &str, places: impl Fn(&str) -> Vec<Range<usize>>) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for range in places(text) {
        rest.push_str(text.get(from..range.start).unwrap_or_default());
        rest.push(' ');
        from = range.end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest
}

/// A piece as links are compared, if it is one.
fn link(piece: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_where_they_stand() {
        for (text, narrow, wide) in [
            ("Zob. (https://a.example/x), tak.", vec!["https://a.example/x"], vec!["https://a.example/x),"]),
            (
                "https://a.example/Łódź_(miasto) ż",
                vec!["https://a.example/Łódź"],
                vec!["https://a.example/Łódź_(miasto)"],
            ),
            ("a@b.pl\nb.pl", vec!["a@b.pl", "b.pl"], vec!["a@b.pl", "b.pl"]),
            ("żółw.Nic [1] ...", vec![], vec![]),
            ("", vec![], vec![]),
        ] {
            let shown = |places: Vec<Range<usize>>| -> Vec<&str> {
                places.into_iter().map(|range| &text[range]).collect()
            };
            assert_eq!((shown(ranges(text)), shown(whole(text))), (narrow, wide), "{text}");
        }
        for (address, expect) in [
            ("https://a.pl", true),
            ("http://a", true),
            ("http://", false),
            ("3", false),
            ("", false),
            ("ftp://a.pl", false),
        ] {
            assert_eq!(is_web(address), expect, "{address}");
        }
        assert_eq!(without("ż https://a.pl/1, b", ranges), "ż  , b");
    }
}
