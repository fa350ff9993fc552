//! A person's decision that a message shall not leave, or that nobody asks any more whether it did.

use hub_domain::{
    ids::ContactId,
    reconcile::WhyAsk,
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;

use super::{in_flight, lookup, outgoing, set_status};
use crate::{
    error::StoreError,
    jobs::LeasedJob,
    sqlite::{held::DISCARDED, jobs, unit::Unit},
};

/// Cancels the message of a `deliver` job; `false`, and nothing is written, when a call of it has no outcome.
pub(crate) fn abandon(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<bool, StoreError> {
    if in_flight(unit, job.message)?.is_some() {
        return Ok(false);
    }
    let message = outgoing(unit, job.message)?;
    if message.status == MessageStatus::Pending {
        let canceled = MessageStatus::Reported(DeliveryStatus::Canceled);
        set_status(unit, job.message, message.contact, canceled, Some(DISCARDED), now)?;
    }
    jobs::finish(unit, job)?;
    Ok(true)
}

/// Holds the message of a `reconcile` job for a person, unless it was settled meanwhile.
pub(crate) fn stop_looking(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    let Some(attempt) = job.attempt else { return jobs::finish(unit, job) };
    let open: Option<i64> = unit.value(
        "SELECT m.contact FROM attempt a JOIN message m ON m.row = a.message
         WHERE a.id = ?1 AND a.outcome IS 'ambiguous' AND m.sid IS NULL",
        [attempt.0.into_bytes()],
    )?;
    if let Some(contact) = open {
        return lookup::ask_person(unit, job, attempt, ContactId(contact), WhyAsk::NoListing, now);
    }
    lookup::drop_question(unit, attempt)?;
    jobs::finish(unit, job)
}
