//! The Polish texts, one file an area; a key begins with the name of its area.

use super::Entry;

mod ai;
mod answering;
mod audit;
mod builds;
mod chat;
mod cli;
mod config;
mod decision;
mod desk;
mod door;
mod inbox;
mod jobs;
mod keys;
mod knowledge;
mod news;
mod replies;
mod settings;
mod setup;
mod shell;
mod vectors;
mod web;
mod webhooks;

pub(super) const AREAS: &[&[Entry]] = &[
    ai::TEXTS,
    answering::TEXTS,
    audit::TEXTS,
    builds::TEXTS,
    chat::TEXTS,
    cli::TEXTS,
    config::TEXTS,
    decision::TEXTS,
    desk::TEXTS,
    door::TEXTS,
    inbox::TEXTS,
    jobs::TEXTS,
    keys::TEXTS,
    knowledge::TEXTS,
    news::TEXTS,
    replies::TEXTS,
    settings::TEXTS,
    setup::TEXTS,
    shell::TEXTS,
    vectors::TEXTS,
    web::TEXTS,
    webhooks::TEXTS,
];
