//! Where in the inbox somebody is: the view, what they look for, how far down. All of it stands in the address.

use hub_store::View;
use serde::Deserialize;

/// Rows of the list shown at first, and at most after scrolling on.
pub(super) const ROWS: u32 = 50;
pub(super) const MOST_ROWS: u32 = 200;

/// The query of the inbox's pages, as it came.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Query {
    view: Option<String>,
    q: Option<String>,
    rows: Option<u32>,
    /// The contact whose thread is open beside the list.
    pub(super) open: Option<i64>,
    /// The page of the thread that ends before this row,
    pub(super) before: Option<i64>,
    /// or begins after it.
    pub(super) after: Option<i64>,
    /// Where the unread texts began when the thread was opened.
    pub(super) unread: Option<i64>,
    /// The details of the person are open, where there is no room beside the thread.
    #[serde(default)]
    pub(super) info: bool,
    /// What was typed as a number, when it was none.
    number: Option<String>,
}

/// A view of the inbox, and what is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(super) view: View,
    pub(super) looked_for: String,
    pub(super) rows: u32,
}

impl Query {
    pub(super) fn place(&self) -> Place {
        Place {
            view: self.view.as_deref().and_then(View::parse).unwrap_or(View::All),
            looked_for: self.q.as_deref().unwrap_or_default().trim().to_owned(),
            rows: self.rows.unwrap_or(ROWS).clamp(ROWS, MOST_ROWS),
        }
    }

    /// Somebody wanted to write to what is no number.
    pub(super) fn bad_number(&self) -> bool {
        self.number.is_some()
    }
}

impl Place {
    /// The view as a query, with `?`; empty for where one begins.
    pub(super) fn query(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.view != View::All {
            query.append_pair("view", self.view.as_str());
        }
        if !self.looked_for.is_empty() {
            query.append_pair("q", &self.looked_for);
        }
        for (name, value) in more {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// The page of somebody's thread: `/chat/+48500100200`.
pub(crate) fn thread_path(key: &str) -> String {
    format!("/chat/{}", path_segment(key))
}

/// Any participant as one segment of a path.
pub(crate) fn path_segment(key: &str) -> String {
    use std::fmt::Write as _;
    let mut path = String::new();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"+-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_any_participant() {
        for (key, expect) in [
            ("+48500100200", "/chat/+48500100200"),
            ("whatsapp:pl.a1", "/chat/whatsapp%3Apl.a1"),
            ("mój bank/?#%", "/chat/m%C3%B3j%20bank%2F%3F%23%25"),
            ("\"><img>", "/chat/%22%3E%3Cimg%3E"),
        ] {
            assert_eq!(thread_path(key), expect);
        }
    }

    #[test]
    fn an_address_says_only_what_is_not_usual() {
        let place = |view: &str, q: &str| {
            let query = Query { view: Some(view.to_owned()), q: Some(q.to_owned()), ..Query::default() };
            query.place().query(&[])
        };
        assert_eq!(place("all", "  "), "");
        assert_eq!(place("unread", ""), "?view=unread");
        assert_eq!(place("nonsense", "a&b ć"), "?q=a%26b+%C4%87");
    }
}
