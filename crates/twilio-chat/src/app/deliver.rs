//! Handing one message to Twilio: the attempt is on disk before the call, its outcome after it.

use hub_clients::twilio::{NewMessage, Sender, Template};
use hub_domain::{attempt::AttemptOutcome, ids::AttemptId, sending::AfterAttempt, whatsapp};
use hub_store::{Begun, Call, Finished, LeasedJob, StoreError};

use super::{App, TwilioAccount};
use crate::sys::Point;

impl App {
    /// Runs a `deliver` job to its end: one call to Twilio at most.
    pub(crate) async fn deliver(&self, job: LeasedJob) -> Result<(), StoreError> {
        let Some(account) = self.account() else {
            // Sending is held until there are credentials.
            return self.store().give_back(job, self.after(self.timing().retry_cap), None).await;
        };
        let (world, attempt) = (self.world(), self.world().attempt_id());
        match self.store().begin_attempt(job, attempt, world.now()).await? {
            Begun::Call(call) => {
                world.reach(Point::AttemptCommitted).await;
                let outcome = create(account, &call, attempt).await;
                world.reach(Point::AnswerReceived).await;
                self.note_credentials(&outcome);
                let finished = self
                    .store()
                    .finish_attempt(job, attempt, outcome.clone(), world.draw(), world.now())
                    .await?;
                world.reach(Point::OutcomeCommitted).await;
                log(&call, attempt, &outcome, &finished);
            }
            Begun::Lookup => {
                tracing::warn!(message.row = job.message, "an earlier call has no outcome; it is looked up");
            }
            Begun::Blocked(blocked) => {
                tracing::info!(
                    message.row = job.message,
                    reason = blocked.as_str(),
                    "canceled before sending"
                );
            }
            Begun::Held => {
                tracing::warn!(message.row = job.message, "held: a person decides about the part before it");
            }
            Begun::Waits | Begun::Settled => {}
        }
        Ok(())
    }

    fn note_credentials(&self, outcome: &AttemptOutcome) {
        match outcome {
            AttemptOutcome::Accepted { .. } => self.inner.credentials.note(true),
            AttemptOutcome::Refused { http_status, .. } => self.inner.credentials.note(*http_status != 401),
            AttemptOutcome::NotSent { .. } | AttemptOutcome::Ambiguous { .. } => {}
        }
    }
}

async fn create(account: &TwilioAccount, call: &Call, attempt: AttemptId) -> AttemptOutcome {
    let callback =
        account.status_callback_base.as_ref().map(|base| format!("{base}/twilio/status?attempt={attempt}"));
    let variables = call.template.as_ref().and_then(whatsapp::Template::variables_json);
    let message = NewMessage {
        to: &call.to,
        sender: match &call.service {
            Some(service) => Sender::Service(service),
            None => Sender::From(&call.from),
        },
        body: &call.body,
        media_urls: &call.media_urls,
        template: call.template.as_ref().map(|template| Template {
            content_sid: template.content_sid(),
            variables: variables.as_deref(),
        }),
        status_callback: callback.as_deref(),
        attempt,
    };
    account.client.create(&message).await
}

fn log(call: &Call, attempt: AttemptId, outcome: &AttemptOutcome, finished: &Finished) {
    let (message, kind) = (call.message, outcome.as_str());
    match (outcome, finished) {
        (AttemptOutcome::Accepted { sid, status, .. }, _) => {
            tracing::info!(
                message.id = %message, message.sid = %sid, message.status = %status, attempt.id = %attempt,
                "Twilio took the message"
            );
        }
        (_, Finished::SettledBefore) => {
            tracing::info!(message.id = %message, attempt.id = %attempt, "a callback had settled the attempt");
        }
        (_, Finished::Applied(AfterAttempt::Retry { after, .. })) => {
            tracing::warn!(
                message.id = %message, attempt.id = %attempt, attempt.outcome = kind,
                retry_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX), why = %words(outcome),
                "the message could not leave; it is tried again"
            );
        }
        (_, Finished::Applied(next)) => {
            tracing::warn!(
                message.id = %message, attempt.id = %attempt, attempt.outcome = kind, next = ?next,
                why = %words(outcome), "the call to Twilio did not succeed"
            );
        }
    }
}

/// Twilio's or the transport's words, without the recipient: Twilio repeats the number in some messages.
fn words(outcome: &AttemptOutcome) -> String {
    match outcome {
        AttemptOutcome::Accepted { .. } => String::new(),
        AttemptOutcome::Refused { http_status, code, .. } => match code {
            Some(code) => format!("HTTP {http_status}, Twilio code {code}"),
            None => format!("HTTP {http_status}"),
        },
        AttemptOutcome::NotSent { reason } | AttemptOutcome::Ambiguous { reason } => reason.clone(),
    }
}
