//! Opt-outs in the original's history. It kept no list of them; texts and refusals prove them, in the order of time.

use hub_domain::{
    address::Address,
    consent::{ConsentChange, consent_change},
    keywords::classify,
    twilio_code::{self, CodeAction},
};
use jiff::Timestamp;

use crate::{
    error::StoreError,
    sqlite::{consent, unit::Unit},
};

/// Twilio's words for 21610, where the original kept them without the code.
const REFUSALS: [&str; 2] = ["unsubscribed recipient", "violates a blacklist rule"];

/// The code of an opt-out that Twilio knows of.
const OPTED_OUT: u32 = 21610;

/// A text of theirs may have stopped or resumed our messages.
pub(super) fn wrote(
    unit: &Unit<'_>,
    them: &Address,
    body: &str,
    row: impl FnOnce() -> Result<Option<i64>, StoreError>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let keyword = classify(body);
    let person = them.person_key();
    if keyword.is_none() || consent::was_changed_since(unit, &person, at)? {
        return Ok(());
    }
    match consent_change(keyword, None, consent::is_opted_out(unit, &person)?) {
        ConsentChange::None => Ok(()),
        ConsentChange::OptOut { .. } => consent::opt_out(unit, &person, "imported", row()?, at),
        ConsentChange::OptIn { .. } => consent::opt_in(unit, &person, "imported", row()?, at),
    }
}

/// Twilio may have refused a message to them because they had opted out there.
pub(super) fn failed(
    unit: &Unit<'_>,
    them: &Address,
    error: &str,
    row: impl FnOnce() -> Result<Option<i64>, StoreError>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let advice = error_code(error).and_then(twilio_code::advice);
    if advice.is_none_or(|advice| advice.action != CodeAction::FinalOptOut) {
        return Ok(());
    }
    let person = them.person_key();
    if consent::was_changed_since(unit, &person, at)? {
        return Ok(());
    }
    consent::opt_out(unit, &person, "twilio_21610", row()?, at)
}

/// `Error code: 30003`, as the original wrote it; the code in front, in a link to Twilio's page about it, or told by
/// Twilio's words for an opt-out.
pub(super) fn error_code(text: &str) -> Option<u32> {
    let text = text.trim();
    let after = ["Error code:", "/errors/"].into_iter().find_map(|before| text.split_once(before));
    let code = match after {
        Some((_, rest)) => digits(rest),
        // Codes of messages have five digits; other numbers mean other things.
        None => digits(text).filter(|code| (10_000..100_000).contains(code)),
    };
    let lower = || text.to_ascii_lowercase();
    code.or_else(|| REFUSALS.iter().any(|words| lower().contains(words)).then_some(OPTED_OUT))
}

fn digits(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok().filter(|code| *code != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_error_texts() {
        for (text, expect) in [
            ("Error code: 30003", Some(30003)),
            ("Error code:30003.", Some(30003)),
            ("Twilio: Error code: 21610, opted out", Some(21610)),
            ("21610 Attempt to send to unsubscribed recipient", Some(21610)),
            (
                "HTTP 400 error: Unable to create record: Attempt to send to unsubscribed recipient",
                Some(21610),
            ),
            ("The message From/To pair violates a blacklist rule.", Some(21610)),
            ("See https://www.twilio.com/docs/errors/21211", Some(21211)),
            ("Error code: 0", None),
            ("Error code: none", None),
            ("HTTP 400", None),
            ("400 Bad Request", None),
            ("500100200 is not a number", None),
        ] {
            assert_eq!(error_code(text), expect, "{text:?}");
        }
    }
}
