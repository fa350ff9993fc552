//! The Polish texts, one file an area; a key begins with the name of its area.

use super::Entry;

mod chat;
mod cli;
mod config;
mod desk;
mod door;
mod inbox;
mod knowledge;
mod replies;
mod settings;
mod setup;
mod shell;
mod web;

pub(super) const AREAS: &[&[Entry]] = &[
    chat::TEXTS,
    cli::TEXTS,
    config::TEXTS,
    desk::TEXTS,
    door::TEXTS,
    inbox::TEXTS,
    knowledge::TEXTS,
    replies::TEXTS,
    settings::TEXTS,
    setup::TEXTS,
    shell::TEXTS,
    web::TEXTS,
];
