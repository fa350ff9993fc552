//! Finding (or starting) the contact and conversation of a message.

use hub_domain::{
    address::{Address, Channel},
    ids::{ContactId, ConversationId},
    message::{ConversationMode, Inbound},
    whatsapp,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{people, rows, unit::Unit};
use crate::error::StoreError;

/// A conversation and the person in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) conversation: ConversationId,
    pub(crate) contact: ContactId,
}

/// The conversation between `ours` and `theirs`, started if it is new.
pub(crate) fn place(
    unit: &Unit<'_>,
    ours: &str,
    theirs: &Address,
    now: Timestamp,
) -> Result<Place, StoreError> {
    let found = unit
        .prepare("SELECT id, contact FROM conversation WHERE their_address = ?1 AND our_address = ?2")?
        .query_row((theirs.as_str(), ours), |row| {
            Ok(Place { conversation: ConversationId(row.get(0)?), contact: ContactId(row.get(1)?) })
        })
        .optional()?;
    if let Some(place) = found {
        return Ok(place);
    }
    let contact = contact(unit, theirs, now)?;
    unit.run(
        "INSERT INTO conversation (contact, our_address, their_address) VALUES (?1, ?2, ?3)",
        (contact.0, ours, theirs.as_str()),
    )?;
    Ok(Place { conversation: ConversationId(unit.last_row()), contact })
}

/// Who is in charge of the contact's conversations.
pub(crate) fn mode(
    unit: &Unit<'_>,
    contact: ContactId,
    now: Timestamp,
) -> Result<ConversationMode, StoreError> {
    let (mode, until) = unit
        .prepare("SELECT mode, mode_until FROM contact WHERE id = ?1")?
        .query_row([contact.0], |row| {
            Ok((rows::word(row, 0, ConversationMode::parse)?, rows::optional_time(row, 1)?))
        })?;
    Ok(mode.in_force(until, now))
}

/// Sets who is in charge, for all conversations of the person.
pub(crate) fn set_mode(
    unit: &Unit<'_>,
    person: &str,
    mode: ConversationMode,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    let changed = unit.run(
        "UPDATE contact SET mode = ?2, mode_until = ?3 WHERE person = ?1",
        (person, mode.as_str(), until.map(Timestamp::as_microsecond)),
    )?;
    if changed == 0 { Err(StoreError::NotFound("contact")) } else { Ok(()) }
}

/// Whether WhatsApp takes nothing but a template for `theirs` now. A Messaging Service chooses the number, so
/// what they wrote to any of ours counts there.
pub(crate) fn window_closed(
    connection: &Connection,
    theirs: &Address,
    ours: &str,
    through_service: bool,
    is_template: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if is_template || theirs.channel() != Channel::WhatsApp {
        return Ok(false);
    }
    let last = last_heard(connection, theirs, ours, through_service)?;
    Ok(!whatsapp::may_send_free_form(theirs, last, now))
}

/// When `theirs` last wrote to the number that a message to them would come from.
pub(crate) fn last_heard(
    connection: &Connection,
    theirs: &Address,
    ours: &str,
    through_service: bool,
) -> Result<Option<Timestamp>, StoreError> {
    let last = connection
        .prepare_cached(
            "SELECT max(last_inbound_at) FROM conversation
             WHERE their_address = ?1 AND (our_address = ?2 OR ?3)",
        )?
        .query_row((theirs.as_str(), ours, through_service), |row| rows::optional_time(row, 0))?;
    Ok(last)
}

/// Names the contact as they name themselves on WhatsApp, unless a person has named them.
pub(crate) fn take_profile_name(
    unit: &Unit<'_>,
    contact: ContactId,
    inbound: &Inbound,
) -> Result<(), StoreError> {
    if inbound.from.channel() == Channel::WhatsApp
        && let Some(name) = whatsapp::profile_name(inbound)
    {
        let changed = unit.run(
            "UPDATE contact SET name = ?2, name_source = 'profile'
             WHERE id = ?1 AND (name IS NULL OR name_source = 'profile') AND name IS NOT ?2",
            (contact.0, &name),
        )?;
        if changed > 0 {
            people::index_name(unit, contact, Some(&name))?;
        }
    }
    Ok(())
}

fn contact(unit: &Unit<'_>, theirs: &Address, now: Timestamp) -> Result<ContactId, StoreError> {
    let person = theirs.person_key();
    let found = unit
        .prepare("SELECT id FROM contact WHERE person = ?1")?
        .query_row([&*person], |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(ContactId(id));
    }
    unit.run(
        "INSERT INTO contact (person, opted_out, created_at)
         VALUES (?1, EXISTS (SELECT 1 FROM suppression WHERE person = ?1), ?2)",
        (&*person, now.as_microsecond()),
    )?;
    Ok(ContactId(unit.last_row()))
}
