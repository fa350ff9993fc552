//! What only SQLite promises: its file, its faults, its migrations.

mod durability;
mod faults;
pub(crate) mod kept;
mod migrations;
mod names;
mod upgrades;

use std::path::Path;

use rusqlite::Connection;

use crate::harness::TestStore;

/// A connection of somebody else to the same file.
fn another(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

impl TestStore {
    /// The first column of what the file holds.
    pub(crate) fn on_disk(&self, sql: &str) -> Vec<String> {
        let file = another(&self.path());
        let mut statement = file.prepare(sql).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}
