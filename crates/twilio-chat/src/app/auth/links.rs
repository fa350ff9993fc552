//! One-time links printed at start, in memory as hashes: they end with the process or after half an hour.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hub_store::SecretHash;
use jiff::{SignedDuration, Timestamp};

use super::{hash, hex};
use crate::app::App;

/// How long a printed link works.
const LINK_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// Links kept at most; the oldest go first.
const KEPT: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Links(Mutex<VecDeque<(SecretHash, Timestamp)>>);

impl Links {
    fn add(&self, secret: SecretHash, ends: Timestamp) {
        let mut links = self.lock();
        links.push_back((secret, ends));
        while links.len() > KEPT {
            links.pop_front();
        }
    }

    /// Whether a link works; looked up by hash, so the time taken says nothing about the secret.
    pub(super) fn works(&self, link: &str, now: Timestamp) -> bool {
        let wanted = hash(link);
        self.lock().iter().any(|(known, ends)| *known == wanted && *ends > now)
    }

    /// Uses a link up; whether it worked.
    pub(super) fn spend(&self, link: &str, now: Timestamp) -> bool {
        let wanted = hash(link);
        let mut links = self.lock();
        let place = links.iter().position(|(known, _)| *known == wanted);
        place.and_then(|place| links.remove(place)).is_some_and(|(_, ends)| ends > now)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(SecretHash, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// A new one-time secret for the sign-in link.
    pub fn new_sign_in_link(&self) -> String {
        let secret = hex(&self.world().secret());
        let ends = self.world().now().saturating_add(LINK_LASTS).unwrap_or(Timestamp::MAX);
        self.auth().links.add(hash(&secret), ends);
        secret
    }

    /// Whether a link would work now; does not use it up.
    pub fn sign_in_link_works(&self, link: &str) -> bool {
        self.auth().links.works(link, self.world().now())
    }
}
