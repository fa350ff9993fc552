//! The words and decisions of the hub: pure types and pure functions.
//!
//! Nothing here does I/O, reads a clock, draws a random number or knows SQL, HTTP or tokio. The shell
//! (store, clients, jobs, web) gathers facts, asks a function of this crate, and carries out the answer.

pub mod access;
pub mod address;
pub mod answering;
pub mod assistant;
pub mod attempt;
pub mod attention;
pub mod bot;
pub mod changes;
pub mod consent;
pub mod content;
pub mod country;
pub mod decided;
pub mod fixed_text;
pub mod folding;
pub mod history;
pub mod hours;
pub mod ids;
pub mod incoming;
pub mod job;
pub mod keywords;
pub mod links;
pub mod listeners;
pub mod long_text;
pub mod loops;
pub mod media;
pub mod message;
pub mod meter;
pub mod pace;
pub mod participant;
pub mod parts;
pub mod price;
pub mod reconcile;
pub mod recovery;
pub mod remote;
pub mod reply;
pub mod secret;
pub mod segments;
pub mod sending;
pub mod sentences;
pub mod series;
pub mod settings;
pub mod spending;
pub mod stage;
pub mod status;
pub mod stop;
pub mod takeover;
pub mod text;
pub mod throttle;
pub mod timing;
pub mod twilio_code;
pub mod whatsapp;
