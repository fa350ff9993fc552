//! Looking into a database file without changing anything in it or beside it.

use std::{fmt::Write as _, path::Path};

use rusqlite::{Connection, OpenFlags};

use super::{SqliteOptions, import::companion, shown};
use crate::error::StoreError;

/// A connection that only reads. Whoever works with the file keeps a WAL beside it; where there is none, SQLite would
/// make one even to read, unless it is told that nobody writes.
pub(super) fn open(options: &SqliteOptions) -> Result<Connection, StoreError> {
    let path = &options.path;
    let alone = if companion(path, "-wal").exists() { "" } else { "&immutable=1" };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let fault = |error| StoreError::fault(format!("opening {}", shown(path)), error);
    let connection = Connection::open_with_flags(format!("file:{}?mode=ro{alone}", escaped(path)), flags)
        .map_err(fault)?;
    connection.busy_timeout(options.busy_timeout).map_err(fault)?;
    Ok(connection)
}

/// A connection to an empty database that is nowhere but in memory, the same for all of them.
pub(super) fn nothing() -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags("file:/nothing?vfs=memdb", flags | OpenFlags::SQLITE_OPEN_URI)?)
}

/// A path in a URI.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/.-_~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
