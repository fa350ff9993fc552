//! The people of the panel: adding, changing, their passwords, preferences and sessions.

use hub_domain::{
    access::{LoginName, PanelLanguage, PasswordProblem, Role, Theme, check_password},
    ids::{SessionId, UserId},
};
use hub_store::{AuditEntry, By, NewUser, SessionRecord, StoreError, User, UserChange, UserRefusal};
use secrecy::{ExposeSecret, SecretString};

use super::{AuthError, Viewer};
use crate::app::App;

/// Why an account was not added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountRefusal {
    /// The name can't be a name.
    Name,
    /// The password can't be one.
    Password(PasswordProblem),
    /// Somebody has that name.
    NameTaken,
    /// There is no such person.
    Unknown,
    /// Nobody would be left who may manage users.
    LastAdmin,
    /// The present password is wrong.
    WrongPassword,
    /// Too many tries.
    TooMany,
}

impl From<UserRefusal> for AccountRefusal {
    fn from(refusal: UserRefusal) -> Self {
        match refusal {
            UserRefusal::NameTaken => Self::NameTaken,
            UserRefusal::Unknown => Self::Unknown,
            UserRefusal::LastAdmin => Self::LastAdmin,
        }
    }
}

/// A change of one's own password.
#[derive(Debug)]
pub struct PasswordChange {
    /// The present one; not asked of who has none.
    pub present: SecretString,
    /// The new one.
    pub new: SecretString,
}

impl App {
    /// Everybody, by name.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.store().users().await
    }

    /// One person by name.
    pub async fn user_named(&self, name: &str) -> Result<Option<User>, StoreError> {
        let Ok(name) = LoginName::parse(name) else { return Ok(None) };
        Ok(self.store().user_by_name(name).await?.map(|(user, _)| user))
    }

    /// Adds a person.
    pub async fn add_user(
        &self,
        name: &str,
        password: SecretString,
        role: Role,
        by: By,
    ) -> Result<Result<(), AccountRefusal>, AuthError> {
        let Ok(name) = LoginName::parse(name) else { return Ok(Err(AccountRefusal::Name)) };
        if let Err(problem) = check_password(name.as_str(), password.expose_secret()) {
            return Ok(Err(AccountRefusal::Password(problem)));
        }
        let password = Some(self.hash_password(password).await?);
        let user = NewUser { id: self.world().user_id(), name, password, role, language: None };
        let added = self.store().add_user(user, by, self.world().now()).await?;
        Ok(added.map_err(AccountRefusal::from))
    }

    /// Changes somebody's role, or whether they may sign in.
    pub async fn change_user(
        &self,
        id: UserId,
        change: UserChange,
        by: By,
    ) -> Result<Result<(), AccountRefusal>, StoreError> {
        let changed = self.store().change_user(id, change, by, self.world().now()).await?;
        Ok(changed.map_err(AccountRefusal::from))
    }

    /// Sets somebody's password; ends their sessions.
    pub async fn set_password(
        &self,
        id: UserId,
        password: SecretString,
        by: By,
    ) -> Result<Result<(), AccountRefusal>, AuthError> {
        let Some((user, _)) = self.store().user(id).await? else { return Ok(Err(AccountRefusal::Unknown)) };
        if let Err(problem) = check_password(&user.name, password.expose_secret()) {
            return Ok(Err(AccountRefusal::Password(problem)));
        }
        let password = self.hash_password(password).await?;
        Ok(self.change_user(id, UserChange::Password(password), by).await?)
    }

    /// Changes the viewer's own password; their other sessions end.
    pub async fn change_own_password(
        &self,
        viewer: &Viewer,
        change: PasswordChange,
    ) -> Result<Result<(), AccountRefusal>, AuthError> {
        let now = self.world().now();
        let Some((user, kept)) = self.store().user(viewer.user).await? else {
            return Ok(Err(AccountRefusal::Unknown));
        };
        if kept.is_some() {
            // Who found a browser open must not guess here either.
            if !self.auth().limits.allow(&viewer.client.counted(), &user.name.to_lowercase(), now) {
                return Ok(Err(AccountRefusal::TooMany));
            }
            if !self.is_password(kept, change.present).await? {
                return Ok(Err(AccountRefusal::WrongPassword));
            }
        }
        if let Err(problem) = check_password(&user.name, change.new.expose_secret()) {
            return Ok(Err(AccountRefusal::Password(problem)));
        }
        let password = self.hash_password(change.new).await?;
        let (session, by) = (viewer.session, viewer.by());
        self.store().change_own_password(viewer.user, password, session, by, now).await?;
        Ok(Ok(()))
    }

    /// Keeps the viewer's language and theme; `None` leaves what is there.
    pub async fn set_preferences(
        &self,
        viewer: &Viewer,
        language: Option<PanelLanguage>,
        theme: Option<Theme>,
    ) -> Result<(), StoreError> {
        self.store().set_preferences(viewer.user, language, theme).await
    }

    /// The viewer's sessions, the newest first.
    pub async fn sessions(&self, viewer: &Viewer) -> Result<Vec<SessionRecord>, StoreError> {
        self.store().sessions(viewer.user, self.world().now()).await
    }

    /// Ends one of the viewer's sessions.
    pub async fn end_session(&self, viewer: &Viewer, session: SessionId) -> Result<(), StoreError> {
        self.store().end_session(viewer.user, session, viewer.by(), self.world().now()).await
    }

    /// Ends the viewer's sessions: all, or all but this one.
    pub async fn end_sessions(&self, viewer: &Viewer, keep_this: bool) -> Result<(), StoreError> {
        let kept = keep_this.then_some(viewer.session);
        self.store().end_sessions(viewer.user, kept, viewer.by(), self.world().now()).await
    }

    /// A page of the audit log, newest first.
    pub async fn audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.store().audit(before, limit).await
    }
}
