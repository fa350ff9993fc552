//! Importing the original's database: a verified copy first, then one transaction into ours.

mod campaigns;
mod consents;
mod digests;
mod listeners;
mod messages;
mod numbers;
mod reminders;
mod replace;
mod schema;
mod settings;
mod source;
mod staging;
mod times;
mod transfer;
mod values;

use std::{fs, path::Path};

pub(crate) use self::{
    replace::{holds_original, move_in},
    source::companion,
};
use self::{
    staging::Staging,
    transfer::{Ending, transfer},
};
use super::SqliteOptions;
use crate::import::{ImportError, ImportPlan, ImportReport, ImportStep, Installation};

/// Copies the source aside and imports the copy.
pub(crate) fn import(
    options: &SqliteOptions,
    from: &Installation,
    plan: ImportPlan<'_>,
) -> Result<ImportReport, ImportError> {
    let staging = Staging::beside(&options.path)?;
    let copy = staging.file("original.db");
    source::copy_verified(&from.database, &copy)?;
    plan.reach(ImportStep::Copied)?;
    let digests = digests::read(from.news_config.as_deref())?;
    if plan.dry_run {
        // Without a database of ours (or with the original in its place) there is nothing to compare with.
        let ours = options.path.exists() && !same_file(&options.path, &from.database);
        let path = staging.file("dry-run.db");
        if ours {
            source::copy_files(&options.path, &path)?;
        }
        let options = SqliteOptions { path, ..options.clone() };
        return transfer(&options, &copy, &digests, plan, Ending::Undo);
    }
    // Kept before anything is committed: whenever the process dies, what was taken over has its copy.
    let kept = staging::keep(&copy, staging.folder(), "original", plan.now)?;
    match transfer(options, kept.path(), &digests, plan, Ending::Keep) {
        Ok(report) => Ok(ImportReport { copy: Some(kept.into_path()), ..report }),
        Err(error) => {
            kept.take_back();
            Err(error)
        }
    }
}

/// Whether two paths lead to the same file.
fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn io_fault(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> ImportError {
    let doing = doing.into();
    move |source| ImportError::Io { doing, source }
}
