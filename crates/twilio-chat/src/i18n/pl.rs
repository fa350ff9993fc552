//! The Polish texts, one file an area; a key begins with the name of its area.

use super::Entry;

mod cli;
mod config;
mod door;
mod inbox;
mod knowledge;
mod settings;
mod setup;
mod shell;
mod web;

pub(super) const AREAS: &[&[Entry]] = &[
    cli::TEXTS,
    config::TEXTS,
    door::TEXTS,
    inbox::TEXTS,
    knowledge::TEXTS,
    settings::TEXTS,
    setup::TEXTS,
    shell::TEXTS,
    web::TEXTS,
];
