//! The binary in a folder of its own, with an environment that nothing leaks into.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    thread::JoinHandle,
};

use tempfile::TempDir;

use super::{http::Caller, wait::until};

/// What `serve` says first.
const STARTED: &str = "Twilio Chat działa: http://localhost:";

/// A folder and an environment to start the program in.
#[derive(Debug)]
pub(super) struct Program {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

impl Program {
    /// In an empty folder, with an environment in which only the address to listen on is set.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Self { folder, environment: BTreeMap::new() };
        program.with("APP_HOST", "127.0.0.1").with("APP_PORT", free_port().to_string())
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(super) fn port(&self) -> u16 {
        self.environment["APP_PORT"].parse().unwrap()
    }

    pub(super) fn start(&self, arguments: &[&str]) -> Process {
        self.start_with_input(arguments, "")
    }

    pub(super) fn start_with_input(&self, arguments: &[&str], input: &str) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twilio-chat"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.environment);
        Process::start(command, input)
    }

    /// Runs a command to its end.
    pub(super) async fn run(&self, arguments: &[&str]) -> Finished {
        self.start(arguments).end().await
    }

    /// Starts `serve` and waits until it serves.
    pub(super) async fn serve(&self, arguments: &[&str]) -> Hub {
        let process = self.start(&[&["serve"], arguments].concat());
        let port = process.line_after(STARTED).await.parse().unwrap();
        Hub { process, port, http: Caller::new(format!("http://127.0.0.1:{port}")) }
    }

    /// Starts what must not start.
    pub(super) async fn refuses(&self, arguments: &[&str]) -> String {
        let finished = self.run(arguments).await;
        assert_eq!((finished.code, finished.out.as_str()), (Some(1), ""), "{}", finished.err);
        finished.err
    }

    /// Every file below the folder.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let list = if entry.file_type().unwrap().is_dir() { &mut folders } else { &mut files };
                list.push(entry.path());
            }
        }
        files
    }
}

/// A running `serve`.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) process: Process,
    pub(super) port: u16,
    pub(super) http: Caller,
}

impl Hub {
    /// SIGTERM, and how it ended.
    pub(super) async fn stop(mut self) -> Finished {
        self.process.terminate();
        self.process.end().await
    }
}

/// A process of ours; it dies with this value.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    out: Output,
    err: Output,
}

/// A process that ended.
#[derive(Debug)]
pub(super) struct Finished {
    /// `None`: by a signal.
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Process {
    fn start(mut command: Command, input: &str) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let (out, err) = (Output::of(child.stdout.take().unwrap()), Output::of(child.stderr.take().unwrap()));
        // A program that ends without reading all of it has its reasons.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Self { child, out, err }
    }

    /// What follows `marker` in the first line of standard output that has it.
    pub(super) async fn line_after(&self, marker: &str) -> String {
        let found = async || {
            let out = self.out.text();
            let (_, rest) = out.split_once(marker)?;
            rest.split_once('\n').map(|(line, _)| line.to_owned())
        };
        tokio::select! {
            line = until(marker, found) => line,
            () = self.err.ended() => panic!("{marker}: the program ended: {}", self.err.text()),
        }
    }

    /// What it has logged so far.
    pub(super) fn log(&self) -> String {
        self.err.text()
    }

    pub(super) fn terminate(&mut self) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
        assert!(sent.unwrap().success());
    }

    /// `kill -9`; returns when it is gone.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(super) async fn end(&mut self) -> Finished {
        let status = until("the program's end", async || self.child.try_wait().unwrap()).await;
        let text = |output: &mut Output| {
            output.reader.take().unwrap().join().unwrap();
            output.text()
        };
        Finished { code: status.code(), out: text(&mut self.out), err: text(&mut self.err) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- standard output\n{}\n--- log\n{}", self.out.text(), self.err.text());
        }
    }
}

/// One standard stream, read as it comes.
#[derive(Debug)]
struct Output {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Output {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stream).lines() {
                let line = line.unwrap();
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self { text, reader: Some(reader) }
    }

    fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    async fn ended(&self) {
        let ended = async || self.reader.as_ref().is_none_or(JoinHandle::is_finished).then_some(());
        until("the end of the stream", ended).await;
    }
}

/// A port that nobody listens on, below those that the system hands out by itself: a hub that is started
/// again finds it still free. Tests that run at the same time are processes of their own, so they start
/// searching at places of their own.
pub(super) fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let place = u16::try_from(std::process::id() % 600).unwrap() * 20;
    let numbers = std::iter::repeat_with(|| 20_000 + place + TAKEN.fetch_add(1, Ordering::Relaxed));
    numbers
        .take(200)
        .find(|port| std::net::TcpListener::bind(("0.0.0.0", *port)).is_ok())
        .expect("a free port")
}

/// A file's bytes.
pub(super) fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}
