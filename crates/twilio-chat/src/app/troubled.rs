//! Work that doesn't get on by itself: what a person sees of it and decides about it.

use std::time::Duration;

use hub_domain::ids::JobId;
use hub_store::{Abandoned, By, StoreError, TroubledJob, TroubledQuery};
use jiff::SignedDuration;

use super::App;

/// Work that is this late doesn't come by itself any more, or something keeps all of it.
const LATE: Duration = Duration::from_mins(10);

impl App {
    /// Jobs that were set aside or are late, and how many messages wait for a decision.
    pub async fn troubled(
        &self,
        after: Option<JobId>,
        limit: u32,
    ) -> Result<(Vec<TroubledJob>, u32), StoreError> {
        let late = SignedDuration::try_from(LATE).unwrap_or(SignedDuration::MAX);
        let now = self.world().now();
        let late_before = now.saturating_sub(late).unwrap_or(now);
        let jobs = self.store().troubled_jobs(TroubledQuery { late_before, after, limit }).await?;
        Ok((jobs, self.store().counts().await?.held))
    }

    /// Gives a job that was set aside another round; `false`: it does not wait for that.
    pub async fn retry_job(&self, job: JobId, by: By) -> Result<bool, StoreError> {
        match self.store().retry_job(job, by, self.world().now()).await {
            Ok(()) => Ok(true),
            Err(StoreError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Drops a job that was set aside.
    pub async fn abandon_job(&self, job: JobId, by: By) -> Result<Abandoned, StoreError> {
        self.store().abandon_job(job, by, self.world().now()).await
    }
}
