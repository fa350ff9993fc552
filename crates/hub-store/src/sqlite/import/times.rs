//! Stand-ins for times that can't be read. The order in which the original wrote its rows is known: the message before
//! one, else the one after it, is nearest. The moment of the import never is: a STOP of then would overrule every START
//! since, and a text of then would open WhatsApp's window.

use jiff::Timestamp;
use rusqlite::Connection;

use super::values;

/// Written as the original writes times, which sort as texts.
const FORM: &str = "%Y-%m-%dT%H:%M:%S";

/// Fills `temp.stand_in`; `false` when every message has a readable time.
pub(super) fn stand_in(original: &Connection) -> rusqlite::Result<bool> {
    let mut read = original.prepare("SELECT id, created_at FROM messages ORDER BY id")?;
    let mut rows = read.query(())?;
    let (mut found, mut waiting, mut before) = (Vec::new(), Vec::new(), None);
    while let Some(row) = rows.next()? {
        match (values::moment(row, 1)?, before) {
            (Some(at), _) => {
                before = Some(at);
                found.extend(waiting.drain(..).map(|id| (id, at)));
            }
            (None, Some(at)) => found.push((row.get::<_, i64>(0)?, at)),
            (None, None) => waiting.push(row.get::<_, i64>(0)?),
        }
    }
    found.extend(waiting.into_iter().map(|id| (id, Timestamp::UNIX_EPOCH)));
    if found.is_empty() {
        return Ok(false);
    }
    original.execute_batch(
        "DROP TABLE IF EXISTS temp.stand_in;
         CREATE TEMP TABLE stand_in (message INTEGER PRIMARY KEY, at TEXT NOT NULL)",
    )?;
    let mut write = original.prepare("INSERT INTO temp.stand_in VALUES (?1, ?2)")?;
    for (id, at) in found {
        write.execute((id, at.strftime(FORM).to_string()))?;
    }
    Ok(true)
}
