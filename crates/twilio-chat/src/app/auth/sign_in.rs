//! Coming in and going out: the first account, a name and a password, the printed link.

use hub_domain::{
    access::{LoginName, PanelLanguage, PasswordProblem, Role, check_password},
    ids::UserId,
};
use hub_store::{AuditAction, By, NewSession, NewUser, Proof, StoreError, UserRefusal};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use super::{AuthError, Client, Viewer, hash, hex};
use crate::app::App;

/// A session's use is noted at most so often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Whom the demo's link signs in.
const DEMO_NAME: &str = "demo";

/// A session has begun: what the cookie is to hold.
#[derive(Debug)]
pub struct SignedIn {
    /// The session's secret.
    pub secret: SecretString,
}

/// What the form of the first account holds.
#[derive(Debug)]
pub struct FirstAccount {
    /// The printed link's secret.
    pub link: String,
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: SecretString,
    /// The language of the form.
    pub language: PanelLanguage,
}

/// Why the first account was not made.
#[derive(Debug)]
pub enum FirstRefusal {
    /// The link is unknown, used or over.
    Link,
    /// Somebody was there already.
    NotFirst,
    /// The name can't be a name.
    Name,
    /// The password can't be one.
    Password(PasswordProblem),
}

/// Why somebody was not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// A wrong name or a wrong password; not which.
    Wrong,
    /// Too many tries.
    TooMany,
}

impl App {
    /// Whether anybody was ever added.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        self.store().has_users().await
    }

    /// Makes the first account, as admin, and signs it in. The link is used up only when all is well.
    pub async fn make_first_account(
        &self,
        account: FirstAccount,
        client: &Client,
    ) -> Result<Result<SignedIn, FirstRefusal>, AuthError> {
        if !self.sign_in_link_works(&account.link) {
            return Ok(Err(FirstRefusal::Link));
        }
        let Ok(name) = LoginName::parse(&account.name) else { return Ok(Err(FirstRefusal::Name)) };
        if let Err(problem) = check_password(name.as_str(), account.password.expose_secret()) {
            return Ok(Err(FirstRefusal::Password(problem)));
        }
        let password = Some(self.hash_password(account.password).await?);
        let now = self.world().now();
        if !self.auth().links.spend(&account.link, now) {
            return Ok(Err(FirstRefusal::Link));
        }
        let (id, role, language) = (self.world().user_id(), Role::Admin, Some(account.language));
        let user = NewUser { id, name, password, role, language };
        let (session, signed_in) = self.new_session(client);
        Ok(match self.store().add_first_user(user, session, now).await? {
            Ok(()) => Ok(signed_in),
            Err(UserRefusal::NameTaken | UserRefusal::Unknown | UserRefusal::LastAdmin) => {
                Err(FirstRefusal::NotFirst)
            }
        })
    }

    /// Signs in by name and password. `old` is the secret of the browser's session, which ends.
    pub async fn sign_in(
        &self,
        name: &str,
        password: SecretString,
        old: Option<&str>,
        client: &Client,
    ) -> Result<Result<SignedIn, SignInRefusal>, AuthError> {
        let now = self.world().now();
        let parsed = LoginName::parse(name).ok();
        let account = parsed.as_ref().map_or_else(String::new, LoginName::key);
        if !self.auth().limits.allow(&client.counted(), &account, now) {
            self.refused(AuditAction::SignInLimited, parsed.as_ref(), client).await;
            return Ok(Err(SignInRefusal::TooMany));
        }
        let found = match parsed.clone() {
            Some(name) => self.store().user_by_name(name).await?,
            None => None,
        };
        let (user, kept) = found.unzip();
        // What is no name or has no password takes as long as what has one.
        if self.is_password(kept.flatten(), password).await?
            && let Some(user) = user
            && let Some(signed_in) = self.begin(user.id, old, Proof::Password, client).await?
        {
            return Ok(Ok(signed_in));
        }
        self.refused(AuditAction::SignInRefused, parsed.as_ref(), client).await;
        Ok(Err(SignInRefusal::Wrong))
    }

    /// Signs in by a printed link: as the first admin, or in the demo as its own. `None`: the link is unknown,
    /// used or over, or there is nobody to be.
    pub async fn sign_in_by_link(
        &self,
        link: &str,
        old: Option<&str>,
        client: &Client,
    ) -> Result<Option<SignedIn>, StoreError> {
        let now = self.world().now();
        if !self.auth().links.spend(link, now) {
            return Ok(None);
        }
        if let Some(user) = self.store().first_with_role(Role::Admin).await? {
            return self.begin(user, old, Proof::Link, client).await;
        }
        let Some(name) = LoginName::parse(DEMO_NAME).ok().filter(|_| self.facts().demo) else {
            return Ok(None);
        };
        let id = self.world().user_id();
        let user = NewUser { id, name, password: None, role: Role::Admin, language: None };
        let (session, signed_in) = self.new_session(client);
        Ok(self.store().add_first_user(user, session, now).await?.is_ok().then_some(signed_in))
    }

    /// Who holds the session of this secret, now.
    pub async fn viewer(&self, secret: &str, client: &Client) -> Result<Option<Viewer>, StoreError> {
        let now = self.world().now();
        let Some(session) = self.store().session(hash(secret), now).await? else { return Ok(None) };
        if now.duration_since(session.seen_at) >= NOTE_EVERY
            && let Err(error) = self.store().touch_session(session.id, now).await
        {
            // Reading must go on while the disk takes nothing.
            tracing::warn!(%error, "the use of a session could not be noted");
        }
        Ok(Some(Viewer::of(session, client.clone())))
    }

    async fn begin(
        &self,
        user: UserId,
        old: Option<&str>,
        proof: Proof,
        client: &Client,
    ) -> Result<Option<SignedIn>, StoreError> {
        let (session, signed_in) = self.new_session(client);
        let now = self.world().now();
        let begun = self.store().begin_session(user, session, old.map(hash), proof, now).await?;
        Ok(begun.then_some(signed_in))
    }

    fn new_session(&self, client: &Client) -> (NewSession, SignedIn) {
        let secret = hex(&self.world().secret());
        let session =
            NewSession { secret: hash(&secret), agent: client.short_agent(), network: client.network() };
        (session, SignedIn { secret: secret.into() })
    }

    /// Notes a refusal. What was typed as a name may be a password, so only names of people are written down.
    async fn refused(&self, action: AuditAction, name: Option<&LoginName>, client: &Client) {
        let known = match name.cloned() {
            Some(name) => self.store().user_by_name(name).await.ok().flatten(),
            None => None,
        };
        let Some((user, _)) = known else { return };
        let by = By { name: user.name, network: client.network() };
        if let Err(error) = self.store().note(action, String::new(), by, self.world().now()).await {
            tracing::warn!(%error, "a refused sign-in could not be noted");
        }
    }
}
