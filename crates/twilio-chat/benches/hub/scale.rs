//! Whether a hub with many messages is slower than one with few.
//!
//! Windows of a few thousand messages, so that the small database stays small; the two take turns, each time
//! on a fresh copy. Neighbours are compared, and the middle of these ratios counts: what else the machine
//! does changes from round to round.

use std::sync::Arc;

use super::{
    Workshop,
    clock::median_of,
    hub::Hub,
    inbound::millis,
    load::{self, Until},
    process,
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const SIZES: [(u32, &str); 2] = [(1_000, "1k"), (100_000, "100k")];
const ROUNDS: usize = 9;
const CLIENTS: usize = 32;
const WARMING: usize = 1_000;
const REQUESTS: usize = 6_000;

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let warming = Arc::new(Mint::new(2).requests(WARMING));
    let requests = Arc::new(Mint::new(3).requests(REQUESTS));
    let (mut rates, mut cpus) = (SIZES.map(|_| Vec::new()), SIZES.map(|_| Vec::new()));
    for _ in 0..ROUNDS {
        for ((messages, _), (rates, cpus)) in SIZES.iter().zip(rates.iter_mut().zip(&mut cpus)) {
            let hub = Hub::start(&workshop.folder_with("scale", *messages)?)?;
            load::send(hub.address, &warming, CLIENTS, Until::Empty)?;
            hub.wait_until_idle()?;
            let before = process::cpu_time(hub.pid())?;
            rates.push(load::send(hub.address, &requests, CLIENTS, Until::Empty)?.rate());
            hub.wait_until_idle()?;
            let cpu = process::cpu_time(hub.pid())?.saturating_sub(before);
            cpus.push(millis(cpu) / load::count(REQUESTS));
        }
    }
    let [few, many] = &rates;
    let slower = few.iter().zip(many).map(|(few, many)| few / many).collect();
    let times = Figure::new("times slower", median_of(slower), "").with_goal(Goal::AtMost(1.1));
    for ((_, name), (rates, cpus)) in SIZES.iter().zip(rates.into_iter().zip(cpus)) {
        let figures = [Figure::new("", median_of(rates), "/s"), Figure::new("CPU", median_of(cpus), "ms")];
        table.line("scale", &format!("{name} messages stored, 32 at once"), &figures);
    }
    table.line("scale", "100k beside 1k", &[times]);
    Ok(())
}
