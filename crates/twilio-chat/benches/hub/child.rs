//! The roles this program takes when it is started again: the limits that the hub is compared with.
//!
//! Each has a process of its own, so that its CPU time can be told apart from the load generator's, and the
//! runtime that the product has.

use std::{io::Write, net::Ipv4Addr, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, ensure};
use hub_clients::twilio::SignatureCheck;
use hub_domain::{
    ids::MessageId,
    message::{Inbound, StatusReport},
    timing::Timing,
};
use hub_store::{Recorded, SqliteOptions, StatusApplied, Store, StoreError};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use twilio_chat::{
    app::receive::Receiver,
    sys::World,
    web::{
        self,
        webhooks::{self, Door},
    },
};

use super::{
    clock,
    load::Window,
    process,
    webhook::{self, Mint},
};

/// What the program does instead of measuring.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// Serves the webhooks' router without storing.
    NullServer,
    /// Stores inbound messages without HTTP.
    Unit(UnitOrder),
}

/// How to store without HTTP.
#[derive(Clone, Debug)]
pub(crate) struct UnitOrder {
    /// The database.
    pub(crate) database: PathBuf,
    /// Callers at once.
    pub(crate) callers: usize,
    /// How long.
    pub(crate) lasts: Duration,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitFigures {
    /// Messages a second.
    pub(crate) rate: f64,
    /// The wait that half of them stayed within.
    pub(crate) p50: Duration,
    /// The wait that 99 of 100 stayed within.
    pub(crate) p99: Duration,
    /// CPU time of each.
    pub(crate) cpu: Duration,
}

const NULL_SERVER: &str = "--null-server";
const UNIT: &str = "--unit";

impl Role {
    /// The role that the arguments ask for.
    pub(crate) fn of(arguments: &[String]) -> anyhow::Result<Option<Self>> {
        match arguments {
            [role] if role == NULL_SERVER => Ok(Some(Self::NullServer)),
            [role, database, callers, millis] if role == UNIT => Ok(Some(Self::Unit(UnitOrder {
                database: database.into(),
                callers: callers.parse()?,
                lasts: Duration::from_millis(millis.parse()?),
            }))),
            _ => Ok(None),
        }
    }

    /// The arguments that ask for the role.
    pub(crate) fn arguments(&self) -> Vec<String> {
        match self {
            Self::NullServer => vec![NULL_SERVER.to_owned()],
            Self::Unit(order) => vec![
                UNIT.to_owned(),
                order.database.display().to_string(),
                order.callers.to_string(),
                order.lasts.as_millis().to_string(),
            ],
        }
    }

    /// Takes the role until it is done or killed.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        match self {
            Self::NullServer => runtime.block_on(serve_without_storing()),
            Self::Unit(order) => {
                let figures = runtime.block_on(store_without_http(&order))?;
                let UnitFigures { rate, p50, p99, cpu } = figures;
                say(&format!("{rate} {} {} {}", p50.as_nanos(), p99.as_nanos(), cpu.as_nanos()))
            }
        }
    }
}

impl UnitOrder {
    /// Has a process of its own do it.
    pub(crate) fn carry_out(self) -> anyhow::Result<UnitFigures> {
        let done = Command::new(std::env::current_exe()?).args(Role::Unit(self).arguments()).output()?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let line = String::from_utf8(done.stdout)?;
        let [rate, p50, p99, cpu] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            anyhow::bail!("the process said {line:?}");
        };
        let time = |nanos: &str| nanos.parse().map(Duration::from_nanos);
        Ok(UnitFigures { rate: rate.parse()?, p50: time(p50)?, p99: time(p99)?, cpu: time(cpu)? })
    }
}

/// Takes everything and keeps nothing.
#[derive(Clone, Debug)]
struct Nowhere;

impl Receiver for Nowhere {
    async fn receive(&self, _: Inbound) -> Result<Recorded, StoreError> {
        Ok(Recorded::New(1))
    }

    async fn report(&self, _: StatusReport) -> Result<StatusApplied, StoreError> {
        Ok(StatusApplied::Moved)
    }
}

async fn serve_without_storing() -> anyhow::Result<()> {
    let signature = SignatureCheck::new(&[SecretString::from(webhook::TOKEN)], webhook::PUBLIC_BASE)?;
    let door = Door { signature: Some(signature.into()), open: true, receiver: Nowhere };
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    say(&format!("http://{}", listener.local_addr()?))?;
    let never = CancellationToken::new();
    web::serve(listener, webhooks::router(door), never, &Timing::default()).await;
    Ok(())
}

async fn store_without_http(order: &UnitOrder) -> anyhow::Result<UnitFigures> {
    let store = Store::open_sqlite(&SqliteOptions::new(&order.database))?;
    let world = World::real();
    let cpu_before = process::cpu_time(std::process::id())?;
    let began = clock::now();
    let end = began + order.lasts;
    let callers: Vec<_> = (0..order.callers)
        .map(|number| {
            let (store, world) = (store.clone(), world.clone());
            tokio::spawn(async move {
                let mut mint = Mint::new(u32::try_from(number)?);
                let mut waits = Vec::with_capacity(4096);
                let mut asked = clock::now();
                while asked < end {
                    let (id, confirmation): (MessageId, MessageId) = (world.message_id(), world.message_id());
                    store.record_inbound(mint.inbound()?, id, confirmation, world.now()).await?;
                    let done = clock::now();
                    waits.push(done - asked);
                    asked = done;
                }
                anyhow::Ok(waits)
            })
        })
        .collect();
    let mut window = Window::default();
    for caller in callers {
        window.waits.append(&mut caller.await??);
    }
    window.lasted = began.elapsed();
    let cpu = process::cpu_time(std::process::id())?.saturating_sub(cpu_before);
    let done = u32::try_from(window.waits.len())?.max(1);
    let figures = UnitFigures {
        rate: window.rate(),
        p50: window.quantile(500),
        p99: window.quantile(990),
        cpu: cpu / done,
    };
    store.close();
    Ok(figures)
}

/// Tells the process that started this one.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("answering the process that asked")
}
