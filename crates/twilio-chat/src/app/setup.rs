//! The first steps of a new installation, each with its live state: done, open, or at fault and why.
//!
//! Only looks: asks Twilio who we are and our own public address whether it leads here, at most every few
//! seconds however many people watch.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method};
use hub_clients::{OutboundRequest, Transport, guard::Reach, twilio::TwilioError};
use hub_store::StoreError;
use jiff::{SignedDuration, Timestamp};

use super::App;

/// What was found is taken to hold for so long.
const HOLDS: SignedDuration = SignedDuration::from_secs(15);
/// For our own answer through the public address.
const PUBLIC_WAIT: Duration = Duration::from_secs(10);
const PUBLIC_MAX_BYTES: usize = 64 * 1024;
/// Settings that say what answers.
const MODES: &[&str] = &["auto_reply", "bot_enabled", "automation_enabled", "ai"];

/// Our own address as others reach it, and the way out to try it.
#[derive(Clone, Debug)]
pub struct PublicSide {
    /// Where webhooks arrive.
    pub base: String,
    /// Whether Twilio can call it there.
    pub within_reach: bool,
    /// Outbound HTTP.
    pub transport: Arc<dyn Transport>,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Somebody has an account here.
    Account,
    /// Twilio takes our credentials.
    Keys,
    /// Our public address leads to us.
    PublicAddress,
    /// The first text has left.
    FirstOut,
    /// The first text has come: the webhooks are set.
    FirstIn,
    /// Somebody decided what answers.
    Mode,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// To be done, or not looked at yet.
    Open,
    /// Tried, and something is wrong.
    Fault(SetupFault),
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupFault {
    /// Twilio refuses the credentials.
    KeysRefused,
    /// Twilio does not answer.
    TwilioSilent,
    /// Nothing answers at the public address.
    AddressSilent,
    /// Something else answers there.
    AddressElsewhere,
}

/// All steps, and the addresses to enter at Twilio's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// In order.
    pub steps: Vec<(Step, StepState)>,
    /// Our public address, when there is one.
    pub public_base: Option<String>,
}

impl Setup {
    /// How many are done.
    pub fn done(&self) -> usize {
        self.steps.iter().filter(|(_, state)| *state == StepState::Done).count()
    }

    /// Whether nothing is left.
    pub fn is_complete(&self) -> bool {
        self.done() == self.steps.len()
    }
}

/// What the last look found.
#[derive(Debug, Default)]
pub(super) struct Looks {
    found: Mutex<Option<Found>>,
    looking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    at: Timestamp,
    keys: StepState,
    address: StepState,
}

impl App {
    /// The steps as far as they are known; calls nobody.
    pub async fn setup(&self) -> Result<Setup, StoreError> {
        let (keys, address) =
            self.found().map_or((StepState::Open, StepState::Open), |f| (f.keys, f.address));
        let said = self.store().statistics().await?;
        let mode = self.store().has_settings(MODES).await?;
        let done = |is_done| if is_done { StepState::Done } else { StepState::Open };
        let steps = vec![
            (Step::Account, StepState::Done),
            (Step::Keys, keys),
            (Step::PublicAddress, address),
            (Step::FirstOut, done(said.outbound > 0)),
            (Step::FirstIn, done(said.inbound > 0)),
            (Step::Mode, done(mode)),
        ];
        Ok(Setup { steps, public_base: self.inner.public.as_ref().map(|public| public.base.clone()) })
    }

    /// The same after a look at Twilio and at our public address, unless somebody has just looked.
    pub async fn look_at_setup(&self) -> Result<Setup, StoreError> {
        let turn = self.inner.looks.looking.lock().await;
        let now = self.world().now();
        if self.found().is_none_or(|found| now.duration_since(found.at) >= HOLDS) {
            let (keys, address) = tokio::join!(self.look_at_keys(), self.look_at_address());
            let found = Found { at: now, keys, address };
            *self.inner.looks.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        }
        drop(turn);
        self.setup().await
    }

    fn found(&self) -> Option<Found> {
        *self.inner.looks.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look_at_keys(&self) -> StepState {
        let Some(account) = self.account() else { return StepState::Open };
        match account.client.account().await {
            Ok(_) => StepState::Done,
            Err(TwilioError::Refused { http_status: 401 | 403, .. }) => {
                StepState::Fault(SetupFault::KeysRefused)
            }
            Err(error) => {
                tracing::warn!(%error, "Twilio could not be asked about the account");
                StepState::Fault(SetupFault::TwilioSilent)
            }
        }
    }

    async fn look_at_address(&self) -> StepState {
        let Some(public) = &self.inner.public else { return StepState::Open };
        let request = OutboundRequest {
            method: Method::GET,
            url: format!("{}/api/health", public.base),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: PUBLIC_WAIT,
            max_body: PUBLIC_MAX_BYTES,
            reach: Reach::Configured,
        };
        match public.transport.call(request).await {
            Ok(answer) if is_ours(&answer.body) => StepState::Done,
            Ok(_) => StepState::Fault(SetupFault::AddressElsewhere),
            Err(error) => {
                tracing::warn!(%error, "our public address does not answer");
                StepState::Fault(SetupFault::AddressSilent)
            }
        }
    }
}

/// Whether a health report is of a program like this one.
fn is_ours(body: &[u8]) -> bool {
    let report: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    report.is_some_and(|report| report.get("workers").is_some() && report.get("twilio").is_some())
}
