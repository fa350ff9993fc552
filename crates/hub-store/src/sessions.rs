//! Who is signed in. Only hashes of secrets come here.

use hub_domain::{
    access::Role,
    ids::{SessionId, UserId},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Store, StoreError, User,
    audit::By,
    sqlite::{Queue, sessions},
    users::{NewUser, UserRefusal},
};

/// A session without a request for so long is over.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session is over after so long in any case.
pub const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The SHA-256 of a secret.
pub type SecretHash = [u8; 32];

/// A session about to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of what the cookie holds.
    pub secret: SecretHash,
    /// What the browser calls itself, shortened.
    pub agent: String,
    /// The network it comes from.
    pub network: String,
}

/// A session that holds, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// The person.
    pub user: User,
    /// When its last request was noted.
    pub seen_at: Timestamp,
}

/// A session as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When its last request was noted.
    pub seen_at: Timestamp,
    /// What the browser calls itself.
    pub agent: String,
    /// The network it came from.
    pub network: String,
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Name and password.
    Password,
    /// The printed one-time link.
    Link,
}

impl Store {
    /// Adds the first person, as admin, and signs them in.
    ///
    /// # Errors
    /// [`UserRefusal::NameTaken`] when somebody was there already: there is only one first.
    pub async fn add_first_user(
        &self,
        user: NewUser,
        session: NewSession,
        now: Timestamp,
    ) -> Result<Result<(), UserRefusal>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| sessions::first(unit, &user, &session, now)).await
            }
        }
    }

    /// Begins a session of a person who proved who they are; `replaced` ends in the same transaction.
    /// `false`: they may not sign in (any more).
    pub async fn begin_session(
        &self,
        user: UserId,
        session: NewSession,
        replaced: Option<SecretHash>,
        proof: Proof,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| sessions::begin(unit, user, &session, replaced, proof, now))
                    .await
            }
        }
    }

    /// The first person with this role who may sign in.
    pub async fn first_with_role(&self, role: Role) -> Result<Option<UserId>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| sessions::first_with_role(connection, role)).await,
        }
    }

    /// The session of this secret, if it holds now and its person may sign in.
    pub async fn session(&self, secret: SecretHash, now: Timestamp) -> Result<Option<Session>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| sessions::find(connection, secret, now)).await,
        }
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| sessions::touch(unit, id, now)).await,
        }
    }

    /// A person's sessions that hold now, the newest first.
    pub async fn sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<SessionRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| sessions::list(connection, user, now)).await,
        }
    }

    /// Ends one session of a person.
    pub async fn end_session(
        &self,
        user: UserId,
        id: SessionId,
        by: By,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| sessions::end(unit, user, id, &by, now)).await
            }
        }
    }

    /// Ends a person's sessions, but not `kept`.
    pub async fn end_sessions(
        &self,
        user: UserId,
        kept: Option<SessionId>,
        by: By,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| sessions::end_all(unit, user, kept, &by, now)).await
            }
        }
    }

    /// A person changed their own password: their other sessions end.
    pub async fn change_own_password(
        &self,
        user: UserId,
        password: String,
        kept: SessionId,
        by: By,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    sessions::own_password(unit, user, &password, kept, &by, now)
                })
                .await
            }
        }
    }
}
