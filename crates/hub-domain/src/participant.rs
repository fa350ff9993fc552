//! Whose conversation a caller of the API means: a number as typed, in any of its spellings.

use crate::address::{Address, AddressError, AddressKind, PhoneNumber};

/// Prefixes that the earlier program dropped from a participant.
const PREFIXES: [&str; 5] = ["whatsapp:", "sms:", "mms:", "client:", "sip:"];

/// The person keys a participant may stand for, the most literal first.
///
/// A bare number first means itself with a `+`, as it always did; nine digits may also be a number in Poland
/// without its country code. A name is matched as it is written too, whatever its signs.
pub fn person_keys(text: &str) -> Vec<String> {
    let mut keys = vec![normalized(text)];
    let number = without_prefix(text.trim());
    keys.extend(PhoneNumber::from_typed(number).ok().map(|number| number.as_str().to_owned()));
    keys.extend(Address::from_provider(text).ok().map(|address| address.person_key().into_owned()));
    let mut distinct = Vec::new();
    for key in keys {
        if !key.is_empty() && !distinct.contains(&key) {
            distinct.push(key);
        }
    }
    distinct
}

/// Whom a text to a recipient as typed reaches: a number, alone or on WhatsApp, or a person on WhatsApp who doesn't
/// show theirs.
pub fn recipient(typed: &str) -> Result<Address, AddressError> {
    Address::from_typed(typed).or_else(|error| {
        Address::from_provider(typed).ok().filter(|to| to.kind() == AddressKind::WhatsAppScoped).ok_or(error)
    })
}

/// The earlier program's form of a participant: no prefix, no separators, `00` as `+`, digits with a `+`,
/// anything else in lower case.
fn normalized(text: &str) -> String {
    let compact: String = without_prefix(text.trim())
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '_'))
        .collect();
    let international = compact.strip_prefix("+00").or_else(|| compact.strip_prefix("00"));
    let number = match international {
        Some(rest) => format!("+{rest}"),
        None if !compact.is_empty() && compact.bytes().all(|b| b.is_ascii_digit()) => format!("+{compact}"),
        None => compact,
    };
    number.to_lowercase()
}

fn without_prefix(text: &str) -> &str {
    let prefix = PREFIXES.into_iter().find(|prefix| {
        text.split_at_checked(prefix.len()).is_some_and(|(head, _)| head.eq_ignore_ascii_case(prefix))
    });
    prefix.and_then(|prefix| text.get(prefix.len()..)).unwrap_or(text).trim_start()
}

#[cfg(test)]
mod tests;
