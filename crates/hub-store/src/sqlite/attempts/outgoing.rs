//! What a deliver job has to send, and whether its turn has come.

use hub_domain::{
    ids::{ContactId, MessageId},
    message::Origin,
    parts::{PartTurn, turn},
    status::MessageStatus,
    whatsapp::Template,
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use crate::{
    attempts::Call,
    error::StoreError,
    sqlite::{messages, rows, unit::Unit},
};

/// The message of a deliver job.
pub(crate) struct Outgoing {
    pub(crate) call: Call,
    pub(crate) status: MessageStatus,
    pub(crate) origin: Origin,
    pub(crate) contact: ContactId,
    pub(crate) person: String,
    /// Written by a machine, and no person let it go.
    pub(crate) automatic: bool,
    /// Seen from the part before it.
    pub(crate) turn: PartTurn,
    /// It is a whole text or the first part of one.
    pub(crate) begins: bool,
    /// When the text that it answers was sent, else when it was written.
    pub(crate) asked_at: Timestamp,
    /// The row of that text.
    pub(crate) answers: Option<i64>,
}

pub(crate) fn outgoing(unit: &Unit<'_>, row: i64) -> Result<Outgoing, StoreError> {
    let (mut message, media_count, former) = unit
        .prepare(
            "SELECT m.id, m.to_address, m.from_address, m.service, m.body, m.status, m.origin, m.contact, c.person,
               m.content_sid, m.content_variables, m.media_count, m.first_part, m.part, m.automatic,
               coalesce(q.remote_created_at, q.created_at, m.created_at), m.reply_to
             FROM message m JOIN contact c ON c.id = m.contact LEFT JOIN message q ON q.row = m.reply_to
             WHERE m.row = ?1",
        )?
        .query_row([row], |found| {
            let part: i64 = found.get(13)?;
            let message = Outgoing {
                call: Call {
                    message: MessageId(rows::uuid(found, 0)?),
                    to: found.get(1)?,
                    from: found.get(2)?,
                    service: found.get(3)?,
                    body: found.get(4)?,
                    media_urls: Vec::new(),
                    template: template(found)?,
                },
                status: rows::word(found, 5, MessageStatus::parse)?,
                origin: rows::word(found, 6, Origin::parse)?,
                contact: ContactId(found.get(7)?),
                person: found.get(8)?,
                automatic: found.get(14)?,
                turn: PartTurn::Leave,
                begins: part == 1,
                asked_at: rows::time(found, 15)?,
                answers: found.get(16)?,
            };
            let former: Option<i64> = found.get(12)?;
            Ok((message, found.get::<_, i64>(11)?, former.filter(|_| part > 1).map(|first| (first, part - 1))))
        })?;
    if media_count > 0 {
        message.call.media_urls = messages::media_urls(unit, row)?;
    }
    if let Some(former) = former {
        let before = unit
            .prepare("SELECT status FROM message WHERE first_part = ?1 AND part = ?2")?
            .query_row(former, |found| rows::word(found, 0, MessageStatus::parse))
            .optional()?;
        message.turn = turn(before);
    }
    Ok(message)
}

fn template(found: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Template>> {
    let variables: Option<String> = found.get(10)?;
    rows::optional_word(found, 9, |sid| {
        Template::from_json(sid, variables.as_deref().unwrap_or_default()).ok()
    })
}
