//! Downloading an attachment: Twilio opens it for our credentials and leads on to where it lies.
//!
//! The credentials go to the configured API and nowhere else; every address after it is checked anew.

use bytes::Bytes;
use http::{HeaderMap, Method, header::LOCATION};
use hub_domain::media::MediaLoss;
use thiserror::Error;
use url::Url;

use super::TwilioClient;
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
