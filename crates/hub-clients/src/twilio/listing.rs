//! Lists of messages: the filter, the page, and the way to the next page.

use std::fmt;

use jiff::civil::Date;
use serde_json::Value;

use super::{access::Door, message::RemoteMessage, outcome::TwilioError};

/// Which messages to list; newest first, as Twilio sorts them.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageFilter<'a> {
    /// Exact recipient.
    pub to: Option<&'a str>,
    /// Exact sender; a message still waiting for its sender at a Messaging Service has none.
    pub from: Option<&'a str>,
    /// First day (UTC). Don't use days to find a message just created: it has no sending date yet.
    pub date_sent_from: Option<Date>,
    /// Last day (UTC).
    pub date_sent_to: Option<Date>,
    /// Messages a page, 1 to 1000; 50 when not said.
    pub page_size: Option<u16>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The messages, as Twilio orders them.
    pub items: Vec<RemoteMessage>,
    /// Where the list goes on; `None` on the last page.
    pub next: Option<PageCursor>,
}

/// Leads to the next page, at our own account only.
#[derive(Clone, PartialEq, Eq)]
pub struct PageCursor(pub(crate) String);

impl PageCursor {
    /// For going on later, with [`TwilioClient::page`](super::TwilioClient::page). Carries what the list was
    /// filtered by.
    pub fn link(&self) -> &str {
        &self.0
    }
}

impl MessageFilter<'_> {
    /// The query of the first page, without `?`.
    pub(crate) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let days = [("DateSent>", self.date_sent_from), ("DateSent<", self.date_sent_to)];
        query.extend_pairs(self.to.map(|to| ("To", to)));
        query.extend_pairs(self.from.map(|from| ("From", from)));
        query.extend_pairs(days.iter().filter_map(|(name, day)| Some((name, day.as_ref()?.to_string()))));
        query.extend_pairs(self.page_size.map(|size| ("PageSize", size.clamp(1, 1000).to_string())));
        query.finish()
    }
}

/// Reads a page. One message that can't be read spoils it: a caller may conclude from a message's absence.
pub(crate) fn read_page(document: &Value, door: &Door) -> Result<Page, TwilioError> {
    let list = document.get("messages").and_then(Value::as_array);
    let items: Option<Vec<_>> = list.and_then(|list| list.iter().map(RemoteMessage::from_json).collect());
    let items = items.ok_or(TwilioError::Unreadable("no list of messages, or one without a SID"))?;
    let next = match document.get("next_page_uri") {
        None | Some(Value::Null) => None,
        Some(link) => {
            let url = link.as_str().and_then(|link| door.page_url(link));
            Some(PageCursor(url.ok_or(TwilioError::Unreadable("the next page is not at our account"))?))
        }
    };
    Ok(Page { items, next })
}

/// Shows nothing: the link carries phone numbers.
impl fmt::Debug for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageCursor(…)")
    }
}

#[cfg(test)]
mod tests;
