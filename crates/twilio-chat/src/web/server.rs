//! Serving the router on a bound listener until told to stop.
//!
//! Connections are bounded in number and in patience: one that sends no whole request head in time is closed,
//! so a handful of stalled clients can't keep Twilio out.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::Router;
use hub_domain::timing::Timing;
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;

use super::client::Peer;

/// Connections at once; below the 1024 files that a process may open by default. More wait to be accepted.
const CONNECTIONS: usize = 800;
/// After a failed accept (no free file, most likely): long enough not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then lets requests in hand finish, but not longer than the drain: an idle or stalled
/// connection must not hold the shutdown up.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, timing: &Timing) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection =
                    graceful.watch(connection(stream, peer.ip(), router.clone(), timing.head_wait));
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection broke off");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(timing.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections still open at shutdown; they are cut");
    }
}

type Connection = http1::Connection<TokioIo<TcpStream>, FromPeer>;

fn connection(stream: TcpStream, peer: IpAddr, router: Router, head_wait: Duration) -> Connection {
    // Answers are small; waiting to fill a packet only adds latency.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY refused");
    }
    let service = FromPeer { peer: Peer(peer), router: TowerToHyperService::new(router) };
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_wait)
        .serve_connection(TokioIo::new(stream), service)
}

/// The router, told for each request whose connection it came by.
struct FromPeer {
    peer: Peer,
    router: TowerToHyperService<Router>,
}

impl Service<Request<Incoming>> for FromPeer {
    type Response = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.router.call(request)
    }
}
