//! The Messages API: create, list, fetch, redact, cancel, delete, and a check of the credentials.
//!
//! Each method is exactly one call. Nothing is repeated here but a 401 with the other token: whether a call may
//! be repeated is decided from its outcome, with the attempt's row at hand.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use hub_domain::{
    attempt::AttemptOutcome,
    ids::{AttemptId, MessageSid},
};
use secrecy::SecretString;
use serde_json::Value;

use super::{
    access::{AccessError, Door, TwilioAccess},
    listing::{MessageFilter, Page, PageCursor, read_page},
    message::{RemoteMessage, text},
    outcome::{Deleted, TwilioError, of_create, of_delete, of_query},
};
use crate::{
    guard::Reach,
    transport::{InboundResponse, OutboundRequest, Transport, TransportError},
};

/// Twilio may take some 26 s to give up by itself; hanging up earlier would only make ambiguity.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(35);

pub(super) const MAX_MESSAGE_BYTES: usize = 1 << 20;
pub(super) const MAX_LIST_BYTES: usize = 8 << 20;
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Twilio documents no idempotency key for messages. Harmless, and a help when Twilio's support looks.
const TOKEN_HEADER: &str = "i-twilio-idempotency-token";

/// One account's Messages API. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct TwilioClient {
    pub(crate) door: Door,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) timeout: Duration,
}

/// A message to create.
#[derive(Clone, Copy)]
pub struct NewMessage<'a> {
    /// The recipient, with its channel prefix.
    pub to: &'a str,
    /// Who it comes from.
    pub sender: Sender<'a>,
    /// The text; may be empty when there are media.
    pub body: &'a str,
    /// Public addresses of media, at most 10.
    pub media_urls: &'a [String],
    /// Instead of text and media.
    pub template: Option<Template<'a>>,
    /// Where Twilio reports the delivery.
    pub status_callback: Option<&'a str>,
    /// The attempt this call is recorded as.
    pub attempt: AttemptId,
}

/// Who a message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender<'a> {
    /// One of our addresses, with its channel prefix.
    From(&'a str),
    /// A Messaging Service (`MG…`), which chooses.
    Service(&'a str),
}

/// An approved template of the account's.
#[derive(Clone, Copy)]
pub struct Template<'a> {
    /// `HX…`
    pub content_sid: &'a str,
    /// What to fill in: a JSON object, as Twilio takes it.
    pub variables: Option<&'a str>,
}

/// What the credentials opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's name, where the credentials may see it.
    pub friendly_name: Option<String>,
    /// `active`, `suspended` or `closed`, where the credentials may see it.
    pub status: Option<String>,
}

impl TwilioClient {
    /// A client for one account; calls nobody yet.
    pub fn new(
        access: &TwilioAccess,
        transport: Arc<dyn Transport>,
        timeout: Duration,
    ) -> Result<Self, AccessError> {
        Ok(Self { door: Door::open(access)?, transport, timeout })
    }

    /// `AC…`
    pub fn account_sid(&self) -> &str {
        &self.door.account_sid
    }

    /// While the auth token is being replaced: a request that is refused with the one is made once more with the
    /// other. Twilio processes nothing of a request it answers with 401.
    pub fn with_other_token(mut self, token: &SecretString) -> Result<Self, AccessError> {
        self.door.add_token(token)?;
        Ok(self)
    }

    /// Creates a message: one call, and what may be concluded from how it ended.
    pub async fn create(&self, message: &NewMessage<'_>) -> AttemptOutcome {
        let mut request = self.post(self.door.account_url("/Messages.json"), message.form());
        if let Ok(token) = HeaderValue::from_str(&message.attempt.to_string()) {
            request.headers.insert(TOKEN_HEADER, token);
        }
        of_create(self.call(request).await)
    }

    /// One page of a list: the first of `filter`, or the one that `page` leads to.
    pub async fn list(
        &self,
        filter: &MessageFilter<'_>,
        page: Option<PageCursor>,
    ) -> Result<Page, TwilioError> {
        let url = match &page {
            Some(PageCursor(url)) => url.clone(),
            None => self.door.account_url(&format!("/Messages.json?{}", filter.query())),
        };
        let read = read_page(&self.get(url, MAX_LIST_BYTES).await?, &self.door)?;
        if page.is_some() && read.next == page {
            return Err(TwilioError::Unreadable("the next page is the same page"));
        }
        Ok(read)
    }

    /// The page that a kept link leads to; `None` when it is not at our account (any more).
    pub fn page(&self, link: &str) -> Option<PageCursor> {
        self.door.page_url(link).map(PageCursor)
    }

    /// One message.
    pub async fn fetch(&self, sid: &MessageSid) -> Result<RemoteMessage, TwilioError> {
        let document = self.get(self.message_url(sid), MAX_MESSAGE_BYTES).await?;
        RemoteMessage::from_json(&document).ok_or(TwilioError::Unreadable("no message"))
    }

    /// Blanks the text of a message that is no longer on its way. The empty text is the only one Twilio takes.
    pub async fn redact(&self, sid: &MessageSid) -> Result<RemoteMessage, TwilioError> {
        self.update(sid, "Body=").await
    }

    /// Withdraws a message that waits at Twilio for its time.
    pub async fn cancel(&self, sid: &MessageSid) -> Result<RemoteMessage, TwilioError> {
        self.update(sid, "Status=canceled").await
    }

    /// Deletes a message that is no longer on its way; does not unsend it.
    pub async fn delete(&self, sid: &MessageSid) -> Result<Deleted, TwilioError> {
        let (url, headers) = (self.message_url(sid), Self::headers());
        let (timeout, max_body) = (self.timeout, MAX_MESSAGE_BYTES);
        let request = OutboundRequest {
            method: Method::DELETE,
            url,
            headers,
            body: Bytes::new(),
            timeout,
            max_body,
            reach: Reach::Configured,
        };
        of_delete(self.call(request).await)
    }

    /// Checks the credentials. A standard API key may not read the account itself, so it is tried on the
    /// messages and says nothing of the account.
    pub async fn account(&self) -> Result<Account, TwilioError> {
        if self.door.by_api_key {
            self.list(&MessageFilter { page_size: Some(1), ..MessageFilter::default() }, None).await?;
            return Ok(Account { friendly_name: None, status: None });
        }
        let document = self.get(self.door.account_url(".json"), MAX_MESSAGE_BYTES).await?;
        Ok(Account { friendly_name: text(&document, "friendly_name"), status: text(&document, "status") })
    }

    /// Sends a request with the credentials that work.
    pub(super) async fn call(&self, request: OutboundRequest) -> Result<InboundResponse, TransportError> {
        let mut refused = None;
        for (is_other, key) in self.door.keys().in_turn() {
            let mut request = request.clone();
            request.headers.insert(AUTHORIZATION, key.clone());
            let response = self.transport.call(request).await?;
            if response.status != 401 {
                self.door.keys().work(is_other);
                return Ok(response);
            }
            refused = refused.or(Some(response));
        }
        refused.ok_or_else(|| TransportError::NotSent("no credentials".to_owned()))
    }

    async fn get(&self, url: String, max_body: usize) -> Result<Value, TwilioError> {
        self.get_within(url, max_body, self.timeout).await
    }

    /// The document at `url`, which must be Twilio's.
    pub(super) async fn get_within(
        &self,
        url: String,
        max_body: usize,
        timeout: Duration,
    ) -> Result<Value, TwilioError> {
        let (method, headers, body) = (Method::GET, Self::headers(), Bytes::new());
        let reach = Reach::Configured;
        let request = OutboundRequest { method, url, headers, body, timeout, max_body, reach };
        of_query(self.call(request).await)
    }

    /// Changes what is at `url`, which must be Twilio's; the document as it is then.
    pub(super) async fn post_within(
        &self,
        url: String,
        form: &[(&str, &str)],
        timeout: Duration,
    ) -> Result<Value, TwilioError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = OutboundRequest { timeout, ..self.post(url, form) };
        of_query(self.call(request).await)
    }

    async fn update(&self, sid: &MessageSid, form: &str) -> Result<RemoteMessage, TwilioError> {
        let request = self.post(self.message_url(sid), form.to_owned());
        let document = of_query(self.call(request).await)?;
        RemoteMessage::from_json(&document).ok_or(TwilioError::Unreadable("no message"))
    }

    fn message_url(&self, sid: &MessageSid) -> String {
        self.door.account_url(&format!("/Messages/{sid}.json"))
    }

    fn post(&self, url: String, form: String) -> OutboundRequest {
        let mut headers = Self::headers();
        headers.insert(CONTENT_TYPE, FORM);
        let (timeout, max_body) = (self.timeout, MAX_MESSAGE_BYTES);
        OutboundRequest {
            method: Method::POST,
            url,
            headers,
            body: form.into(),
            timeout,
            max_body,
            reach: Reach::Configured,
        }
    }

    fn headers() -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT, JSON)])
    }
}

impl NewMessage<'_> {
    fn form(&self) -> String {
        let sender = match self.sender {
            Sender::From(address) => ("From", address),
            Sender::Service(sid) => ("MessagingServiceSid", sid),
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", self.to).append_pair(sender.0, sender.1);
        if let Some(template) = self.template {
            form.append_pair("ContentSid", template.content_sid);
            form.extend_pairs(template.variables.map(|variables| ("ContentVariables", variables)));
        } else {
            if !self.body.is_empty() {
                form.append_pair("Body", self.body);
            }
            form.extend_pairs(self.media_urls.iter().map(|url| ("MediaUrl", url)));
        }
        form.extend_pairs(self.status_callback.map(|url| ("StatusCallback", url)));
        form.finish()
    }
}

/// What is filled in may be private.
impl fmt::Debug for Template<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("content_sid", &self.content_sid).finish_non_exhaustive()
    }
}

/// Shows sizes only: recipient and text are private.
impl fmt::Debug for NewMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage")
            .field("attempt", &self.attempt)
            .field("body_bytes", &self.body.len())
            .field("media", &self.media_urls.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
