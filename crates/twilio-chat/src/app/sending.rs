//! Sending as a whole: how many calls are under way, whether Twilio takes our account, and who is told.

use std::sync::{PoisonError, atomic::Ordering};

use hub_domain::{
    attempt::AttemptOutcome,
    job::JobKind,
    stop::{Stop, Verdict, verdict},
    throttle::Began,
    twilio_code::advice,
};
use hub_store::{SendingChange, StoreError};

use super::App;

/// Calls that create a message under way at once, if Twilio never says that they are too many.
pub(super) const MOST_CALLS: u32 = 32;

/// What is known about our account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// No call was answered since the start.
    Untried,
    /// Twilio takes it.
    Taken,
    /// Twilio refuses it: nothing leaves until that is mended.
    Refused(Stop),
}

impl App {
    /// At start: takes up sending where it was left. A stop ends when the credentials are other ones now.
    pub async fn take_up_sending(&self) -> Result<(), StoreError> {
        let resumed =
            self.store().resume_with(self.connected().terms.credentials, self.world().now()).await?;
        if resumed {
            tracing::info!("the credentials have changed since Twilio refused them; waiting messages leave");
        }
        Ok(())
    }

    /// Why nothing leaves, and since when; `None`: messages leave.
    pub async fn sending_stop(&self) -> Result<Option<Stop>, StoreError> {
        self.store().sending_stop().await
    }

    /// Removes a few rows that nobody needs any more; how many there were.
    pub(crate) async fn tidy(&self) -> Result<usize, StoreError> {
        self.store().tidy(self.world().now()).await
    }

    /// How many more jobs of a kind may be taken when there is room for so many.
    pub(crate) fn room(&self, kind: JobKind, places: usize, free: usize) -> usize {
        match kind {
            JobKind::Deliver => {
                let allowed = usize::try_from(self.throttle(|throttle| throttle.allowed()));
                let under_way = places.saturating_sub(free);
                allowed.unwrap_or(usize::MAX).saturating_sub(under_way).min(free)
            }
            JobKind::Reply | JobKind::Reconcile | JobKind::Media => free,
        }
    }

    /// A call that creates a message begins.
    pub(super) fn call_begins(&self) -> Began {
        self.throttle(|throttle| throttle.begin())
    }

    /// It was answered, or not.
    pub(super) fn call_ended(&self, began: Began, outcome: &AttemptOutcome) {
        match outcome {
            AttemptOutcome::Accepted { .. } => self.throttle(|throttle| throttle.answered(began, false)),
            AttemptOutcome::Refused { http_status, .. } => {
                self.throttle(|throttle| throttle.answered(began, *http_status == 429));
            }
            AttemptOutcome::NotSent { .. } | AttemptOutcome::Ambiguous { .. } => {}
        }
        if verdict(outcome) == Verdict::Taken {
            self.note_account_taken();
        }
    }

    /// Twilio answered a call of our account.
    pub(super) fn note_account_taken(&self) {
        self.inner.account_taken.store(true, Ordering::Relaxed);
    }

    fn throttle<T>(&self, use_it: impl FnOnce(&mut hub_domain::throttle::Throttle) -> T) -> T {
        // No one panics with it in hand, and if so, it is as good as before.
        use_it(&mut self.inner.throttle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the health check says of our account.
    pub(super) async fn account_state(&self) -> Result<AccountState, StoreError> {
        Ok(match self.sending_stop().await? {
            Some(stop) => AccountState::Refused(stop),
            None if self.inner.account_taken.load(Ordering::Relaxed) => AccountState::Taken,
            None => AccountState::Untried,
        })
    }
}

/// Tells of a change for all messages, once.
pub(super) fn announce(change: Option<SendingChange>, outcome: &AttemptOutcome) {
    match (change, outcome) {
        (Some(SendingChange::Stopped), AttemptOutcome::Refused { http_status, code, .. }) => {
            let advice = code.and_then(advice).map_or("check the account at Twilio", |advice| advice.en);
            tracing::error!(
                http.status = http_status,
                twilio.code = code,
                advice,
                "Twilio refuses our account: nothing leaves, messages wait, one a minute tries"
            );
        }
        (Some(SendingChange::Resumed), _) => {
            tracing::info!("Twilio takes our account again; waiting messages leave");
        }
        (Some(SendingChange::Stopped) | None, _) => {}
    }
}
