//! Asking Twilio about messages of ours whose status stays open.

use hub_clients::twilio::TwilioError;
use hub_domain::recovery::{Reach, unanswered};
use hub_store::{Asked, StoreError};
use jiff::Timestamp;

use super::{
    super::{App, TwilioAccount, remote},
    walk::words,
};
use crate::sys::Point;

/// Messages asked about in one turn, one after the other.
const ASKED_AT_ONCE: u32 = 10;

impl App {
    /// Asks about the messages longest due. A failure that would be every question's ends it for a while; one that
    /// may be this message's alone puts its question off. What was learned stays.
    pub(super) async fn ask_statuses(&self) -> Result<(), StoreError> {
        let Some(account) = self.account() else { return Ok(()) };
        let world = self.world();
        let (mut asked, mut put_off) = (Vec::new(), Vec::new());
        let (mut failed, mut is_first) = (None, true);
        for (row, sid) in self.store().open_statuses(ASKED_AT_ONCE, world.now()).await? {
            self.note_recovery(true);
            match fetch(&account, row, &sid).await {
                Ok(answer) => {
                    asked.push(answer);
                    is_first = true;
                }
                Err(error) => {
                    let reach = reach(&error);
                    if reach != Reach::Everybody {
                        put_off.push(row);
                    }
                    if reach == Reach::Everybody || reach == Reach::Twilio && !is_first {
                        failed = Some(error);
                        break;
                    }
                    let why = words(&error);
                    tracing::warn!(
                        message.row = row,
                        why,
                        "Twilio does not say how a message stands; asked again later"
                    );
                    is_first = reach != Reach::Twilio;
                }
            }
        }
        world.reach(Point::StatusesRead).await;
        let changed = self.store().settle_statuses(asked, world.now()).await?;
        if changed > 0 {
            tracing::info!(statuses = changed, "open statuses were settled by asking Twilio");
        }
        self.store().put_off_statuses(put_off, world.now()).await?;
        self.plan_questions(failed.as_ref());
        Ok(())
    }

    fn plan_questions(&self, failed: Option<&TwilioError>) {
        let Some(error) = failed else {
            return self.change_plan(|plan| (plan.ask_failures, plan.ask_from) = (0, Timestamp::MIN));
        };
        tracing::warn!(why = words(error), "Twilio could not be asked about a status; it is tried again");
        let failures = self.plan().ask_failures.saturating_add(1);
        let from = self.after(self.pause_after(failures));
        self.change_plan(|plan| (plan.ask_failures, plan.ask_from) = (failures, from));
    }
}

/// Whose questions have no answer either.
fn reach(error: &TwilioError) -> Reach {
    match error {
        TwilioError::Transport(_) => Reach::Everybody,
        TwilioError::Refused { http_status, code, .. } => unanswered(*http_status, *code),
        TwilioError::Unreadable(_) => Reach::Message,
    }
}

async fn fetch(
    account: &TwilioAccount,
    row: i64,
    sid: &hub_domain::ids::MessageSid,
) -> Result<Asked, TwilioError> {
    match account.client.fetch(sid).await {
        Ok(message) => Ok(Asked { row, seen: remote::facts(&message) }),
        Err(TwilioError::Refused { http_status: 404, .. }) => Ok(Asked { row, seen: None }),
        Err(error) => Err(error),
    }
}
