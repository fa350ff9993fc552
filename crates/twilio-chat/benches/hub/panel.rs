//! What a panel asks for, on a hub with few messages and on one with many: dashboard, inbox, thread, search.
//!
//! Over HTTP on one kept connection, the two hubs in turn, so that what else the machine does meets both.

use std::time::{Duration, Instant};

use super::{
    Workshop,
    client::Client,
    clock,
    hub::Hub,
    inbound::millis,
    load,
    table::{Figure, Goal, Table},
};

const SIZES: [u32; 2] = [1_000, 100_000];
const ROUNDS: usize = 400;
/// The first ones fill caches.
const WARMING: usize = 20;
/// Opens the API of the hubs.
pub(crate) const TOKEN: &str = "bench-api-token-0123456789";
/// What is asked for, with the people who wrote: a page must be full on both hubs.
const PAGES: [(u32, &[(&str, &str)]); 2] = [
    (
        500,
        &[
            ("dashboard (7 days and totals)", "/api/stats/series?span=7d"),
            ("inbox (50 lines, unread)", "/api/inbox?view=unread"),
            ("inbox (50 lines, all)", "/api/inbox?view=all"),
            ("search (50 messages)", "/api/search?q=wizyta"),
        ],
    ),
    (20, &[("thread (50 bubbles)", "/api/contacts/1/thread")]),
];

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    for (people, pages) in PAGES {
        let mut hubs = Vec::new();
        for messages in SIZES {
            let folder = workshop.folder_from(&format!("panel-{messages}-{people}"), messages, people)?;
            hubs.push(Hub::start_with(&folder, &[("API_TOKEN", TOKEN)])?);
        }
        let mut clients = Vec::new();
        for hub in &hubs {
            hub.wait_until_idle()?;
            clients.push(Client::connect(hub.address)?);
        }
        for (what, path) in pages {
            report(table, what, waits(&mut clients, path)?);
        }
    }
    Ok(())
}

/// How long each client waited for each answer, the clients in turn.
fn waits(clients: &mut [Client], path: &str) -> anyhow::Result<[Vec<Duration>; 2]> {
    let mut waits = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS + WARMING {
        for (client, waits) in clients.iter_mut().zip(&mut waits) {
            let began: Instant = clock::now();
            client.get(path, TOKEN)?;
            if round >= WARMING {
                waits.push(began.elapsed());
            }
        }
    }
    Ok(waits)
}

fn report(table: &mut Table, what: &str, waits: [Vec<Duration>; 2]) {
    let [few, many] = waits.map(|waits| load::Window { waits, lasted: Duration::ZERO });
    let (p99_few, p99) = (few.quantile(990), many.quantile(990));
    let times = p99.as_secs_f64() / p99_few.as_secs_f64();
    let figures = [
        Figure::new("1k: p50", millis(few.quantile(500)), "ms"),
        Figure::new("p99", millis(p99_few), "ms"),
        Figure::new("100k: p50", millis(many.quantile(500)), "ms"),
        Figure::new("p99", millis(p99), "ms").with_goal(Goal::AtMost(10.0)),
        Figure::new("of 1k's", times, "").with_goal(Goal::AtMost(1.5)),
    ];
    table.line("panel", what, &figures);
}
