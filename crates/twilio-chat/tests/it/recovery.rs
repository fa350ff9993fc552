//! What never reached the hub is found in Twilio's list, once, and answered only while an answer makes sense.

mod backfill;
mod elsewhere;
mod held;
mod media;
mod polling;
mod refused;
mod restore;
mod statuses;
mod walk;

use std::time::Duration;

use crate::{hub::TestHub, setup::Setup, talk::ANNA};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// A hub that answers and has run for an hour.
async fn running() -> TestHub {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.advance(HOUR).await;
    hub
}

/// A hub that was down while Anna wrote, so long ago that a machine must not answer any more.
async fn with_a_held_answer() -> TestHub {
    let mut hub = running().await;
    hub.kill();
    hub.phone(ANNA).writes("Czy jest wolny termin?");
    hub.advance(HOUR).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    assert_eq!(hub.decisions().await, ["held_stale"]);
    hub
}

/// How many lists Twilio was asked for since the line of the trace with that number.
fn lists(hub: &TestHub, since: usize) -> usize {
    let lines = hub.trace.lines();
    lines[since..].iter().filter(|(_, line)| line.starts_with("GET Messages.json")).count()
}

impl TestHub {
    /// The reports of `GET /api/recovery`, the latest first.
    async fn reports(&self) -> Vec<serde_json::Value> {
        self.get("/api/recovery").await.json()["items"].as_array().unwrap().clone()
    }
}
