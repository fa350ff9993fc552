//! Attachments: which a message has, and downloading one. Twilio opens it for our credentials and leads on to where it
//! lies.
//!
//! The credentials go to the configured API and nowhere else; every address after it is checked anew.

use bytes::Bytes;
use http::{HeaderMap, Method, header::LOCATION};
use hub_domain::{ids::MessageSid, media::MediaLoss, message::Media};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::{TwilioClient, TwilioError, access::Door, client::MAX_MESSAGE_BYTES, message::text};
use crate::{
    guard::{Reach, reach},
    transport::{InboundResponse, OutboundRequest, TransportError},
};

/// Addresses asked in a row, the first one included.
const MOST_HOPS: usize = 5;

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MediaError {
    /// There will never be one.
    #[error("lost: {}", .0.as_str())]
    Final(MediaLoss),
    /// Twilio refuses our credentials: nothing comes until they are mended.
    #[error("Twilio refuses our credentials")]
    Unauthorized,
    /// There may be one later. The words hold no address.
    #[error("{0}")]
    Again(String),
}

impl TwilioClient {
    /// The attachments of a message, as Twilio lists them; one page has room for all.
    ///
    /// # Errors
    /// [`MediaError`] tells whether asking again makes sense.
    pub async fn media_of(&self, message: &MessageSid) -> Result<Vec<Media>, MediaError> {
        let url = self.door.account_url(&format!("/Messages/{message}/Media.json"));
        let document =
            self.get_within(url, MAX_MESSAGE_BYTES, self.timeout).await.map_err(|error| of_list(&error))?;
        let list = document.get("media_list").and_then(Value::as_array);
        let media: Option<Vec<_>> =
            list.and_then(|list| list.iter().map(|entry| listed(&self.door, message, entry)).collect());
        media.ok_or_else(|| MediaError::Again("cannot read Twilio's list of attachments".to_owned()))
    }

    /// Downloads one attachment of an inbound message, at most `largest` bytes of it.
    ///
    /// # Errors
    /// [`MediaError`] tells whether asking again makes sense.
    pub async fn media(&self, url: &str, largest: usize) -> Result<Bytes, MediaError> {
        if !self.door.is_media_url(url) {
            return Err(MediaError::Final(MediaLoss::NotAtTwilio));
        }
        let (mut url, mut reaches) = (url.to_owned(), Reach::Configured);
        for hop in 0..MOST_HOPS {
            let request = OutboundRequest {
                method: Method::GET,
                url: url.clone(),
                headers: HeaderMap::new(),
                body: Bytes::new(),
                timeout: self.timeout,
                max_body: largest,
                reach: reaches,
            };
            let response = match hop {
                0 => self.call(request).await,
                _ => self.transport.call(request).await,
            };
            let response = response.map_err(|error| of_transport(&error))?;
            match response.status {
                200..=299 => return Ok(response.body),
                301 | 302 | 303 | 307 | 308 => {
                    url = next(&url, &response)?;
                    reaches = reach(&url, &self.door.consent)
                        .map_err(|_| MediaError::Final(MediaLoss::Forbidden))?;
                }
                // Only Twilio itself knows; where it leads to, a 404 may be a link grown old.
                401 if hop == 0 => return Err(MediaError::Unauthorized),
                404 | 410 if hop == 0 => return Err(MediaError::Final(MediaLoss::Gone)),
                status => return Err(MediaError::Again(format!("HTTP {status} at hop {hop}"))),
            }
        }
        Err(MediaError::Again("too many redirects".to_owned()))
    }
}

/// An attachment's address is made of the SIDs: a link in the answer could lead the credentials elsewhere.
fn listed(door: &Door, message: &MessageSid, entry: &Value) -> Option<Media> {
    let url = door.account_url(&format!("/Messages/{message}/Media/{}", text(entry, "sid")?));
    door.is_media_url(&url).then(|| Media { url, content_type: text(entry, "content_type") })
}

fn of_list(error: &TwilioError) -> MediaError {
    match error {
        TwilioError::Refused { http_status: 401, .. } => MediaError::Unauthorized,
        TwilioError::Refused { http_status: 404 | 410, .. } => MediaError::Final(MediaLoss::Gone),
        TwilioError::Refused { http_status, .. } => {
            MediaError::Again(format!("HTTP {http_status} for the list"))
        }
        TwilioError::Transport(_) | TwilioError::Unreadable(_) => MediaError::Again(error.to_string()),
    }
}

fn of_transport(error: &TransportError) -> MediaError {
    match error {
        TransportError::TooLarge => MediaError::Final(MediaLoss::TooLarge),
        TransportError::NotSent(_) | TransportError::Lost(_) => MediaError::Again(error.to_string()),
    }
}

/// Where a redirect leads, which may be written relative to where it stands.
fn next(url: &str, response: &InboundResponse) -> Result<String, MediaError> {
    let location = response.headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let base = Url::parse(url).ok();
    let target = base.zip(location).and_then(|(base, location)| base.join(location).ok());
    target.map(String::from).ok_or_else(|| MediaError::Again("a redirect to nowhere".to_owned()))
}

#[cfg(test)]
mod tests;
