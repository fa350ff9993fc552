//! How long the hub takes to start, and how much memory it takes.

use std::{path::Path, sync::Arc, time::Duration};

use super::{
    Workshop, clock,
    hub::Hub,
    inbound::millis,
    load::{self, Until},
    process,
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const SIZES: [(u32, &str); 2] = [(1_000, "1k"), (100_000, "100k")];
const ROUNDS: usize = 7;
const CLIENTS: usize = 32;
const REQUESTS: usize = 20_000;
/// What start-up leaves behind (pages to give back, threads to end) is done by then.
const SETTLED: Duration = Duration::from_secs(1);
/// Resident memory of an idle hub, in MB.
const IDLE: Goal = Goal::AtMost(40.0);

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let requests = Arc::new(Mint::new(4).requests(REQUESTS));
    for (messages, name) in SIZES {
        let folder = workshop.folder_with("start", messages)?;
        table.line("start", &format!("{name} messages: until it is healthy"), &[until_healthy(&folder)?]);

        let hub = Hub::start(&folder)?;
        hub.health()?;
        clock::pause(SETTLED);
        let resident = self::resident(&hub)?;
        table.line("start", &format!("{name} messages: memory when idle"), &[resident]);
        load::send(hub.address, &requests, CLIENTS, Until::Empty)?;
        hub.wait_until_idle()?;
        clock::pause(SETTLED);
        let resident = self::resident(&hub)?;
        table.line("start", &format!("{name} messages: memory after 20k more"), &[resident]);
    }
    Ok(())
}

/// From the start of the process to the first healthy answer.
pub(crate) fn until_healthy(folder: &Path) -> anyhow::Result<Figure> {
    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        let began = clock::now();
        Hub::start(folder)?.health()?;
        starts.push(began.elapsed());
    }
    Ok(Figure::new("", millis(clock::median(starts)), "ms").with_goal(Goal::AtMost(200.0)))
}

fn resident(hub: &Hub) -> anyhow::Result<Figure> {
    Ok(Figure::new("", process::resident_mb(hub.pid())?, "MB").with_goal(IDLE))
}
