//! What goes wrong at the model service.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What goes wrong. Probabilities are 0 to 1; everything absent is off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelFaults {
    /// Every answer takes this long.
    pub delay_ms: u64,
    /// Between two pieces of a stream.
    pub piece_delay_ms: u64,
    /// What happens to the next calls, in order, before probabilities apply again.
    pub next: VecDeque<ModelFault>,
    /// 429 with `Retry-After`.
    pub throttled: f64,
    /// 500.
    pub errors: f64,
    /// No answer ever.
    pub hangs: f64,
    /// The connection breaks without an answer; a stream breaks in its middle.
    pub cuts: f64,
    /// 200 with bytes that are not JSON.
    pub garbage: f64,
    /// 200 with an empty body.
    pub empty: f64,
    /// 200 with 10 MB of valid JSON.
    pub huge: f64,
    /// 200 with JSON of another shape.
    pub malformed: f64,
    /// Vectors of one number too few.
    pub wrong_dimensions: f64,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelFault {
    /// Nothing: it is answered.
    Fine,
    /// 429; try again after so many seconds.
    Throttled {
        /// `Retry-After`.
        retry_after_s: u32,
    },
    /// 500.
    Error,
    /// Never answered.
    Hang,
    /// The connection breaks; a stream breaks in its middle.
    Cut,
    /// Bytes that are not JSON.
    Garbage,
    /// An empty body.
    Empty,
    /// 10 MB of valid JSON.
    Huge,
    /// JSON of another shape.
    Malformed,
    /// Vectors of one number too few.
    WrongDimensions,
}

impl ModelFaults {
    /// What happens to the call that just came in. Always draws once.
    pub(super) fn draw(&mut self, luck: &mut Random) -> ModelFault {
        let draw = luck.fraction();
        let plan = [
            (self.throttled, ModelFault::Throttled { retry_after_s: 2 }),
            (self.errors, ModelFault::Error),
            (self.hangs, ModelFault::Hang),
            (self.cuts, ModelFault::Cut),
            (self.garbage, ModelFault::Garbage),
            (self.empty, ModelFault::Empty),
            (self.huge, ModelFault::Huge),
            (self.malformed, ModelFault::Malformed),
            (self.wrong_dimensions, ModelFault::WrongDimensions),
        ];
        self.next.pop_front().unwrap_or_else(|| {
            let mut reached = 0.0;
            let hit = plan.iter().find(|(probability, _)| {
                reached += probability;
                draw < reached
            });
            hit.map_or(ModelFault::Fine, |(_, fault)| *fault)
        })
    }
}
