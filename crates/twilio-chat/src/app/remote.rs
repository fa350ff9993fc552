//! Messages as Twilio holds them: looking at them there, blanking, deleting and canceling them there and here.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use hub_clients::twilio::{Deleted, MessageFilter, RemoteMessage, TwilioError};
use hub_domain::{
    address::Address,
    ids::{ContactId, MessageId, MessageSid},
    message::{Direction, Message},
    remote::RemoteFacts,
    status::{DeliveryStatus, MessageStatus},
};
use hub_store::{Canceled, StoreError};
use jiff::civil::Date;
use thiserror::Error;

use super::{App, TwilioAccount, recovery::walk};

/// Deletions at Twilio under way at once.
const DELETIONS_AT_ONCE: usize = 8;

/// Which messages to look at, as a caller asks.
#[derive(Clone, Debug, Default)]
pub struct RemoteQuery {
    /// Exact recipient, as typed.
    pub to: Option<String>,
    /// Exact sender, as typed.
    pub from: Option<String>,
    /// First day it was sent (UTC).
    pub sent_from: Option<Date>,
    /// Last day.
    pub sent_to: Option<Date>,
    /// At most so many.
    pub limit: u16,
}

/// Why something about a message at Twilio could not be done.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// There is no Twilio account yet.
    #[error("Twilio is not set up")]
    Unconfigured,
    /// Neither we nor Twilio know it.
    #[error("no such message")]
    NotFound,
    /// It is on its way and can't be taken back, or deleted, now.
    #[error("the message is on its way")]
    OnItsWay,
    /// It waits for a person to let it go or to discard it.
    #[error("the message waits for a decision")]
    Held,
    /// A later part of its text, this row, waits for it.
    #[error("a later part of the text, {0}, may leave yet")]
    PartWaits(i64),
    /// A customer wrote it.
    #[error("the message is a customer's")]
    NotOurs,
    /// Twilio's answer was a success and didn't say that the message is deleted.
    #[error("Twilio didn't confirm")]
    Unconfirmed,
    /// Twilio refused, or could not be asked.
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    /// Our own copy could not be changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedMessage {
    /// Its SID, if it ever had one.
    pub sid: Option<MessageSid>,
    /// Twilio doesn't have it any more.
    pub remote: bool,
    /// We had it and don't any more.
    pub local: bool,
}

/// What became of a conversation that was to be deleted.
#[derive(Debug)]
pub enum DeletedConversation {
    /// Gone here and at Twilio; how many messages.
    Done(usize),
    /// There is none.
    NotFound,
    /// These rows have no SID: Twilio can't be asked to delete them.
    WithoutSid(Vec<i64>),
    /// Twilio did not delete these; nothing was deleted here.
    Failed(Vec<(MessageSid, RemoteError)>),
}

impl App {
    /// The newest messages at Twilio. What we lack is kept as history; nothing is answered because of it.
    pub async fn remote_messages(&self, query: &RemoteQuery) -> Result<Vec<RemoteMessage>, RemoteError> {
        let account = self.remote_account()?;
        let (to, from) = (query.to.as_deref().map(exact), query.from.as_deref().map(exact));
        let filter = MessageFilter {
            to: to.as_deref(),
            from: from.as_deref(),
            date_sent_from: query.sent_from,
            date_sent_to: query.sent_to,
            page_size: Some(query.limit),
        };
        let mut items = account.client.list(&filter, None).await?.items;
        items.truncate(usize::from(query.limit));
        self.keep(&items).await?;
        Ok(items)
    }

    /// One message as Twilio has it; our copy follows.
    pub async fn remote_message(&self, sid: &MessageSid) -> Result<RemoteMessage, RemoteError> {
        let message = self.remote_account()?.client.fetch(sid).await.map_err(not_found)?;
        self.keep(std::slice::from_ref(&message)).await?;
        Ok(message)
    }

    /// Blanks a text at Twilio, then here.
    pub async fn redact(&self, sid: &MessageSid) -> Result<RemoteMessage, RemoteError> {
        let message = self.remote_account()?.client.redact(sid).await.map_err(not_found)?;
        self.keep(std::slice::from_ref(&message)).await?;
        self.store().redact(sid.clone(), self.world().now()).await?;
        Ok(message)
    }

    /// Deletes a message, named as in [`App::named_message`]: at Twilio, then here. One that Twilio doesn't
    /// have any more, or never had because it failed before it left, is deleted here.
    pub async fn delete_message(&self, name: &str) -> Result<DeletedMessage, RemoteError> {
        let ours = self.named_message(name).await?;
        let sid = match &ours {
            Some(message) => message.sid.clone(),
            None => Some(MessageSid::parse(name).map_err(|_| RemoteError::NotFound)?),
        };
        if let Some(message) = &ours {
            if message.status == MessageStatus::Held {
                return Err(RemoteError::Held);
            }
            if let Some(later) = self.store().waiting_part(message.row).await? {
                return Err(RemoteError::PartWaits(later));
            }
        }
        if let Some(sid) = &sid {
            match self.remote_account()?.client.delete(sid).await? {
                Deleted::Now => {}
                Deleted::Before if ours.is_some() => {}
                Deleted::Before => return Err(RemoteError::NotFound),
                Deleted::Unconfirmed => return Err(RemoteError::Unconfirmed),
            }
        } else if ours.as_ref().is_some_and(|message| !is_settled(message)) {
            return Err(RemoteError::OnItsWay);
        }
        let now = self.world().now();
        let local = match (&sid, ours) {
            // The recovery may have it in hand, or have taken it since.
            (Some(sid), _) => self.store().delete_by_sid(sid.clone(), now).await?,
            (None, Some(message)) => self.store().delete_messages(vec![message.row], now).await? > 0,
            (None, None) => false,
        };
        self.sweep_after_deletion().await;
        Ok(DeletedMessage { remote: sid.is_some(), local, sid })
    }

    /// Deletes everything said with a person, at Twilio first. When Twilio keeps one of them, all stay here;
    /// asking again goes on where this ended.
    pub async fn delete_conversation(&self, contact: ContactId) -> Result<DeletedConversation, RemoteError> {
        let messages = self.store().thread_sids(contact).await?;
        if messages.is_empty() {
            return Ok(DeletedConversation::NotFound);
        }
        let without: Vec<i64> =
            messages.iter().filter(|(_, sid)| sid.is_none()).map(|(row, _)| *row).collect();
        if !without.is_empty() {
            return Ok(DeletedConversation::WithoutSid(without));
        }
        let account = self.remote_account()?;
        let rows = messages.iter().map(|(row, _)| *row).collect();
        let mut calls = Vec::new();
        for sid in messages.into_iter().filter_map(|(_, sid)| sid) {
            calls.push(delete_at_twilio(&account, sid));
        }
        let results: Vec<_> = stream::iter(calls).buffered(DELETIONS_AT_ONCE).collect().await;
        let failed: Vec<(MessageSid, RemoteError)> = results.into_iter().flatten().collect();
        if !failed.is_empty() {
            return Ok(DeletedConversation::Failed(failed));
        }
        let deleted = self.store().delete_messages(rows, self.world().now()).await?;
        self.sweep_after_deletion().await;
        Ok(DeletedConversation::Done(deleted))
    }

    /// Withdraws a message: one of ours that has not left, or one that waits at Twilio for its time.
    pub async fn cancel(&self, message: &Message) -> Result<Message, RemoteError> {
        let (row, now) = (message.row, self.world().now());
        match (message.status, &message.sid) {
            (MessageStatus::Pending, _) => {
                if self.store().cancel_pending(row, now).await? == Canceled::TooLate {
                    return Err(RemoteError::OnItsWay);
                }
            }
            (MessageStatus::Reported(DeliveryStatus::Scheduled), Some(sid)) => {
                let canceled = self.remote_account()?.client.cancel(sid).await.map_err(not_found)?;
                self.keep(&[canceled]).await?;
            }
            (MessageStatus::Held, _) => return Err(RemoteError::Held),
            (MessageStatus::Received, _) => return Err(RemoteError::NotOurs),
            _ => return Err(RemoteError::OnItsWay),
        }
        self.store().message(row).await?.ok_or(RemoteError::NotFound)
    }

    /// The message a caller names by our number or by Twilio's SID.
    pub async fn named_message(&self, name: &str) -> Result<Option<Message>, StoreError> {
        if let Ok(row) = name.parse() {
            return self.store().message(row).await;
        }
        match MessageSid::parse(name) {
            Ok(sid) => self.store().message_by_sid(sid).await,
            Err(_) => Ok(None),
        }
    }

    /// Our copy follows what Twilio shows, oldest first. What the recovery looks through no more is from before.
    async fn keep(&self, messages: &[RemoteMessage]) -> Result<(), RemoteError> {
        let account = self.remote_account()?;
        let floor = self.progress(walk::name(&account)).await?.floor();
        let is_past = |message: &&RemoteMessage| walk::times(message).latest().is_some_and(|at| at < floor);
        let (past, recent): (Vec<_>, Vec<_>) = messages.iter().partition(is_past);
        let now = self.world().now();
        self.store().keep_history(self.named(past), now).await?;
        self.store().keep_remote(self.named(recent), now).await?;
        Ok(())
    }

    /// What Twilio shows, oldest first, each with the identifier it gets if we lack it.
    fn named(&self, messages: Vec<&RemoteMessage>) -> Vec<(RemoteFacts, MessageId)> {
        let mut seen: Vec<_> = messages.into_iter().filter_map(facts).collect();
        seen.reverse();
        seen.sort_by_key(|facts| facts.created_at);
        seen.into_iter().map(|facts| (facts, self.world().message_id())).collect()
    }

    pub(super) fn remote_account(&self) -> Result<Arc<TwilioAccount>, RemoteError> {
        self.account().ok_or(RemoteError::Unconfigured)
    }
}

/// Why Twilio still has it, if it does.
async fn delete_at_twilio(account: &TwilioAccount, sid: MessageSid) -> Option<(MessageSid, RemoteError)> {
    let error = match account.client.delete(&sid).await {
        Ok(Deleted::Now | Deleted::Before) => return None,
        Ok(Deleted::Unconfirmed) => RemoteError::Unconfirmed,
        Err(error) => error.into(),
    };
    Some((sid, error))
}

/// Nothing more will happen to it.
fn is_settled(message: &Message) -> bool {
    matches!(message.status, MessageStatus::Reported(status) if status.is_final())
}

/// A number as typed, in the form Twilio compares with; anything else as it is.
fn exact(typed: &str) -> String {
    Address::from_typed(typed).map_or_else(|_| typed.trim().to_owned(), |address| address.as_str().to_owned())
}

fn not_found(error: TwilioError) -> RemoteError {
    match error {
        TwilioError::Refused { http_status: 404, .. } => RemoteError::NotFound,
        TwilioError::Refused { .. } | TwilioError::Transport(_) | TwilioError::Unreadable(_) => error.into(),
    }
}

/// Twilio's message in our words; `None` when it doesn't say who the other party is.
pub(super) fn facts(message: &RemoteMessage) -> Option<RemoteFacts> {
    let inbound = message.direction.as_deref() == Some("inbound");
    let (them, us) = if inbound { (&message.from, &message.to) } else { (&message.to, &message.from) };
    Some(RemoteFacts {
        sid: message.sid.clone(),
        direction: if inbound { Direction::Inbound } else { Direction::Outbound },
        them: Address::from_provider(them.as_deref()?).ok()?,
        us: us.clone().unwrap_or_default(),
        service: message.messaging_service_sid.clone(),
        body: message.body.clone().unwrap_or_default(),
        media_count: message.num_media.unwrap_or(0),
        status: message.status,
        error_code: message.error_code,
        created_at: message.date_created,
        // 0 while Twilio hasn't chosen a sender.
        segments: message.num_segments.filter(|segments| *segments > 0),
        price: message.price.clone(),
        price_unit: message.price_unit.clone(),
    })
}
