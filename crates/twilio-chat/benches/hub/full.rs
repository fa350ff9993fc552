//! A hub with a million messages from fifty thousand people, beside an empty one: `make bench-full`.
//!
//! The two take turns on fresh copies, neighbours are compared and the middle of the ratios counts. The people
//! who write during a measurement are the same for both.

use std::{path::Path, sync::Arc, time::Duration};

use super::{
    Workshop,
    clock::{self, median_of},
    hub::Hub,
    inbound::millis,
    load::{self, Until},
    process,
    start::until_healthy,
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const MESSAGES: u32 = 1_000_000;
const PEOPLE: u32 = 50_000;
const ROUNDS: usize = 7;
const CLIENTS: usize = 32;
const WARMING: usize = 1_000;
const REQUESTS: usize = 6_000;
/// Reads of each list.
const READS: usize = 1_000;
/// Somebody whose thread has the usual length.
const PERSON: &str = "%2B48500100007";
/// Resident memory after everything, in MB.
const MEMORY: Goal = Goal::AtMost(100.0);

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    inbound(workshop, table)?;
    let folder = workshop.folder_from("full", MESSAGES, PEOPLE)?;
    table.line("full", "1M: until it is healthy", &[until_healthy(&folder)?]);
    lists(&folder, table)
}

/// Inbound with a million messages as a share of inbound with none.
fn inbound(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let warming = Arc::new(Mint::new(2).requests(WARMING));
    let requests = Arc::new(Mint::new(3).requests(REQUESTS));
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let empty = window(workshop, 0, &warming, &requests)?;
        rounds.push((empty, window(workshop, MESSAGES, &warming, &requests)?));
    }
    let of = |pick: fn(&(Sample, Sample)) -> f64| median_of(rounds.iter().map(pick).collect());
    let figures = |rate, cpu| [Figure::new("", rate, "/s"), Figure::new("CPU", cpu, "ms")];
    let empty = figures(of(|(empty, _)| empty.rate), of(|(empty, _)| empty.cpu_ms));
    table.line("full", "no messages stored, 32 at once", &empty);
    let full = figures(of(|(_, full)| full.rate), of(|(_, full)| full.cpu_ms));
    table.line("full", "1M messages stored, 32 at once", &full);
    let share = of(|(empty, full)| full.rate / empty.rate);
    let share = Figure::new("of the empty hub's rate", share, "").with_goal(Goal::AtLeast(0.9));
    table.line("full", "1M beside none", &[share]);
    Ok(())
}

/// One window of inbound messages.
struct Sample {
    rate: f64,
    /// Per message, its reply decision included.
    cpu_ms: f64,
}

type Requests = Arc<Vec<Vec<u8>>>;

fn window(
    workshop: &Workshop,
    messages: u32,
    warming: &Requests,
    requests: &Requests,
) -> anyhow::Result<Sample> {
    let hub = Hub::start(&workshop.folder_from("full", messages, PEOPLE)?)?;
    load::send(hub.address, warming, CLIENTS, Until::Empty)?;
    hub.wait_until_idle()?;
    let before = process::cpu_time(hub.pid())?;
    let rate = load::send(hub.address, requests, CLIENTS, Until::Empty)?.rate();
    hub.wait_until_idle()?;
    let cpu = process::cpu_time(hub.pid())?.saturating_sub(before);
    Ok(Sample { rate, cpu_ms: millis(cpu) / load::count(REQUESTS) })
}

/// The lists people look at, one request after another.
fn lists(folder: &Path, table: &mut Table) -> anyhow::Result<()> {
    let hub = Hub::start(folder)?;
    hub.health()?;
    for (what, target) in [
        ("messages", "/api/messages?limit=50".to_owned()),
        ("messages of one state", "/api/messages?limit=50&status=received".to_owned()),
        ("conversations", "/api/conversations?limit=30".to_owned()),
        ("one conversation", format!("/api/conversations/{PERSON}")),
        ("counts", "/api/messages/stats".to_owned()),
    ] {
        let mut waits = hub.read_often(&target, READS)?;
        waits.sort_unstable();
        let quantile = |per_cent: usize| -> Duration {
            waits.get(waits.len() * per_cent / 100).copied().unwrap_or_default()
        };
        let p99 = Figure::new("p99", millis(quantile(99)), "ms").with_goal(Goal::AtMost(20.0));
        let p50 = Figure::new("p50", millis(quantile(50)), "ms");
        table.line("full", &format!("1M: {what}"), &[p50, p99]);
    }
    let requests = Arc::new(Mint::new(4).requests(20_000));
    load::send(hub.address, &requests, CLIENTS, Until::Empty)?;
    hub.wait_until_idle()?;
    clock::pause(Duration::from_secs(1));
    let resident = Figure::new("", process::resident_mb(hub.pid())?, "MB").with_goal(MEMORY);
    table.line("full", "1M: memory after the lists and 20k more", &[resident]);
    Ok(())
}
