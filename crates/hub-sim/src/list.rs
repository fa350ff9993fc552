//! Reading and changing messages through the REST API: list, fetch, redact, cancel, delete.

use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::form::Form;
use crate::message::{SimMessage, Status};
use crate::reply::{Refusal, Reply};
use crate::state::State;

impl State {
    /// A page of messages, newest first.
    pub(crate) fn list(&mut self, query: &Form, now: Timestamp) -> Reply {
        if self.luck.chance(self.faults.read_errors) {
            return Reply::Refused(Refusal::internal());
        }
        let is_truncated = self.luck.chance(self.faults.truncated_pages);
        let page_size =
            query.value("PageSize").and_then(|size| size.parse().ok()).unwrap_or(50).clamp(1, 1000);
        let page: usize = query.value("Page").and_then(|page| page.parse().ok()).unwrap_or(0);
        let shown_until = now.checked_sub(Duration::from_millis(self.faults.list_lag_ms)).unwrap_or(now);
        let before = query
            .filled("PageToken")
            .and_then(|token| self.by_sid.get(token.strip_prefix("PA")?).copied())
            .unwrap_or(usize::MAX);
        let mut found: Vec<&SimMessage> = self
            .candidates(query.filled("To"))
            .filter(|index| *index < before)
            .filter_map(|index| self.messages.get(index))
            .filter(|message| !message.deleted && message.created <= shown_until && matches(query, message))
            .take(page_size + 1)
            .collect();
        let has_more = found.len() > page_size;
        found.truncate(page_size);
        let last_sid = found.last().filter(|_| has_more).map(|message| message.sid.as_str());
        let account_sid = &self.config.account_sid;
        let document = json!({
                "end": (page * page_size + found.len()).saturating_sub(1),
                "first_page_uri": page_uri(account_sid, query, page_size, 0, None),
                "messages": found.iter().map(|message| message.to_json(account_sid)).collect::<Vec<Value>>(),
                "next_page_uri": last_sid.map(|sid| page_uri(account_sid, query, page_size, page + 1, Some(sid))),
                "page": page,
                "page_size": page_size,
                "previous_page_uri": null,
                "start": page * page_size,
                "uri": page_uri(account_sid, query, page_size, page, None),
        });
        if is_truncated { Reply::Truncated(document) } else { Reply::Json(StatusCode::OK, document) }
    }

    /// Indices of messages that may match, newest first.
    fn candidates(&self, to: Option<&str>) -> Box<dyn Iterator<Item = usize> + '_> {
        match to {
            Some(to) => Box::new(self.by_to.get(to).into_iter().flatten().rev().copied()),
            None => Box::new((0..self.messages.len()).rev()),
        }
    }

    /// One message.
    pub(crate) fn fetch(&mut self, sid: &str) -> Reply {
        if self.luck.chance(self.faults.read_errors) {
            return Reply::Refused(Refusal::internal());
        }
        match self.find(sid) {
            Some((_, message)) => Reply::Json(StatusCode::OK, message.to_json(&self.config.account_sid)),
            None => Reply::Refused(self.not_found(sid)),
        }
    }

    /// Redacts (`Body=`) or cancels (`Status=canceled`).
    pub(crate) fn update(&mut self, sid: &str, form: &Form, now: Timestamp) -> Reply {
        let not_found = self.not_found(sid);
        let account_sid = self.config.account_sid.clone();
        let index = self.find(sid).map(|(index, _)| index);
        let Some(message) = index.and_then(|index| self.messages.get_mut(index)) else {
            return Reply::Refused(not_found);
        };
        if let Some(status) = form.filled("Status") {
            if status != "canceled" || message.status != Status::Scheduled {
                let refusal =
                    Refusal::new(StatusCode::CONFLICT, 30409, "Message is not in a cancelable state");
                return Reply::Refused(refusal);
            }
            message.status = Status::Canceled;
        }
        match form.value("Body") {
            Some("") if !message.status.is_settled() => return Reply::Refused(not_settled("redact")),
            Some("") => message.body.clear(),
            Some(_) => return Reply::Refused(Refusal::bad(20001, "Body can only be set to an empty string")),
            None => {}
        }
        message.updated = now;
        Reply::Json(StatusCode::OK, message.to_json(&account_sid))
    }

    /// Removes a message from every list.
    pub(crate) fn delete(&mut self, sid: &str) -> Reply {
        let not_found = self.not_found(sid);
        let index = self.find(sid).map(|(index, _)| index);
        match index.and_then(|index| self.messages.get_mut(index)) {
            None => Reply::Refused(not_found),
            Some(message) if !message.status.is_settled() => Reply::Refused(not_settled("delete")),
            Some(message) => {
                message.deleted = true;
                Reply::Deleted
            }
        }
    }

    fn not_found(&self, sid: &str) -> Refusal {
        Refusal::not_found(&format!("/2010-04-01/Accounts/{}/Messages/{sid}.json", self.config.account_sid))
    }
}

fn not_settled(verb: &str) -> Refusal {
    let why = format!("Cannot {verb} message because delivery is not complete");
    Refusal::new(StatusCode::CONFLICT, 20009, why)
}

/// The filters of a list. Dates are whole days in GMT; a message without `date_sent` matches none of them.
fn matches(query: &Form, message: &SimMessage) -> bool {
    let is_day = |name: &str, fits: fn(&str, &str) -> bool| {
        query.filled(name).is_none_or(|wanted| {
            let sent = message.sent.map(|at| at.to_zoned(TimeZone::UTC).date().to_string());
            sent.is_some_and(|sent| fits(&sent, wanted.get(..10).unwrap_or(wanted)))
        })
    };
    query.filled("To").is_none_or(|to| message.to == to)
        && query.filled("From").is_none_or(|from| message.from.as_deref() == Some(from))
        && is_day("DateSent", |sent, wanted| sent == wanted)
        && is_day("DateSent>", |sent, wanted| sent >= wanted)
        && is_day("DateSent<", |sent, wanted| sent <= wanted)
}

/// The same query for another page.
fn page_uri(
    account_sid: &str,
    query: &Form,
    page_size: usize,
    page: usize,
    after_sid: Option<&str>,
) -> String {
    let kept =
        query.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "Page" | "PageSize" | "PageToken"));
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    encoded.extend_pairs(kept);
    encoded.append_pair("PageSize", &page_size.to_string()).append_pair("Page", &page.to_string());
    if let Some(sid) = after_sid {
        encoded.append_pair("PageToken", &format!("PA{sid}"));
    }
    format!("/2010-04-01/Accounts/{account_sid}/Messages.json?{}", encoded.finish())
}
