//! Databases with so many messages, made once a run and copied for each measurement.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_domain::job::JobKind;
use hub_store::{LeaseRequest, ReplyPolicy, SqliteOptions, Store};
use tokio::task::JoinSet;
use twilio_chat::sys::World;

use super::{
    Workshop, clock, hub,
    webhook::{Mint, SENDERS},
};

/// The identifiers of stored messages begin with this; those of a measurement with another number.
const RUN: u32 = 0xffff_0000;
/// Units of work in the queue at once.
const AT_ONCE: usize = 256;

impl Workshop {
    /// A folder of that name whose database holds that many inbound messages, each decided.
    pub(crate) fn folder_with(&self, name: &str, messages: u32) -> anyhow::Result<PathBuf> {
        self.folder_from(name, messages, SENDERS)
    }

    /// The same with messages from that many people.
    pub(crate) fn folder_from(&self, name: &str, messages: u32, people: u32) -> anyhow::Result<PathBuf> {
        let template = self.file(&format!("with-{messages}-from-{people}.db"));
        if !template.exists() {
            fill(&template, messages, Mint::new(RUN).with_people(people))?;
        }
        let folder = self.folder(name)?;
        let database = folder.join(hub::DATABASE);
        fs::copy(&template, &database)?;
        // On disk before the measurement, not during it.
        File::open(&database)?.sync_all()?;
        Ok(folder)
    }
}

fn fill(path: &Path, messages: u32, mint: Mint) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open_sqlite(&SqliteOptions::new(path))?;
        receive_from(&store, messages, mint).await?;
        decide(&store).await?;
        while store.index_messages(clock::timestamp()).await? > 0 {}
        store.close();
        Ok(())
    })
}

/// Stores inbound messages and leaves their jobs.
pub(crate) async fn receive(store: &Store, messages: u32) -> anyhow::Result<()> {
    receive_from(store, messages, Mint::new(RUN)).await
}

async fn receive_from(store: &Store, messages: u32, mut mint: Mint) -> anyhow::Result<()> {
    let mut under_way = JoinSet::new();
    for _ in 0..messages {
        if under_way.len() == AT_ONCE
            && let Some(done) = under_way.join_next().await
        {
            done??;
        }
        let (store, inbound, world) = (store.clone(), mint.inbound()?, World::real());
        under_way.spawn(async move {
            store.record_inbound(inbound, world.message_id(), world.message_id(), world.now()).await
        });
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}

/// Decides about every message: with no answer switched on, nothing is written.
async fn decide(store: &Store) -> anyhow::Result<()> {
    let policy = Arc::new(ReplyPolicy::default());
    let request = LeaseRequest { owner: "bench".to_owned(), lasts: Duration::from_mins(10) };
    loop {
        let jobs = store.lease_jobs(request.clone(), JobKind::Reply, 256, clock::timestamp()).await?;
        if jobs.is_empty() {
            return Ok(());
        }
        let mut under_way = JoinSet::new();
        for job in jobs {
            let (store, world, policy) = (store.clone(), World::real(), Arc::clone(&policy));
            under_way.spawn(async move {
                let ids = std::array::from_fn(|_| world.message_id());
                store.settle_reply(job, policy, None, ids, world.now()).await
            });
        }
        while let Some(done) = under_way.join_next().await {
            done??;
        }
    }
}
