//! `kill -9` at random points under load, while Twilio fails in every way it can: nothing that was
//! acknowledged is lost, nothing is answered twice, and no call stays without an outcome.
//!
//! The points are as random as the machine; what is drawn (targets, faults, repeats) comes from a seed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use hub_sim::Faults;
use hub_store::{SqliteOptions, Store};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use twilio_chat::sys::World;

use super::{
    http::Caller,
    program::Program,
    records::Records,
    signed::{Inbound, sid},
    twilio::{OURS, Twilio},
    wait::until,
};
use crate::people::by;

const PHONES: u32 = 8;
/// Calls to Twilio get 175 ms, leases and lookups 600 ms.
const WAIT_DIVISOR: &str = "200";

/// Every reply says its message back, so each one in Twilio's list tells whose it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_with_a_text_for_each() {
    survives(50, true, 1).await;
}

/// The same text for everyone: two lost replies to one person look alike in Twilio's list, and which is which
/// makes no difference to that person. What counts is how many there are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_with_one_text_for_all() {
    survives(20, false, 2).await;
}

async fn survives(kills: u32, echo: bool, seed: u64) {
    let twilio = Twilio::start().await;
    twilio.sim.faults(trouble());
    let program = twilio.program().with("HUB_TEST_WAIT_DIVISOR", WAIT_DIVISOR).with("LOG_LEVEL", "error");
    let program = program.with("DB_PATH", "app.db");
    if echo {
        switch_bot_on(&program).await;
    }
    let load = Load::new(program.port());
    let phones: Vec<_> =
        (0..PHONES).map(|phone| tokio::spawn(write(Arc::clone(&load), phone, seed))).collect();

    let mut random = Random(seed);
    for kill in 0..kills {
        let mut hub = program.serve(&[]).await;
        if kill == 0 && !echo {
            hub.answers_with("Dziękujemy, odpiszemy wkrótce.").await;
        }
        load.starts.send_modify(|starts| *starts += 1);
        let target = load.acknowledged() + random.below(40) + 1;
        until("acknowledged messages", async || (load.acknowledged() >= target).then_some(())).await;
        tokio::time::sleep(Duration::from_millis(random.below(200))).await;
        hub.process.kill();
    }

    twilio.sim.faults(Faults::default());
    load.over.cancel();
    let hub = program.serve(&[]).await;
    for phone in phones {
        phone.await.unwrap();
    }
    until("the end of all work", async || hub.is_quiet().await.then_some(())).await;
    until("the last callback", async || twilio.sim.next_due().is_none().then_some(())).await;
    until("the end of all work", async || hub.is_quiet().await.then_some(())).await;
    let health = hub.health().await.json();
    assert_eq!(health["queue"]["set_aside"], 0, "{health}");
    assert_eq!(hub.stop().await.code, Some(0));
    check(&Records::open(&program.path("app.db")), &load, &twilio, !echo);
}

/// Every fault of the simulator at a few percent.
fn trouble() -> Faults {
    Faults {
        latency_min_ms: 1,
        latency_max_ms: 20,
        throttled: 0.02,
        error_before: 0.02,
        error_after: 0.03,
        cut_before: 0.02,
        cut_after: 0.04,
        hang_before: 0.005,
        hang_after: 0.005,
        garbage: 0.01,
        callback_first: 0.05,
        read_errors: 0.05,
        duplicate_callbacks: 0.1,
        shuffled_callbacks: 0.1,
        dropped_callbacks: 0.05,
        ..Faults::default()
    }
}

async fn switch_bot_on(program: &Program) {
    let store = Store::open_sqlite(&SqliteOptions::new(program.path("app.db"))).unwrap();
    store.set_bot_enabled(true, by(), World::real().now()).await.unwrap();
    store.close();
}

/// What the phones have in common.
#[derive(Debug)]
struct Load {
    hub: Caller,
    port: u16,
    numbers: AtomicU32,
    /// SID → text.
    acknowledged: Mutex<BTreeMap<String, String>>,
    /// How often the hub was started.
    starts: watch::Sender<u32>,
    over: CancellationToken,
}

impl Load {
    fn new(port: u16) -> Arc<Self> {
        Arc::new(Self {
            // A request that breaks then means that the hub was killed, and its phone waits for the next start.
            hub: Caller::anew_each_time(format!("http://127.0.0.1:{port}")),
            port,
            numbers: AtomicU32::new(1),
            acknowledged: Mutex::default(),
            starts: watch::Sender::new(0),
            over: CancellationToken::new(),
        })
    }

    fn acknowledged(&self) -> u64 {
        self.acknowledged.lock().unwrap().len().try_into().unwrap()
    }

    /// Waits for the start after the `last`, or until there will be no more.
    async fn next_start(&self, last: u32) {
        let mut starts = self.starts.subscribe();
        tokio::select! {
            () = self.over.cancelled() => {}
            started = starts.wait_for(|starts| *starts > last) => { started.unwrap(); }
        }
    }
}

/// Writes one message after another. What was not acknowledged is repeated after the next start, as Twilio
/// may, mostly; some of what was acknowledged is repeated too.
async fn write(load: Arc<Load>, phone: u32, seed: u64) {
    let mut random = Random(seed.wrapping_mul(1_000).wrapping_add(u64::from(phone)));
    load.next_start(0).await;
    while !load.over.is_cancelled() {
        let number = load.numbers.fetch_add(1, Ordering::Relaxed);
        let (sid, body) = (sid(number), format!("Wiadomość {number}"));
        let from = format!("+48500100{phone}{:02}", random.below(12));
        let inbound = Inbound { sid: &sid, from: &from, to: OURS, body: &body };
        loop {
            let last = *load.starts.borrow();
            match inbound.post(&load.hub, load.port).await {
                Ok(answer) => {
                    assert_eq!(answer.status, 200, "{answer:?}");
                    load.acknowledged.lock().unwrap().insert(sid.clone(), body.clone());
                    if random.below(10) > 0 {
                        break;
                    }
                }
                Err(_) if random.below(5) == 0 => break,
                Err(_) => load.next_start(last).await,
            }
        }
    }
}

/// A reply as the hub has it.
#[derive(Debug)]
struct Reply {
    to: String,
    status: String,
    /// Its calls to Twilio: identifier and outcome.
    calls: Vec<(String, String)>,
}

fn check(records: &Records, load: &Load, twilio: &Twilio, alike: bool) {
    let kept: BTreeMap<String, String> = records
        .rows("SELECT sid, body FROM message WHERE direction = 'inbound'", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .into_iter()
        .collect();
    let inbound = records.number("SELECT count(*) FROM message WHERE direction = 'inbound'");
    assert_eq!(kept.len(), usize::try_from(inbound).unwrap(), "rows doubled");
    for (sid, body) in load.acknowledged.lock().unwrap().iter() {
        assert_eq!(kept.get(sid), Some(body), "an acknowledged message is lost or changed");
    }
    assert_eq!(records.number("SELECT count(*) FROM job"), 0);
    let open = "SELECT count(*) FROM attempt WHERE outcome IS NULL OR outcome = 'ambiguous'";
    assert_eq!(records.number(open), 0, "calls without an outcome");
    let unanswered = "SELECT count(*) FROM message m WHERE direction = 'inbound' AND
        (reply_decision IS NULL OR (SELECT count(*) FROM message r WHERE r.reply_to = m.row) <> 1)";
    assert_eq!(records.number(unanswered), 0, "messages without one reply");

    let accepted = accepted(twilio);
    let replies = replies(records);
    assert_eq!(replies.len(), kept.len());
    let (mut held, mut repeated, mut swapped) = (0, 0, 0);
    // For each person: replies that count as sent, and messages that Twilio has.
    let mut persons: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (row, reply) in &replies {
        let taken = reply.calls.iter().filter(|(call, _)| accepted.contains(call)).count();
        repeated += usize::from(reply.calls.len() > 1);
        let is_held = reply.status == "held";
        if is_held {
            held += 1;
            assert!(reply.calls.len() > 1, "held after one call: {row} {reply:?}");
        }
        let expected = usize::from(!is_held);
        swapped += usize::from(taken != expected);
        assert!(alike || taken == expected, "Twilio has {taken} of {row} {reply:?}");
        let person = persons.entry(&reply.to).or_default();
        *person = (person.0 + expected, person.1 + taken);
    }
    for (person, (counted, taken)) in &persons {
        assert_eq!(taken, counted, "{person} was sent another number of replies than we believe");
    }
    let sent = persons.values().map(|(_, taken)| taken).sum::<usize>();
    assert_eq!(sent, twilio.sent().len(), "Twilio has messages of no call of ours");
    println!(
        "{inbound} kept ({} acknowledged), {sent} replies sent, {held} held, {repeated} called more than once, \
         {swapped} told apart wrongly; {:?}",
        load.acknowledged(),
        twilio.sim.counts()
    );
}

/// The calls that Twilio made messages of, by the identifiers in their callback addresses.
fn accepted(twilio: &Twilio) -> BTreeSet<String> {
    let calls: Vec<String> =
        twilio.sent().into_iter().filter_map(|message| message.status_callback).collect();
    let ids: BTreeSet<String> =
        calls.iter().map(|url| url.split_once("?attempt=").unwrap().1.replace('-', "")).collect();
    assert_eq!(ids.len(), calls.len(), "one call, two messages");
    ids
}

/// Every reply by its row.
fn replies(records: &Records) -> BTreeMap<i64, Reply> {
    let mut replies: BTreeMap<i64, Reply> = records
        .rows("SELECT row, to_address, status FROM message WHERE reply_to IS NOT NULL", (), |row| {
            Ok((row.get(0)?, Reply { to: row.get(1)?, status: row.get(2)?, calls: Vec::new() }))
        })
        .into_iter()
        .collect();
    let calls = records.rows("SELECT message, lower(hex(id)), outcome FROM attempt", (), |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    });
    for (row, call) in calls {
        replies.entry(row).and_modify(|reply| reply.calls.push(call));
    }
    replies
}

/// `SplitMix64`: small and good enough to choose with.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
