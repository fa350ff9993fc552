//! The one transaction in which everything arrives.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{campaigns, digests, digests::Digests, listeners, messages, reminders, settings, source, values};
use crate::{
    import::{ImportError, ImportPlan, ImportReport, ImportStep},
    sqlite::{SqliteOptions, connect, migrations, unit::Unit},
};

/// How the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// What was written stays.
    Keep,
    /// Only what it would have been is of interest.
    Undo,
}

/// Brings everything in the copy, and the news recipients, into the database named by `options`.
pub(super) fn transfer(
    options: &SqliteOptions,
    copy: &Path,
    digests: &Digests,
    plan: ImportPlan<'_>,
    ending: Ending,
) -> Result<ImportReport, ImportError> {
    let original = source::open_copy(copy)?;
    let mut target = connect(options, false)?;
    migrations::migrate(&mut target, &options.path)?;
    // A million messages in one transaction: with a small cache SQLite would write most pages many times.
    target.execute_batch("PRAGMA cache_size = -131072")?;
    let transferred = write(&mut target, options, &original, digests, plan, ending);
    // The writer of the store doesn't expect a WAL of this size.
    if let Err(error) = target.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "no checkpoint after the import; the next start does it");
    }
    transferred
}

fn write(
    target: &mut Connection,
    options: &SqliteOptions,
    original: &Connection,
    digests: &Digests,
    plan: ImportPlan<'_>,
    ending: Ending,
) -> Result<ImportReport, ImportError> {
    // Dropped on any way out but the last, which undoes everything.
    let transaction = target.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let given = options.given();
    let unit = Unit::new(&transaction, &given);
    let mut report = ImportReport::default();
    let (conversations, contacts) = people(&transaction)?;
    messages::bring(&unit, original, plan, &mut report)?;
    reminders::bring(&unit, original, plan, &mut report)?;
    campaigns::bring(&unit, original, plan, &mut report)?;
    listeners::bring(&unit, original, plan, &mut report)?;
    settings::bring(&unit, original, plan, &mut report)?;
    digests::bring(&unit, digests, plan, &mut report)?;
    let now = people(&transaction)?;
    (report.conversations, report.contacts) = (now.0 - conversations, now.1 - contacts);
    plan.reach(ImportStep::Written)?;
    match ending {
        Ending::Keep => transaction.commit()?,
        Ending::Undo => transaction.rollback()?,
    }
    Ok(report)
}

/// How many conversations and contacts there are.
fn people(connection: &Connection) -> rusqlite::Result<(u64, u64)> {
    let conversations = values::count(connection, "SELECT count(*) FROM conversation", ())?;
    Ok((conversations, values::count(connection, "SELECT count(*) FROM contact", ())?))
}
