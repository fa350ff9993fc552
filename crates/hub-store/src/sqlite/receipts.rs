//! SQL of the receipts of calls to models, and of the cases saved from them.

use hub_domain::ids::ContactId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{money, rows, unit::Unit};
use crate::{
    assistant::{Case, NewCase, NewReceipt, Receipt},
    error::StoreError,
};

/// What a receipt is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    /// The inbound message.
    pub(crate) message: Option<i64>,
    /// The first part of the answer.
    pub(crate) answer: Option<i64>,
    /// Whose texts the model read, where neither of them tells.
    pub(crate) contact: Option<ContactId>,
}

pub(crate) fn write(
    unit: &Unit<'_>,
    receipt: &NewReceipt,
    about: About,
    decision: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    unit.run(
        "INSERT INTO receipt (message, answer, purpose, decision, model, prompt, passages, words, error,
           prompt_tokens, completion_tokens, cost, millis, created_at, contact)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
           coalesce((SELECT contact FROM message WHERE row = coalesce(?1, ?2)), ?15))",
        params![
            about.message,
            about.answer,
            receipt.purpose,
            decision,
            &receipt.model,
            &receipt.prompt,
            &receipt.passages,
            &receipt.words,
            &receipt.error,
            receipt.prompt_tokens,
            receipt.completion_tokens,
            receipt.cost.and_then(|cost| i64::try_from(cost).ok()),
            receipt.millis,
            now.as_microsecond(),
            about.contact.map(|contact| contact.0),
        ],
    )?;
    // Dollars, whatever the ledger's currency, see `spending::of_tokens`.
    if let Some(cost) = receipt.cost {
        money::spend(unit, cost, now)?;
    }
    Ok(unit.last_row())
}

/// Blanks what models were told and wrote about a person since then: a text of that time is to be gone, and it was
/// among what they read.
pub(crate) fn redact(unit: &Unit<'_>, contact: ContactId, since: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "UPDATE receipt SET prompt = '[]', words = NULL, redacted = 1
         WHERE contact = ?1 AND redacted = 0 AND created_at >= ?2",
        (contact.0, since.as_microsecond()),
    )?;
    Ok(())
}

const COLUMNS: &str = "id, message, answer, purpose, decision, model, prompt, passages, words, error, prompt_tokens, \
     completion_tokens, cost, millis, created_at, redacted";

/// The receipts of a message, asked about or answering, oldest first.
pub(crate) fn of_message(connection: &Connection, row: i64) -> Result<Vec<Receipt>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipt WHERE message = ?1
         UNION SELECT {COLUMNS} FROM receipt WHERE answer = ?1 ORDER BY id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([row], receipt)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn find(connection: &Connection, id: i64) -> Result<Option<Receipt>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM receipt WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id], receipt).optional()?)
}

fn receipt(row: &Row<'_>) -> rusqlite::Result<Receipt> {
    Ok(Receipt {
        id: row.get(0)?,
        message: row.get(1)?,
        answer: row.get(2)?,
        purpose: row.get(3)?,
        decision: row.get(4)?,
        model: row.get(5)?,
        prompt: row.get(6)?,
        passages: row.get(7)?,
        words: row.get(8)?,
        error: row.get(9)?,
        prompt_tokens: row.get(10)?,
        completion_tokens: row.get(11)?,
        cost: row.get::<_, Option<i64>>(12)?.and_then(|cost| u64::try_from(cost).ok()),
        millis: row.get(13)?,
        created_at: rows::time(row, 14)?,
        redacted: row.get(15)?,
    })
}

/// Receipts newest first, below the row of the page before.
pub(crate) fn page(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Receipt>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM receipt WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map((before.unwrap_or(i64::MAX), limit), receipt)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn save_case(unit: &Unit<'_>, case: &NewCase, now: Timestamp) -> Result<i64, StoreError> {
    unit.run(
        "INSERT INTO assistant_case (question, said, expected, created_at) VALUES (?1, ?2, ?3, ?4)",
        (&case.question, &case.said, &case.expected, now.as_microsecond()),
    )?;
    Ok(unit.last_row())
}

pub(crate) fn delete_case(unit: &Unit<'_>, id: i64) -> Result<bool, StoreError> {
    Ok(unit.run("DELETE FROM assistant_case WHERE id = ?1", [id])? > 0)
}

/// Cases newest first, below the row of the page before.
pub(crate) fn cases(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Case>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, question, said, expected, created_at FROM assistant_case WHERE id < ?1
         ORDER BY id DESC LIMIT ?2",
    )?;
    let found = statement.query_map((before.unwrap_or(i64::MAX), limit), |row| {
        Ok(Case {
            id: row.get(0)?,
            case: NewCase { question: row.get(1)?, said: row.get(2)?, expected: row.get(3)? },
            created_at: rows::time(row, 4)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Receipts of answers and drafts to inbound messages, newest first, without those whose words are gone: what a changed
/// instruction is replayed on.
pub(crate) fn latest(connection: &Connection, limit: u32) -> Result<Vec<Receipt>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipt WHERE +purpose IN ('answer', 'draft') AND +redacted = 0 ORDER BY id DESC LIMIT ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([limit], receipt)?;
    Ok(found.collect::<Result<_, _>>()?)
}
