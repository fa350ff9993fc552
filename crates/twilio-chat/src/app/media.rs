//! Attachments that came in: fetched from Twilio onto our disk, shown from there, removed when nobody needs them.
//!
//! A row never names a file that is not whole on disk, and no file lies there without a name on record: before it is
//! written its name stands among those to be removed, and only the row that refers to it takes it off. A deletion puts
//! it there again; then the file goes, then the name.

use std::{io, path::PathBuf, time::Duration};

use hub_clients::twilio::MediaError;
use hub_domain::{
    job::backoff,
    media::{LARGEST, MediaKind, MediaLoss, MediaState, is_list_whole},
};
use hub_store::{Attachment, Fetched, LeasedJob, StoreError, StoredFile, Unlisted};

use super::{App, TwilioAccount, media_folder::name_of};
use crate::sys::Point;

/// Files removed between two transactions.
const REMOVED_AT_ONCE: u32 = 100;

/// An attachment, for whoever may see its message.
#[derive(Debug)]
pub enum Shown {
    /// Here it is.
    File {
        /// Where.
        path: PathBuf,
        /// What it is, by its content.
        kind: MediaKind,
    },
    /// It is still being fetched.
    Waiting,
    /// It will never be here.
    Lost(MediaLoss),
    /// There is none, or it goes out with a message of ours.
    None,
}

impl App {
    /// The attachment of a message at that place.
    pub async fn media(&self, message: i64, position: u32) -> Result<Shown, StoreError> {
        let Some(found) = self.store().attachment(message, position).await? else { return Ok(Shown::None) };
        Ok(match (found.state, found.file, found.loss) {
            (MediaState::Stored, Some(file), _) => {
                Shown::File { path: self.inner.media.path(&file.sha256), kind: file.kind }
            }
            (MediaState::Waiting, ..) => Shown::Waiting,
            (MediaState::Lost, _, Some(loss)) => Shown::Lost(loss),
            (MediaState::Stored | MediaState::Lost | MediaState::Elsewhere, ..) => Shown::None,
        })
    }

    /// Runs a `media` job: learns which attachments a message has, if only their number is known, and fetches what is
    /// still to be fetched. What failed for now is tried again later, without the rest.
    pub(crate) async fn fetch_media(&self, job: LeasedJob) -> Result<(), StoreError> {
        let Some(account) = self.account() else {
            return self.store().give_back(job, self.after(self.timing().retry_cap), None).await;
        };
        // Whoever is slower than the lease would only have the work done twice.
        let time = Time { whole: self.timing().lease / 2, started: self.world().now() };
        if let Some(unlisted) = self.store().unlisted_attachments(job.message).await? {
            match self.learn_attachments(&account, job, &unlisted, time.left(self)).await? {
                Ok(()) => {}
                Err(Setback::Credentials) => return self.wait_for_credentials(job).await,
                Err(Setback::Failure(words)) => {
                    tracing::warn!(
                        message.row = job.message, why = %words,
                        "the attachments of a text could not be listed; it is tried again"
                    );
                    return self.try_again(job, words).await;
                }
            }
        }
        let mut waiting = self.store().attachments(job.message).await?;
        waiting.retain(|attachment| attachment.state == MediaState::Waiting);
        if waiting.is_empty() {
            self.store().settle_attachment(job, None, self.world().now()).await?;
            return Ok(());
        }
        let mut failure = None;
        for attachment in &waiting {
            match self.fetch_one(&account, job, attachment, time.left(self)).await? {
                Ok(()) => {}
                Err(Setback::Credentials) => return self.wait_for_credentials(job).await,
                Err(Setback::Failure(words)) => {
                    tracing::warn!(
                        message.row = job.message, media.position = attachment.position, why = %words,
                        "an attachment could not be fetched; it is tried again"
                    );
                    failure = Some(words);
                }
            }
        }
        match failure {
            None => Ok(()),
            Some(words) => self.try_again(job, words).await,
        }
    }

    async fn wait_for_credentials(&self, job: LeasedJob) -> Result<(), StoreError> {
        tracing::warn!(message.row = job.message, "an attachment waits: Twilio refuses our account");
        self.store().give_back(job, self.after(self.timing().retry_cap), None).await
    }

    async fn try_again(&self, job: LeasedJob, words: String) -> Result<(), StoreError> {
        let due = self.after(backoff(self.timing(), job.failures + 1, self.world().draw()));
        self.store().give_back(job, due, Some(words)).await
    }

    /// Asks Twilio which attachments a message has. A message that is no longer there has none.
    async fn learn_attachments(
        &self,
        account: &TwilioAccount,
        job: LeasedJob,
        unlisted: &Unlisted,
        patience: Duration,
    ) -> Result<Result<(), Setback>, StoreError> {
        let list = account.client.media_of(&unlisted.sid);
        let listed = match tokio::time::timeout(patience, list).await {
            Ok(Ok(listed)) if is_list_whole(listed.len(), unlisted.count, job.failures) => listed,
            Ok(Ok(listed)) => {
                let words = format!("Twilio lists {} of {} attachments", listed.len(), unlisted.count);
                return Ok(Err(Setback::Failure(words)));
            }
            Ok(Err(MediaError::Final(_))) => Vec::new(),
            Ok(Err(MediaError::Unauthorized)) => return Ok(Err(Setback::Credentials)),
            Ok(Err(MediaError::Again(words))) => return Ok(Err(Setback::Failure(words))),
            Err(_) => return Ok(Err(Setback::Failure("out of time".to_owned()))),
        };
        if u32::try_from(listed.len()).is_ok_and(|found| found < unlisted.count) {
            tracing::warn!(
                message.row = job.message,
                reason = MediaLoss::Gone.as_str(),
                "an attachment is lost"
            );
        }
        self.store().note_attachments(job, listed, self.world().now()).await?;
        self.world().reach(Point::AttachmentsNoted).await;
        Ok(Ok(()))
    }

    async fn fetch_one(
        &self,
        account: &TwilioAccount,
        job: LeasedJob,
        attachment: &Attachment,
        patience: Duration,
    ) -> Result<Result<(), Setback>, StoreError> {
        let download = account.client.media(&attachment.url, LARGEST);
        let content = match tokio::time::timeout(patience, download).await {
            Ok(Ok(content)) => content,
            Ok(Err(MediaError::Final(loss))) => {
                tracing::warn!(
                    message.row = job.message,
                    media.position = attachment.position,
                    reason = loss.as_str(),
                    "an attachment is lost"
                );
                let end = Some((attachment.position, Fetched::Lost(loss)));
                self.store().settle_attachment(job, end, self.world().now()).await?;
                return Ok(Ok(()));
            }
            Ok(Err(MediaError::Unauthorized)) => return Ok(Err(Setback::Credentials)),
            Ok(Err(MediaError::Again(words))) => return Ok(Err(Setback::Failure(words))),
            Err(_) => return Ok(Err(Setback::Failure("out of time".to_owned()))),
        };
        // No file may be removed between being written and being referred to.
        let _turn = self.inner.media_turn.lock().await;
        let file = match self.keep_file(content).await? {
            Ok(file) => file,
            Err(error) => {
                return Ok(Err(Setback::Failure(format!("the file could not be written: {error}"))));
            }
        };
        self.world().reach(Point::FileWritten).await;
        let (kind, size) = (file.kind, file.size);
        let end = Some((attachment.position, Fetched::Stored(file)));
        self.store().settle_attachment(job, end, self.world().now()).await?;
        tracing::info!(
            message.row = job.message,
            media.position = attachment.position,
            media.kind = kind.mime(),
            media.bytes = size,
            "an attachment is on disk"
        );
        Ok(Ok(()))
    }

    /// Writes a file whose name is on record first, so that a crash leaves none behind.
    async fn keep_file(
        &self,
        content: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<io::Result<StoredFile>, StoreError> {
        let (name, content) = match blocking(move || Ok((name_of(content.as_ref()), content))).await {
            Ok(named) => named,
            Err(error) => return Ok(Err(error)),
        };
        self.store().announce_file(name.clone()).await?;
        let folder = self.inner.media.clone();
        Ok(blocking(move || folder.keep(&name, content.as_ref())).await)
    }

    /// Removes the files that no message refers to any more. One that can't be removed is left for the next
    /// time.
    pub async fn sweep_media(&self) -> Result<(), StoreError> {
        let _turn = self.inner.media_turn.lock().await;
        let mut after = String::new();
        loop {
            let doomed = self.store().doomed_files(after.clone(), REMOVED_AT_ONCE).await?;
            let Some(last) = doomed.last() else { return Ok(()) };
            after.clone_from(last);
            let folder = self.inner.media.clone();
            let removed = blocking(move || {
                Ok(doomed.into_iter().filter(|name| remove_or_say(&folder, name)).collect::<Vec<_>>())
            });
            let removed = removed.await.unwrap_or_default();
            self.world().reach(Point::FilesRemoved).await;
            self.store().forget_files(removed).await?;
        }
    }

    /// The same after a deletion, which has succeeded whatever becomes of the files.
    pub(super) async fn sweep_after_deletion(&self) {
        self.world().reach(Point::DeletionCommitted).await;
        if let Err(error) = self.sweep_media().await {
            tracing::error!(%error, "files of deleted messages stay until the next deletion or start");
        }
    }
}

/// Why an attachment is not here yet.
enum Setback {
    /// Nothing can be fetched until a person mends the credentials; no failure of the job.
    Credentials,
    /// In words, for the log and whoever looks at the job.
    Failure(String),
}

/// How long one job may take in all.
struct Time {
    whole: Duration,
    started: jiff::Timestamp,
}

impl Time {
    fn left(&self, app: &App) -> Duration {
        let gone = app.world().now().duration_since(self.started);
        self.whole.saturating_sub(Duration::try_from(gone).unwrap_or_default())
    }
}

fn remove_or_say(folder: &super::MediaFolder, name: &str) -> bool {
    let removed = folder.remove(name);
    if let Err(error) = &removed {
        tracing::error!(%error, "the file of a deleted message can't be removed");
    }
    removed.is_ok()
}

/// Runs file work where it holds up nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
