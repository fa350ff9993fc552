//! Moving in where the original lives: its database makes room for ours in the same place.
//!
//! The order keeps every moment safe. The original's WAL is brought into its file by SQLite itself; then a
//! verified copy is made, and our database is built from it elsewhere; the copy is put beside the original;
//! only then, in one rename, does the new database take its place. A WAL of the original left beside the new
//! file would be replayed into it, which is why the WAL has to go first.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    digests, io_fault, schema, source,
    staging::{self, Staging},
    transfer::{Ending, transfer},
};
use crate::{
    error::StoreError,
    import::{ImportError, ImportPlan, ImportReport, ImportStep},
    sqlite::{SqliteOptions, look, migrations::APPLICATION_ID},
};

/// How long somebody else's use of the file is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the original's data are in the file. Anything else, also what can't be read, is for the opening
/// of the store to judge.
pub(crate) fn holds_original(options: &SqliteOptions) -> Result<bool, StoreError> {
    if ours_by_header(&options.path) || fs::metadata(&options.path).map_or(true, |file| file.len() == 0) {
        return Ok(false);
    }
    // A look changes nothing; what it can't read (a journal that a killed process left) SQLite puts right.
    let looked = look::open(options).ok().and_then(|connection| schema::is_of_original(&connection).ok());
    if let Some(answer) = looked {
        return Ok(answer);
    }
    match open(&options.path).and_then(|connection| schema::is_of_original(&connection)) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Ok(false),
        answer => Ok(answer?),
    }
}

pub(crate) fn move_in(
    options: &SqliteOptions,
    news_config: Option<&Path>,
    plan: ImportPlan<'_>,
) -> Result<ImportReport, ImportError> {
    // Behind a symbolic link, the file is replaced and the link stays.
    let home = fs::canonicalize(&options.path)
        .map_err(io_fault(format!("looking for {}", options.path.display())))?;
    let digests = digests::read(news_config)?;
    let staging = Staging::beside(&home)?;
    take_owner(&home, &staging.file("owner"))?;
    fold(&home)?;
    let guard = Guard::over(&home)?;
    let copy = staging.file("original.db");
    source::copy_verified(&home, &copy)?;
    plan.reach(ImportStep::Copied)?;

    let new = staging.file("new.db");
    let built = SqliteOptions { path: new.clone(), ..options.clone() };
    let mut report = transfer(&built, &copy, &digests, plan, Ending::Keep)?;
    if source::companion(&new, "-wal").exists() {
        let source = io::Error::other("what was written is not all in its file; is the disk full?");
        return Err(ImportError::Io { doing: format!("building {}", new.display()), source });
    }
    take_owner(&home, &new)?;
    take_permissions(&home, &new)?;
    let fault = || io_fault(format!("comparing {} with its copy", home.display()));
    if !source::same(&home, &copy).map_err(fault())? {
        return Err(ImportError::InUse(home));
    }
    // From here on no file of the original may be opened and closed: that would let go of the lock.
    guard.close()?;
    report.copy = Some(staging::keep(&copy, staging::folder_of(&home), &stem(&home), plan.now)?.into_path());
    plan.reach(ImportStep::Kept)?;
    staging::replace(&new, &home)?;
    Ok(report)
}

/// Ours as far as the first page tells; a file of ours that was never checkpointed doesn't show it there.
fn ours_by_header(path: &Path) -> bool {
    use std::io::Read;
    let mut header = [0; 72];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && header.ends_with(&APPLICATION_ID.to_be_bytes())
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Brings the original's WAL into its file. Fails while another process has the file open: such a process
/// would go on writing to a file that is no longer in its place.
fn fold(home: &Path) -> Result<(), ImportError> {
    let connection = open(home)?;
    schema::recognise(&connection, home)?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = DELETE", (), |row| row.get(0))
        .map_err(|error| busy(error, home))?;
    if mode == "delete" { Ok(()) } else { Err(ImportError::InUse(home.to_owned())) }
}

/// Keeps others from writing to the original while ours takes its place.
struct Guard {
    connection: Connection,
    home: PathBuf,
    /// Changes with every commit of somebody else.
    version: i64,
}

impl Guard {
    /// Begins to look out for commits, before the copy is made.
    fn over(home: &Path) -> Result<Self, ImportError> {
        let connection = open(home)?;
        let version = data_version(&connection)?;
        Ok(Self { connection, home: home.to_owned(), version })
    }

    /// Lets nobody write until it is dropped; refuses when somebody has since the beginning. A program that had the
    /// file open sees afterwards that it was moved, and can't write either.
    fn close(&self) -> Result<(), ImportError> {
        let locked = self.connection.execute_batch("BEGIN EXCLUSIVE");
        locked.map_err(|error| busy(error, &self.home))?;
        if data_version(&self.connection)? == self.version {
            Ok(())
        } else {
            Err(ImportError::InUse(self.home.clone()))
        }
    }
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", (), |row| row.get(0))
}

fn busy(error: rusqlite::Error, home: &Path) -> ImportError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ImportError::InUse(home.to_owned()),
        _ => error.into(),
    }
}

/// Gives a file of ours, made where it is not there, to the owner and group of the original's.
#[cfg(unix)]
fn take_owner(from: &Path, to: &Path) -> Result<(), ImportError> {
    use std::os::unix::fs::{MetadataExt, chown};
    let doing = || io_fault(format!("looking for the owner of {}", from.display()));
    let made = fs::File::options().create(true).append(true).open(to).and_then(|file| file.metadata());
    let (theirs, ours) = (fs::metadata(from).map_err(doing())?, made.map_err(doing())?);
    let (user, group) = (theirs.uid(), theirs.gid());
    if (user, group) == (ours.uid(), ours.gid()) {
        return Ok(());
    }
    chown(to, Some(user), Some(group)).map_err(|_| ImportError::Owner { path: from.to_owned(), user, group })
}

#[cfg(not(unix))]
fn take_owner(_: &Path, _: &Path) -> Result<(), ImportError> {
    Ok(())
}

/// The new file may be read and written by whoever could the old one.
fn take_permissions(from: &Path, to: &Path) -> Result<(), ImportError> {
    fs::metadata(from)
        .and_then(|file| fs::set_permissions(to, file.permissions()))
        .map_err(io_fault(format!("setting the permissions of {}", to.display())))
}

/// `app.original` for `app.db`.
fn stem(home: &Path) -> String {
    let stem = home.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    format!("{stem}.original")
}
