//! The only doors to time and randomness. Everything else is handed a [`World`]; tests hand in their own.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use hub_domain::ids::{AttemptId, MessageId, UserId};
use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Draws random bytes, fit for secrets.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// A place between two durable steps, where a test may end the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// An inbound message is on disk, Twilio has no answer yet.
    InboundCommitted,
    /// A status is on disk, Twilio has no answer yet.
    StatusCommitted,
    /// A model is to be asked; nothing new is on disk.
    ModelAsked,
    /// The model answered; its words are not on disk yet.
    ModelAnswered,
    /// A reply is decided and written.
    ReplyCommitted,
    /// A delivery was put off to a moment of its sender's pace.
    MomentGiven,
    /// The attempt is on disk, the call not yet made.
    AttemptCommitted,
    /// Twilio answered the call, the outcome is not on disk yet.
    AnswerReceived,
    /// The outcome of the call is on disk.
    OutcomeCommitted,
    /// Twilio's list was read, what it shows is not on disk yet.
    ListRead,
    /// What the list showed is on disk.
    LookupCommitted,
    /// A page of the recovery's walk was read, nothing of it is on disk yet.
    PageRead,
    /// What a page showed is on disk, and where the walk stands.
    PageCommitted,
    /// Some of what was missed is on disk, the rest still put aside.
    MissedCommitted,
    /// Twilio told about open statuses, nothing of it is on disk yet.
    StatusesRead,
    /// A person's approval of a held message is on disk.
    ApprovalCommitted,
    /// Which attachments a text has is on disk, none of them is fetched yet.
    AttachmentsNoted,
    /// An attachment's file is on disk, nothing refers to it yet.
    FileWritten,
    /// Messages are deleted, the files of their attachments are still there.
    DeletionCommitted,
    /// The files are gone, their names still stand among those to be removed.
    FilesRemoved,
}

/// Stops the world at chosen points.
pub trait FailurePoints: Send + Sync + fmt::Debug {
    /// `true`: nothing happens after this point. The caller never goes on; the test drops it.
    fn stops_at(&self, point: Point) -> bool;
}

/// Time, randomness, and the identifiers made of both.
#[derive(Clone, Debug)]
pub struct World {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    failures: Option<Arc<dyn FailurePoints>>,
}

impl World {
    /// A world of one's own.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random, failures: None }
    }

    /// The same world, which may end at some points.
    #[must_use]
    pub fn failing(self, failures: Arc<dyn FailurePoints>) -> Self {
        Self { failures: Some(failures), ..self }
    }

    /// A point between two durable steps is reached.
    pub(crate) async fn reach(&self, point: Point) {
        if self.failures.as_ref().is_some_and(|failures| failures.stops_at(point)) {
            std::future::pending::<()>().await;
        }
    }

    /// The machine's clock and its random number generator.
    pub fn real() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemRandom))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A random number, for jitter.
    pub fn draw(&self) -> u64 {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// 32 random bytes, for secrets.
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        bytes
    }

    /// A mark that nobody can guess: fences off, within one prompt, what is data.
    pub fn mark(&self) -> String {
        let mut mark = "#".to_owned();
        for byte in self.secret().iter().take(8) {
            // Writing to a String cannot fail.
            let _ = write!(mark, "{byte:02x}");
        }
        mark + "#"
    }

    /// A new message's identifier.
    pub fn message_id(&self) -> MessageId {
        MessageId(self.uuid())
    }

    /// A new attempt's identifier.
    pub fn attempt_id(&self) -> AttemptId {
        AttemptId(self.uuid())
    }

    /// A new user's identifier.
    pub fn user_id(&self) -> UserId {
        UserId(self.uuid())
    }

    /// A `UUIDv7`: ordered by time, so that indexes on it grow at their end.
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door to the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[derive(Debug)]
struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the door to the machine's randomness")]
    #[expect(clippy::expect_used, reason = "without randomness no identifier or secret can be made")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
