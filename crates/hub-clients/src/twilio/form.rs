//! Strict reading of `application/x-www-form-urlencoded` webhooks.
//!
//! The signature covers every field as sent, so order, blanks and duplicates are kept, and what can't be
//! decoded faithfully is refused: a replaced character would be signed differently and stored wrongly.

use thiserror::Error;

/// Twilio sends some 20 to 60 fields; this bounds the work on anything else.
pub const MAX_FIELDS: usize = 2_000;

/// The form can't be read; the sender's fault (a 4xx). Carries nothing of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FormError {
    /// A `%` without two hex digits.
    #[error("the form has a broken percent escape")]
    BadEscape,
    /// The decoded bytes are not UTF-8.
    #[error("the form is not UTF-8")]
    NotUtf8,
    /// More than [`MAX_FIELDS`].
    #[error("the form has too many fields")]
    TooManyFields,
}

/// Decodes a form (or a query) into its fields, in the order received.
pub fn parse(form: &[u8]) -> Result<Vec<(String, String)>, FormError> {
    let pieces = || form.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
    // Exactly as many as there are: most webhooks then stay below what allocators take for large.
    let mut fields = Vec::with_capacity(pieces().count().min(MAX_FIELDS));
    for piece in pieces() {
        if fields.len() == MAX_FIELDS {
            return Err(FormError::TooManyFields);
        }
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        fields.push((name, value));
    }
    Ok(fields)
}

fn decode(text: &[u8]) -> Result<String, FormError> {
    let plain = text.iter().position(|byte| matches!(byte, b'%' | b'+'));
    let mut decoded = Vec::with_capacity(text.len());
    if let Some((head, mut rest)) = plain.and_then(|at| text.split_at_checked(at)) {
        decoded.extend_from_slice(head);
        loop {
            rest = match rest {
                [] => break,
                [b'+', after @ ..] => {
                    decoded.push(b' ');
                    after
                }
                [b'%', after @ ..] => {
                    let [high, low, after @ ..] = after else { return Err(FormError::BadEscape) };
                    decoded.push(hex(*high)? << 4 | hex(*low)?);
                    after
                }
                [byte, after @ ..] => {
                    decoded.push(*byte);
                    after
                }
            };
        }
    } else {
        decoded.extend_from_slice(text);
    }
    String::from_utf8(decoded).map_err(|_| FormError::NotUtf8)
}

fn hex(digit: u8) -> Result<u8, FormError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(FormError::BadEscape),
    }
}

#[cfg(test)]
mod tests;
