//! Handing one message to Twilio: the attempt is on disk before the call, its outcome after it.

use std::sync::Arc;

use hub_clients::twilio::{NewMessage, Sender, Template};
use hub_domain::{attempt::AttemptOutcome, ids::AttemptId, sending::AfterAttempt, whatsapp};
use hub_store::{Begun, Call, Finished, LeasedJob, StoreError};

use jiff::Timestamp;

use super::{App, TwilioAccount, sending::announce};
use crate::sys::Point;

impl App {
    /// Runs a `deliver` job: one call to Twilio at most. Returns when it goes on, if its sender's pace put it off.
    pub(crate) async fn deliver(&self, job: LeasedJob) -> Result<Option<Timestamp>, StoreError> {
        let connected = self.connected();
        let Some(account) = &connected.account else {
            // Sending is held until there are credentials.
            self.store().give_back(job, self.after(self.timing().retry_cap), None).await?;
            return Ok(None);
        };
        let (world, attempt) = (self.world(), self.world().attempt_id());
        let terms = &connected.terms;
        match self.store().begin_attempt(job, attempt, Arc::clone(terms), world.now()).await? {
            Begun::Call(call) => {
                world.reach(Point::AttemptCommitted).await;
                let began = self.call_begins();
                let outcome = create(account, &call, attempt).await;
                self.call_ended(began, &outcome);
                world.reach(Point::AnswerReceived).await;
                let terms = Arc::clone(terms);
                let (jitter, now) = (world.draw(), world.now());
                let ended =
                    self.store().finish_attempt(job, attempt, outcome.clone(), terms, jitter, now).await?;
                world.reach(Point::OutcomeCommitted).await;
                announce(ended.sending, &outcome);
                log(&call, attempt, &outcome, &ended.finished);
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
                tracing::warn!(message.row = job.message, "held before sending: a person decides");
            }
            Begun::Paced(moment) => {
                world.reach(Point::MomentGiven).await;
                return Ok(Some(moment));
            }
            Begun::Waits | Begun::Stopped | Begun::Settled => {}
        }
        Ok(None)
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
        (_, Finished::Applied(AfterAttempt::StopQueue)) => {
            tracing::debug!(message.id = %message, attempt.id = %attempt, "the message waits with all others");
        }
        (_, Finished::Applied(AfterAttempt::Retry { after } | AfterAttempt::PauseSender { after })) => {
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
