//! Whether a hub with many messages is slower than one with few.
//!
//! Windows of a few thousand messages, so that the small database stays small; the two take turns, each time
//! on a fresh copy.

use std::sync::Arc;

use super::{
    Workshop,
    clock::median_of,
    hub::Hub,
    load::{self, Until},
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const SIZES: [(u32, &str); 2] = [(1_000, "1k"), (100_000, "100k")];
const ROUNDS: usize = 5;
const CLIENTS: usize = 32;
const WARMING: usize = 1_000;
const REQUESTS: usize = 6_000;

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let warming = Arc::new(Mint::new(2).requests(WARMING));
    let requests = Arc::new(Mint::new(3).requests(REQUESTS));
    let mut rates = SIZES.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((messages, _), rates) in SIZES.iter().zip(&mut rates) {
            let hub = Hub::start(&workshop.folder_with("scale", *messages)?)?;
            load::send(hub.address, &warming, CLIENTS, Until::Empty)?;
            hub.wait_until_idle()?;
            rates.push(load::send(hub.address, &requests, CLIENTS, Until::Empty)?.rate());
        }
    }
    let middles = rates.map(median_of);
    for ((_, name), rate) in SIZES.iter().zip(middles) {
        table.line("scale", &format!("{name} messages stored, 32 at once"), &[Figure::new("", rate, "/s")]);
    }
    let [few, many] = middles;
    let times = Figure::new("times slower", few / many, "").with_goal(Goal::AtMost(1.1));
    table.line("scale", "100k beside 1k", &[times]);
    Ok(())
}
