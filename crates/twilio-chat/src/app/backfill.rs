//! Bringing in history from Twilio: what was said before this hub. Nothing is sent because of it.

use hub_clients::twilio::{MessageFilter, RemoteMessage, TwilioError};
use hub_store::{Kept, StoreError};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{
    App, TwilioAccount,
    recovery::walk,
    remote::{self, RemoteError},
};

const PAGE_SIZE: u16 = 400;
/// Pages of one day read at most.
const MAX_PAGES: usize = 250;
/// Messages kept in one transaction.
const KEPT_AT_ONCE: usize = 25;

/// How many messages were brought in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backfilled {
    /// At Twilio.
    pub seen: usize,
    /// Now here; in a dry run: would be.
    pub added: usize,
    /// Were here before.
    pub known: usize,
    /// Left to the recovery or to a lookup, or without an address.
    pub left: usize,
}

impl App {
    /// Brings in the last `days` days, the oldest first, and tells of each when it is done. Interrupted, it
    /// may be run again: what is here is not brought in twice. What the recovery has not looked through yet
    /// is left to it: only it knows what still has to be answered.
    pub async fn backfill(
        &self,
        days: u16,
        dry_run: bool,
        mut told: impl FnMut(Date, Backfilled),
    ) -> Result<Backfilled, RemoteError> {
        let account = self.remote_account()?;
        let now = self.world().now();
        let name = walk::name(&account);
        let progress = self.progress(name.clone()).await?;
        let until = progress.floor();
        if !dry_run {
            // Whatever comes between now and a first start is the recovery's.
            self.store().remember_progress(name, progress, now).await?;
        }
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut day = today.saturating_sub(i64::from(days).days());
        let mut total = Backfilled::default();
        while day <= today {
            let messages = of_day(&account, day).await?;
            let done = self.bring_in(messages, until, dry_run).await?;
            total = total.and(done);
            told(day, done);
            day = day.tomorrow().map_err(|_| TwilioError::Unreadable("the calendar ends"))?;
        }
        Ok(total)
    }

    /// One day's messages, as Twilio lists them.
    async fn bring_in(
        &self,
        messages: Vec<RemoteMessage>,
        until: Timestamp,
        dry_run: bool,
    ) -> Result<Backfilled, StoreError> {
        let mut count = Backfilled { seen: messages.len(), ..Backfilled::default() };
        let old = messages.iter().filter(|message| walk::times(message).latest() < Some(until));
        let mut facts: Vec<_> = old.filter_map(remote::facts).collect();
        count.left = count.seen - facts.len();
        facts.reverse();
        facts.sort_by_key(|facts| facts.created_at);
        if dry_run {
            let sids = facts.iter().map(|facts| facts.sid.clone()).collect();
            count.known = self.store().known_sids(sids).await?.len();
            count.added = facts.len() - count.known;
            return Ok(count);
        }
        let world = self.world();
        for some in facts.chunks(KEPT_AT_ONCE) {
            let some = some.iter().map(|facts| (facts.clone(), world.message_id())).collect();
            for kept in self.store().keep_history(some, world.now()).await? {
                match kept {
                    Kept::New(_) => count.added += 1,
                    Kept::Known(_) => count.known += 1,
                    Kept::Left => count.left += 1,
                }
            }
        }
        Ok(count)
    }
}

impl Backfilled {
    fn and(self, other: Self) -> Self {
        Self {
            seen: self.seen + other.seen,
            added: self.added + other.added,
            known: self.known + other.known,
            left: self.left + other.left,
        }
    }
}

/// Everything Twilio sent or took on a day (UTC), newest first.
async fn of_day(account: &TwilioAccount, day: Date) -> Result<Vec<RemoteMessage>, TwilioError> {
    let (date_sent_from, date_sent_to) = (Some(day), Some(day));
    let filter = MessageFilter {
        date_sent_from,
        date_sent_to,
        page_size: Some(PAGE_SIZE),
        ..MessageFilter::default()
    };
    let (mut items, mut page) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let read = account.client.list(&filter, page).await?;
        items.extend(read.items);
        match read.next {
            Some(next) => page = Some(next),
            None => return Ok(items),
        }
    }
    Err(TwilioError::Unreadable("a day's list is too long to be read to its end"))
}
