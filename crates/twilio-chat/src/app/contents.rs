//! The account's approved texts, for choosing one: asked for when somebody is about to, and kept for a minute, in
//! which they fill it in.

use std::sync::{Arc, Mutex, PoisonError};

use hub_clients::twilio::TwilioError;
use hub_domain::content::Content;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::App;

/// What Twilio answered is taken to hold for so long.
const HOLDS: SignedDuration = SignedDuration::from_mins(1);

/// Why there is no list.
#[derive(Debug, Error)]
pub enum ContentsError {
    /// There is no Twilio account yet.
    #[error("no account")]
    NoAccount,
    /// Twilio refused, or can't be asked.
    #[error(transparent)]
    Twilio(#[from] TwilioError),
}

/// The list as it was last read.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Option<Read>>);

#[derive(Clone, Debug)]
struct Read {
    at: Timestamp,
    account_sid: String,
    contents: Arc<Vec<Content>>,
}

impl App {
    /// The texts that WhatsApp has approved, by name.
    pub async fn approved_contents(&self) -> Result<Arc<Vec<Content>>, ContentsError> {
        let account = self.account().ok_or(ContentsError::NoAccount)?;
        let (now, account_sid) = (self.world().now(), account.client.account_sid());
        if let Some(read) = self.read_before()
            && read.account_sid == account_sid
            && now.duration_since(read.at) < HOLDS
        {
            return Ok(read.contents);
        }
        let contents = Arc::new(account.client.approved_contents().await?);
        let read = Read { at: now, account_sid: account_sid.to_owned(), contents: Arc::clone(&contents) };
        *self.inner.contents.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(contents)
    }

    fn read_before(&self) -> Option<Read> {
        self.inner.contents.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
