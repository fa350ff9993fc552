//! What callers of the API ask for: sends with keys and parts, lists by every filter, looks at Twilio, deletions.

use hub_domain::{
    ids::{ContactId, MessageId},
    message::{Direction, Origin},
    remote::RemoteFacts,
    status::{DeliveryStatus, MessageStatus},
    whatsapp::Template,
};

use super::{ANNA, Tour, anna, at, plan, sid};
use crate::{
    history::HistoryQuery,
    outbox::{NewOutbound, NewSend, SendKey},
    sqlite::{consent, history, remote, removal, sends},
};

impl Tour {
    /// An hour of the API.
    pub(super) fn api(&mut self) {
        self.sends();
        self.lists();
        let seen = |message: &str, direction, body: &str| RemoteFacts {
            sid: sid(message),
            direction,
            them: anna(),
            us: "+15005550006".to_owned(),
            service: None,
            body: body.to_owned(),
            media_count: 0,
            status: Some(DeliveryStatus::Sent),
            error_code: None,
            created_at: Some(at(3000)),
            segments: Some(1),
            price: None,
            price_unit: None,
        };
        for facts in [
            seen("SMremote1", Direction::Inbound, "wypisz"),
            seen("SMremote1", Direction::Inbound, "wypisz"),
            seen("SMremote2", Direction::Outbound, "raz"),
        ] {
            let id = MessageId(self.id());
            let new = remote::AsNew { id, confirmation: None, history: false };
            self.unit(|unit| remote::keep(unit, &facts, new, at(3001)));
        }
        self.receive("SMremote1", "wypisz");
        self.unit(|unit| removal::redact(unit, &sid("SMremote1"), at(3002)));
        let newest = history::statistics(&self.connection).unwrap().latest.unwrap().row;
        for row in 1..=newest {
            removal::waiting_part(&self.connection, row).unwrap();
            self.unit(|unit| removal::cancel(unit, row, at(3003)));
            self.unit(|unit| removal::delete_all(unit, &[row], at(3004)));
            self.unit(|unit| removal::delete_by_sid(unit, &sid("SMremote1"), at(3004)));
        }
    }

    fn sends(&mut self) {
        self.unit(|unit| consent::opt_in(unit, ANNA, "keyword", None, at(2400)));
        let template = Template::from_json("HX0123456789abcdef0123456789abcdef", "").unwrap();
        let part = NewOutbound {
            id: MessageId(self.id()),
            to: anna(),
            from: "+15005550006".to_owned(),
            service: None,
            body: "raz".to_owned(),
            media_urls: vec!["https://media.example/1".to_owned()],
            template: Some(template),
            origin: Origin::Api,
        };
        let second = NewOutbound { id: MessageId(self.id()), ..part.clone() };
        let key = Some(SendKey { key: "token:1".to_owned(), fingerprint: [0; 32] });
        let send = NewSend { parts: vec![part, second], key };
        for _ in 0..2 {
            self.unit(|unit| sends::submit(unit, &send, None, at(2500)));
        }
        let refused = hub_domain::attempt::AttemptOutcome::Refused {
            http_status: 400,
            code: Some(21211),
            message: String::new(),
        };
        self.deliver(2600, &[refused]);
    }

    fn lists(&self) {
        let every = HistoryQuery { contact: None, direction: None, status: None, before: None, limit: 50 };
        let failed = MessageStatus::Reported(DeliveryStatus::Failed);
        let delivered = MessageStatus::Reported(DeliveryStatus::Delivered);
        for contact in [None, Some(ContactId(1))] {
            for direction in [None, Some(Direction::Outbound)] {
                for status in [None, Some(failed), Some(delivered), Some(MessageStatus::Received)] {
                    let query = HistoryQuery { contact, direction, status, ..every };
                    history::list(&self.connection, query).unwrap();
                }
            }
        }
        history::person(&self.connection, &[ANNA.to_owned()]).unwrap();
        history::conversations(&self.connection, None, 50).unwrap();
        history::thread_sids(&self.connection, ContactId(1)).unwrap();
        history::by_sid(&self.connection, &sid("SMearly")).unwrap();
        history::by_rows(&self.connection, &[1, 2]).unwrap();
    }
}

#[test]
fn each_filter_of_a_list_has_its_index() {
    let tour = Tour::new();
    let every = HistoryQuery { contact: None, direction: None, status: None, before: None, limit: 50 };
    let check = |query: HistoryQuery, index: &str| {
        let steps = plan(&tour.connection, &history::list_sql(query));
        assert!(steps.len() == 1 && steps[0].contains(index), "{query:?}: {steps:?}");
    };
    let (contact, direction) = (Some(ContactId(1)), Some(Direction::Outbound));
    let status = Some(MessageStatus::Reported(DeliveryStatus::Failed));
    check(every, "USING INTEGER PRIMARY KEY (rowid<?)");
    check(HistoryQuery { direction, ..every }, "INDEX message_by_direction (direction=? AND row<?)");
    check(HistoryQuery { status, ..every }, "INDEX message_by_state (status=? AND row<?)");
    check(HistoryQuery { direction, status, ..every }, "INDEX message_by_state (status=? AND row<?)");
    for (direction, status) in [(None, None), (direction, None), (None, status), (direction, status)] {
        let query = HistoryQuery { contact, direction, status, ..every };
        check(query, "INDEX message_by_contact (contact=? AND row<?)");
    }
}
