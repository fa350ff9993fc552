//! An answer that was written in time and would leave late: a person decides about it.

use hub_domain::{
    reply::{STALE, SUPERSEDED},
    sending::{LateFacts, leaves_late},
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;

use super::{hold, outgoing::Outgoing, set_status};
use crate::{
    attempts::Begun,
    error::StoreError,
    jobs::LeasedJob,
    sqlite::{held, jobs, replies, unit::Unit},
};

pub(super) fn is_late(message: &Outgoing, now: Timestamp) -> bool {
    let Outgoing { origin, automatic, begins, asked_at, .. } = *message;
    leaves_late(&LateFacts { origin, unattended: automatic, begins, asked_at }, now)
}

/// Holds it. As where an answer is late when it is written, the one to their latest text is left of several.
pub(super) fn leave_to_a_person(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    message: &Outgoing,
    now: Timestamp,
) -> Result<Begun, StoreError> {
    let other = replies::held_answer(unit, message.contact, STALE)?;
    let this = message.answers.map(|text| (message.asked_at, text));
    if other.is_some_and(|other| other.answers > this) {
        let canceled = MessageStatus::Reported(DeliveryStatus::Canceled);
        set_status(unit, job.message, message.contact, canceled, Some(SUPERSEDED), now)?;
        jobs::finish(unit, job)?;
        return Ok(Begun::Settled);
    }
    if let Some(other) = other {
        held::withdraw(unit, other.row, SUPERSEDED, now)?;
    }
    hold(unit, job, message.contact, STALE, now)
}
