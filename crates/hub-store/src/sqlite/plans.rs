//! Every statement that runs while the hub works is answered by an index: it costs the same at a thousand
//! messages and at a million.

mod access;
mod api;
mod assistant;
mod panel;
mod pressure;
mod recovery;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use hub_domain::{
    address::Address,
    attempt::AttemptOutcome,
    ids::{AttemptId, MessageId, MessageSid},
    job::JobKind,
    media::{MediaKind, MediaLoss},
    message::{ConversationMode, Direction, Inbound, Media, Origin, StatusReport},
    pace::{Rate, Rates},
    reconcile::Finding,
    status::DeliveryStatus,
    timing::Timing,
};
use jiff::Timestamp;
use rusqlite::{
    Connection, StatementStatus,
    trace::{TraceEvent, TraceEventCodes},
};
use uuid::Uuid;

use super::{
    SqliteOptions, attachments, attempts, connect, consent, conversations, inbox, jobs, messages, migrations,
    outbox, replies, settings,
    unit::{Given, Unit},
};
use crate::{
    attachments::{Fetched, StoredFile},
    attempts::LookedUp,
    audit::By,
    error::StoreError,
    jobs::{LeaseRequest, LeasedJob},
    messages::MessageFilter,
    outbox::NewOutbound,
    replies::ReplyPolicy,
    sending::Terms,
};

/// Steps of a plan that read or sort without an index on purpose, with the beginning of their statement.
const ON_PURPOSE: [(&str, &str); 19] = [
    // The list of tokens: the table's own order, cut off by its limit.
    ("SELECT id, name, scopes, created_by", "SCAN api_token"),
    // The users of one panel: a handful. Everybody, anybody, or the first admin.
    ("SELECT u.id, u.name, u.role", "SCAN u USING INDEX sqlite_autoindex_user_2"),
    ("SELECT 1 FROM user", "SCAN user"),
    ("SELECT 1 FROM user LIMIT 1", "SCAN user USING COVERING INDEX sqlite_autoindex_user_2"),
    ("SELECT id FROM user WHERE role", "SCAN user"),
    // Once, at start.
    ("UPDATE job SET due_at = ?2 WHERE leased_by = ?1", "SCAN job"),
    // What is held is little: once, by whoever switches automation on.
    ("SELECT m.row FROM message m LEFT JOIN message q", "SCAN m USING INDEX message_held"),
    // A page of the job list: the table's own order, cut off by its limit.
    ("SELECT id, kind, message, due_at, leased_by IS NOT NULL", "SCAN job"),
    // Calls without an answer only: a handful, whatever the number of messages.
    ("SELECT a.outcome IS NULL, m.body FROM attempt a", "SCAN a USING INDEX attempt_unresolved"),
    ("SELECT 1 FROM attempt a JOIN message m", "SCAN a USING INDEX attempt_unresolved"),
    // A handful, and all of them are wanted.
    ("SELECT command, enabled, answer FROM listener", "SCAN listener"),
    ("SELECT id, command, enabled, description, answer", "SCAN listener"),
    // For a command of the operator's: the table's own order, cut off by its limit.
    ("SELECT id, message, answer, purpose, decision", "SCAN receipt"),
    // Empty but for minutes; the few that must wait are skipped in the order of time.
    ("SELECT seq, report, sid, direction, them", "SCAN missed USING INDEX missed_by_time"),
    // A step of the index for search: the list's own order, cut off by its limit.
    ("SELECT m.row, m.contact, m.body FROM unindexed u", "SCAN u"),
    // Badges: at most a hundred entries of the view's own index.
    ("SELECT count(*) FROM (SELECT 1 FROM contact WHERE unread", "SCAN contact USING INDEX contact_unread"),
    // The one row of a count.
    ("UPDATE contact SET unread = heard.count", "SCAN heard"),
    // The full-text index's own few settings.
    ("SELECT k, v FROM", "SCAN main.message_text_config"),
    // The calls of one message.
    ("SELECT id, started_at, outcome, sid, http_status", "USE TEMP B-TREE FOR ORDER BY"),
];

struct Tour {
    connection: Connection,
    seen: Arc<Mutex<BTreeSet<String>>>,
    ids: u128,
    _dir: tempfile::TempDir,
}

const ANNA: &str = "+48500100200";

fn by() -> By {
    By { name: "ewa".to_owned(), network: "192.0.2.0/24".to_owned() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn anna() -> Address {
    Address::from_provider(ANNA).unwrap()
}

fn sid(text: &str) -> MessageSid {
    MessageSid::parse(text).unwrap()
}

impl Tour {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(dir.path().join("hub.db"));
        let mut connection = connect(&options, false).unwrap();
        migrations::migrate(&mut connection, &options.path).unwrap();
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let noted = Arc::clone(&seen);
        let note = move |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                noted.lock().unwrap().insert(statement.sql().into_owned());
            }
        };
        connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note)).unwrap();
        Self { connection, seen, ids: 0, _dir: dir }
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn unit<T>(&self, work: impl FnOnce(&mut Unit<'_>) -> Result<T, StoreError>) -> T {
        let given = Given::default();
        let mut unit = Unit::new(&self.connection, &given);
        let done = work(&mut unit).unwrap();
        unit.announcements.tallies.write(&self.connection).unwrap();
        done
    }

    fn receive(&mut self, message: &str, body: &str) {
        let inbound = Inbound {
            sid: sid(message),
            from: anna(),
            to: Address::from_provider("+15005550006").unwrap(),
            body: body.to_owned(),
            media: vec![Media { url: "https://media.example/1".to_owned(), content_type: None }],
            opt_out_type: None,
            other_fields: Vec::new(),
        };
        let ids = (MessageId(self.id()), MessageId(self.id()));
        self.unit(|unit| inbox::record(unit, &inbound, ids.0, ids.1, at(0)));
    }

    fn submit(&mut self) {
        let message = NewOutbound {
            id: MessageId(self.id()),
            to: anna(),
            from: "+15005550006".to_owned(),
            service: None,
            body: "raz".to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin: Origin::Api,
        };
        self.unit(|unit| outbox::submit(unit, &message, None, None, at(0)));
    }

    fn lease(&self, kind: JobKind, limit: u32, second: i64) -> Vec<LeasedJob> {
        let request = LeaseRequest { owner: "w".to_owned(), lasts: Timing::default().lease };
        self.unit(|unit| jobs::lease(unit, &request, kind, limit, at(second)))
    }

    fn report(&self, message: &str, status: &str, error_code: Option<u32>, attempt: Option<AttemptId>) {
        let report = StatusReport { sid: sid(message), status: status.to_owned(), error_code, attempt };
        self.unit(|unit| inbox::apply_status(unit, &report, at(5)));
    }

    /// Sends one message after the other, later than any hold; the calls end so.
    fn deliver(&mut self, second: i64, outcomes: &[AttemptOutcome]) -> Vec<AttemptId> {
        let rates = Rates { usual: Rate::per_second(10), ..Rates::default() };
        let terms = Terms { rates, ..Terms::default() };
        let mut attempts = Vec::new();
        for (second, outcome) in (second..).step_by(100).zip(outcomes) {
            let job = self.lease(JobKind::Deliver, 1, second)[0];
            let attempt = AttemptId(self.id());
            self.unit(|unit| attempts::begin(unit, &job, attempt, &terms, at(second)));
            self.unit(|unit| attempts::end(unit, &job, attempt, outcome, &terms, 0, at(second)));
            attempts.push(attempt);
        }
        attempts
    }

    fn look(&self, second: i64, seen: &LookedUp) {
        for job in self.lease(JobKind::Reconcile, 10, second) {
            let attempt = job.attempt.unwrap();
            attempts::facts(&self.connection, attempt).unwrap();
            self.unit(|unit| attempts::settle(unit, &job, attempt, seen.clone(), 0, at(second)));
        }
    }

    /// A day at the hub: everything that webhooks, workers and panels do.
    fn go(&mut self) {
        self.messages_in();
        self.messages_out();
        self.panels();
        self.panel();
        self.recovery();
        self.api();
        self.assistant();
        self.access();
        self.pressure();
    }

    fn messages_in(&mut self) {
        self.unit(|unit| settings::set_bot_enabled(unit, true, &by(), at(0)));
        self.unit(|unit| settings::change_auto_reply(unit, false, "", &by(), at(0))).unwrap();
        self.receive("SMin1", "halo");
        let policy = ReplyPolicy { bot_enabled_by_default: true, ..ReplyPolicy::default() };
        let job = self.lease(JobKind::Reply, 10, 1)[0];
        let ids = std::array::from_fn(|_| MessageId(self.id()));
        self.unit(|unit| replies::settle(unit, &job, &policy, None, &ids, at(1)));
        self.receive("SMin2", "wypisz");
        self.receive("SMin3", "wznow");
        self.unit(|unit| conversations::set_mode(unit, ANNA, ConversationMode::Auto, None));
        self.attachments();
        for job in self.lease(JobKind::Reply, 10, 1) {
            self.unit(|unit| jobs::give_back(unit, &job, at(900), Some("error")));
        }
    }

    fn attachments(&self) {
        let file = StoredFile { sha256: "ab".to_owned(), kind: MediaKind::Png, size: 1 };
        let ends = [Fetched::Stored(file), Fetched::Lost(MediaLoss::Gone)];
        for (job, end) in self.lease(JobKind::Media, 10, 1).iter().zip(ends) {
            attachments::of_message(&self.connection, job.message).unwrap();
            attachments::one(&self.connection, job.message, 0).unwrap();
            self.unit(|unit| attachments::settle(unit, job, Some(&(0, end)), at(1)));
        }
        self.unit(|unit| attachments::announce(unit, "ef"));
        attachments::doomed(&self.connection, "", 10).unwrap();
        self.unit(|unit| attachments::forget(unit, &["cd".to_owned()]));
    }

    fn messages_out(&mut self) {
        let accepted = |message: &str| AttemptOutcome::Accepted {
            sid: sid(message),
            status: DeliveryStatus::Queued,
            from: Some("+15005550006".to_owned()),
        };
        let lost = AttemptOutcome::Ambiguous { reason: "timed out".to_owned() };
        let refused =
            |code| AttemptOutcome::Refused { http_status: 400, code: Some(code), message: String::new() };
        for _ in 0..5 {
            self.submit();
        }
        self.report("SMearly", "sent", None, None);
        let made = self.deliver(1, &[accepted("SMearly"), lost.clone(), lost.clone(), refused(20429), lost]);
        self.report("SMearly", "undelivered", Some(21610), None);
        self.unit(|unit| consent::opt_in(unit, ANNA, "keyword", None, at(6)));
        let found = LookedUp {
            finding: Some(Finding::Found(sid("SMlost"))),
            status: Some(DeliveryStatus::Sent),
            error_code: None,
        };
        self.look(600, &found);
        // A certain claim takes it away again.
        self.report("SMlost", "sent", None, Some(made[2]));
        self.report("SMlost", "sent", None, Some(made[4]));
        let absent = LookedUp { finding: Some(Finding::Absent), status: None, error_code: None };
        for second in [800, 1000, 1200, 1400] {
            self.look(second, &absent);
        }
        self.deliver(2000, &[refused(21610)]);
        self.unit(|unit| jobs::free_leases(unit, "w", at(2000)));
    }

    fn panels(&self) {
        for direction in [None, Some(Direction::Inbound)] {
            let filter = MessageFilter { direction, before: None, limit: 50 };
            messages::list(&self.connection, filter).unwrap();
        }
        messages::by_id(&self.connection, MessageId(Uuid::from_u128(1))).unwrap();
        messages::by_row(&self.connection, 1).unwrap();
        messages::media(&self.connection, 1).unwrap();
        messages::attempts(&self.connection, 1).unwrap();
        messages::reports(&self.connection, 1).unwrap();
        messages::reply_decision(&self.connection, 1).unwrap();
        attempts::known(&self.connection, vec![sid("SMearly")]).unwrap();
        consent::find(&self.connection, ANNA).unwrap();
        jobs::next_due(&self.connection).unwrap();
        jobs::list(&self.connection, 50).unwrap();
        settings::read_auto_reply(&self.connection).unwrap();
        settings::any(&self.connection, &["bot_enabled"]).unwrap();
    }
}

/// The steps by which SQLite answers a statement.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

fn is_slow(step: &str) -> bool {
    // How a virtual table is read stands after its number: by a row, by a word, or by nothing.
    let asked = step
        .split_once("VIRTUAL TABLE INDEX 0:")
        .map_or(step.contains("VIRTUAL TABLE"), |(_, by)| !by.is_empty());
    (step.starts_with("SCAN") && !step.starts_with("SCAN (subquery") && !asked)
        || step.contains("TEMP B-TREE")
}

#[test]
fn every_statement_of_a_day_at_the_hub_uses_an_index() {
    let mut tour = Tour::new();
    tour.go();
    let statements = tour.seen.lock().unwrap().clone();
    // A tour that misses the statements proves nothing.
    assert!(statements.len() > 100, "only {} statements", statements.len());
    let mut slow = Vec::new();
    for sql in &statements {
        for step in plan(&tour.connection, sql) {
            let on_purpose =
                ON_PURPOSE.iter().any(|(start, allowed)| sql.starts_with(start) && step == *allowed);
            if is_slow(&step) && !on_purpose {
                slow.push(format!("{step}: {sql}"));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn no_statement_is_planned_again_for_what_is_bound_to_it() {
    let mut tour = Tour::new();
    tour.go();
    let statements = tour.seen.lock().unwrap().clone();
    let mut planned_again = Vec::new();
    for sql in statements.iter().filter(|sql| !sql.starts_with("SAVEPOINT") && !sql.starts_with("BEGIN")) {
        tour.connection.execute_batch("SAVEPOINT tried").unwrap();
        let mut statement = tour.connection.prepare(sql).unwrap();
        for value in 1..=2 {
            for parameter in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(parameter, value).unwrap();
            }
            // What comes of it doesn't matter: the number may not fit the column.
            let _ = statement.raw_query().next();
        }
        if statement.get_status(StatementStatus::RePrepare) > 0 {
            planned_again.push(sql.clone());
        }
        drop(statement);
        tour.connection.execute_batch("ROLLBACK TO tried; RELEASE tried").unwrap();
    }
    assert!(planned_again.is_empty(), "{planned_again:#?}");
}
