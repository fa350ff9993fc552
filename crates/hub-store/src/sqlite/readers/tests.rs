use std::{
    future::Future,
    pin::pin,
    sync::{Arc, mpsc},
    task::{Context, Waker},
};

use rusqlite::Connection;

use super::Readers;
use crate::error::StoreError;

fn one() -> Arc<Readers> {
    Arc::new(Readers::open(1, || Ok(Connection::open_in_memory()?)).unwrap())
}

#[tokio::test]
async fn a_caller_that_stops_waiting_keeps_its_connection_until_its_read_ends() {
    let readers = one();
    let (end, ended) = mpsc::channel::<()>();
    {
        let mut abandoned = pin!(Arc::clone(&readers).read(move |_| Ok(ended.recv().is_ok())));
        let mut context = Context::from_waker(Waker::noop());
        assert!(abandoned.as_mut().poll(&mut context).is_pending());
    }
    let next = tokio::spawn(Arc::clone(&readers).read(|_| Ok(7)));
    tokio::task::yield_now().await;
    end.send(()).unwrap();
    assert!(matches!(next.await.unwrap(), Ok(7)));
}

#[tokio::test]
async fn a_read_that_panics_gives_its_connection_back() {
    let readers = one();
    let broken: Result<(), StoreError> = Arc::clone(&readers).read(|_| panic!("a bug")).await;
    assert!(matches!(broken, Err(StoreError::Fault { .. })));
    let answer = Arc::clone(&readers).read(|connection| Ok(connection.is_autocommit())).await;
    // Inside its own snapshot again.
    assert!(matches!(answer, Ok(false)));
}

#[tokio::test]
async fn a_closed_one_says_so() {
    let readers = one();
    readers.close();
    assert!(matches!(readers.read(|_| Ok(())).await, Err(StoreError::Closed)));
}
