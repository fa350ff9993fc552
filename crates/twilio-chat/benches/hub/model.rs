//! Whether a model that hangs slows the receiving of messages.
//!
//! Signed texts at a steady rate, each to be answered by the model, to a hub whose model answers promptly and to
//! one whose model never does. The two take turns; neighbours are compared, and the middle of their ratios counts.

use std::time::Duration;

use anyhow::{anyhow, ensure};
use hub_domain::assistant::settings::{AssistantChoice, AssistantSettings};
use hub_sim::{LoadPlan, LoadReport, ModelFaults, SimConfig};
use hub_store::{SqliteOptions, Store};
use tokio_util::sync::CancellationToken;

use super::{
    Workshop, clock, drain,
    hub::{self, Hub},
    inbound::millis,
    table::{Figure, Goal, Table},
    webhook,
};

const ROUNDS: u64 = 5;
const STORED: u32 = 1_000;
/// Texts a second: far more than a small firm gets, far less than the hub can take.
const RATE: u32 = 200;
/// Shorter than the hub waits for a model: all places for calls stay taken.
const LASTS: Duration = Duration::from_secs(5);
/// Each writes once, so that every text is a question of its own.
const PEOPLE: u32 = 1_000;

/// How long webhooks took in one window.
struct Sample {
    p50: f64,
    p99: f64,
}

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let prompt = ModelFaults { delay_ms: 20, ..ModelFaults::default() };
    let hanging = ModelFaults { hangs: 1.0, ..ModelFaults::default() };
    let (mut with_prompt, mut with_hanging) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        with_prompt.push(receive(workshop, &prompt, 2 * round)?);
        with_hanging.push(receive(workshop, &hanging, 2 * round + 1)?);
    }
    let times = with_prompt.iter().zip(&with_hanging).map(|(prompt, hanging)| hanging.p99 / prompt.p99);
    let times = clock::median_of(times.collect());
    report(table, "the model answers", &with_prompt);
    report(table, "the model hangs", &with_hanging);
    let times = Figure::new("p99 times", times, "").with_goal(Goal::AtMost(1.2));
    table.line("model", "hanging beside answering", &[times]);
    Ok(())
}

fn report(table: &mut Table, what: &str, samples: &[Sample]) {
    let middle = |pick: fn(&Sample) -> f64| clock::median_of(samples.iter().map(pick).collect());
    let figures = [
        Figure::new("p50", middle(|sample| sample.p50), "ms"),
        Figure::new("p99", middle(|sample| sample.p99), "ms"),
    ];
    table.line("model", &format!("{RATE} texts a second, {what}"), &figures);
}

fn receive(workshop: &Workshop, faults: &ModelFaults, seed: u64) -> anyhow::Result<Sample> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = workshop.folder_with("model", STORED)?;
    runtime.block_on(switch_on(&Store::open_sqlite(&SqliteOptions::new(folder.join(hub::DATABASE)))?))?;
    let stop = CancellationToken::new();
    let (simulator, url) = drain::simulator(&runtime, &stop)?;
    simulator.model().faults(faults.clone());
    let (service, key) = (format!("{url}/v1"), SimConfig::default().model_key);
    let own = [("TWILIO_API_BASE_URL", &*url), ("OPENAI_BASE_URL", &*service), ("OPENAI_API_KEY", &*key)];
    let hub = Hub::start_with(&folder, &[own.as_slice(), drain::UNLIMITED.as_slice()].concat())?;
    hub.wait_until_idle()?;
    let plan = LoadPlan {
        url: format!("http://{}/twilio/inbound", hub.address),
        signed_url: Some(format!("{}/twilio/inbound", webhook::PUBLIC_BASE)),
        auth_token: webhook::TOKEN.to_owned(),
        account_sid: hub::ACCOUNT.to_owned(),
        to: webhook::HUB_NUMBER.to_owned(),
        rate: RATE,
        lasts: LASTS,
        people: PEOPLE,
        seed,
    };
    let taken = runtime.block_on(hub_sim::load(&plan))?;
    let asked = simulator.model().counts().requests;
    stop.cancel();
    ensure!(taken.accepted == taken.sent, "webhooks were not taken: {taken}");
    ensure!(asked > 0, "the model was not asked");
    Ok(sample(&taken))
}

/// The assistant answers each text at once.
async fn switch_on(store: &Store) -> anyhow::Result<()> {
    let choice =
        AssistantChoice { enabled: Some(true), quiet_seconds: Some(0), ..AssistantChoice::default() };
    store
        .change_assistant(choice, AssistantSettings::default(), drain::nobody(), clock::timestamp())
        .await?
        .map_err(|error| anyhow!(error))?;
    store.close();
    Ok(())
}

fn sample(taken: &LoadReport) -> Sample {
    Sample { p50: millis(taken.percentile(50)), p99: millis(taken.percentile(99)) }
}
