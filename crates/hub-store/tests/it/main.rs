//! The conformance suite: what any database behind [`hub_store::Store`] has to do.
//!
//! Every test takes its store from [`harness::fresh`] and knows nothing of what is behind it; only the
//! modules under `sqlite` look into the file.

#[cfg(test)]
mod access;
#[cfg(test)]
mod afterwards;
#[cfg(test)]
mod aside;
#[cfg(test)]
mod assistant;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod attempts;
#[cfg(test)]
mod automatic;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod deleted;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod events;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod history;
#[cfg(test)]
mod import;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod lanes;
#[cfg(test)]
mod late;
#[cfg(test)]
mod leases;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod original_db;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod past;
#[cfg(test)]
mod people;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod replies;
#[cfg(test)]
mod search;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod sends;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod silenced;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod thread;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod whatsapp;
#[cfg(test)]
mod words;
