//! The product's integration tests.
//!
//! Most run it in process ([`hub::TestHub`]): a temporary file, a clock that stands still, seeded randomness
//! and the simulator without sockets. `process` starts the real binary.

#[cfg(test)]
mod access;
#[cfg(test)]
mod ai_pages;
#[cfg(test)]
mod api;
#[cfg(test)]
mod assistant;
#[cfg(test)]
mod assistant_api;
#[cfg(test)]
mod audited;
#[cfg(test)]
mod chat_pages;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod door;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hub;
#[cfg(test)]
mod inbound;
#[cfg(test)]
#[path = "../../../hub-store/tests/it/sqlite/kept.rs"]
mod kept;
#[cfg(test)]
mod knowledge_answers;
#[cfg(test)]
mod knowledge_building;
#[cfg(test)]
mod knowledge_replies;
#[cfg(test)]
mod knowledge_vectors;
#[cfg(test)]
mod live;
#[cfg(test)]
mod media;
#[cfg(test)]
mod model;
#[cfg(test)]
mod news_api;
#[cfg(test)]
mod news_page;
#[cfg(test)]
mod notices;
#[cfg(test)]
#[path = "../../../hub-store/tests/it/original_db.rs"]
#[expect(dead_code, reason = "the store's own tests use the rest of it")]
mod original_db;
#[cfg(test)]
mod people;
#[cfg(test)]
mod pressure;
#[cfg(test)]
mod process;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod replies;
#[cfg(test)]
mod reply_pages;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod settings_pages;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod skeleton;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod talk;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod typed_values;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
#[cfg(test)]
mod workspace;
#[cfg(test)]
mod world;
