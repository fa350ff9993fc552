//! Sending on behalf of a caller who waits for the answer: API and command line.

mod through;

use std::{borrow::Cow, time::Duration};

use hub_domain::{
    address::{Address, AddressError},
    folding,
    long_text::{LONGEST, MOST_PARTS, PartLimit, split},
    message::{Message, Origin},
    segments,
    sending::Blocked,
    status::{DeliveryStatus, MessageStatus},
    whatsapp::TemplateError,
};
use hub_store::{Event, LeaseRequest, LeasedJob, NewOutbound, NewSend, SendKey, SendSubmitted, StoreError};
use thiserror::Error;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::App;

pub use through::Through;

/// Longest part of a text sent by the compatible endpoints: what the original did.
const PART: PartLimit = PartLimit { chars: 1500, segments: None };

/// A text as a caller asks for it. A long one leaves in parts.
#[derive(Clone, Debug)]
pub struct SendRequest {
    /// The recipient as typed.
    pub to: String,
    /// The text.
    pub body: String,
    /// Written without the letters and marks that make it cost more, where that saves a segment.
    pub fold: bool,
    /// Through the Messaging Service, or from the default sender.
    pub through: Through,
    /// On whose behalf.
    pub origin: Origin,
}

/// Where a send stands when its caller stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Twilio has all of it.
    Accepted,
    /// Twilio refused it or a part of it, or it must not leave.
    Refused,
    /// It is on disk and will be sent, or is being looked up.
    Open,
}

/// A send and where it stands.
#[derive(Clone, Debug)]
pub struct Sent {
    /// All parts taken together.
    pub standing: Standing,
    /// The message, or the parts of a long text in order.
    pub parts: Vec<Message>,
    /// What folding saved, when it was asked for.
    pub folding: Option<Folding>,
}

/// Segments of a text, all parts together, as written and as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folding {
    /// As written.
    pub before: usize,
    /// As sent.
    pub after: usize,
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum SendError {
    /// No recipient.
    #[error("no recipient")]
    NoRecipient,
    /// No text.
    #[error("no text")]
    NoText,
    /// Neither text nor template nor media.
    #[error("nothing to send")]
    NothingToSend,
    /// Longer than any message.
    #[error("the text has {0} characters; at most {LONGEST} fit")]
    TooLong(usize),
    /// More parts than one text may leave in.
    #[error("the text takes {0} messages; at most {MOST_PARTS} leave at once")]
    TooManyParts(usize),
    /// The recipient can't be read as a number.
    #[error(transparent)]
    Recipient(#[from] AddressError),
    /// The template or its variables can't be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Not an address that Twilio could fetch, or too many of them.
    #[error("the media can't be sent")]
    Media,
    /// Not a Messaging Service.
    #[error("not a Messaging Service")]
    BadService,
    /// There is no Twilio account yet.
    #[error("Twilio is not set up")]
    Unconfigured,
    /// The Messaging Service was asked for and there is none.
    #[error("no Messaging Service is set up")]
    NoService,
    /// The default sender can't write on the recipient's channel.
    #[error("the default sender is not on the recipient's channel")]
    SenderChannel,
    /// A WhatsApp template, and the person wrote another way since it was chosen.
    #[error("a WhatsApp template for a conversation that is not on WhatsApp")]
    NotWhatsApp,
    /// The recipient asked for silence.
    #[error("blocked: {0:?}")]
    Blocked(Blocked),
    /// It was sent before, or withdrawn, and deleted since.
    #[error("it was sent before and deleted since")]
    Gone,
    /// The caller's key was used for another send.
    #[error("the key was used for another send")]
    KeyReused,
    /// The store failed; nothing was accepted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Writes a text down and waits a while for its first attempts, which the running workers make. With a
    /// key that was used for the same before, nothing is written and the earlier send is waited for.
    pub async fn send(&self, request: &SendRequest, key: Option<SendKey>) -> Result<Sent, SendError> {
        let (parts, folding) = self.texts(request)?;
        let sent = self.send_and_wait(NewSend { parts, key }).await?;
        Ok(Sent { folding, ..sent })
    }

    /// Writes a send down and waits a while for its attempts.
    pub(super) async fn send_and_wait(&self, asked: NewSend) -> Result<Sent, SendError> {
        let changes = self.store().subscribe();
        let submitted = self.store().submit_send(asked, None, self.world().now()).await?;
        self.wait_for(rows_of(submitted)?, changes).await
    }

    /// The send that a key was used for before, waited for in the same way; `None` when the key is new.
    pub(super) async fn sent_before(&self, key: SendKey) -> Result<Option<Sent>, SendError> {
        let changes = self.store().subscribe();
        match self.store().sent_under(key).await? {
            Some(before) => Ok(Some(self.wait_for(rows_of(before)?, changes).await?)),
            None => Ok(None),
        }
    }

    async fn wait_for(&self, rows: Vec<i64>, mut changes: Receiver<Event>) -> Result<Sent, SendError> {
        let settled = async {
            let mut sent = self.standing(&rows).await?;
            while sent.standing == Standing::Open {
                let ours = match changes.recv().await {
                    Ok(event) => rows.contains(&event.message),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => break,
                };
                if ours {
                    sent = self.standing(&rows).await?;
                }
            }
            Ok(sent)
        };
        match tokio::time::timeout(self.timing().send_wait, settled).await {
            Ok(sent) => sent,
            Err(_) => self.standing(&rows).await,
        }
    }

    /// Writes a text down and makes its first attempts in this process, beside a running `serve` or without
    /// one. `worker` names this process's leases.
    pub async fn send_here(&self, request: &SendRequest, worker: String) -> Result<Sent, SendError> {
        let (parts, folding) = self.texts(request)?;
        let asked = NewSend { parts, key: None };
        let lease = LeaseRequest { owner: worker, lasts: self.timing().lease };
        let mut submitted = self.store().submit_send(asked, Some(lease.clone()), self.world().now()).await?;
        if let SendSubmitted::Queued { leases, .. } = &mut submitted {
            let leases = std::mem::take(leases);
            let calls = async {
                for job in leases {
                    self.see_through(job, &lease).await?;
                }
                Ok::<(), StoreError>(())
            };
            // Whoever is still waiting then is told so: the leases end, and `serve` takes the jobs over
            // (a call cut off in the middle is looked up, not repeated).
            if let Ok(ended) = tokio::time::timeout(self.timing().send_wait, calls).await {
                ended?;
            }
        }
        let sent = self.standing(&rows_of(submitted)?).await?;
        Ok(Sent { folding, ..sent })
    }

    /// Makes one delivery in this process, at the moment that its sender's pace gives it.
    async fn see_through(&self, job: LeasedJob, lease: &LeaseRequest) -> Result<(), StoreError> {
        let mut in_hand = Some(job);
        while let Some(job) = in_hand {
            let Some(moment) = self.deliver(job).await? else { break };
            let pause = moment.duration_since(self.world().now());
            tokio::time::sleep(Duration::try_from(pause).unwrap_or_default()).await;
            in_hand = self.store().lease_job(lease.clone(), job.id, self.world().now()).await?;
        }
        Ok(())
    }

    async fn standing(&self, rows: &[i64]) -> Result<Sent, SendError> {
        let parts = self.store().messages_at(rows.to_vec()).await?;
        if parts.is_empty() {
            return Err(StoreError::NotFound("message").into());
        }
        let standings: Vec<Standing> = parts.iter().map(standing).collect();
        let standing = if standings.contains(&Standing::Refused) {
            Standing::Refused
        } else if standings.contains(&Standing::Open) {
            Standing::Open
        } else {
            Standing::Accepted
        };
        Ok(Sent { standing, parts, folding: None })
    }

    /// Checks a text, folds it if asked to, cuts it into parts and chooses its sender.
    fn texts(&self, request: &SendRequest) -> Result<(Vec<NewOutbound>, Option<Folding>), SendError> {
        let (to, body) = (request.to.trim(), request.body.trim());
        if to.is_empty() {
            return Err(SendError::NoRecipient);
        }
        if body.is_empty() {
            return Err(SendError::NoText);
        }
        let to = Address::from_typed(to)?;
        let first = self.outbound(to, &request.through, request.origin)?;
        let part = |body| NewOutbound { id: self.world().message_id(), body, ..first.clone() };
        let (body, folding) = folded(body, request.fold);
        if body.trim().is_empty() {
            return Err(SendError::NoText);
        }
        Ok((in_parts(&body)?.into_iter().map(part).collect(), folding))
    }

    /// Refuses a text to somebody who may not be written to now, before anything is paid for it.
    pub(super) async fn may_be_asked_for(
        &self,
        to: &str,
        through: &Through,
        origin: Origin,
    ) -> Result<(), SendError> {
        let message = self.outbound(Address::from_typed(to)?, through, origin)?;
        let allowed = self.store().may_be_asked_for(message, self.world().now()).await?;
        allowed.map_err(SendError::Blocked)
    }

    /// A message without content yet, from the sender asked for.
    pub(super) fn outbound(
        &self,
        to: Address,
        through: &Through,
        origin: Origin,
    ) -> Result<NewOutbound, SendError> {
        let account = self.account().ok_or(SendError::Unconfigured)?;
        let (from, service) = account.sender.choose(through, &to)?;
        Ok(NewOutbound {
            id: self.world().message_id(),
            to,
            from,
            service,
            body: String::new(),
            media_urls: Vec::new(),
            template: None,
            origin,
        })
    }

    /// How long a caller of [`App::send`] waits at most.
    pub fn send_wait(&self) -> Duration {
        self.timing().send_wait
    }
}

impl Sent {
    /// How many parts Twilio has.
    pub fn accepted(&self) -> usize {
        self.parts.iter().filter(|part| standing(part) == Standing::Accepted).count()
    }

    /// The state of the part that is furthest behind; `None` while Twilio doesn't have one of them.
    pub fn worst(&self) -> Option<DeliveryStatus> {
        let reported = self.parts.iter().map(|part| match part.status {
            MessageStatus::Reported(status) => Some(status),
            MessageStatus::Pending
            | MessageStatus::Unknown
            | MessageStatus::Held
            | MessageStatus::Received => None,
        });
        reported.min().flatten()
    }

    /// The first part that will not arrive: it says why.
    pub fn refused(&self) -> Option<&Message> {
        self.parts.iter().find(|part| standing(part) == Standing::Refused)
    }
}

/// The rows of a send, or why there are none.
fn rows_of(submitted: SendSubmitted) -> Result<Vec<i64>, SendError> {
    match submitted {
        SendSubmitted::Queued { rows, .. } | SendSubmitted::Repeated(rows) => Ok(rows),
        SendSubmitted::Gone => Err(SendError::Gone),
        SendSubmitted::KeyReused => Err(SendError::KeyReused),
        SendSubmitted::Blocked(blocked) => Err(SendError::Blocked(blocked)),
    }
}

/// The parts that a text leaves in.
pub(super) fn in_parts(body: &str) -> Result<Vec<String>, SendError> {
    let parts = split(body, PART);
    if parts.len() > MOST_PARTS { Err(SendError::TooManyParts(parts.len())) } else { Ok(parts) }
}

/// The text to send, and what folding saves of it.
pub(super) fn folded(body: &str, fold: bool) -> (Cow<'_, str>, Option<Folding>) {
    if !fold {
        return (Cow::Borrowed(body), None);
    }
    let before = segments_of(body);
    let plain = folding::around_links(body);
    let after = segments_of(&plain);
    // Cut into parts, a text may take another number of segments than as a whole.
    if after < before {
        (plain, Some(Folding { before, after }))
    } else {
        (Cow::Borrowed(body), Some(Folding { before, after: before }))
    }
}

fn segments_of(body: &str) -> usize {
    split(body, PART).iter().map(|part| segments::count(part).segments).sum()
}

fn standing(message: &Message) -> Standing {
    match message.status {
        MessageStatus::Reported(
            DeliveryStatus::Failed | DeliveryStatus::Canceled | DeliveryStatus::Undelivered,
        ) => Standing::Refused,
        MessageStatus::Reported(_) => Standing::Accepted,
        MessageStatus::Pending | MessageStatus::Unknown | MessageStatus::Held | MessageStatus::Received => {
            Standing::Open
        }
    }
}
