//! Who asked for silence, who wants to hear from us, and what proves it.

use hub_domain::participant::person_keys;
use hub_store::{ConsentEntry, StoreError, Suppression};
use jiff::Timestamp;

use super::App;

/// Everything that is known of a person's consent.
#[derive(Clone, Debug)]
pub struct ConsentEvidence {
    /// Their number, or their address in lower case.
    pub person: String,
    /// On the list of silence.
    pub suppression: Option<Suppression>,
    /// Every change, oldest first.
    pub history: Vec<ConsentEntry>,
}

impl App {
    /// People who asked for silence, newest first; the last one of a page leads to the next.
    pub async fn suppressions(
        &self,
        before: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<Suppression>, StoreError> {
        self.store().suppressions(before, limit).await
    }

    /// What is known of one person, in any spelling of their number; `None` when nothing is.
    pub async fn consent_of(&self, participant: &str) -> Result<Option<ConsentEvidence>, StoreError> {
        for person in person_keys(participant) {
            let suppression = self.store().suppression(person.clone()).await?;
            let history = self.store().consent_history(person.clone()).await?;
            if suppression.is_some() || !history.is_empty() {
                return Ok(Some(ConsentEvidence { person, suppression, history }));
            }
        }
        Ok(None)
    }

    /// Writes down a consent or its withdrawal that we were told of, with its words or ground; `None` when the
    /// number can't be read.
    pub async fn note_consent(
        &self,
        participant: &str,
        opted_in: bool,
        note: &str,
    ) -> Result<Option<ConsentEvidence>, StoreError> {
        let typed = hub_domain::address::Address::from_typed(participant);
        let Ok(address) = typed else { return Ok(None) };
        let person = address.person_key().into_owned();
        self.store().note_consent(person.clone(), opted_in, note.to_owned(), self.world().now()).await?;
        self.consent_of(&person).await
    }

    /// Now, for an export's head.
    pub fn export_time(&self) -> Timestamp {
        self.world().now()
    }
}
