//! One page of the walk down Twilio's list.

use std::time::Duration;

use hub_clients::twilio::{MessageFilter, Page, PageCursor, RemoteMessage, TwilioError};
use hub_domain::{
    attempt::AttemptOutcome,
    recovery::{EntryTimes, Progress, Walk},
};
use hub_store::{Listed, StoreError};
use jiff::Timestamp;

use super::super::{App, TwilioAccount, remote, sending::announce};
use crate::sys::Point;

/// Where messages may have been missed for long. A page of the longest texts stays well below the client's limit.
const PAGE_AFTER_LONG: u16 = 400;
const PAGE: u16 = 100;

/// Messages of a page noted in one transaction.
const NOTED_AT_ONCE: usize = 50;

/// Walks of a polling hub that follow each other within this are no news.
const NO_NEWS: Duration = Duration::from_mins(5);

/// The name under which the walk through this account's list is remembered.
pub(in crate::app) fn name(account: &TwilioAccount) -> String {
    format!("recovery:{}", account.client.account_sid())
}

impl App {
    /// Reads and notes the next page; begins a walk if none is under way.
    pub(super) async fn walk_on(&self) -> Result<(), StoreError> {
        let Some(account) = self.account() else { return Ok(()) };
        let (name, now) = (name(&account), self.world().now());
        let (progress, walk) = self.walk_under_way(name.clone(), now).await?;
        let page = walk.page.as_deref().and_then(|link| account.client.page(link));
        let unseen_for = progress.unseen_for(now);
        let ordinary = unseen_for.is_some_and(|unseen| unseen <= 2 * self.timing().recovery_every);
        let page_size = Some(if ordinary { PAGE } else { PAGE_AFTER_LONG });
        let filter = MessageFilter { page_size, ..MessageFilter::default() };
        match account.client.list(&filter, page).await {
            Ok(page) => self.page_read(name, &progress, walk, page).await,
            Err(error) => self.page_failed(name, progress, &error).await,
        }
    }

    async fn walk_under_way(&self, name: String, now: Timestamp) -> Result<(Progress, Walk), StoreError> {
        let progress = self.progress(name.clone()).await?;
        if let Some(walk) = progress.walk.clone() {
            return Ok((progress, walk));
        }
        let no_news = self.is_polling() && progress.unseen_for(now).is_some_and(|unseen| unseen < NO_NEWS);
        let begun = self.store().begin_walk(name, progress, !no_news, now).await?;
        let walk = begun.walk.clone().ok_or(StoreError::Corrupt("progress: a walk that did not begin"))?;
        Ok((begun, walk))
    }

    /// Where the recovery stands; one that has never walked, where it begins.
    pub(in crate::app) async fn progress(&self, name: String) -> Result<Progress, StoreError> {
        if let Some(progress) = self.store().recovery_progress(name).await? {
            return Ok(progress);
        }
        let (now, moved_in) = (self.world().now(), self.store().newest_moved_in().await?);
        let first = || Progress::at_first_start(now);
        Ok(moved_in.map_or_else(first, |newest| Progress::after_move_in(now, newest)))
    }

    async fn page_read(
        &self,
        name: String,
        progress: &Progress,
        walk: Walk,
        page: Page,
    ) -> Result<(), StoreError> {
        let world = self.world();
        world.reach(Point::PageRead).await;
        self.note_account_taken();
        let credentials = self.connected().terms.credentials;
        if self.store().account_read(credentials, world.now()).await? {
            tracing::info!("Twilio takes our account again; waiting messages leave");
        }
        let grace = if self.is_polling() { Duration::ZERO } else { self.timing().missed_after };
        let times: Vec<EntryTimes> = page.items.iter().map(times).collect();
        let taken = page.items.iter().zip(&times).filter(|(_, times)| walk.takes(**times));
        // As in the list: within a second, what is further down is older.
        let listed: Vec<Listed> = taken.filter_map(|(message, _)| listed(message)).collect();
        for some in listed.chunks(NOTED_AT_ONCE) {
            self.store().note_listed(walk.clone(), some.to_vec(), grace, world.now()).await?;
        }
        let next = page.next.as_ref().map(|next: &PageCursor| next.link().to_owned());
        let after = progress.after_page(&walk, &times, next);
        let ended = after.walk.is_none();
        self.store().page_done(name, walk.clone(), after, world.now()).await?;
        world.reach(Point::PageCommitted).await;
        let every =
            if self.is_polling() { self.timing().polling_every } else { self.timing().recovery_every };
        self.change_plan(|plan| {
            plan.walk_failures = 0;
            // One that was interrupted for long is followed by another at once.
            plan.walk_at = if ended { later(walk.began, every) } else { Timestamp::MIN };
        });
        Ok(())
    }

    async fn page_failed(
        &self,
        name: String,
        progress: Progress,
        error: &TwilioError,
    ) -> Result<(), StoreError> {
        let why = words(error);
        tracing::warn!(why, "Twilio's list could not be read; it is tried again");
        let anew = is_lost(error);
        self.note_refusal(error).await?;
        self.store().page_failed(name, progress, why, anew, self.world().now()).await?;
        let failures = self.plan().walk_failures.saturating_add(1);
        let walk_at = self.after(self.pause_after(failures));
        self.change_plan(|plan| {
            plan.walk_failures = failures;
            plan.walk_at = walk_at;
        });
        Ok(())
    }
}

impl App {
    /// Refused credentials are everybody's matter: it stops and alarms as a refused message does.
    async fn note_refusal(&self, error: &TwilioError) -> Result<(), StoreError> {
        let TwilioError::Refused { http_status, code, message } = error else { return Ok(()) };
        let (http_status, code) = (*http_status, *code);
        let refused = AttemptOutcome::Refused { http_status, code, message: message.clone() };
        let credentials = self.connected().terms.credentials;
        let change = self.store().account_unread(http_status, code, credentials, self.world().now()).await?;
        announce(change, &refused);
        Ok(())
    }
}

fn listed(message: &RemoteMessage) -> Option<Listed> {
    let is_news = message.direction.as_deref() != Some("outbound-reply");
    remote::facts(message).map(|facts| Listed { facts, is_news })
}

pub(in crate::app) fn times(message: &RemoteMessage) -> EntryTimes {
    EntryTimes { created: message.date_created, sent: message.date_sent }
}

fn later(at: Timestamp, pause: Duration) -> Timestamp {
    at.checked_add(pause).unwrap_or(Timestamp::MAX)
}

/// The page itself is refused: the link to it may have run out, and the walk begins anew.
fn is_lost(error: &TwilioError) -> bool {
    matches!(error, TwilioError::Refused { http_status: 400 | 404 | 410, .. })
}

/// Without Twilio's own words: they may carry a number.
pub(super) fn words(error: &TwilioError) -> String {
    match error {
        TwilioError::Refused { http_status, code: Some(code), .. } => {
            format!("HTTP {http_status}, Twilio code {code}")
        }
        TwilioError::Refused { http_status, code: None, .. } => format!("HTTP {http_status}"),
        TwilioError::Transport(_) | TwilioError::Unreadable(_) => error.to_string(),
    }
}
