//! The simulator on a socket: the API server and the loop that delivers webhooks.
//!
//! Webhooks go to `http://127.0.0.1` and nowhere else: this must never be able to reach a real server.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

pub(crate) mod courier;

use courier::Courier;

use crate::reply::{ConnectionFault, Latency};
use crate::simulator::Simulator;

/// Webhooks under way at once.
const CONCURRENT_WEBHOOKS: usize = 32;

/// Serves the API on `listener` and delivers webhooks until `shutdown`.
pub async fn serve(listener: TcpListener, sim: Simulator, shutdown: CancellationToken) {
    let courier = Courier::new();
    sim.set_deliver({
        let courier = courier.clone();
        Arc::new(move |webhook| {
            let courier = courier.clone();
            Box::pin(async move { courier.deliver(&webhook).await })
        })
    });
    tokio::join!(
        accept_connections(listener, sim.router(), shutdown.clone()),
        deliver_webhooks(sim, courier, shutdown),
    );
}

async fn accept_connections(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(serve_connection(stream, router.clone(), shutdown.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "the simulator could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
}

async fn serve_connection(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the simulator could not turn off Nagle's algorithm");
    }
    let service = service_fn(|request| answer(request, router.clone(), shutdown.clone()));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection to the simulator ended early");
    }
}

/// Answers one request, or fails so that hyper closes the connection without a byte of answer.
async fn answer(
    request: Request<Incoming>,
    router: Router,
    shutdown: CancellationToken,
) -> Result<Response<Body>, io::Error> {
    let Ok(response) = router.oneshot(request.map(Body::new)).await;
    if let Some(&Latency(latency)) = response.extensions().get() {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(latency) => {}
        }
    }
    match response.extensions().get() {
        None => Ok(response),
        Some(ConnectionFault::Cut) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
        Some(ConnectionFault::Hang) => {
            shutdown.cancelled().await;
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        }
    }
}

async fn deliver_webhooks(sim: Simulator, courier: Courier, shutdown: CancellationToken) {
    let slots = Arc::new(Semaphore::new(CONCURRENT_WEBHOOKS));
    let deliveries = TaskTracker::new();
    while !shutdown.is_cancelled() {
        for webhook in sim.due_webhooks() {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let (sim, courier, shutdown) = (sim.clone(), courier.clone(), shutdown.clone());
            deliveries.spawn(async move {
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    result = courier.deliver(&webhook) => sim.webhook_answered(&webhook, &result),
                }
                drop(slot);
            });
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sim.changed() => {}
            () = wait_until_due(&sim) => {}
        }
    }
    deliveries.close();
    deliveries.wait().await;
}

/// Ends when the next planned event is due; never, if nothing is planned.
async fn wait_until_due(sim: &Simulator) {
    match sim.next_due() {
        Some(due) => {
            let wait = due.duration_since(sim.now());
            tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
        }
        None => std::future::pending().await,
    }
}
