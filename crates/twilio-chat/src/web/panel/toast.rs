//! A short notice beside a fragment that htmx swaps; `hub.js` shows it and screen readers read it out.

use std::fmt::Write as _;

use axum::{
    http::HeaderValue,
    response::{IntoResponse, Response},
};

/// How a notice looks; its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It is done.
    Good,
    /// It is not.
    Bad,
}

/// The response with a notice.
pub(crate) fn with_toast(response: impl IntoResponse, tone: Tone, text: &str) -> Response {
    let mut response = response.into_response();
    let tone = match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
    };
    let event = serde_json::json!({ "hub:toast": { "tone": tone, "text": text } }).to_string();
    if let Ok(value) = HeaderValue::from_str(&ascii(&event)) {
        response.headers_mut().insert("hx-trigger", value);
    }
    response
}

/// JSON without a character that a header can't carry.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(text, "\\u{unit:04x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_the_same_after_its_way_through_a_header() {
        let response = with_toast("", Tone::Good, "Zażółć „gęślą” 🙂");
        let header = response.headers()["hx-trigger"].to_str().unwrap();
        let event: serde_json::Value = serde_json::from_str(header).unwrap();
        assert_eq!(event["hub:toast"]["text"], "Zażółć „gęślą” 🙂");
    }
}
