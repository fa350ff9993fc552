//! The programs under load, in processes of their own.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::{child::Role, clock, webhook};

/// The account of the configuration and of the webhooks.
pub(crate) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// The database in a hub's folder.
pub(crate) const DATABASE: &str = "app.db";
/// Opens the API.
const API_TOKEN: &str = "bench-api-token-0123456789abcdef";
/// Nothing listens there: with replies off the hub never calls it.
const NOWHERE: &str = "http://127.0.0.1:9";
/// A hub that doesn't get ready or done in this time is broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs until dropped.
pub(crate) struct Hub {
    child: Child,
    /// Kept open: a server whose output nobody takes ends.
    _output: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Hub {
    /// The real binary on the data in `folder`, configured as in production, its log in a file.
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        Self::start_with(folder, &[("TWILIO_API_BASE_URL", NOWHERE)])
    }

    /// The same with more of its environment.
    pub(crate) fn start_with(folder: &Path, more: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twilio-chat"));
        command.arg("serve").current_dir(folder).env_clear().envs([
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN", webhook::TOKEN),
            ("TWILIO_DEFAULT_FROM", webhook::HUB_NUMBER),
            ("PUBLIC_BASE_URL", webhook::PUBLIC_BASE),
            ("APP_HOST", "127.0.0.1"),
            ("APP_PORT", "0"),
            ("APP_ENV", "production"),
            ("LOG_LEVEL", "info"),
            ("DB_PATH", DATABASE),
            ("API_TOKEN", API_TOKEN),
        ]);
        command.envs(more.iter().copied());
        command.stderr(File::create(folder.join("log.json"))?);
        Self::spawn(command)
    }

    /// This program in the role of a server that stores nothing.
    pub(crate) fn start_null() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(Role::NullServer.arguments());
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting a server")?;
        let output = child.stdout.take().context("a server without output")?;
        // Both servers print their address in their first line.
        let (mut output, mut line) = (BufReader::new(output), String::new());
        output.read_line(&mut line)?;
        let mut hub = Self { child, _output: output, address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) };
        let port = line.trim_end().rsplit(':').next().and_then(|port| port.parse().ok());
        hub.address.set_port(port.with_context(|| format!("no address in {line:?}; see its log"))?);
        Ok(hub)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What the health check says, when it says 200.
    pub(crate) fn health(&self) -> anyhow::Result<Value> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer of the health check")?;
        ensure!(head.starts_with("HTTP/1.1 200"), "the health check answered {answer}");
        Ok(serde_json::from_str(body)?)
    }

    /// Reads from the API so many times over one connection; how long each answer took.
    pub(crate) fn read_often(&self, target: &str, times: usize) -> anyhow::Result<Vec<Duration>> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        let (mut answers, mut stream) = (BufReader::new(stream.try_clone()?), stream);
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {API_TOKEN}\r\n\r\n");
        let mut waits = Vec::with_capacity(times);
        for _ in 0..times {
            let began = clock::now();
            stream.write_all(request.as_bytes())?;
            read_answer(&mut answers).with_context(|| format!("GET {target}"))?;
            waits.push(began.elapsed());
        }
        Ok(waits)
    }

    /// Waits until no job is left to do.
    pub(crate) fn wait_until_idle(&self) -> anyhow::Result<()> {
        let began = clock::now();
        let mut health = Value::Null;
        while began.elapsed() < PATIENCE {
            health = self.health()?;
            let open = |kind: &str| health.pointer(&format!("/queue/{kind}")).and_then(Value::as_u64);
            if open("reply") == Some(0) && open("deliver") == Some(0) {
                return Ok(());
            }
            clock::pause(Duration::from_millis(20));
        }
        anyhow::bail!("the hub has work left after {PATIENCE:?}: {health}")
    }
}

/// Reads one answer with a `content-length`; anything but 200 is an error.
fn read_answer(stream: &mut impl BufRead) -> anyhow::Result<()> {
    let (mut line, mut length) = (String::new(), None);
    stream.read_line(&mut line)?;
    ensure!(line.starts_with("HTTP/1.1 200"), "answered {line}");
    while line.trim_end() != "" {
        line.clear();
        stream.read_line(&mut line)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse()?);
        }
    }
    let mut body = vec![0; length.context("an answer without its length")?];
    stream.read_exact(&mut body)?;
    Ok(())
}

impl Drop for Hub {
    fn drop(&mut self) {
        // Killed, not asked: its data go with the run. A process that ended by itself can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
