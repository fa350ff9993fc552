//! A verified copy of a database that belongs to another program, made without SQLite touching the source.
//!
//! Even to read, SQLite would put `-wal` and `-shm` files beside a database in WAL mode. So the files are
//! copied byte by byte, compared again, and only the copy is opened.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{io_fault, schema};
use crate::import::ImportError;

/// Copies that a program writing in between may spoil before we give up.
const TRIES: u32 = 5;

/// What SQLite may keep beside a database and needs to read it.
const COMPANIONS: [&str; 2] = ["-wal", "-journal"];

/// Copies `source` with what is still in its WAL into the one file `copy`, and checks that it is the
/// original's and sound.
pub(super) fn copy_verified(source: &Path, copy: &Path) -> Result<(), ImportError> {
    copy_files(source, copy)?;
    fold(source, copy)?;
    File::open(copy)
        .and_then(|file| file.sync_all())
        .map_err(io_fault(format!("writing {} to the disk", copy.display())))
}

/// The copy, to read from.
pub(super) fn open_copy(copy: &Path) -> Result<Connection, ImportError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    connection.execute_batch("PRAGMA cache_size = -32768")?;
    Ok(connection)
}

/// A database's `-wal` and the like.
pub(crate) fn companion(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}

/// Whether two files, companions included, hold the same bytes at this moment.
pub(super) fn same(one: &Path, other: &Path) -> io::Result<bool> {
    if !same_bytes(one, other)? {
        return Ok(false);
    }
    for suffix in COMPANIONS {
        let (one, other) = (companion(one, suffix), companion(other, suffix));
        let alike = match (one.exists(), other.exists()) {
            (true, true) => same_bytes(&one, &other)?,
            (here, there) => here == there,
        };
        if !alike {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies a database that nobody is to write meanwhile, with what is in its WAL.
pub(super) fn copy_files(source: &Path, copy: &Path) -> Result<(), ImportError> {
    let fault = || io_fault(format!("copying {}", source.display()));
    for _ in 0..TRIES {
        copy_file(source, copy).map_err(fault())?;
        for suffix in COMPANIONS {
            let (from, to) = (companion(source, suffix), companion(copy, suffix));
            match copy_file(&from, &to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => remove(&to).map_err(fault())?,
                done => done.map_err(fault())?,
            }
        }
        // Every write to the source since the copy began shows here: the copy is of one moment or is not used.
        match same(source, copy) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fault()(error)),
        }
    }
    Err(ImportError::InUse(source.to_owned()))
}

/// Copies the contents alone: the copy is nobody else's to read, whoever may read the source.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::copy(&mut source, &mut options.open(to)?)?;
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Brings the copy's WAL into its database and checks the whole.
fn fold(source: &Path, copy: &Path) -> Result<(), ImportError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    let damaged = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            ImportError::NotOriginal { path: source.to_owned(), found: "no database at all".to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            ImportError::Damaged { path: source.to_owned(), detail: error.to_string() }
        }
        _ => error.into(),
    };
    connection.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)).map_err(damaged)?;
    schema::recognise(&connection, source)?;
    connection.execute_batch("PRAGMA journal_mode = DELETE").map_err(damaged)?;
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0)).map_err(damaged)?;
    if verdict != "ok" {
        return Err(ImportError::Damaged { path: source.to_owned(), detail: verdict });
    }
    Ok(())
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    let (mut left, mut right) = (vec![0; BLOCK], vec![0; BLOCK]);
    loop {
        let (read, also) = (fill(&mut one, &mut left)?, fill(&mut other, &mut right)?);
        if left.get(..read) != right.get(..also) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// Bytes compared at a time.
const BLOCK: usize = 64 * 1024;

/// Reads until the block is full or the file ends.
fn fill(file: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
