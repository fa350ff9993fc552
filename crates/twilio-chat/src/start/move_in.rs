//! A database of the original program where ours should be: its data are moved in before anything opens it.

use hub_store::{ImportError, ImportPlan, NoWatch, SqliteOptions, Store};
use jiff::Timestamp;

use super::{DataLock, StartError, lock};
use crate::{config::Config, i18n::Lang, t};

/// Moves the original's data in when its database lies at `DB_PATH`. `held` is the lock of the data, where
/// the caller has it already.
pub fn move_in_if_original(
    config: &Config,
    now: Timestamp,
    held: Option<&DataLock>,
) -> Result<(), StartError> {
    let options = SqliteOptions::new(&config.database);
    let fault = |source: ImportError| StartError::MoveIn { source };
    if !Store::holds_original(&options).map_err(|error| fault(error.into()))? {
        return Ok(());
    }
    let _lock = match held {
        Some(_) => None,
        None => Some(lock(config)?),
    };
    let news_config = Some(config.knowledge_folder.join("news_config.json")).filter(|path| path.is_file());
    let plan = ImportPlan { dry_run: false, now, watch: &NoWatch };
    let report = Store::move_in_sqlite(&options, news_config.as_deref(), plan).map_err(fault)?;
    tracing::info!(
        messages = report.messages.added,
        conversations = report.conversations,
        copy = %report.copy.unwrap_or_default().display(),
        notes = ?report.notes,
        "the data of the original program were moved in"
    );
    Ok(())
}

/// Why an import did not happen, and what to do about it.
pub(crate) fn describe(error: &ImportError, lang: Lang) -> String {
    match error {
        ImportError::NotFound(path) => t!(lang, "cli.import.not_found", path = path.display()),
        ImportError::NotOriginal { path, found } => {
            t!(lang, "cli.import.foreign", path = path.display(), found = found)
        }
        ImportError::Older { path, found, known } => {
            t!(lang, "cli.import.older", path = path.display(), found = found, known = known)
        }
        ImportError::Later { path, found, known } => {
            t!(lang, "cli.import.later", path = path.display(), found = found, known = known)
        }
        ImportError::Owner { path, user, group } => {
            t!(lang, "cli.import.owner", path = path.display(), user = user, group = group)
        }
        ImportError::InUse(path) => t!(lang, "cli.import.in_use", path = path.display()),
        ImportError::Damaged { path, detail } => {
            t!(lang, "cli.import.damaged", path = path.display(), detail = detail)
        }
        ImportError::NewsConfig { path, detail } => {
            t!(lang, "cli.import.news_config", path = path.display(), detail = detail)
        }
        ImportError::Incomplete { .. }
        | ImportError::Interrupted
        | ImportError::Io { .. }
        | ImportError::Store(_) => t!(lang, "cli.import.fault", error = error),
    }
}
