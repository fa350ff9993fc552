//! The inbox: one line a person, in views that cost the same whatever the number of messages.

use hub_domain::{
    attention::Asking,
    ids::ContactId,
    message::{ConversationMode, Message},
};
use jiff::Timestamp;

use crate::{Person, Store, StoreError, sqlite::lines};

/// Which people the inbox shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everybody, the newest activity first.
    All,
    /// Those with texts that nobody has read, the newest of theirs first.
    Unread,
    /// Those a person has to look at.
    NeedsHuman,
    /// Those with a message that failed and was not sent again.
    Failed,
    /// Those who asked for silence.
    OptedOut,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 5] = [Self::All, Self::Unread, Self::NeedsHuman, Self::Failed, Self::OptedOut];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unread => "unread",
            Self::NeedsHuman => "needs_human",
            Self::Failed => "failed",
            Self::OptedOut => "opted_out",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }
}

/// Which page.
#[derive(Clone, Copy, Debug)]
pub struct InboxQuery {
    /// Whom it shows.
    pub view: View,
    /// Only lines below this one: the `cursor` of the last line of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
    /// A takeover that has ended by then is none.
    pub now: Timestamp,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxLine {
    /// Where the line stands in its view.
    pub cursor: i64,
    /// Who.
    pub person: Person,
    /// Their name, given by a person or by their own profile.
    pub name: Option<String>,
    /// Who is in charge.
    pub mode: ConversationMode,
    /// Until when, if not until somebody changes it.
    pub mode_until: Option<Timestamp>,
    /// Texts of theirs that nobody has read.
    pub unread: u32,
    /// The first of them.
    pub first_unread: Option<i64>,
    /// Why a person has to look, and at which message.
    pub attention: Option<Asking>,
    /// The newest message that failed and was not sent again.
    pub failed: Option<i64>,
    /// They asked for silence.
    pub opted_out: bool,
    /// The text somebody is writing to them.
    pub draft: Option<String>,
    /// How many messages there are.
    pub message_count: u32,
    /// The newest; `None` when all were deleted.
    pub last: Option<Message>,
}

/// How many people are in a view, counted up to [`InboxCounts::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// With unread texts.
    pub unread: u32,
    /// That a person has to look at.
    pub needs_human: u32,
    /// With a failed message.
    pub failed: u32,
    /// That asked for silence.
    pub opted_out: u32,
}

impl InboxCounts {
    /// Where counting stops: a badge says "100+".
    pub const MOST: u32 = 100;
}

impl Store {
    /// A page of a view.
    pub async fn inbox(&self, query: InboxQuery) -> Result<Vec<InboxLine>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| lines::list(connection, query)).await,
        }
    }

    /// One person's line.
    pub async fn inbox_line(
        &self,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<Option<InboxLine>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| lines::one(connection, contact, now)).await,
        }
    }

    /// How many people are in each view.
    pub async fn inbox_counts(&self) -> Result<InboxCounts, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(lines::counts).await,
        }
    }
}
