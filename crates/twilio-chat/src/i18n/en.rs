//! The English texts, one file an area; a key begins with the name of its area.

use super::Entry;

mod ai;
mod chat;
mod cli;
mod config;
mod desk;
mod door;
mod inbox;
mod knowledge;
mod settings;
mod setup;
mod shell;
mod web;

pub(super) const AREAS: &[&[Entry]] = &[
    ai::TEXTS,
    chat::TEXTS,
    cli::TEXTS,
    config::TEXTS,
    desk::TEXTS,
    door::TEXTS,
    inbox::TEXTS,
    knowledge::TEXTS,
    settings::TEXTS,
    setup::TEXTS,
    shell::TEXTS,
    web::TEXTS,
];
