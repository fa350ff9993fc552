//! What people do with the knowledge base, off the threads that serve others, and written down in the audit log
//! where it changes something.

use std::{fs::File, io};

use hub_retrieval::{
    library::{LibraryError, archive, archive::Restored},
    names::IndexName,
};
use hub_store::{AuditAction, By, StoreError};
use thiserror::Error;

use super::{Knowledge, Listed, Material, Question, Standing, Told};
use crate::app::App;

/// Why something was not done.
#[derive(Debug, Error)]
pub enum KnowledgeError {
    /// The files, or what was given for them.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// It was done and could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for KnowledgeError {
    fn from(error: io::Error) -> Self {
        Self::Library(error.into())
    }
}

impl App {
    /// Every index of the data folder.
    pub async fn indices(&self) -> Result<Vec<Listed>, KnowledgeError> {
        self.beside(|knowledge| knowledge.listed().map_err(LibraryError::from)).await
    }

    /// How the active index stands.
    pub async fn knowledge_standing(&self) -> Result<Standing, KnowledgeError> {
        self.beside(|knowledge| knowledge.standing().map_err(LibraryError::from)).await
    }

    /// Answers a question of somebody at the desk, and keeps the receipt of a model's answer; `None` where there is
    /// no article to answer from.
    pub async fn tell_of(&self, question: Question) -> Result<Option<Told>, KnowledgeError> {
        let app = self.clone();
        // What was paid for is written down, whether or not whoever asked is still there.
        tokio::spawn(async move { app.tell_and_note(question).await }).await.map_err(io::Error::other)?
    }

    async fn tell_and_note(&self, question: Question) -> Result<Option<Told>, KnowledgeError> {
        let Some((mut told, receipt)) = self.worded(question, "knowledge").await? else { return Ok(None) };
        if let (Some(receipt), Some(decision)) = (receipt, told.decision) {
            match self.keep_receipt(receipt, decision).await {
                Ok(receipt) => told.receipt = Some(receipt),
                Err(error) => tracing::error!(%error, "an answer that was paid for has no receipt"),
            }
        }
        Ok(Some(told))
    }

    /// The articles' own sentences, whoever might write better ones.
    pub async fn quoted(&self, question: Question) -> Result<Option<Told>, KnowledgeError> {
        Ok(self.told(question).await?.map(|(told, _)| told))
    }

    /// The articles' own answer, and what it is made of.
    pub(super) async fn told(&self, question: Question) -> Result<Option<(Told, Material)>, KnowledgeError> {
        let now = self.world().now();
        let near = self.near(&question.text).await?;
        self.beside(move |knowledge| knowledge.tell(&question, now, &near).map_err(LibraryError::from)).await
    }

    /// Puts questions to that index from now on; false if there is none of that name.
    pub async fn activate_index(&self, name: IndexName, by: By) -> Result<bool, KnowledgeError> {
        let subject = name.to_string();
        let done = self.beside(move |knowledge| knowledge.activate(&name)).await?;
        if done {
            self.noted(AuditAction::IndexActivated, subject, by).await?;
        }
        Ok(done)
    }

    /// Deletes an index; the files that it had, none if there is none of that name.
    pub async fn delete_index(
        &self,
        name: IndexName,
        by: By,
    ) -> Result<Option<Vec<&'static str>>, KnowledgeError> {
        let subject = name.to_string();
        let done = self.beside(move |knowledge| knowledge.delete(&name)).await?;
        if done.is_some() {
            self.noted(AuditAction::IndexDeleted, subject, by).await?;
        }
        Ok(done)
    }

    /// The active index as an archive, and the archive's size.
    pub async fn pack_knowledge(&self) -> Result<(File, u64), KnowledgeError> {
        let now = self.world().now();
        self.beside(move |knowledge| knowledge.pack(now)).await
    }

    /// A file for an archive that is coming in.
    pub async fn archive_file(&self) -> Result<File, KnowledgeError> {
        self.beside(|knowledge| archive::scratch(knowledge.indices()).map_err(LibraryError::from)).await
    }

    /// Takes over an archive in place of the active index.
    pub async fn restore_knowledge(&self, archive: File, by: By) -> Result<Restored, KnowledgeError> {
        let (restored, name) = self.beside(move |knowledge| knowledge.restore(&archive)).await?;
        self.noted(AuditAction::IndexImported, name.to_string(), by).await?;
        Ok(restored)
    }

    /// Tidies the working files of the indices; how many had need of it.
    pub async fn tidy_knowledge(&self) -> Result<usize, KnowledgeError> {
        self.beside(Knowledge::tidy).await
    }

    /// When it is, for the name of an archive.
    pub(crate) fn archived_at(&self) -> jiff::Timestamp {
        self.world().now()
    }

    async fn noted(&self, action: AuditAction, subject: String, by: By) -> Result<(), StoreError> {
        self.store().note(action, subject, by, self.world().now()).await
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Knowledge) -> Result<T, LibraryError> + Send + 'static,
    ) -> Result<T, KnowledgeError> {
        let knowledge = std::sync::Arc::clone(&self.inner.knowledge);
        let done = tokio::task::spawn_blocking(move || work(&knowledge)).await;
        Ok(done.map_err(io::Error::other)??)
    }
}
