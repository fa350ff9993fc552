//! What the recovery does: walks, messages that were missed, open statuses, late answers, decisions of people.

use std::time::Duration;

use hub_domain::{
    address::Address,
    ids::MessageId,
    incoming::Elsewhere,
    job::JobKind,
    message::{Direction, Media},
    recovery::Progress,
    remote::RemoteFacts,
    status::DeliveryStatus,
};

use super::{Tour, at, sid};
use crate::{
    polls::Asked,
    recovery::Listed,
    replies::ReplyPolicy,
    sqlite::{attachments, held, notices, polls, recovery, replies, search},
};

const LATER: i64 = 90_000;

fn seen(message: &str, direction: Direction, second: i64) -> Listed {
    let facts = RemoteFacts {
        sid: sid(message),
        direction,
        them: Address::from_provider("+48500100209").unwrap(),
        us: "+15005550006".to_owned(),
        service: None,
        body: "raz".to_owned(),
        media_count: 0,
        status: Some(DeliveryStatus::Sent),
        error_code: None,
        created_at: Some(at(second)),
        segments: Some(1),
        price: None,
        price_unit: None,
    };
    Listed { facts, is_news: true }
}

impl Tour {
    /// After an outage.
    pub(super) fn recovery(&mut self) {
        let now = at(LATER);
        recovery::progress(&self.connection, "w").unwrap();
        let first = Progress::at_first_start(at(0));
        let begun = self.unit(|unit| recovery::begin(unit, "w", &first, true, now));
        let walk = begun.walk.clone().unwrap();
        let report = walk.report.unwrap();
        self.unit(|unit| recovery::page_failed(unit, "w", &begun, "HTTP 500", true, now));
        for listed in [
            seen("SMmissed2", Direction::Inbound, LATER - 4_000),
            seen("SMmissed1", Direction::Inbound, LATER - 5_000),
            seen("SMtheirs", Direction::Outbound, LATER - 6_000),
            seen("SMearly", Direction::Outbound, 0),
        ] {
            self.unit(|unit| recovery::note(unit, &walk, &listed, Duration::ZERO, now));
        }
        let done = begun.after_page(&walk, &[], None);
        self.unit(|unit| recovery::page_done(unit, "w", &walk, &done, now));
        recovery::due(&self.connection).unwrap();
        recovery::newest_moved_in(&self.connection).unwrap();
        self.unit(|unit| recovery::remember(unit, "w2", &first, now));
        self.unit(|unit| recovery::set_back(unit, now));
        let elsewhere = Elsewhere { numbers: vec!["+15005550006".to_owned()], own_service: None };
        let ids: Vec<_> = (0..9).map(|_| (MessageId(self.id()), MessageId(self.id()))).collect();
        let kept = self.unit(|unit| recovery::keep_missed(unit, &ids, &elsewhere, now));
        assert_eq!(kept.looked_at, 3);
        let mut facts = seen("SMhistory", Direction::Inbound, 0).facts;
        facts.media_count = 2;
        let history = vec![(facts, MessageId(self.id()))];
        self.unit(|unit| recovery::keep_history(unit, &history, now));
        let picture = Media { url: "https://media.example/1".to_owned(), content_type: None };
        for job in self.lease(JobKind::Media, 10, LATER) {
            attachments::unlisted(&self.connection, job.message).unwrap();
            self.unit(|unit| attachments::note(unit, &job, std::slice::from_ref(&picture), now));
        }
        for _ in 0..2 {
            let batch = search::pending(&self.connection).unwrap();
            self.unit(|unit| search::add(unit, &batch, now));
        }
        recovery::is_recovered(&self.connection, report).unwrap();
        self.late_answers();
        recovery::list(&self.connection, None, 50).unwrap();
        notices::read(&self.connection).unwrap();
        self.unit(|unit| notices::see(unit, report, now));
        polls::due(&self.connection, 10, at(2 * LATER)).unwrap();
        let row = self.unit(|unit| unit.value("SELECT row FROM message WHERE sid = 'SMtheirs'", ())).unwrap();
        let facts = seen("SMtheirs", Direction::Outbound, LATER - 6_000).facts;
        self.unit(|unit| polls::put_off(unit, row, now));
        self.unit(|unit| polls::tell(unit, 1, now));
        self.unit(|unit| polls::tell(unit, 1, at(2 * LATER)));
        for asked in [Asked { row, seen: Some(facts) }, Asked { row, seen: None }] {
            self.unit(|unit| polls::settle(unit, &asked, now));
        }
    }

    fn late_answers(&mut self) {
        let policy = ReplyPolicy { bot_enabled_by_default: true, ..ReplyPolicy::default() };
        for job in self.lease(JobKind::Reply, 10, LATER) {
            let ids = std::array::from_fn(|_| MessageId(self.id()));
            self.unit(|unit| replies::settle(unit, &job, &policy, None, &ids, at(LATER)));
        }
        let held: i64 =
            self.unit(|unit| unit.value("SELECT max(row) FROM message WHERE status = 'held'", ())).unwrap();
        self.unit(|unit| held::approve(unit, held, at(LATER)));
        self.unit(|unit| held::discard(unit, held, at(LATER)));
        self.unit(|unit| unit.run("UPDATE message SET status = 'held' WHERE row = ?1", [held]));
        self.unit(|unit| held::discard(unit, held, at(LATER)));
    }
}
