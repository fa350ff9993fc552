//! One kept HTTP connection that asks and waits.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use anyhow::{Context, ensure};

/// A connection to a hub.
pub(crate) struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::new() })
    }

    /// Asks for a path and takes the whole answer, which has to be a 200.
    pub(crate) fn get(&mut self, path: &str, token: &str) -> anyhow::Result<()> {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        self.stream.write_all(request.as_bytes())?;
        self.answer.clear();
        let mut part = [0; 16 * 1024];
        loop {
            let read = self.stream.read(&mut part)?;
            ensure!(read > 0, "the hub closed the connection");
            self.answer.extend_from_slice(part.get(..read).unwrap_or_default());
            if let Some(length) = whole(&self.answer)? {
                ensure!(self.answer.len() >= length, "more than one answer");
                return Ok(());
            }
        }
    }
}

/// The length of the answer once all of it is there.
fn whole(answer: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(head) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(answer.get(..head).unwrap_or_default()).into_owned();
    ensure!(text.starts_with("HTTP/1.1 200"), "the hub answered {text}");
    let told = text
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let body: usize = told.context("an answer without its length")?;
    let length = head + 4 + body;
    Ok((answer.len() >= length).then_some(length))
}
