//! Signing in by a one-time link printed at start. Sessions live as long as the process.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::App;

/// How long a printed link works.
const LINK_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long a session lasts.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(12);
/// Links and sessions kept at most; the oldest go first.
const KEPT: usize = 100;

/// Links not yet used and sessions not yet over; only hashes of their secrets.
#[derive(Debug, Default)]
pub(super) struct SignIn(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    links: VecDeque<([u8; 32], Timestamp)>,
    sessions: HashMap<[u8; 32], Timestamp>,
}

impl App {
    /// A new one-time secret for the sign-in link.
    pub fn new_sign_in_link(&self) -> String {
        let secret = hex(&self.world().secret());
        let ends = self.world().now().saturating_add(LINK_LASTS).unwrap_or(Timestamp::MAX);
        let mut state = self.state();
        state.links.push_back((hash(&secret), ends));
        while state.links.len() > KEPT {
            state.links.pop_front();
        }
        secret
    }

    /// Trades a link's secret for a session's; `None` when it is unknown, used or over.
    pub fn sign_in(&self, link: &str) -> Option<String> {
        let (now, wanted) = (self.world().now(), hash(link));
        let session = hex(&self.world().secret());
        let mut state = self.state();
        let position = state.links.iter().position(|(link, _)| *link == wanted)?;
        let (_, ends) = state.links.remove(position)?;
        if ends <= now {
            return None;
        }
        state.sessions.retain(|_, ends| *ends > now);
        if state.sessions.len() >= KEPT
            && let Some(first) = state.sessions.iter().min_by_key(|(_, ends)| **ends).map(|(key, _)| *key)
        {
            state.sessions.remove(&first);
        }
        state.sessions.insert(hash(&session), now.saturating_add(SESSION_LASTS).unwrap_or(Timestamp::MAX));
        Some(session)
    }

    /// Whether a session's secret is good now.
    pub fn is_signed_in(&self, session: &str) -> bool {
        let now = self.world().now();
        // Looked up by hash: the time taken says nothing about the secret.
        self.state().sessions.get(&hash(session)).is_some_and(|ends| *ends > now)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.inner.auth.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
