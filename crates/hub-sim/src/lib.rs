//! A stateful lookalike of Twilio's messaging API to develop, demonstrate and test against.
//!
//! It keeps the whole truth of a made-up account (messages both ways, statuses, opt-outs), answers the REST
//! calls, emits signed webhooks, and breaks on request. It is an independent oracle: it shares no code with the
//! product and signs with its own few lines. It must never talk to anything but `http://127.0.0.1`.
//!
//! Map: [`Simulator`] is the door; [`SimConfig`] the account; [`Faults`] what goes wrong; [`serve`] puts it on a
//! socket. Inside, one `State` behind one mutex is changed by `create` and `inbound` (messages in),
//! `progress` (statuses climb), `optout`, `answers` (what webhooks were answered) and read by `list`.

mod answers;
mod api;
mod checks;
mod config;
mod control;
mod create;
mod faults;
mod form;
mod inbound;
mod list;
mod message;
mod optout;
mod phone;
mod progress;
mod random;
mod reply;
mod segments;
mod serve;
mod signature;
mod simulator;
mod state;
mod twiml;
mod webhook;

pub use answers::{WebhookAnswer, WebhookFailure, WebhookRecord};
pub use config::{Ending, Now, Pace, Rule, Service, SimConfig, Template};
pub use faults::{CreateFault, Faults};
pub use message::{Direction, Media, SimMessage, Status};
pub use phone::{PhoneBubble, PhoneText};
pub use reply::{ConnectionFault, Latency};
pub use serve::serve;
pub use signature::sign;
pub use simulator::{Deliver, DeliverFuture, Simulator};
pub use state::Counts;
pub use webhook::{Webhook, WebhookKind};
