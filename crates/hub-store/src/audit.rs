//! Who did what, when and from where. No secrets, no numbers of customers, none of their texts.

use hub_domain::changes::Change;
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, audit},
};

/// Who does something, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Their name.
    pub name: String,
    /// The network they come from; empty at the command line.
    pub network: String,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// The first account was made.
    FirstUser,
    /// Somebody signed in with a password.
    SignedIn,
    /// Somebody signed in by the printed link.
    SignedInByLink,
    /// A wrong name or password.
    SignInRefused,
    /// Too many tries.
    SignInLimited,
    /// A session was ended.
    SessionEnded,
    /// A person's sessions were ended.
    SessionsEnded,
    /// A person changed their own password.
    PasswordChanged,
    /// A person was added.
    UserAdded,
    /// Somebody became an admin.
    MadeAdmin,
    /// Somebody became an operator.
    MadeOperator,
    /// A person may not sign in any more.
    UserDisabled,
    /// A person may sign in again.
    UserEnabled,
    /// Somebody's password was set by another.
    PasswordSet,
    /// An API token was made.
    TokenAdded,
    /// An API token was revoked.
    TokenRevoked,
    /// Automation was switched on.
    AutomationOn,
    /// Automation was switched off.
    AutomationOff,
    /// A key was entered in the panel.
    SecretChanged,
    /// A key entered in the panel was removed.
    SecretCleared,
    /// A job that had been set aside got another round.
    JobRetried,
    /// A job that had been set aside was dropped.
    JobDiscarded,
    /// Another model writes from now on.
    ModelChosen,
    /// A number or a Messaging Service was set to post to us.
    WebhookSet,
    /// Another index of the knowledge base was made the active one.
    IndexActivated,
    /// An index of the knowledge base was deleted.
    IndexDeleted,
    /// An archive was taken over into the knowledge base.
    IndexImported,
    /// A build of an index was started.
    IndexBuilt,
    /// A build of an index was stopped.
    IndexStopped,
    /// A setting was changed: what answers, when, to whom and how much.
    SettingChanged,
    /// A word with its answer was added.
    WordAdded,
    /// A word with its answer was deleted.
    WordDeleted,
}

impl AuditAction {
    /// Every action.
    pub const ALL: [Self; 32] = [
        Self::FirstUser,
        Self::SignedIn,
        Self::SignedInByLink,
        Self::SignInRefused,
        Self::SignInLimited,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::PasswordChanged,
        Self::UserAdded,
        Self::MadeAdmin,
        Self::MadeOperator,
        Self::UserDisabled,
        Self::UserEnabled,
        Self::PasswordSet,
        Self::TokenAdded,
        Self::TokenRevoked,
        Self::AutomationOn,
        Self::AutomationOff,
        Self::SecretChanged,
        Self::SecretCleared,
        Self::JobRetried,
        Self::JobDiscarded,
        Self::ModelChosen,
        Self::WebhookSet,
        Self::IndexActivated,
        Self::IndexDeleted,
        Self::IndexImported,
        Self::IndexBuilt,
        Self::IndexStopped,
        Self::SettingChanged,
        Self::WordAdded,
        Self::WordDeleted,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstUser => "first_user",
            Self::SignedIn => "signed_in",
            Self::SignedInByLink => "signed_in_by_link",
            Self::SignInRefused => "sign_in_refused",
            Self::SignInLimited => "sign_in_limited",
            Self::SessionEnded => "session_ended",
            Self::SessionsEnded => "sessions_ended",
            Self::PasswordChanged => "password_changed",
            Self::UserAdded => "user_added",
            Self::MadeAdmin => "made_admin",
            Self::MadeOperator => "made_operator",
            Self::UserDisabled => "user_disabled",
            Self::UserEnabled => "user_enabled",
            Self::PasswordSet => "password_set",
            Self::TokenAdded => "token_added",
            Self::TokenRevoked => "token_revoked",
            Self::AutomationOn => "automation_on",
            Self::AutomationOff => "automation_off",
            Self::SecretChanged => "secret_changed",
            Self::SecretCleared => "secret_cleared",
            Self::JobRetried => "job_retried",
            Self::JobDiscarded => "job_discarded",
            Self::ModelChosen => "model_chosen",
            Self::WebhookSet => "webhook_set",
            Self::IndexActivated => "index_activated",
            Self::IndexDeleted => "index_deleted",
            Self::IndexImported => "index_imported",
            Self::IndexBuilt => "index_built",
            Self::IndexStopped => "index_stopped",
            Self::SettingChanged => "setting_changed",
            Self::WordAdded => "word_added",
            Self::WordDeleted => "word_deleted",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub action: AuditAction,
    /// To whom or what, where that is somebody or something else.
    pub subject: String,
    /// From what to what, of a setting.
    pub change: Option<Change>,
    /// From where.
    pub network: String,
}

impl Store {
    /// Writes a line of its own, where nothing else is written.
    pub async fn note(
        &self,
        action: AuditAction,
        subject: String,
        by: By,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| audit::note(unit, action, &subject, &by, now)).await
            }
        }
    }

    /// A page of the log, newest first; `before` is the last line of the page before.
    pub async fn audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| audit::list(connection, before, limit)).await,
        }
    }
}
