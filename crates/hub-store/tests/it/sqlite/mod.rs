//! What only SQLite promises: its file, its faults, its migrations.

mod durability;
mod faults;
mod migrations;
mod names;
mod upgrades;

use std::path::Path;

use rusqlite::Connection;

/// A connection of somebody else to the same file.
fn another(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}
