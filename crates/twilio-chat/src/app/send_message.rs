//! One message with everything Twilio takes: text, media, a template, a Messaging Service of choice.

use hub_domain::{
    long_text::{LONGEST, length},
    message::Origin,
    participant::recipient,
    whatsapp::Template,
};
use hub_store::{NewOutbound, NewSend, SendKey};
use url::Url;

use super::{
    App,
    send::{Folding, SendError, Sent, Through, folded},
};

/// Twilio takes no more.
const MAX_MEDIA: usize = 10;

/// A message as a caller asks for it.
#[derive(Clone, Debug)]
pub struct MessageRequest {
    /// The recipient as typed.
    pub to: String,
    /// The text, to the byte.
    pub body: String,
    /// Written without the letters and marks that make it cost more, where that saves a segment.
    pub fold: bool,
    /// Public addresses of media.
    pub media_urls: Vec<String>,
    /// `HX…`: goes alone, without text and media.
    pub content_sid: Option<String>,
    /// What to fill in: a JSON object, or nothing.
    pub content_variables: String,
    /// Which of our senders.
    pub through: Through,
    /// On whose behalf.
    pub origin: Origin,
}

impl App {
    /// Writes a message down and waits a while for its first attempt, as [`App::send`] does.
    pub async fn send_message(
        &self,
        request: &MessageRequest,
        key: Option<SendKey>,
    ) -> Result<Sent, SendError> {
        let (message, folding) = self.message(request)?;
        let sent = self.send_and_wait(NewSend { parts: vec![message], key }).await?;
        Ok(Sent { folding, ..sent })
    }

    fn message(&self, request: &MessageRequest) -> Result<(NewOutbound, Option<Folding>), SendError> {
        if request.to.trim().is_empty() {
            return Err(SendError::NoRecipient);
        }
        let has_text = !request.body.trim().is_empty();
        if !has_text && request.content_sid.is_none() && request.media_urls.is_empty() {
            return Err(SendError::NothingToSend);
        }
        let to = recipient(&request.to)?;
        if let Through::ThisService(sid) = &request.through
            && !is_service(sid)
        {
            return Err(SendError::BadService);
        }
        let empty = self.outbound(to, &request.through, request.origin)?;
        if let Some(sid) = &request.content_sid {
            let template = Template::from_json(sid, &request.content_variables)?;
            return Ok((NewOutbound { template: Some(template), ..empty }, None));
        }
        let text = if has_text { request.body.as_str() } else { "" };
        let (body, folding) = folded(text, request.fold);
        if has_text && body.trim().is_empty() && request.media_urls.is_empty() {
            return Err(SendError::NothingToSend);
        }
        let length = length(&body);
        if length > LONGEST {
            return Err(SendError::TooLong(length));
        }
        let fetchable = request.media_urls.iter().all(|url| is_fetchable(url));
        if !fetchable || request.media_urls.len() > MAX_MEDIA {
            return Err(SendError::Media);
        }
        let message =
            NewOutbound { body: body.into_owned(), media_urls: request.media_urls.clone(), ..empty };
        Ok((message, folding))
    }
}

fn is_service(sid: &str) -> bool {
    sid.starts_with("MG") && sid.len() <= 64 && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Twilio fetches it, not we; it must only be a web address.
fn is_fetchable(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
