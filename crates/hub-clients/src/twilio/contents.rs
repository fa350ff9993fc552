//! The account's approved texts (Content API), for messages that WhatsApp takes at any time.

use std::{collections::BTreeMap, time::Duration};

use hub_domain::content::Content;
use serde_json::Value;

use super::{TwilioClient, TwilioError, client::MAX_LIST_BYTES, message::text};

/// Somebody waits with a message in mind; asking again is safe.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than anybody chooses from; what is beyond is reached by typing its identifier.
const MOST_PAGES: usize = 5;

impl TwilioClient {
    /// The texts that WhatsApp has approved, by name.
    pub async fn approved_contents(&self) -> Result<Vec<Content>, TwilioError> {
        let first = format!("{}/v1/ContentAndApprovals", self.door.sibling("content"));
        let mut url = format!("{first}?PageSize=200");
        let mut found = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = self.get_within(url, MAX_LIST_BYTES, self.timeout.min(PATIENCE)).await?;
            let list = page.get("contents").and_then(Value::as_array);
            let list = list.ok_or(TwilioError::Unreadable("no list of contents"))?;
            found.extend(list.iter().filter(|item| is_approved(item)).filter_map(read));
            match next(&page, &first)? {
                Some(next) => url = next,
                None => break,
            }
        }
        found.sort_by(|a: &Content, b| a.name.cmp(&b.name));
        Ok(found)
    }
}

/// The next page, which the credentials go to only at the place the first one came from.
fn next(page: &Value, first: &str) -> Result<Option<String>, TwilioError> {
    let Some(link) = page.get("meta").and_then(|meta| text(meta, "next_page_url")) else { return Ok(None) };
    let is_same_list = link.strip_prefix(first).is_some_and(|rest| rest.starts_with('?'));
    if is_same_list { Ok(Some(link)) } else { Err(TwilioError::Unreadable("the next page is elsewhere")) }
}

fn is_approved(item: &Value) -> bool {
    let requests = item.get("approval_requests");
    let whatsapp = requests.and_then(|requests| requests.get("whatsapp"));
    let status = whatsapp.or(requests).and_then(|request| text(request, "status"));
    status.as_deref() == Some("approved")
}

/// `None`: it can't be sent, having no identifier.
fn read(item: &Value) -> Option<Content> {
    let sid = text(item, "sid")?;
    let variables = item.get("variables").and_then(Value::as_object);
    let samples = variables.into_iter().flatten().map(|(name, value)| {
        let sample = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), sample)
    });
    Some(Content {
        name: text(item, "friendly_name").unwrap_or_else(|| sid.clone()),
        language: text(item, "language").unwrap_or_default(),
        text: body(item).unwrap_or_default(),
        samples: samples.collect::<BTreeMap<_, _>>(),
        sid,
    })
}

/// The text of whatever kind it is: each kind keeps its own under its name.
fn body(item: &Value) -> Option<String> {
    let kinds = item.get("types")?.as_object()?;
    kinds.values().find_map(|kind| text(kind, "body").or_else(|| text(kind, "title")))
}

#[cfg(test)]
mod tests;
