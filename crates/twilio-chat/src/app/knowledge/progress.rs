//! How far a build is, told to whoever watches as it changes.

use std::sync::Arc;

use hub_retrieval::{library::Kept, names::IndexName};
use jiff::Timestamp;
use tokio::sync::watch;

use super::{BuildError, lengths::Changed};

/// A build that may be looked at while it goes on.
#[derive(Debug, Default)]
pub struct Progress(watch::Sender<Progressed>);

/// A build at one moment.
#[derive(Clone, Debug, Default)]
pub struct Progressed {
    /// Where it is.
    pub phase: Phase,
    /// Which index it makes; `None` before the first build.
    pub index: Option<IndexName>,
    /// Whose vectors; `None`: words alone.
    pub model: Option<String>,
    /// Texts that need a vector.
    pub total: usize,
    /// Those that have one.
    pub ready: usize,
    /// Those that this build had made.
    pub paid: usize,
    /// What those took, in tokens.
    pub tokens: u64,
    /// What all that are still to be made may take, in tokens.
    pub tokens_left: u64,
    /// The service makes vectors of another length than before: all are made anew.
    pub changed: Option<Changed>,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What the index holds since.
    pub kept: Option<Kept>,
    /// Why there is no new index.
    pub trouble: Option<Arc<BuildError>>,
}

/// The parts of a build, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was built since the program started.
    #[default]
    Nothing,
    /// Texts are made into vectors.
    Embedding,
    /// The new index is written; it can't be stopped any more.
    Writing,
    /// The new index is in its place.
    Done,
    /// Somebody stopped it; the old index is as it was.
    Stopped,
    /// It failed; the old index is as it was.
    Failed,
}

impl Phase {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Embedding => "embedding",
            Self::Writing => "writing",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether a build is under way.
    pub const fn is_under_way(self) -> bool {
        match self {
            Self::Embedding | Self::Writing => true,
            Self::Nothing | Self::Done | Self::Stopped | Self::Failed => false,
        }
    }
}

impl Progress {
    /// As it is now.
    pub fn now(&self) -> Progressed {
        self.0.borrow().clone()
    }

    /// Every change from now on.
    pub fn watch(&self) -> watch::Receiver<Progressed> {
        self.0.subscribe()
    }

    /// Another build begins.
    pub(super) fn begin(&self, begun: Progressed) {
        self.0.send_replace(begun);
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Progressed)) {
        self.0.send_modify(change);
    }

    /// It is over.
    pub(super) fn end(&self, ended: Timestamp, result: Result<Kept, BuildError>) {
        self.change(|now| {
            now.ended = Some(ended);
            match result {
                Ok(kept) => (now.phase, now.kept) = (Phase::Done, Some(kept)),
                Err(BuildError::Stopped) => now.phase = Phase::Stopped,
                Err(error) => (now.phase, now.trouble) = (Phase::Failed, Some(Arc::new(error))),
            }
        });
    }
}
