//! What keeps automatic messages within bounds, the business hours, and what was spent.

use hub_domain::{
    hours::{AwayTooLong, Hours, HoursChange},
    settings::{BadCountries, GuardChoice, Guards},
    spending::Micros,
};
use jiff::Timestamp;

use crate::{
    By, Store, StoreError,
    sqlite::{Queue, money, settings},
};

impl Store {
    /// What people chose of the guards.
    pub async fn guard_choice(&self) -> Result<GuardChoice, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_guards).await,
        }
    }

    /// Changes what `change` mentions, over `base`, which counts where nobody chose.
    ///
    /// # Errors
    /// The inner error when there is no country or an unknown one; nothing is written then.
    pub async fn change_guards(
        &self,
        change: GuardChoice,
        base: Guards,
        by: By,
        now: Timestamp,
    ) -> Result<Result<GuardChoice, BadCountries>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    settings::change_guards(unit, change.clone(), &base, &by, now)
                })
                .await
            }
        }
    }

    /// The business hours; never set, they are always open.
    pub async fn business_hours(&self) -> Result<Hours, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_hours).await,
        }
    }

    /// Changes what `change` mentions of the business hours.
    ///
    /// # Errors
    /// The inner error when the away text is too long; nothing is written then.
    pub async fn change_hours(
        &self,
        change: HoursChange,
        by: By,
        now: Timestamp,
    ) -> Result<Result<Hours, AwayTooLong>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| settings::change_hours(unit, change.clone(), &by, now))
                    .await
            }
        }
    }

    /// Spent on the day (UTC) of `now`.
    pub async fn spent(&self, now: Timestamp) -> Result<Micros, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| money::read_spent(connection, now)).await,
        }
    }
}
