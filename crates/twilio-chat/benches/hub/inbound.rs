//! Signed durable inbound messages a second, beside the same router without the store and the same unit of
//! work without HTTP.
//!
//! Each window has a fresh copy of the same small database; the three subjects take turns, and the middle of
//! the rounds counts, for the ratio the middle of the rounds' ratios.

use std::{sync::Arc, time::Duration};

use super::{
    Workshop,
    child::UnitOrder,
    clock::{median, median_of},
    hub::{self, Hub},
    load::{self, Until, Window},
    process,
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const CLIENTS: [usize; 4] = [1, 8, 32, 128];
const ROUNDS: usize = 3;
const WINDOW: Duration = Duration::from_millis(1500);
/// More than the hub can take in a window.
const REQUESTS: usize = 100_000;
const STORED: u32 = 1_000;

/// One subject in one window.
#[derive(Clone, Copy, Debug)]
struct Sample {
    rate: f64,
    p50: Duration,
    p99: Duration,
    cpu: Duration,
}

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let requests = Arc::new(Mint::new(1).requests(REQUESTS));
    for clients in CLIENTS {
        let (mut hub, mut null, mut unit) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            hub.push(of_hub(workshop, &requests, clients)?);
            null.push(of_null(&requests, clients)?);
            unit.push(of_unit(workshop, clients)?);
        }
        let of_limits = hub.iter().zip(null.iter().zip(&unit));
        let of_limits = of_limits.map(|(hub, (null, unit))| hub.rate / null.rate.min(unit.rate)).collect();
        report(table, clients, [middle(&hub), middle(&null), middle(&unit)], median_of(of_limits));
    }
    Ok(())
}

fn report(table: &mut Table, clients: usize, [hub, null, unit]: [Sample; 3], of_limit: f64) {
    let mut of_limit = Figure::new("of the smaller limit", of_limit, "");
    let [rate, p50, mut p99, mut cpu] = hub.figures();
    if clients == 32 {
        p99 = p99.with_goal(Goal::AtMost(15.0));
        cpu = cpu.with_goal(Goal::AtMost(0.1));
    }
    if clients == 128 {
        of_limit = of_limit.with_goal(Goal::AtLeast(0.5));
    }
    let part = "inbound";
    table.line(part, &format!("{clients} at once: the hub"), &[rate, p50, p99, cpu, of_limit]);
    table.line(part, "  (a) the router without the store", &null.figures());
    table.line(part, "  (b) the store without HTTP", &unit.figures());
}

impl Sample {
    fn figures(self) -> [Figure; 4] {
        [
            Figure::new("", self.rate, "/s"),
            Figure::new("p50", millis(self.p50), "ms"),
            Figure::new("p99", millis(self.p99), "ms"),
            Figure::new("CPU", millis(self.cpu), "ms"),
        ]
    }
}

/// Its CPU time counts until the reply of every message is decided: that is part of receiving one.
fn of_hub(workshop: &Workshop, requests: &Arc<Vec<Vec<u8>>>, clients: usize) -> anyhow::Result<Sample> {
    let hub = Hub::start(&workshop.folder_with("inbound", STORED)?)?;
    hub.wait_until_idle()?;
    let before = process::cpu_time(hub.pid())?;
    let window = load::send(hub.address, requests, clients, Until::Time(WINDOW))?;
    hub.wait_until_idle()?;
    Ok(sample(&window, process::cpu_time(hub.pid())?.saturating_sub(before)))
}

fn of_null(requests: &Arc<Vec<Vec<u8>>>, clients: usize) -> anyhow::Result<Sample> {
    let server = Hub::start_null()?;
    let before = process::cpu_time(server.pid())?;
    let window = load::send(server.address, requests, clients, Until::Time(WINDOW))?;
    Ok(sample(&window, process::cpu_time(server.pid())?.saturating_sub(before)))
}

fn of_unit(workshop: &Workshop, callers: usize) -> anyhow::Result<Sample> {
    let folder = workshop.folder_with("unit", STORED)?;
    let order = UnitOrder { database: folder.join(hub::DATABASE), callers, lasts: WINDOW };
    let figures = order.carry_out()?;
    Ok(Sample { rate: figures.rate, p50: figures.p50, p99: figures.p99, cpu: figures.cpu })
}

fn sample(window: &Window, cpu: Duration) -> Sample {
    let each = cpu.div_f64(load::count(window.waits.len()).max(1.0));
    Sample { rate: window.rate(), p50: window.quantile(500), p99: window.quantile(990), cpu: each }
}

fn middle(samples: &[Sample]) -> Sample {
    let time = |pick: fn(&Sample) -> Duration| median(samples.iter().map(pick).collect());
    Sample {
        rate: median_of(samples.iter().map(|sample| sample.rate).collect()),
        p50: time(|sample| sample.p50),
        p99: time(|sample| sample.p99),
        cpu: time(|sample| sample.cpu),
    }
}

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
