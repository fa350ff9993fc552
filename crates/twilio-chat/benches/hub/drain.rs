//! How fast waiting replies leave: messages with the auto-reply on, decided, written, handed to the simulator.
//!
//! The simulator runs in this process and leaves every message queued, so that no callbacks compete.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::{anyhow, ensure};
use hub_sim::{Ending, Rule, SimConfig, Simulator};
use hub_store::{By, SqliteOptions, Store};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::{
    Workshop, clock,
    hub::{self, Hub},
    inbound::millis,
    load, prefill, process,
    table::{Figure, Table},
    webhook,
};

const MESSAGES: u32 = 5_000;
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_mins(1);
/// No guard holds an answer back.
pub(crate) const UNLIMITED: [(&str, &str); 7] = [
    ("AUTO_MAX_PER_CONTACT_DAY", "0"),
    ("AUTO_MAX_PER_CONTACT_10MIN", "0"),
    ("AUTO_MAX_PER_MINUTE", "0"),
    ("AUTO_MAX_COST_DAY", "0"),
    ("AUTO_COUNTRIES", "*"),
    ("AUTO_STOP_LOOPS", "false"),
    ("TWILIO_SEGMENTS_PER_SECOND", "0"),
];

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let (mut rates, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (rate, cpu_each) = drain(workshop)?;
        rates.push(rate);
        cpu.push(cpu_each);
    }
    let figures = [
        Figure::new("", clock::median_of(rates), "/s"),
        Figure::new("CPU", millis(clock::median(cpu)), "ms"),
    ];
    table.line("drain", "replies that waited leave", &figures);
    Ok(())
}

fn drain(workshop: &Workshop) -> anyhow::Result<(f64, Duration)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = workshop.folder("drain")?;
    runtime.block_on(async {
        let store = Store::open_sqlite(&SqliteOptions::new(folder.join(hub::DATABASE)))?;
        store
            .change_auto_reply(
                true,
                "Dziękujemy, odpiszemy jeszcze dziś.".to_owned(),
                nobody(),
                clock::timestamp(),
            )
            .await?
            .map_err(|error| anyhow!(error))?;
        prefill::receive(&store, MESSAGES).await?;
        store.close();
        anyhow::Ok(())
    })?;
    let stop = CancellationToken::new();
    let (simulator, url) = simulator(&runtime, &stop)?;
    let own = [("TWILIO_API_BASE_URL", &*url)];
    let hub = Hub::start_with(&folder, &[own.as_slice(), UNLIMITED.as_slice()].concat())?;
    let wanted = usize::try_from(MESSAGES)?;
    let asked = clock::now();
    let mut began = None;
    loop {
        let counts = simulator.counts();
        if counts.accepted >= wanted {
            break;
        }
        if began.is_none() && counts.accepted > 0 {
            began = Some((clock::now(), counts.accepted));
        }
        ensure!(asked.elapsed() < PATIENCE, "replies are stuck: {counts:?}");
        clock::pause(Duration::from_millis(2));
    }
    let (began, before) = began.ok_or_else(|| anyhow!("the replies left before they could be watched"))?;
    let lasted = began.elapsed();
    hub.wait_until_idle()?;
    let cpu = process::cpu_time(hub.pid())?;
    stop.cancel();
    Ok((load::count(wanted - before) / lasted.as_secs_f64(), cpu / MESSAGES))
}

/// Who sets a hub up before it is measured.
pub(crate) fn nobody() -> By {
    By { name: "bench".to_owned(), network: String::new() }
}

/// An account and a model service on a socket of this process.
pub(crate) fn simulator(runtime: &Runtime, stop: &CancellationToken) -> anyhow::Result<(Simulator, String)> {
    let config = SimConfig {
        account_sid: hub::ACCOUNT.to_owned(),
        auth_token: webhook::TOKEN.to_owned(),
        numbers: vec![webhook::HUB_NUMBER.to_owned()],
        rules: vec![Rule { to: "*".to_owned(), ending: Ending::Queued, error_code: None }],
        ..SimConfig::default()
    };
    let simulator = Simulator::new(config, Arc::new(clock::timestamp));
    let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let url = format!("http://{}", listener.local_addr()?);
    runtime.spawn(hub_sim::serve(listener, simulator.clone(), stop.clone()));
    Ok((simulator, url))
}
