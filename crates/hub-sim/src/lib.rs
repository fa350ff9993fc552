//! A stateful lookalike of Twilio's messaging API, and of an OpenAI-compatible model service beside it, to
//! develop, demonstrate and test against.
//!
//! It keeps the whole truth of a made-up account (messages both ways, statuses, opt-outs), answers the REST
//! calls, emits signed webhooks, and breaks on request. It is an independent oracle: it shares no code with the
//! product and signs with its own few lines. It must never talk to anything but `http://127.0.0.1`.
//!
//! # Control
//!
//! Beside Twilio's paths, `/sim` (JSON; bind it to loopback only):
//!
//! | | |
//! |---|---|
//! | `GET /sim/numbers` | our senders |
//! | `POST /sim/phone` | a person writes: [`PhoneText`], with `files` to attach (drawn, oversized, lying), `profile_name` and `button` on WhatsApp |
//! | `GET /sim/phone/{number}` | what that person's phone shows |
//! | `POST /sim/scenario` | plays a scripted day: `{"name": "shop", "to": "+1…", "hour_s": 20}` |
//! | `GET /sim/messages`, `/sim/webhooks`, `/sim/counts` | the truth: messages, webhook attempts, how calls went |
//! | `GET`, `POST /sim/faults` | the plan of faults: [`Faults`], with a script for the next creates |
//! | `GET`, `POST /sim/model/faults`, `POST /sim/model/rules` | the model service: [`ModelFaults`], scripted answers |
//! | `GET /sim/model/counts`, `/sim/model/last-chat` | what it was asked |
//! | `POST /sim/rules` | how messages to certain numbers end: [`Rule`], error codes included |
//!
//! Numbers `+1 500 555 03xx` end badly by themselves ([`Rule::magic_numbers`]); Twilio's own test numbers
//! (`+1 500 555 000x`) are refused as there.
//!
//! Map: [`Simulator`] is the door; [`SimConfig`] the account; [`Faults`] what goes wrong; [`serve`] puts it on a
//! socket. Inside, one `State` behind one mutex is changed by `create` and `inbound` (messages in),
//! `progress` (statuses climb), `optout`, `answers` (what webhooks were answered) and read by `list`.

mod answers;
mod api;
mod checks;
mod config;
mod contents;
mod control;
mod create;
mod error_codes;
mod faults;
mod form;
mod inbound;
mod list;
mod load;
mod media;
mod message;
mod model;
mod numbers;
mod optout;
mod phone;
mod picture;
mod progress;
mod random;
mod reply;
mod scenario;
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
pub use load::{LoadError, LoadPlan, LoadReport, load};
pub use media::{Content, File};
pub use message::{Direction, Media, SimMessage, Status};
pub use model::{AnswerRule, ModelCounts, ModelFault, ModelFaults, ModelSimulator, embed};
pub use phone::{PhoneBubble, PhoneText};
pub use reply::{ConnectionFault, Latency};
pub use scenario::{BadScenario, Scenario};
pub use serve::serve;
pub use signature::sign;
pub use simulator::{Deliver, DeliverFuture, Simulator};
pub use state::Counts;
pub use webhook::{Webhook, WebhookKind};
