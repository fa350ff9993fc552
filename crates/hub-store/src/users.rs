//! The people who work with the panel. A change and its line in the audit log are one transaction.

use hub_domain::{
    access::{LoginName, PanelLanguage, Role, Theme},
    ids::UserId,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    audit::By,
    sqlite::{Queue, users},
};

/// A person who works with the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identity; stays when everything else changes.
    pub id: UserId,
    /// What they sign in with, as typed.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The language they chose.
    pub language: Option<PanelLanguage>,
    /// The theme they chose.
    pub theme: Theme,
    /// Whether they have a password.
    pub has_password: bool,
    /// When they came.
    pub created_at: Timestamp,
    /// Since when they may not sign in.
    pub disabled_at: Option<Timestamp>,
}

/// A person to be added. Shows no hash.
#[derive(Clone)]
pub struct NewUser {
    /// Their identity.
    pub id: UserId,
    /// What they sign in with.
    pub name: LoginName,
    /// Argon2id as text; `None`: nobody signs in by password.
    pub password: Option<String>,
    /// What they may do.
    pub role: Role,
    /// The language they chose.
    pub language: Option<PanelLanguage>,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// What is to change about a person.
#[derive(Clone)]
pub enum UserChange {
    /// What they may do.
    Role(Role),
    /// Whether they may sign in. Disabling ends their sessions.
    Disabled(bool),
    /// A new password, as Argon2id text, set by somebody else. Ends their sessions.
    Password(String),
}

impl std::fmt::Debug for UserChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Role(_) => "Role",
            Self::Disabled(_) => "Disabled",
            Self::Password(_) => "Password",
        })
    }
}

/// Why a person was not added or changed; nothing is written then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserRefusal {
    /// Somebody has that name.
    NameTaken,
    /// There is no such person.
    Unknown,
    /// Nobody would be left who may manage users.
    LastAdmin,
}

impl Store {
    /// Whether anybody was ever added.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(users::any).await,
        }
    }

    /// Everybody, by name.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(users::list).await,
        }
    }

    /// One person by name, and their password's hash.
    pub async fn user_by_name(&self, name: LoginName) -> Result<Option<(User, Option<String>)>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| users::by_name(connection, &name)).await,
        }
    }

    /// One person, and their password's hash.
    pub async fn user(&self, id: UserId) -> Result<Option<(User, Option<String>)>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| users::by_id(connection, id)).await,
        }
    }

    /// Adds a person.
    ///
    /// # Errors
    /// The inner error when the name is taken.
    pub async fn add_user(
        &self,
        user: NewUser,
        by: By,
        now: Timestamp,
    ) -> Result<Result<(), UserRefusal>, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| users::add(unit, &user, &by, now)).await,
        }
    }

    /// Changes a person.
    ///
    /// # Errors
    /// The inner error when there is no such person or no admin would be left.
    pub async fn change_user(
        &self,
        id: UserId,
        change: UserChange,
        by: By,
        now: Timestamp,
    ) -> Result<Result<(), UserRefusal>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| users::change(unit, id, &change, &by, now)).await
            }
        }
    }

    /// Keeps the language and the theme a person chose; `None` leaves what is there.
    pub async fn set_preferences(
        &self,
        id: UserId,
        language: Option<PanelLanguage>,
        theme: Option<Theme>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| users::set_preferences(unit, id, language, theme)).await
            }
        }
    }
}
