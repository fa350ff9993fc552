//! A body that is sent piece by piece, with a pause before each, and may break off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::Frame;
use tokio::sync::mpsc;

/// Sends the pieces with a pause before each; breaks the connection after the last when told to.
pub(super) fn in_pieces(pieces: Vec<String>, pause: Duration, breaks: bool) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        for piece in pieces {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            // Nobody listens any more.
            if sender.send(Ok(Bytes::from(piece))).await.is_err() {
                return;
            }
        }
        if breaks {
            let _ = sender.send(Err(io::Error::from(io::ErrorKind::ConnectionAborted))).await;
        }
    });
    Body::new(Pieces(receiver))
}

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
