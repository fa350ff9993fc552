//! From a customer's text on the wire to the change at fifty open panels.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::mpsc,
};

use super::{
    Workshop, clock,
    hub::Hub,
    inbound::millis,
    load,
    panel::TOKEN,
    table::{Figure, Goal, Table},
    webhook::Mint,
};

const PANELS: usize = 50;
const TEXTS: usize = 200;
const STORED: u32 = 1_000;
/// A change that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn run(workshop: &Workshop, table: &mut Table) -> anyhow::Result<()> {
    let hub = Hub::start_with(&workshop.folder_with("event", STORED)?, &[("API_TOKEN", TOKEN)])?;
    hub.wait_until_idle()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let waits = runtime.block_on(measure(&hub))?;
    let window = load::Window { waits, lasted: Duration::ZERO };
    let figures = [
        Figure::new("p50", millis(window.quantile(500)), "ms"),
        Figure::new("p99", millis(window.quantile(990)), "ms").with_goal(Goal::AtMost(300.0)),
    ];
    table.line("event", &format!("text to each of {PANELS} panels"), &figures);
    Ok(())
}

async fn measure(hub: &Hub) -> anyhow::Result<Vec<Duration>> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut panels = Vec::new();
    for _ in 0..PANELS {
        let stream = watch(hub).await?;
        panels.push(tokio::spawn(read(stream, tell.clone())));
    }
    let mut began = Vec::new();
    let mut stream = TcpStream::connect(hub.address).await?;
    stream.set_nodelay(true)?;
    for request in Mint::new(9).requests(TEXTS) {
        began.push(clock::now());
        stream.write_all(&request).await?;
        let mut answer = [0; 2048];
        let read = stream.read(&mut answer).await?;
        ensure!(answer.get(..read).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 200")), "not taken");
    }
    let mut waits = Vec::new();
    while waits.len() < PANELS * TEXTS {
        let next = tokio::time::timeout(PATIENCE, told.recv()).await.context("a change was not told")?;
        let (number, at): (usize, Instant) = next.context("a panel's stream ended")?;
        waits.push(at - *began.get(number).context("a change too many")?);
    }
    for panel in panels {
        panel.abort();
    }
    Ok(waits)
}

/// An open panel that has its first line.
async fn watch(hub: &Hub) -> anyhow::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(hub.address).await?;
    let request =
        format!("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with("id: ") {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "a panel was not let in");
    }
    Ok(stream)
}

/// Tells when each text of a customer arrives, in their order.
async fn read(
    mut stream: BufReader<TcpStream>,
    tell: mpsc::UnboundedSender<(usize, Instant)>,
) -> anyhow::Result<()> {
    let (mut line, mut number) = (String::new(), 0);
    loop {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "the stream ended");
        if line.starts_with("data: ") && line.contains("\"received\"") {
            tell.send((number, clock::now()))?;
            number += 1;
        }
    }
}
