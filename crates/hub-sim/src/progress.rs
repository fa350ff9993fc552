//! How an accepted message's status climbs, and the callbacks that tell of it.

use std::time::Duration;

use jiff::Timestamp;

use crate::config::{Ending, Pace};
use crate::message::Status;
use crate::segments;
use crate::state::{Event, State, Step, later};
use crate::webhook::{Webhook, WebhookKind, status_params};

/// From which status, when, and to what end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) initial: Status,
    pub(crate) starts: Timestamp,
    pub(crate) ending: Ending,
    pub(crate) error_code: Option<u32>,
}

impl Course {
    /// The statuses after the initial one with the wait before each.
    fn steps(self, pace: Pace) -> Vec<(Status, Duration)> {
        let mut steps = Vec::with_capacity(5);
        if self.initial == Status::Scheduled {
            steps.push((Status::Accepted, Duration::ZERO));
        }
        if self.initial != Status::Queued {
            steps.push((Status::Queued, pace.queued));
        }
        let sending = (Status::Sending, pace.sending);
        let sent = (Status::Sent, pace.sent);
        let delivered = (Status::Delivered, pace.delivered);
        match self.ending {
            Ending::Queued => {}
            Ending::Failed => steps.push((Status::Failed, pace.sending)),
            Ending::Sent => steps.extend([sending, sent]),
            Ending::Undelivered => steps.extend([sending, sent, (Status::Undelivered, pace.delivered)]),
            Ending::Delivered => steps.extend([sending, sent, delivered]),
            Ending::PartiallyDelivered => {
                steps.extend([sending, sent, (Status::PartiallyDelivered, pace.delivered)]);
            }
            Ending::Read => steps.extend([sending, sent, delivered, (Status::Read, pace.read)]),
        }
        steps
    }
}

impl State {
    /// Puts the whole course on the agenda. With `first_now` the first step is taken at once and its callback,
    /// if any, is returned for immediate delivery.
    pub(crate) fn set_off(
        &mut self,
        index: usize,
        course: Course,
        first_now: bool,
        now: Timestamp,
    ) -> Option<Webhook> {
        let mut at = course.starts;
        let mut early = None;
        for (position, (status, wait)) in course.steps(self.config.pace).into_iter().enumerate() {
            at = later(at, wait);
            let fails = matches!(status, Status::Failed | Status::Undelivered);
            let step = Step { index, status, error_code: course.error_code.filter(|_| fails) };
            if first_now && position == 0 {
                early = self.take_step(step, now);
            } else {
                self.plan(at, Event::Step(step));
            }
        }
        early
    }

    /// Lets everything happen whose time has come; webhooks go to the outbox.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.next_event(now) {
            match event {
                Event::Write(text) => {
                    self.receive(*text, at);
                }
                Event::Deliver(webhook) => self.outbox.push_back(*webhook),
                Event::Step(step) => {
                    if let Some(webhook) = self.take_step(step, at) {
                        self.post_callback(webhook, at);
                    }
                }
            }
        }
    }

    fn take_step(&mut self, step: Step, at: Timestamp) -> Option<Webhook> {
        let message = self.messages.get_mut(step.index)?;
        if message.status == Status::Canceled {
            return None;
        }
        message.status = step.status;
        message.updated = at;
        message.error_code = step.error_code.or(message.error_code);
        if message.from.is_none() && step.status == Status::Queued {
            message.from.clone_from(&message.chosen_from);
            message.num_segments = segments::count(&message.body);
        }
        if step.status.is_settled() {
            message.sent.get_or_insert(at);
        }
        let url = message.status_callback.as_deref()?;
        let params = status_params(message, &self.config.account_sid, at);
        let token = self.ids.token();
        Some(Webhook::new(WebhookKind::Status, &message.sid, url, params, &self.config.auth_token, token))
    }

    /// Sends a status callback on its way through the faults.
    fn post_callback(&mut self, webhook: Webhook, at: Timestamp) {
        // Every fate is drawn every time, so that one fault doesn't shift the draws of another.
        let is_dropped = self.luck.chance(self.faults.dropped_callbacks);
        let is_doubled = self.luck.chance(self.faults.duplicate_callbacks);
        let is_followed = self.luck.chance(self.faults.unknown_statuses);
        let is_late = self.luck.chance(self.faults.shuffled_callbacks);
        let delay = Duration::from_millis(self.luck.between(1, 10_000));
        if is_dropped {
            return;
        }
        if is_doubled {
            self.plan(at, Event::Deliver(Box::new(webhook.clone())));
        }
        if is_followed {
            let stranger = webhook.with_params(&self.config.auth_token, self.ids.token(), |params| {
                for (name, value) in params {
                    if matches!(name.as_str(), "MessageStatus" | "SmsStatus") {
                        "teleported".clone_into(value);
                    }
                }
            });
            self.plan(at, Event::Deliver(Box::new(stranger)));
        }
        let due = if is_late { later(at, delay) } else { at };
        self.plan(due, Event::Deliver(Box::new(webhook)));
    }
}
