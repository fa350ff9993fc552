//! The Polish texts, one file an area; a key begins with the name of its area.

use super::Entry;

mod cli;
mod config;
mod inbox;
mod web;

pub(super) const AREAS: &[&[Entry]] = &[cli::TEXTS, config::TEXTS, inbox::TEXTS, web::TEXTS];
