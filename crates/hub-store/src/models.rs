//! Which models write: to customers, and from the knowledge base.

use jiff::Timestamp;

use crate::{
    By, Store, StoreError,
    sqlite::{Queue, settings},
};

/// Names of models to be used from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelChoice {
    /// The one that writes to customers; `None`: as it is.
    pub chat: Option<String>,
    /// The one that answers from the knowledge base; `None`: as it is.
    pub knowledge: Option<String>,
}

impl Store {
    /// The model that a person chose to answer from the knowledge base; `None`: nobody chose one.
    pub async fn knowledge_model(&self) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_knowledge_model).await,
        }
    }

    /// Chooses models.
    pub async fn choose_models(&self, choice: ModelChoice, by: By, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| settings::choose_models(unit, &choice, &by, now)).await
            }
        }
    }
}
