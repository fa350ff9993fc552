//! Load on a hub's inbound webhook: signed texts from many made-up people at a steady rate, and how it took them.
//!
//! Only to this machine, and never without an end: rate, time and number are bounded.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::answers::{WebhookAnswer, WebhookFailure};
use crate::random::Random;
use crate::serve::courier::{Courier, is_loopback};
use crate::webhook::{Webhook, WebhookKind};

/// Webhooks waiting for their answers; beyond that the next one waits, and the rate drops.
const UNDER_WAY: usize = 256;

/// What to send.
#[derive(Clone, Debug)]
pub struct LoadPlan {
    /// The hub's inbound webhook on this machine.
    pub url: String,
    /// What Twilio would sign, when the hub has another public address.
    pub signed_url: Option<String>,
    /// Signs.
    pub auth_token: String,
    /// The account in every webhook.
    pub account_sid: String,
    /// The hub's number.
    pub to: String,
    /// Webhooks a second.
    pub rate: u32,
    /// For so long.
    pub lasts: Duration,
    /// From so many people.
    pub people: u32,
    /// Makes this run's SIDs its own.
    pub seed: u64,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The target is not `http://127.0.0.1` or `http://localhost`.
    NotThisMachine(String),
    /// The rate is not between 1 and this.
    Rate(u32),
    /// The time is not between a second and an hour.
    Time,
    /// More webhooks than this.
    TooMany(u64),
    /// Not between 1 and this many people.
    People(u32),
}

impl LoadPlan {
    /// The highest rate.
    pub const FASTEST: u32 = 2_000;
    /// The most people: as many numbers as the pattern gives.
    pub const MOST_PEOPLE: u32 = 1_000;
    /// The most webhooks in one run.
    pub const MOST: u64 = 1_000_000;

    fn check(&self) -> Result<u64, LoadError> {
        let is_here = self.url.parse().is_ok_and(|uri| is_loopback(&uri));
        let count = u64::from(self.rate) * self.lasts.as_secs();
        if !is_here {
            Err(LoadError::NotThisMachine(self.url.clone()))
        } else if !(1..=Self::FASTEST).contains(&self.rate) {
            Err(LoadError::Rate(Self::FASTEST))
        } else if !(1..=3600).contains(&self.lasts.as_secs()) {
            Err(LoadError::Time)
        } else if count > Self::MOST {
            Err(LoadError::TooMany(Self::MOST))
        } else if !(1..=Self::MOST_PEOPLE).contains(&self.people) {
            Err(LoadError::People(Self::MOST_PEOPLE))
        } else {
            Ok(count)
        }
    }

    fn webhook(&self, number: u64, random: &mut Random) -> Webhook {
        let sid = random.sid("SM");
        let person = format!("+48500100{:03}", number % u64::from(self.people));
        let params = [
            ("ToCountry", "PL"),
            ("ToState", ""),
            ("SmsMessageSid", &sid),
            ("NumMedia", "0"),
            ("SmsStatus", "received"),
            ("Body", &format!("Wiadomość próbna nr {number}")),
            ("To", &self.to),
            ("NumSegments", "1"),
            ("MessageSid", &sid),
            ("AccountSid", &self.account_sid),
            ("From", &person),
            ("ApiVersion", "2010-04-01"),
        ];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let signed = self.signed_url.as_deref().unwrap_or(&self.url);
        let token = random.token();
        let webhook = Webhook::new(WebhookKind::Inbound, &sid, signed, params, &self.auth_token, token);
        Webhook { url: self.url.clone(), ..webhook }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThisMachine(url) => write!(
                f,
                "{url} is not on this machine: load goes to http://127.0.0.1 or http://localhost only, \
                 never to a server others depend on"
            ),
            Self::Rate(most) => write!(f, "the rate must be 1 to {most} a second"),
            Self::Time => write!(f, "the time must be 1 s to 1 h"),
            Self::TooMany(most) => write!(f, "rate × time may be at most {most} webhooks"),
            Self::People(most) => write!(f, "there may be 1 to {most} people"),
        }
    }
}

impl std::error::Error for LoadError {}

/// How it went.
#[derive(Clone, Debug, Default)]
pub struct LoadReport {
    /// Sent.
    pub sent: usize,
    /// Answered 2xx.
    pub accepted: usize,
    /// Answered with another status: each with its number.
    pub refused: Vec<(u16, usize)>,
    /// Without a connection, or without a whole answer.
    pub failed: usize,
    /// The words of the first failure.
    pub first_failure: Option<String>,
    /// From the first webhook to the last answer.
    pub took: Duration,
    /// How long each answer took, shortest first.
    times: Vec<Duration>,
}

impl LoadReport {
    /// How long the answers took, up to that percentile.
    pub fn percentile(&self, percent: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times.get(last * percent.min(100) / 100).copied().unwrap_or_default()
    }

    fn note(&mut self, time: Duration, result: Result<WebhookAnswer, WebhookFailure>) {
        self.sent += 1;
        match result {
            Ok(answer) => {
                self.times.push(time);
                match answer.status {
                    200..=299 => self.accepted += 1,
                    status => match self.refused.iter_mut().find(|(known, _)| *known == status) {
                        Some((_, count)) => *count += 1,
                        None => self.refused.push((status, 1)),
                    },
                }
            }
            Err(WebhookFailure::Connect(words) | WebhookFailure::Read(words)) => {
                self.failed += 1;
                self.first_failure.get_or_insert(words);
            }
        }
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |percent| self.percentile(percent).as_secs_f64() * 1000.0;
        let seconds = self.took.as_secs_f64().max(0.001);
        let sent = f64::from(u32::try_from(self.sent).unwrap_or(u32::MAX));
        writeln!(f, "sent       {:>10}   {:.1}/s over {seconds:.1} s", self.sent, sent / seconds)?;
        writeln!(f, "2xx        {:>10}", self.accepted)?;
        for (status, count) in &self.refused {
            writeln!(f, "{status}        {count:>10}")?;
        }
        writeln!(f, "no answer  {:>10}", self.failed)?;
        if let Some(words) = &self.first_failure {
            writeln!(f, "           the first: {words}")?;
        }
        for (name, percent) in [("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)] {
            writeln!(f, "{name}        {:>10.1} ms", milliseconds(percent))?;
        }
        Ok(())
    }
}

/// Carries the plan out.
///
/// # Errors
/// [`LoadError`] when the plan leads off this machine or has no end.
pub async fn load(plan: &LoadPlan) -> Result<LoadReport, LoadError> {
    let count = plan.check()?;
    let courier = Courier::new();
    let report = Arc::new(Mutex::new(LoadReport::default()));
    let (places, tasks) = (Arc::new(Semaphore::new(UNDER_WAY)), TaskTracker::new());
    let mut random = Random::new(plan.seed);
    let mut beat = tokio::time::interval(Duration::from_secs(1) / plan.rate);
    let started = beat.tick().await;
    for number in 0..count {
        let webhook = plan.webhook(number, &mut random);
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let (courier, report) = (courier.clone(), Arc::clone(&report));
        tasks.spawn(async move {
            let left = tokio::time::Instant::now();
            let result = courier.deliver(&webhook).await;
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            report.note(left.elapsed(), result);
            drop(place);
        });
        beat.tick().await;
    }
    tasks.close();
    tasks.wait().await;
    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner).clone();
    report.took = started.elapsed();
    report.times.sort_unstable();
    Ok(report)
}
