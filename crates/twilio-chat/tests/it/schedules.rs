//! Random lives of a hub: texts, sends, faults of every kind, deaths and clock jumps in an order that a seed
//! decides. Whatever happened, the same things must be true at the end.
//!
//! `HUB_SCHEDULES=5000` runs more of them, `HUB_SCHEDULE_SEED=17` one.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
    time::Duration,
};

use hub_domain::{
    address::Address,
    assistant::settings::{AssistantChoice, AssistantSettings},
    ids::MessageId,
    message::{ConversationMode, Message, Origin},
    settings::{GuardChoice, Guards},
    status::MessageStatus,
};
use hub_sim::{Faults, WebhookKind};
use hub_store::NewOutbound;
use twilio_chat::{
    app::send::{SendRequest, Through},
    sys::Point,
};

use crate::{
    hub::TestHub,
    model::Does,
    people::by,
    setup::Setup,
    talk::{ANNA, PIOTR},
    world::{Death, Seeded},
};

const PEOPLE: [&str; 4] = [ANNA, PIOTR, "+48500100202", "whatsapp:+48500100203"];
const DEATHS: [Death; 15] = [
    Death::At(Point::InboundCommitted),
    Death::At(Point::StatusCommitted),
    Death::At(Point::ModelAsked),
    Death::At(Point::ModelAnswered),
    Death::At(Point::ReplyCommitted),
    Death::At(Point::AttemptCommitted),
    Death::At(Point::AnswerReceived),
    Death::At(Point::OutcomeCommitted),
    Death::At(Point::ListRead),
    Death::At(Point::LookupCommitted),
    Death::At(Point::PageRead),
    Death::At(Point::PageCommitted),
    Death::At(Point::MissedCommitted),
    Death::At(Point::StatusesRead),
    Death::DuringCall,
];
/// One job may be abandoned eight times before it is set aside; that has tests of its own.
const MOST_DEATHS: u32 = 6;
const IN_A_NORMAL_RUN: u64 = 240;
const PARTS: u64 = 4;

/// One schedule under way.
struct Schedule {
    hub: TestHub,
    luck: Arc<Seeded>,
    deaths: u32,
    texts: u32,
}

/// What a life left behind.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    problems: Vec<String>,
    held: usize,
    sent: usize,
    trace: u64,
}

async fn live(seed: u64) -> Left {
    let luck = Seeded::new(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let setup = Setup::new().seeded(seed);
    let setup = if luck.percent(50) { setup.with_bot() } else { setup.with_auto_reply("Oddzwonimy") };
    let setup = if luck.percent(20) { setup.with_default_caps() } else { setup };
    let assisted = luck.percent(30);
    let setup = if assisted { setup.with_assistant() } else { setup };
    // Hours pass quickly here, and each look into the list takes its time.
    let setup = setup.with_timing(|timing| timing.recovery_every = Duration::from_mins(10));
    let mut hub = setup.start().await;
    let guards = GuardChoice { stops_loops: Some(luck.percent(10)), ..GuardChoice::default() };
    hub.store().change_guards(guards, Guards::default(), by(), hub.now()).await.unwrap().unwrap();
    if assisted {
        let on = AssistantChoice { enabled: Some(true), ..AssistantChoice::default() };
        hub.store()
            .change_assistant(on, AssistantSettings::default(), by(), hub.now())
            .await
            .unwrap()
            .unwrap();
    }
    hub.may_leave_jobs();
    // A first start: what came before it is none of the hub's business.
    hub.run().await;
    let retries = luck.pick(&["", "#rc=3&rp=ct,rt,5xx"]);
    hub.sim.set_inbound_url(format!("{}/twilio/inbound{retries}", hub.public_base()));
    let mut schedule = Schedule { hub, luck, deaths: 0, texts: 0 };
    for _ in 0..20 + schedule.luck.below(30) {
        schedule.step().await;
    }
    schedule.heal().await;
    schedule.left().await
}

impl Schedule {
    async fn step(&mut self) {
        if !self.hub.is_alive() && self.luck.percent(70) {
            self.hub.restart().await;
        }
        match self.luck.below(100) {
            0..30 => self.somebody_writes(),
            30..38 => self.something_is_sent().await,
            38..55 => self.hub.run().await,
            55..72 => self.hub.advance(Duration::from_millis(self.luck.below(5_000))).await,
            72..80 => self.hub.advance(Duration::from_secs(self.luck.below(200))).await,
            80..83 => self.hub.jump(Duration::from_secs(self.luck.below(900))),
            83..88 => self.faults(),
            88..92 => self.hub.repeats(&self.luck),
            92..94 => self.hub.cut_off(self.luck.percent(50)),
            94..95 => self.somebody_takes_over().await,
            95..96 => self.hub.refuse_credentials(self.luck.percent(50)),
            96..97 => self.outage().await,
            97..98 => self.somebody_decides().await,
            _ => self.death(),
        }
    }

    fn somebody_writes(&mut self) {
        self.texts += 1;
        let body = match self.luck.below(20) {
            0 => "STOP".to_owned(),
            1 => "START".to_owned(),
            2 => "Wypisz mnie".to_owned(),
            3 => "Wznów".to_owned(),
            4 | 5 => "Hej".to_owned(),
            _ => format!("tekst {}", self.texts),
        };
        self.hub.phone(self.luck.pick(&PEOPLE)).writes(&body);
    }

    async fn something_is_sent(&mut self) {
        if !self.hub.is_alive() {
            return;
        }
        self.texts += 1;
        let (to, body) = (self.luck.pick(&PEOPLE[..3]), format!("nasz {}", self.texts));
        if self.luck.percent(50) {
            let (app, through, origin) = (self.hub.app().clone(), Through::NumberFirst, Origin::Cli);
            let request = SendRequest { to: to.to_owned(), body, fold: false, through, origin };
            let worker = format!("cli:{}", self.texts);
            // A person who opted out can't be written to; a dead process has nobody to tell.
            let _ = self.hub.unless_dead(async move { app.send_here(&request, worker).await.is_ok() }).await;
        } else {
            let message = NewOutbound {
                id: MessageId(uuid::Uuid::from_u128(self.texts.into())),
                to: Address::from_typed(to).unwrap(),
                from: self.hub.number().to_owned(),
                service: None,
                body,
                media_urls: Vec::new(),
                template: None,
                origin: self.luck.pick(&[Origin::Api, Origin::Human]),
            };
            self.hub.store().submit(message, None, self.hub.now()).await.unwrap();
        }
    }

    fn faults(&self) {
        self.hub.model.does(match self.luck.below(4) {
            0 => Does::IsSilent,
            1 => Does::Answers(503, ""),
            2 => Does::Says("[[HANDOVER]]".to_owned()),
            _ => Does::Says("Tak, mamy.".to_owned()),
        });
        let some = || {
            if self.luck.percent(35) {
                f64::from(u32::try_from(self.luck.below(30)).unwrap()) / 100.0
            } else {
                0.0
            }
        };
        self.hub.sim.faults(Faults {
            throttled: some(),
            error_before: some(),
            error_after: some(),
            cut_before: some(),
            cut_after: some(),
            hang_before: some(),
            hang_after: some(),
            garbage: some(),
            callback_first: some(),
            read_errors: some(),
            duplicate_callbacks: some(),
            duplicate_inbound: some(),
            shuffled_callbacks: some(),
            dropped_callbacks: some(),
            down: self.luck.percent(10),
            list_lag_ms: self.luck.pick(&[0, 0, 5_000, 60_000]),
            ..Faults::default()
        });
    }

    async fn somebody_takes_over(&self) {
        if self.hub.is_alive() {
            let mode = self.luck.pick(&[ConversationMode::Human, ConversationMode::Auto]);
            // Somebody who never wrote has nothing to take over.
            let _ = self.hub.store().set_mode(self.luck.pick(&PEOPLE[..3]).to_owned(), mode, None).await;
        }
    }

    fn death(&mut self) {
        if self.deaths == MOST_DEATHS || !self.hub.is_alive() {
            return;
        }
        self.deaths += 1;
        if self.luck.percent(20) {
            self.hub.kill();
        } else {
            self.hub.dies(self.luck.pick(&DEATHS));
        }
    }

    /// Nobody is there for some hours, and people write all the same.
    async fn outage(&mut self) {
        self.hub.kill();
        for _ in 0..self.luck.below(12) {
            self.somebody_writes();
            self.hub.advance(Duration::from_secs(self.luck.below(1_200))).await;
        }
    }

    /// A person approves or discards what is held as too late. The other reasons are left alone: to send those
    /// anew may send them twice, which is the person's risk to take.
    async fn somebody_decides(&mut self) {
        if !self.hub.is_alive() {
            return;
        }
        let held = self.hub.on_disk(
            "SELECT CAST(row AS TEXT) FROM message WHERE status = 'held' AND error_text = 'stale_reply'",
        );
        for row in held.iter().filter_map(|row| row.parse().ok()) {
            let (store, now) = (self.hub.store(), self.hub.now());
            if self.luck.percent(50) {
                store.approve_held(row, now).await.unwrap();
            } else {
                store.discard_held(row, now).await.unwrap();
            }
        }
    }

    /// Nothing goes wrong any more and everything has its time.
    async fn heal(&mut self) {
        self.hub.sim.faults(Faults::default());
        self.hub.cut_off(false);
        self.hub.refuse_credentials(false);
        self.hub.restart().await;
        self.hub.advance(Duration::from_hours(4)).await;
    }

    async fn left(self) -> Left {
        let hub = self.hub;
        let written = hub.written().await;
        let is_late = |message: &&Message| message.error_text.as_deref() == Some("stale_reply");
        let held: Vec<_> = written
            .iter()
            .filter(|message| message.status == MessageStatus::Held && !is_late(message))
            .cloned()
            .collect();
        let mut problems = received_once(&hub);
        problems.extend(sent_once(&hub, &written));
        problems.extend(statuses_of(&hub, &written));
        problems.extend(nothing_left(&hub));
        problems.extend(held_for_a_reason(&hub, &held).await);
        problems.extend(silence_kept(&hub));
        problems.extend(nothing_missed(&hub));
        problems.extend(nothing_answered_late(&hub));
        let mut hasher = DefaultHasher::new();
        hub.trace.lines().hash(&mut hasher);
        let rows = "SELECT row || hex(id) || coalesce(sid, '') || status || body || coalesce(reply_decision, '') || updated_at FROM message ORDER BY row";
        hub.on_disk(rows).hash(&mut hasher);
        Left { problems, held: held.len(), sent: hub.taken().len(), trace: hasher.finish() }
    }
}

/// What was acknowledged is one row with one decision and at most one automatic answer.
fn received_once(hub: &TestHub) -> Vec<String> {
    let log = hub.sim.webhook_log();
    let acknowledged =
        log.iter().filter(|post| post.kind == WebhookKind::Inbound && post.status == Some(200));
    let kept = hub.on_disk("SELECT sid FROM message WHERE direction = 'inbound'");
    let mut problems: Vec<String> = acknowledged
        .filter(|post| kept.iter().filter(|sid| **sid == post.sid).count() != 1)
        .map(|post| format!("{} was acknowledged and is not one row", post.sid))
        .collect();
    let undecided =
        hub.on_disk("SELECT sid FROM message WHERE direction = 'inbound' AND reply_decision IS NULL");
    problems.extend(undecided.into_iter().map(|sid| format!("{sid} was never decided")));
    let doubled = hub.on_disk(
        "SELECT 'message ' || reply_to FROM message WHERE automatic = 1 GROUP BY reply_to HAVING count(*) > 1",
    );
    problems.extend(doubled.into_iter().map(|row| format!("{row} has two answers")));
    problems
}

/// Whatever people wrote is here, whether or not a webhook came through.
fn nothing_missed(hub: &TestHub) -> Vec<String> {
    let kept = hub.on_disk("SELECT sid FROM message WHERE direction = 'inbound'");
    let theirs = hub.sim.messages().into_iter().filter(|m| m.direction == hub_sim::Direction::Inbound);
    theirs.filter(|m| !kept.contains(&m.sid)).map(|m| format!("{} was missed", m.sid)).collect()
}

/// A machine's answer was decided within 15 minutes of what was known, and a person has one held answer at most.
fn nothing_answered_late(hub: &TestHub) -> Vec<String> {
    let late = hub.on_disk(
        "SELECT 'message ' || a.row FROM message a JOIN message q ON q.row = a.reply_to
         WHERE a.automatic = 1 AND a.created_at - iif(q.recovered, q.remote_created_at, q.created_at) > 900000000",
    );
    let many = hub.on_disk(
        "SELECT 'contact ' || contact FROM message WHERE status = 'held' AND error_text = 'stale_reply'
         GROUP BY contact HAVING count(*) > 1",
    );
    let late = late.into_iter().map(|what| format!("{what} is an answer that came too late"));
    late.chain(many.into_iter().map(|what| format!("{what} has two held answers"))).collect()
}

/// Twilio took no message more often than it was written. Two of the same text to the same person are one
/// another's equals.
fn sent_once(hub: &TestHub, written: &[Message]) -> Vec<String> {
    let mut balance: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for message in written {
        balance.entry((message.to.clone(), message.body.clone())).or_default().0 += 1;
    }
    for message in hub.taken() {
        balance.entry((message.to, message.body)).or_default().1 += 1;
    }
    let too_often = balance.iter().filter(|(_, (ours, theirs))| theirs > ours);
    too_often.map(|(text, counts)| format!("{text:?} was written and sent {counts:?} times")).collect()
}

/// A message stands where Twilio's last word that reached us says, and is Twilio's message of that text.
fn statuses_of(hub: &TestHub, written: &[Message]) -> Vec<String> {
    let log = hub.sim.webhook_log();
    let mut problems = Vec::new();
    for message in written {
        let Some(sid) = &message.sid else { continue };
        let Some(truth) = hub.sim.message(sid.as_str()) else {
            problems.push(format!("Twilio knows no {sid}"));
            continue;
        };
        if (&truth.to, &truth.body) != (&message.to, &message.body) {
            problems.push(format!("{sid} is another message"));
        }
        let told = log.iter().any(|post| {
            post.sid == truth.sid
                && post.status == Some(200)
                && post.message_status.as_deref() == Some(truth.status.as_str())
        });
        if told && message.status.as_str() != truth.status.as_str() {
            problems.push(format!(
                "{sid} is {} and shown as {}",
                truth.status.as_str(),
                message.status.as_str()
            ));
        }
        let ahead = MessageStatus::parse(truth.status.as_str()).is_none_or(|truth| message.status > truth);
        if ahead {
            problems.push(format!("{sid} is shown as {} too early", message.status.as_str()));
        }
    }
    problems
}

fn nothing_left(hub: &TestHub) -> Vec<String> {
    let open = hub
        .on_disk("SELECT 'attempt ' || hex(id) FROM attempt WHERE outcome IS NULL OR outcome = 'ambiguous'");
    let waiting =
        "SELECT 'message ' || row || ' ' || status FROM message WHERE status IN ('pending', 'unknown')";
    let left = [open, hub.on_disk(waiting), hub.open_jobs()].concat();
    left.into_iter().map(|what| format!("{what} is left")).collect()
}

/// A person is asked only where nobody can know: calls that were lost, and a list that did not help.
async fn held_for_a_reason(hub: &TestHub, held: &[Message]) -> Vec<String> {
    let mut problems = Vec::new();
    for message in held {
        let outcomes = hub.outcomes(message.row).await;
        let lost = outcomes.iter().filter(|outcome| ["absent", "undecided"].contains(&&***outcome)).count();
        let reasonable = match message.error_text.as_deref() {
            Some("lost_twice") => lost >= 2,
            Some("doubtful" | "no_listing") => lost >= 1,
            _ => false,
        };
        if !reasonable {
            problems.push(format!("held for {:?} after {outcomes:?}", message.error_text));
        }
    }
    problems
}

/// Nothing but the confirmation leaves to somebody after they asked for silence.
fn silence_kept(hub: &TestHub) -> Vec<String> {
    // A wish that we learned of late counts from then on.
    let since = hub.on_disk(
        "SELECT person || ' ' || CASE source WHEN 'recovered' THEN
           (SELECT max(m.updated_at) FROM consent_log l JOIN message m ON m.row = l.message
            WHERE l.person = suppression.person AND l.change = 'opt_out')
         ELSE since END FROM suppression",
    );
    let mut problems = Vec::new();
    for line in since {
        let (person, since) = line.split_once(' ').unwrap();
        let since: i64 = since.parse().unwrap();
        let later = hub.taken().into_iter().filter(|message| {
            message.to.ends_with(person)
                && message.created.as_microsecond() > since
                && !message.body.starts_with("OK, nie bedziemy")
        });
        problems.extend(later.map(|message| format!("{person} wanted silence and got {:?}", message.body)));
    }
    problems
}

fn number(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

fn lived(seed: u64) -> Left {
    // The last one printed is the one that panicked.
    eprintln!("HUB_SCHEDULE_SEED={seed}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(live(seed))
}

/// One part of the schedules: they run in parallel as separate tests.
fn run_part(part: u64) {
    let seeds: Vec<u64> = match number("HUB_SCHEDULE_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("HUB_SCHEDULES").unwrap_or(IN_A_NORMAL_RUN))
            .filter(|seed| seed % PARTS == part)
            .collect(),
    };
    let (mut held, mut sent) = (0, 0);
    let mut failed = Vec::new();
    for seed in seeds {
        let left = lived(seed);
        held += left.held;
        sent += left.sent;
        failed
            .extend(left.problems.into_iter().map(|problem| format!("HUB_SCHEDULE_SEED={seed}: {problem}")));
    }
    eprintln!("{sent} messages sent, {held} held for a person");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(held * 10 <= sent, "too many messages are left to people: {held} beside {sent} sent");
}

#[test]
fn random_lives_lose_nothing_and_send_nothing_twice_1() {
    run_part(0);
}

#[test]
fn random_lives_lose_nothing_and_send_nothing_twice_2() {
    run_part(1);
}

#[test]
fn random_lives_lose_nothing_and_send_nothing_twice_3() {
    run_part(2);
}

#[test]
fn random_lives_lose_nothing_and_send_nothing_twice_4() {
    run_part(3);
}

#[test]
fn a_seed_lives_the_same_life_again() {
    for seed in 1_000..1_012 {
        assert_eq!(lived(seed), lived(seed), "seed {seed}");
    }
    assert_ne!(lived(1).trace, lived(2).trace);
}
