//! faiss in a Python beside us: it maps the same rows, and answers queries when told to, so that both take turns.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

const SCRIPT: &str = r#"
import sys, time
import numpy as np, faiss
faiss.omp_set_num_threads(1)
rows, queries, d = sys.argv[1], sys.argv[2], int(sys.argv[3])
index = faiss.IndexFlatIP(d)
index.add(np.fromfile(rows, dtype=np.float32).reshape(-1, d))
queries = np.fromfile(queries, dtype=np.float32).reshape(-1, d)
print("ready", flush=True)
for line in sys.stdin:
    cpu, wall = time.process_time(), time.perf_counter()
    for query in queries:
        index.search(query[None], 10)
    n = len(queries)
    print((time.process_time() - cpu) / n, (time.perf_counter() - wall) / n, flush=True)
"#;

/// A running faiss.
pub(crate) struct Faiss {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Faiss {
    /// None if this machine's Python has no faiss.
    pub(crate) fn start(rows: &Path, queries: &Path, dimension: usize) -> Option<Self> {
        let python =
            std::env::var_os("HUB_TEST_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
        let mut child = Command::new(python)
            .args(["-c", SCRIPT])
            .args([rows, queries])
            .arg(dimension.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (ask, answers) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut faiss = Self { child, ask, answers };
        (faiss.line()?.trim() == "ready").then_some(faiss)
    }

    /// Seconds a query, of the processor and of the clock.
    pub(crate) fn round(&mut self) -> Option<(f64, f64)> {
        self.ask.write_all(b"\n").ok()?;
        let line = self.line()?;
        let (processor, clock) = line.trim().split_once(' ')?;
        Some((processor.parse().ok()?, clock.parse().ok()?))
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.answers.read_line(&mut line).ok()? > 0).then_some(line)
    }
}

impl Drop for Faiss {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
