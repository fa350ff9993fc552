//! What people at the panel ask for: views, threads, search, charts; and what they do there.

use hub_domain::{
    ids::{ContactId, MessageId, UserId},
    message::{ConversationMode, Origin},
};
use uuid::Uuid;

use super::{ANNA, Tour, anna, at, plan};
use crate::{
    aside::TroubledQuery,
    by_hand::{HandSend, HandTo, Retry},
    lines::{InboxQuery, View},
    outbox::NewOutbound,
    people::ConsentByHand,
    search::PeopleQuery,
    sqlite::{aside, by_hand, consent, drafts, lines, people, search, tallies, thread},
    thread::{ThreadQuery, ThreadSide},
};

const ANNA_ID: ContactId = ContactId(1);
const SIDES: [ThreadSide; 3] = [ThreadSide::Newest, ThreadSide::Before(9), ThreadSide::After(1)];

impl Tour {
    /// An hour at the panel.
    pub(super) fn panel(&mut self) {
        let author = Some(UserId(Uuid::from_u128(1)));
        self.unit(|unit| people::rename(unit, ANNA_ID, Some("Anna Zażółć"), author, at(2100)));
        self.unit(|unit| drafts::save(unit, ANNA_ID, "Dzień", author, at(2100)));
        self.unit(|unit| people::change_mode(unit, ANNA_ID, ConversationMode::Human, None, at(2100)));
        self.unit(|unit| people::mark_unread(unit, ANNA_ID, Some(1), at(2100)));
        self.unit(|unit| people::mark_read(unit, ANNA_ID, 1, at(2100)));
        self.unit(|unit| people::seen_to(unit, ANNA_ID, at(2100)));
        for change in [
            ConsentByHand::OptOut { note: String::new() },
            ConsentByHand::Reopen { consent: "telefonicznie".to_owned() },
        ] {
            self.unit(|unit| people::record_consent(unit, ANNA_ID, &change, author, at(2100)));
        }
        self.sends_by_hand(author);
        let batch = search::pending(&self.connection).unwrap();
        self.unit(|unit| search::add(unit, &batch, at(2100)));
        self.reads();
    }

    fn sends_by_hand(&mut self, author: Option<UserId>) {
        let part = NewOutbound {
            id: MessageId(self.id()),
            to: anna(),
            from: "+15005550006".to_owned(),
            service: None,
            body: "raz".to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin: Origin::Human,
        };
        let second = NewOutbound { id: MessageId(self.id()), ..part.clone() };
        let send = HandSend { to: HandTo::Address(anna()), parts: vec![part, second], author };
        for _ in 0..2 {
            self.unit(|unit| by_hand::send(unit, &send, at(2100)));
        }
        let failed =
            self.connection
                .query_row("SELECT last_failed FROM contact WHERE id = ?1", [ANNA_ID.0], |row| row.get(0));
        let retry =
            Retry { row: failed.unwrap(), ids: vec![MessageId(self.id())], origin: Origin::Human, author };
        for _ in 0..2 {
            self.unit(|unit| by_hand::retry(unit, &retry, at(2100)));
        }
        self.unit(|unit| consent::opt_in(unit, ANNA, "keyword", None, at(2100)));
    }

    fn reads(&self) {
        let query = TroubledQuery { late_before: at(2100), after: None, limit: 50 };
        aside::list(&self.connection, query).unwrap();
        for view in View::ALL {
            let query = InboxQuery { view, before: None, limit: 50, now: at(2100) };
            lines::list(&self.connection, query).unwrap();
        }
        lines::one(&self.connection, ANNA_ID, at(2100)).unwrap();
        lines::counts(&self.connection).unwrap();
        for side in SIDES {
            let query = ThreadQuery { contact: ANNA_ID, side, limit: 50 };
            thread::page(&self.connection, query).unwrap();
        }
        thread::details(&self.connection, 1).unwrap();
        by_hand::last_route(&self.connection, ANNA_ID).unwrap();
        drafts::find(&self.connection, ANNA_ID).unwrap();
        drafts::list(&self.connection, None, 50).unwrap();
        tallies::hours(&self.connection, 0).unwrap();
        let query =
            PeopleQuery { words: vec!["ann".to_owned(), "zaz".to_owned()], keys: vec!["+48".to_owned()] };
        search::people(&self.connection, &query, 10, at(2100)).unwrap();
        for contact in [None, Some(ANNA_ID)] {
            search::messages(&self.connection, "raz", contact, None, 10).unwrap();
        }
    }
}

#[test]
fn each_view_is_an_index_in_its_order() {
    let tour = Tour::new();
    for (view, index) in [
        (View::All, "contact_by_activity"),
        (View::Unread, "contact_unread"),
        (View::NeedsHuman, "contact_attention"),
        (View::Failed, "contact_failed"),
        (View::OptedOut, "contact_opted_out"),
    ] {
        let steps = plan(&tour.connection, &lines::list_sql(view));
        assert!(steps[0].starts_with("SEARCH c") && steps[0].contains(index), "{view:?}: {steps:?}");
        let steps = plan(&tour.connection, &lines::count_sql(view));
        assert!(steps.iter().any(|step| step.contains(index)), "{view:?}: {steps:?}");
    }
}

#[test]
fn each_side_of_a_thread_is_read_from_its_edge() {
    let tour = Tour::new();
    for side in SIDES {
        let steps = plan(&tour.connection, &thread::page_sql(side));
        assert!(steps[0].contains("message_by_contact (contact=? AND row"), "{side:?}: {steps:?}");
    }
}
