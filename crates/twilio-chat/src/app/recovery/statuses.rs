//! Asking Twilio about messages of ours whose status stays open.

use hub_clients::twilio::TwilioError;
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
    /// Asks about the messages longest due. The first failure ends it for a while; what was learned stays.
    pub(super) async fn ask_statuses(&self) -> Result<(), StoreError> {
        let Some(account) = self.account() else { return Ok(()) };
        let world = self.world();
        let mut asked = Vec::new();
        let mut failed = None;
        for (row, sid) in self.store().open_statuses(ASKED_AT_ONCE, world.now()).await? {
            self.note_recovery(true);
            match fetch(&account, row, &sid).await {
                Ok(answer) => asked.push(answer),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        world.reach(Point::StatusesRead).await;
        let changed = self.store().settle_statuses(asked, world.now()).await?;
        if changed > 0 {
            tracing::info!(statuses = changed, "open statuses were settled by asking Twilio");
        }
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
