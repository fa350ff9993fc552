//! Keep-alive HTTP clients that cost as little as possible: the machine's cores are shared with the server.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::net::TcpStream;

use super::clock;

/// How a webhook is answered when it is on disk: status and the last bytes of the document.
const TAKEN: (&[u8], &[u8]) = (b"HTTP/1.1 200", b"<Response/>");

/// Requests sent by some clients.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// How long each took.
    pub(crate) waits: Vec<Duration>,
    /// From the first request to the last answer.
    pub(crate) lasted: Duration,
}

impl Window {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        count(self.waits.len()) / self.lasted.as_secs_f64()
    }

    /// The wait that so many of a thousand stayed within.
    pub(crate) fn quantile(&self, per_mille: usize) -> Duration {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let at = (waits.len() * per_mille / 1000).min(waits.len().saturating_sub(1));
        waits.get(at).copied().unwrap_or_default()
    }
}

/// A count as a figure to reckon with.
pub(crate) fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// When a window ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After this time, or with the last request.
    Time(Duration),
    /// When every request is answered.
    Empty,
}

/// Sends the requests from `clients` connections at once, each waiting for its answer.
pub(crate) fn send(
    address: SocketAddr,
    requests: &Arc<Vec<Vec<u8>>>,
    clients: usize,
    until: Until,
) -> anyhow::Result<Window> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::new();
        for _ in 0..clients {
            let stream = TcpStream::connect(address).await.context("connecting to the server")?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let began = clock::now();
        let end = match until {
            Until::Time(lasts) => Some(began + lasts),
            Until::Empty => None,
        };
        let running: Vec<_> = streams
            .into_iter()
            .map(|stream| tokio::spawn(client(stream, Arc::clone(requests), Arc::clone(&next), end)))
            .collect();
        let mut window = Window::default();
        for client in running {
            window.waits.append(&mut client.await??);
        }
        window.lasted = began.elapsed();
        Ok(window)
    })
}

async fn client(
    stream: TcpStream,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    end: Option<Instant>,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::with_capacity(4096);
    let mut answer = Vec::with_capacity(1024);
    let mut sent = clock::now();
    while end.is_none_or(|end| sent < end) {
        let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
        write(&stream, request).await?;
        read(&stream, &mut answer).await?;
        let answered = clock::now();
        waits.push(answered - sent);
        sent = answered;
    }
    Ok(waits)
}

async fn write(stream: &TcpStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        match stream.try_write(rest) {
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn read(stream: &TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<()> {
    answer.clear();
    loop {
        stream.readable().await?;
        match stream.try_read_buf(answer) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(_) if answer.starts_with(TAKEN.0) && answer.ends_with(TAKEN.1) => return Ok(()),
            Ok(_) if answer.len() >= TAKEN.0.len() && !answer.starts_with(TAKEN.0) => {
                bail!("a webhook was answered {}", String::from_utf8_lossy(answer));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}
