//! Every wait of the hub in one value, so that tests can shorten them all by the same factor.

use std::time::Duration;

/// How long things wait. [`Timing::default`] is production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// One call to Twilio, in all. Twilio may take 26 s to time out itself.
    pub http_timeout: Duration,
    /// A job taken by a worker; at least three times [`http_timeout`](Self::http_timeout).
    pub lease: Duration,
    /// From an ambiguous attempt to the first look at Twilio's list, and between two looks.
    pub reconcile_wait: Duration,
    /// How long a message waits for an earlier one of the same conversation.
    pub lane_hold: Duration,
    /// How long a compatible send waits for its attempt before it answers 202.
    pub send_wait: Duration,
    /// Fallback poll of the job table when no notification came.
    pub poll: Duration,
    /// First retry of a failed job; doubles up to [`retry_cap`](Self::retry_cap).
    pub retry_base: Duration,
    /// Longest pause between two retries.
    pub retry_cap: Duration,
    /// Pause of a sender after Twilio said that its queue is full.
    pub queue_full_wait: Duration,
    /// A message that could not leave for so long is held for a person.
    pub give_up_after: Duration,
    /// A sender at rest may send so much of its rate at once.
    pub pace_burst: Duration,
    /// How far ahead moments to leave are given away: how long a person's message waits behind a campaign.
    pub pace_ahead: Duration,
    /// While Twilio refuses the account: from one message that tries to the next.
    pub probe_every: Duration,
    /// Between two rounds of removing what nobody needs any more.
    pub tidy_every: Duration,
    /// How long SIGTERM waits for work in hand.
    pub drain: Duration,
    /// From the end of one walk through Twilio's list to the next.
    pub recovery_every: Duration,
    /// The same where Twilio can't call us.
    pub polling_every: Duration,
    /// An inbound message in Twilio's list is left to its webhook for so long.
    pub missed_after: Duration,
    /// From Twilio's acceptance of a message to the first question about its open status.
    pub ask_status_after: Duration,
    /// For a request's head, from the connection's start or the answer before.
    pub head_wait: Duration,
    /// One call to a language model, in all; at most a third of [`lease`](Self::lease).
    pub model_timeout: Duration,
    /// Pause of a reply that finds all places for calls to a model taken.
    pub model_busy: Duration,
    /// How long a model's service that failed too often is left alone at first; doubles with each failed trial.
    pub model_rest: Duration,
    /// The longest such pause.
    pub model_rest_cap: Duration,
    /// A stream of changes with nothing to tell says so this often: proxies close silent connections.
    pub heartbeat: Duration,
    /// Fallback look for changes that another process wrote, while somebody watches.
    pub watch: Duration,
    /// Pause of the search index between two looks for new messages when nothing announced any.
    pub index_pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            http_timeout: Duration::from_secs(35),
            lease: Duration::from_mins(2),
            reconcile_wait: Duration::from_mins(2),
            lane_hold: Duration::from_mins(1),
            send_wait: Duration::from_secs(10),
            poll: Duration::from_secs(1),
            retry_base: Duration::from_secs(1),
            retry_cap: Duration::from_mins(1),
            queue_full_wait: Duration::from_mins(10),
            give_up_after: Duration::from_hours(10),
            pace_burst: Duration::from_secs(1),
            pace_ahead: Duration::from_secs(3),
            probe_every: Duration::from_mins(1),
            tidy_every: Duration::from_mins(10),
            drain: Duration::from_secs(10),
            recovery_every: Duration::from_mins(3),
            polling_every: Duration::from_secs(15),
            missed_after: Duration::from_mins(1),
            ask_status_after: Duration::from_mins(10),
            head_wait: Duration::from_secs(15),
            model_timeout: Duration::from_secs(30),
            model_busy: Duration::from_secs(1),
            model_rest: Duration::from_secs(30),
            model_rest_cap: Duration::from_mins(10),
            heartbeat: Duration::from_secs(15),
            watch: Duration::from_secs(2),
            index_pause: Duration::from_secs(5),
        }
    }
}

impl Timing {
    /// Every wait divided by `factor` (at least 1): for tests that run real processes.
    #[must_use]
    pub fn divided_by(self, factor: u32) -> Self {
        let factor = factor.max(1);
        Self {
            http_timeout: self.http_timeout / factor,
            lease: self.lease / factor,
            reconcile_wait: self.reconcile_wait / factor,
            lane_hold: self.lane_hold / factor,
            send_wait: self.send_wait / factor,
            poll: self.poll / factor,
            retry_base: self.retry_base / factor,
            retry_cap: self.retry_cap / factor,
            queue_full_wait: self.queue_full_wait / factor,
            give_up_after: self.give_up_after / factor,
            pace_burst: self.pace_burst / factor,
            pace_ahead: self.pace_ahead / factor,
            probe_every: self.probe_every / factor,
            tidy_every: self.tidy_every / factor,
            drain: self.drain / factor,
            recovery_every: self.recovery_every / factor,
            polling_every: self.polling_every / factor,
            missed_after: self.missed_after / factor,
            ask_status_after: self.ask_status_after / factor,
            head_wait: self.head_wait / factor,
            model_timeout: self.model_timeout / factor,
            model_busy: self.model_busy / factor,
            model_rest: self.model_rest / factor,
            model_rest_cap: self.model_rest_cap / factor,
            heartbeat: self.heartbeat / factor,
            watch: self.watch / factor,
            index_pause: self.index_pause / factor,
        }
    }
}
