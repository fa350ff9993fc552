//! The build that runs beside everything else: one at a time, watched by whoever likes, stopped by whoever may.
//!
//! It belongs to the program and not to the page or the request that started it. What it paid for is on disk after
//! each batch, so a build that was stopped, or died with the program, goes on where it was when it is started again.

use std::sync::Arc;

use hub_retrieval::{
    library::{Kept, LibraryError, Turn},
    names::IndexName,
};
use hub_store::{AuditAction, By, StoreError};
use thiserror::Error;
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    Estimate, Knowledge, Phase, Progress, Progressed,
    building::{Build, BuildError},
};
use crate::app::App;

/// The build under way, and how the last one ended.
#[derive(Debug, Default)]
pub(in crate::app) struct Builds {
    progress: Arc<Progress>,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Why no build was started.
#[derive(Debug, Error)]
pub enum NotStarted {
    /// One is under way: this far.
    #[error("a build is under way")]
    UnderWay(Box<Progressed>),
    /// The files.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// There is no such index.
    #[error("there is no such index")]
    Unknown,
    /// It could not be written down who started it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A build that is about to run.
enum Work {
    /// With vectors of a service.
    Vectors(Box<Build>),
    /// There is no service: words alone.
    Words(IndexName),
}

impl App {
    /// How far the build is, or how the last one ended.
    pub fn building(&self) -> Progressed {
        self.inner.builds.progress.now()
    }

    /// Every change of it from now on.
    pub(in crate::app) fn watch_building(&self) -> watch::Receiver<Progressed> {
        self.inner.builds.progress.watch()
    }

    /// Whose vectors a build makes; `None`: there is no key for the service.
    pub fn embedding_model(&self) -> Option<String> {
        self.connected().models.embedder.as_ref().map(|embedder| embedder.model().to_owned())
    }

    /// What a build would do and take. Changes nothing, and pays for a sample of one word at most.
    pub async fn estimate_build(&self) -> Result<Estimate, NotStarted> {
        // Held to the end: a build that is started meanwhile waits for it.
        let running = self.inner.builds.running.lock().await;
        self.unless_under_way(running.as_ref())?;
        match self.work(None).await? {
            Work::Vectors(build) => Ok(build.estimate()),
            Work::Words(index) => {
                Ok(Estimate { index, model: None, total: 0, missing: 0, tokens: 0, changed: None })
            }
        }
    }

    /// Starts a build of the active index, or of another one; how far it is before its first step.
    pub async fn start_build(&self, name: Option<IndexName>, by: By) -> Result<Progressed, NotStarted> {
        let mut running = self.inner.builds.running.lock().await;
        self.unless_under_way(running.as_ref())?;
        let work = self.work(name).await?;
        let now = self.world().now();
        let begun = Progressed { began: Some(now), ..work.begun() };
        let subject = begun.index.as_ref().map(ToString::to_string).unwrap_or_default();
        self.store().note(AuditAction::IndexBuilt, subject, by, now).await?;
        let progress = &self.inner.builds.progress;
        progress.begin(begun.clone());
        let stop = CancellationToken::new();
        let task = tokio::spawn(carry_out(self.clone(), work, stop.clone()));
        *running = Some(Running { stop, task });
        Ok(begun)
    }

    /// Stops the build under way; false if there is none, or it is being written and can't be stopped any more.
    pub async fn stop_build(&self, by: By) -> Result<bool, StoreError> {
        let running = self.inner.builds.running.lock().await;
        let now = self.building();
        let Some(build) = running.as_ref().filter(|_| now.phase == Phase::Embedding) else {
            return Ok(false);
        };
        build.stop.cancel();
        let subject = now.index.map(|index| index.to_string()).unwrap_or_default();
        self.store().note(AuditAction::IndexStopped, subject, by, self.world().now()).await?;
        Ok(true)
    }

    /// Waits until no build is under way; how the last one ended.
    pub async fn until_built(&self) -> Progressed {
        let mut watching = self.watch_building();
        // The sender lives as long as this app.
        let _ = watching.wait_for(|now| !now.phase.is_under_way()).await;
        self.building()
    }

    /// The program stops: so does the build, as soon as it can.
    pub async fn end_builds(&self) {
        let Some(Running { stop, task }) = self.inner.builds.running.lock().await.take() else { return };
        stop.cancel();
        if tokio::time::timeout(self.timing().drain, task).await.is_err() {
            tracing::warn!("FAISS: the build is still writing; the old index is kept");
        }
    }

    fn unless_under_way(&self, running: Option<&Running>) -> Result<(), NotStarted> {
        if running.is_some_and(|running| !running.task.is_finished()) {
            return Err(NotStarted::UnderWay(Box::new(self.building())));
        }
        Ok(())
    }

    async fn work(&self, name: Option<IndexName>) -> Result<Work, NotStarted> {
        let knowledge = &self.inner.knowledge;
        if let Some(name) = &name
            && !self.indices_named(name).await?
        {
            return Err(NotStarted::Unknown);
        }
        if let Some(embedder) = self.connected().models.embedder.clone() {
            return Ok(Work::Vectors(Box::new(Build::begin(knowledge, &embedder, name).await?)));
        }
        let (knowledge, named) = (Arc::clone(knowledge), name);
        let reading = tokio::task::spawn_blocking(move || without_service(&knowledge, named));
        Ok(Work::Words(reading.await.map_err(BuildError::from)?.map_err(BuildError::from)?))
    }

    async fn indices_named(&self, name: &IndexName) -> Result<bool, BuildError> {
        let (knowledge, name) = (Arc::clone(&self.inner.knowledge), name.clone());
        let listing = tokio::task::spawn_blocking(move || knowledge.listed());
        let listed = listing.await?.map_err(LibraryError::from)?;
        Ok(listed.iter().any(|index| index.name == name))
    }
}

/// Which index; refused where there is nothing to build it from or another process is at it.
fn without_service(knowledge: &Knowledge, name: Option<IndexName>) -> Result<IndexName, LibraryError> {
    let _turn = Turn::take(knowledge.indices())?;
    let name = name.map_or_else(|| knowledge.indices().active(), Ok)?;
    hub_retrieval::library::embedded::wanted(knowledge.indices(), &name)?;
    Ok(name)
}

impl Work {
    fn begun(&self) -> Progressed {
        match self {
            Self::Vectors(build) => build.begun(),
            Self::Words(index) => {
                Progressed { phase: Phase::Writing, index: Some(index.clone()), ..Progressed::default() }
            }
        }
    }

    async fn run(
        self,
        knowledge: Arc<Knowledge>,
        progress: Arc<Progress>,
        stop: CancellationToken,
    ) -> Result<Kept, BuildError> {
        match self {
            Self::Vectors(build) => build.run(&progress, &stop).await,
            Self::Words(name) => {
                Ok(tokio::task::spawn_blocking(move || knowledge.build_named(&name)).await??)
            }
        }
    }
}

async fn carry_out(app: App, work: Work, stop: CancellationToken) {
    let progress = Arc::clone(&app.inner.builds.progress);
    let working = tokio::spawn(work.run(Arc::clone(&app.inner.knowledge), Arc::clone(&progress), stop));
    // A panic ends the build and nothing else.
    let result = working.await.unwrap_or_else(|panic| Err(panic.into()));
    match &result {
        Ok(_) => {}
        Err(BuildError::Stopped) => tracing::info!("FAISS: the build was stopped; what was paid for is kept"),
        Err(error) => tracing::error!(%error, "FAISS: the build failed; the old index is as it was"),
    }
    progress.end(app.world().now(), result);
}
