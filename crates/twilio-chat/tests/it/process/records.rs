//! What is in a hub's database, read beside it.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, Params, Row};

/// A read-only look into the file.
#[derive(Debug)]
pub(super) struct Records(Connection);

impl Records {
    pub(super) fn open(path: &Path) -> Self {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        Self(connection)
    }

    pub(super) fn number(&self, sql: &str) -> u32 {
        self.0.query_row(sql, (), |row| row.get(0)).unwrap()
    }

    pub(super) fn rows<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Vec<T> {
        let mut statement = self.0.prepare(sql).unwrap();
        statement.query_map(parameters, read).unwrap().collect::<Result<_, _>>().unwrap()
    }
}
