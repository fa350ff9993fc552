//! The plan of faults: what goes wrong, how likely, and what exactly happens to the next calls.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What goes wrong. Probabilities are 0 to 1; everything absent is off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Every API request is cut.
    pub down: bool,
    /// Every API request is answered 401, as after a changed auth token.
    pub unauthorized: bool,
    /// API requests beyond this many at once are answered 429; 0: no limit.
    pub concurrent_requests: usize,
    /// API requests: 503 with a page of HTML, not processed.
    pub html_errors: f64,
    /// API answers take at least this long.
    pub latency_min_ms: u64,
    /// API answers take at most this long.
    pub latency_max_ms: u64,
    /// What happens to the next creates, in order, before probabilities apply again.
    pub next: VecDeque<CreateFault>,
    /// Create: 429.
    pub throttled: f64,
    /// Create: so many more are throttled after each one that was.
    pub throttled_burst: usize,
    /// Create: 400 with code 21611, the sender's queue is full.
    pub queue_full: f64,
    /// Create: 500, nothing accepted.
    pub error_before: f64,
    /// Create: 500, yet accepted.
    pub error_after: f64,
    /// Create: connection cut, nothing accepted.
    pub cut_before: f64,
    /// Create: connection cut, yet accepted.
    pub cut_after: f64,
    /// Create: no answer ever, nothing accepted.
    pub hang_before: f64,
    /// Create: no answer ever, yet accepted.
    pub hang_after: f64,
    /// Create: accepted, unreadable 2xx answer.
    pub garbage: f64,
    /// Create: the first status callback comes before the answer.
    pub callback_first: f64,
    /// Lists and fetches: 500.
    pub read_errors: f64,
    /// Lists: 200, and the page breaks off in the middle.
    pub truncated_pages: f64,
    /// A created message shows in lists only after this long.
    pub list_lag_ms: u64,
    /// A status callback comes twice.
    pub duplicate_callbacks: f64,
    /// An inbound webhook comes twice.
    pub duplicate_inbound: f64,
    /// A status callback is late, behind later ones.
    pub shuffled_callbacks: f64,
    /// A status callback is followed by one with a status that nobody has heard of.
    pub unknown_statuses: f64,
    /// A status callback never comes.
    pub dropped_callbacks: f64,
}

/// What happens to one create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateFault {
    /// Nothing: it is processed as usual.
    Fine,
    /// 429 with code 20429; not processed.
    Throttled,
    /// 401 with code 20003; not processed.
    Unauthorized,
    /// 400 with code 21611: the sender's queue is full; not processed.
    QueueFull,
    /// 503 with a page of HTML; not processed.
    HtmlError,
    /// Processed as usual; the answer takes this long.
    Slow {
        /// How long.
        ms: u64,
    },
    /// 500; not processed.
    ErrorBefore,
    /// 500; accepted all the same.
    ErrorAfter,
    /// Connection cut; not processed.
    CutBefore,
    /// Connection cut; accepted all the same.
    CutAfter,
    /// Never answered; not processed.
    HangBefore,
    /// Never answered; accepted all the same.
    HangAfter,
    /// Accepted, with a 2xx that is not JSON.
    Garbage,
    /// Accepted; a status callback arrives before the answer.
    CallbackFirst,
    /// Refused with this status and code.
    Refused {
        /// HTTP status.
        status: u16,
        /// Twilio's code.
        code: u32,
    },
}

impl Faults {
    /// What happens to the create that just came in, and whether a callback overtakes its answer.
    pub(crate) fn draw_create(&mut self, random: &mut Random) -> (CreateFault, bool) {
        let (draw, callback_first) = (random.fraction(), random.chance(self.callback_first));
        let scripted = self.next.pop_front();
        let fault = scripted.clone().unwrap_or_else(|| self.create_fault_at(draw));
        if scripted.is_none() && fault == CreateFault::Throttled {
            self.next.extend(std::iter::repeat_n(CreateFault::Throttled, self.throttled_burst));
        }
        let callback_first = callback_first || fault == CreateFault::CallbackFirst;
        (fault, callback_first)
    }

    fn create_fault_at(&self, draw: f64) -> CreateFault {
        let plan = [
            (self.throttled, CreateFault::Throttled),
            (self.queue_full, CreateFault::QueueFull),
            (self.error_before, CreateFault::ErrorBefore),
            (self.error_after, CreateFault::ErrorAfter),
            (self.cut_before, CreateFault::CutBefore),
            (self.cut_after, CreateFault::CutAfter),
            (self.hang_before, CreateFault::HangBefore),
            (self.hang_after, CreateFault::HangAfter),
            (self.garbage, CreateFault::Garbage),
        ];
        let mut reached = 0.0;
        for (probability, fault) in plan {
            reached += probability;
            if draw < reached {
                return fault;
            }
        }
        CreateFault::Fine
    }

    /// How long this answer takes.
    pub(crate) fn draw_latency(&self, random: &mut Random) -> Duration {
        let highest = self.latency_max_ms.max(self.latency_min_ms);
        Duration::from_millis(random.between(self.latency_min_ms, highest))
    }
}
