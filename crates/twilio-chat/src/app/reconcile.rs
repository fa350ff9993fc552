//! Finding out what became of a call without a trustworthy answer, in Twilio's own list.

use hub_clients::twilio::{MessageFilter, RemoteMessage, TwilioError};
use hub_domain::{
    ids::{AttemptId, MessageSid},
    reconcile::{Candidate, Finding, Sought, look},
    twilio_code::{CodeAction, action},
};
use hub_store::{LeasedJob, LookedUp, ReconcileFacts, Settlement, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::{App, TwilioAccount};
use crate::sys::Point;

/// Pages of 1000 read at most. A list that goes on is not complete, and an incomplete one proves nothing.
const MAX_PAGES: usize = 20;
const PAGE_SIZE: u16 = 1000;

impl App {
    /// Runs a `reconcile` job: one look at Twilio's list for the message's recipient.
    pub(crate) async fn reconcile(&self, job: LeasedJob, attempt: AttemptId) -> Result<(), StoreError> {
        let Some(account) = self.account() else {
            return self.store().give_back(job, self.after(self.timing().retry_cap), None).await;
        };
        let facts = self.store().reconcile_facts(attempt).await?;
        if facts.open && facts.call_under_way {
            return self.store().give_back(job, self.after(self.timing().retry_base), None).await;
        }
        let seen = if facts.open {
            self.look(&account, attempt, &facts.to).await?
        } else {
            Look::Done(LookedUp::nothing())
        };
        let seen = match seen {
            Look::Done(seen) => seen,
            Look::Disturbed => {
                return self.store().give_back(job, self.after(self.timing().retry_base), None).await;
            }
            Look::Refused => {
                return self.store().give_back(job, self.after(self.timing().probe_every), None).await;
            }
        };
        let world = self.world();
        world.reach(Point::ListRead).await;
        let settled = self.store().settle_lookup(job, attempt, seen, world.draw(), world.now()).await?;
        world.reach(Point::LookupCommitted).await;
        match settled {
            Settlement::Held(why) => {
                tracing::error!(
                    message.row = job.message, attempt.id = %attempt, why = why.as_str(),
                    "nobody can tell whether the message was sent; it is held for a person"
                );
            }
            Settlement::Found(sid) => {
                tracing::info!(message.row = job.message, message.sid = %sid, attempt.id = %attempt, "found at Twilio");
            }
            Settlement::SendAgain => {
                tracing::warn!(message.row = job.message, attempt.id = %attempt, "Twilio doesn't have it; sent again");
            }
            Settlement::LookAgain | Settlement::SettledBefore => {}
        }
        Ok(())
    }

    async fn look(&self, account: &TwilioAccount, attempt: AttemptId, to: &str) -> Result<Look, StoreError> {
        let listed = match list(account, to).await {
            Ok(listed) => listed,
            Err(TwilioError::Refused { http_status, code, .. })
                if action(http_status, code) == CodeAction::StopQueue =>
            {
                return Ok(Look::Refused);
            }
            Err(error) => {
                tracing::warn!(%error, "Twilio's list could not be read");
                return Ok(Look::Done(LookedUp::nothing()));
            }
        };
        // Read after the list: whatever is in it, its call was on disk before. A call that began since the
        // first look at the facts may be in it without our knowing yet that it is its own.
        let facts = self.store().reconcile_facts(attempt).await?;
        if facts.open && facts.call_under_way {
            return Ok(Look::Disturbed);
        }
        let sids = listed.iter().map(|message| message.sid.clone()).collect();
        let known = self.store().known_sids(sids).await?;
        let candidates: Vec<Candidate> =
            listed.iter().map(|message| candidate(message, &known, &facts)).collect();
        let window = SignedDuration::try_from(self.timing().http_timeout).unwrap_or(SignedDuration::MAX);
        let sought = Sought { body: &facts.body, started_at: facts.started_at, window };
        let finding = look(&sought, &candidates);
        let found = match &finding {
            Finding::Found(sid) => listed.iter().find(|message| message.sid == *sid),
            Finding::Doubtful | Finding::Absent => None,
        };
        Ok(Look::Done(LookedUp {
            status: found.and_then(|message| message.status),
            error_code: found.and_then(|message| message.error_code),
            finding: Some(finding),
        }))
    }

    /// `pause` from now.
    pub(crate) fn after(&self, pause: std::time::Duration) -> Timestamp {
        let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
        self.world().now().saturating_add(pause).unwrap_or(Timestamp::MAX)
    }
}

/// How one look went.
enum Look {
    Done(LookedUp),
    /// Another call to the same recipient began meanwhile: what the list shows may be that one's.
    Disturbed,
    /// Twilio refuses our account: that says nothing of the list, and the look doesn't count.
    Refused,
}

/// The complete list for one recipient. By recipient only: a queued message has no `DateSent` to filter by,
/// and a Messaging Service's message no `From`.
async fn list(account: &TwilioAccount, to: &str) -> Result<Vec<RemoteMessage>, TwilioError> {
    let filter = MessageFilter { to: Some(to), page_size: Some(PAGE_SIZE), ..MessageFilter::default() };
    let mut items = Vec::new();
    let mut page = None;
    for _ in 0..MAX_PAGES {
        let read = account.client.list(&filter, page).await?;
        items.extend(read.items);
        match read.next {
            Some(next) => page = Some(next),
            None => return Ok(items),
        }
    }
    Err(TwilioError::Unreadable("the list is too long to be read to its end"))
}

fn candidate(message: &RemoteMessage, known: &[MessageSid], facts: &ReconcileFacts) -> Candidate {
    let body = message.body.clone().unwrap_or_default();
    // What has the text of another message being looked up is that one's to find.
    let others = body != facts.body && facts.other_texts.contains(&body);
    Candidate {
        bound_elsewhere: others || known.contains(&message.sid),
        outbound_api: message.direction.as_deref() == Some("outbound-api"),
        created_at: message.date_created,
        sid: message.sid.clone(),
        body,
    }
}

#[cfg(test)]
mod tests;
