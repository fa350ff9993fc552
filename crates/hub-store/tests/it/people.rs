//! How a person keeps the inbox: reading, names, who is in charge, consent, what is left to a person.

use hub_domain::{
    attention::{Asking, Attention},
    bot::Bot,
    ids::{ContactId, UserId},
    message::{ConversationMode, Origin},
    settings::Caps,
};
use hub_store::{ConsentByHand, EventKind, InboxLine, ReplyPolicy, ReplySettled, StoreError};
use uuid::Uuid;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, at, inbound, message_id, not_sent, outbound},
};

const NOBODY: ContactId = ContactId(404);

/// Somebody of ours.
pub(crate) const EWA: UserId = UserId(Uuid::from_u128(7));

impl TestStore {
    /// The contact behind a number.
    pub(crate) async fn contact(&self, person: &str) -> ContactId {
        self.person(vec![person.to_owned()]).await.unwrap().unwrap().contact
    }

    pub(crate) async fn line(&self, person: &str) -> InboxLine {
        let contact = self.contact(person).await;
        self.inbox_line(contact, at(0)).await.unwrap().unwrap()
    }

    /// Unread texts and the first of them.
    async fn unread(&self) -> (u32, Option<i64>) {
        let line = self.line(ANNA).await;
        (line.unread, line.first_unread)
    }

    async fn count_events(&self, kind: EventKind) -> usize {
        self.events().await.iter().filter(|event| event.kind == kind).count()
    }

    /// Decides about every text that waits for it; the bot is on.
    async fn decide(&self, caps: Caps) -> Vec<ReplySettled> {
        let policy = ReplyPolicy { bot: Bot::Echo, bot_enabled_by_default: true, caps };
        let mut settled = Vec::new();
        for job in self.lease(at(1)).await {
            if job.kind == hub_domain::job::JobKind::Reply {
                settled.push(self.settle_reply(job, policy, message_id(), at(1)).await.unwrap());
            }
        }
        settled
    }
}

#[tokio::test]
async fn texts_are_unread_until_somebody_reads_up_to_them() {
    let hub = fresh().await;
    let mut rows = Vec::new();
    for number in 0..4 {
        rows.push(hub.receive(inbound(&format!("SM{number}")), at(number)).await);
        hub.queue(outbound(Origin::Api, ANNA, "odp"), at(number)).await;
    }
    let anna = hub.contact(ANNA).await;
    assert_eq!(hub.unread().await, (4, Some(rows[0])));
    hub.mark_read(anna, rows[1], at(9)).await.unwrap();
    assert_eq!(hub.unread().await, (2, Some(rows[2])));
    // Another window is behind, or the same is read twice: nothing changes and nobody is told.
    let told = hub.count_events(EventKind::Read).await;
    hub.mark_read(anna, rows[0], at(9)).await.unwrap();
    hub.mark_read(anna, rows[1], at(9)).await.unwrap();
    assert_eq!((hub.unread().await, hub.count_events(EventKind::Read).await), ((2, Some(rows[2])), told));
    hub.mark_read(anna, rows[3], at(9)).await.unwrap();
    assert_eq!(hub.unread().await, (0, None));
    hub.mark_unread(anna, None, at(9)).await.unwrap();
    assert_eq!(hub.unread().await, (1, Some(rows[3])));
    hub.mark_unread(anna, Some(rows[1]), at(9)).await.unwrap();
    assert_eq!(hub.unread().await, (3, Some(rows[1])));
    assert!(matches!(hub.mark_read(NOBODY, 1, at(9)).await, Err(StoreError::NotFound("contact"))));
    assert!(matches!(hub.mark_unread(NOBODY, None, at(9)).await, Err(StoreError::NotFound("contact"))));
}

#[tokio::test]
async fn deleting_unread_texts_leaves_the_others_unread() {
    let hub = fresh().await;
    let mut rows = Vec::new();
    for number in 0..4 {
        rows.push(hub.receive(inbound(&format!("SM{number}")), at(number)).await);
    }
    hub.mark_read(hub.contact(ANNA).await, rows[0], at(9)).await.unwrap();
    for (row, expect) in [
        (rows[0], (3, Some(rows[1]))),
        (rows[1], (2, Some(rows[2]))),
        (rows[3], (1, Some(rows[2]))),
        (rows[2], (0, None)),
    ] {
        hub.delete_messages(vec![row], at(10)).await.unwrap();
        assert_eq!(hub.unread().await, expect);
    }
    assert_eq!(hub.line(ANNA).await.last, None);
}

#[tokio::test]
async fn a_text_is_left_to_a_person_while_one_is_in_charge_or_the_cap_is_used_up() {
    let caps = Caps { contact_10_min: 1, contact_day: 0, minute: 0 };
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    assert_eq!(hub.decide(caps).await.len(), 1);
    assert_eq!(hub.line(ANNA).await.attention, None);
    let capped = hub.receive(inbound("SM2"), at(0)).await;
    hub.decide(caps).await;
    let expect = Some(Asking { why: Attention::CapReached, message: capped });
    assert_eq!(hub.line(ANNA).await.attention, expect);
    let anna = hub.contact(ANNA).await;
    hub.change_mode(anna, ConversationMode::Human, None, at(2)).await.unwrap();
    let left = hub.receive(inbound("SM3"), at(0)).await;
    hub.decide(caps).await;
    let expect = Some(Asking { why: Attention::Unanswered, message: left });
    assert_eq!(hub.line(ANNA).await.attention, expect);
    assert_eq!(hub.count_events(EventKind::Attention).await, 2);
    hub.seen_to(anna, at(3)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.attention, None);
    hub.receive(inbound("SM4"), at(0)).await;
    hub.decide(caps).await;
    assert!(hub.line(ANNA).await.attention.is_some());
    hub.change_mode(anna, ConversationMode::Auto, None, at(4)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.attention, None);
}

#[tokio::test]
async fn a_held_message_asks_for_a_person_until_it_is_held_no_more() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, not_sent(), at(0)).await;
    let job = hub.lease_one(at(40_000)).await;
    let (attempt, _) = hub.call(job, at(40_000)).await;
    hub.finish(job, attempt, not_sent(), at(40_000)).await;
    assert_eq!(hub.status(row).await, "held");
    assert_eq!(hub.line(ANNA).await.attention, Some(Asking { why: Attention::Held, message: row }));
    hub.delete_messages(vec![row], at(40_001)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.attention, None);
}

#[tokio::test]
async fn a_name_is_given_and_taken_away() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let anna = hub.contact(ANNA).await;
    hub.rename(anna, Some("Anna Żółć".to_owned()), Some(EWA), at(1)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.name.as_deref(), Some("Anna Żółć"));
    hub.rename(anna, None, Some(EWA), at(2)).await.unwrap();
    assert_eq!((hub.line(ANNA).await.name, hub.count_events(EventKind::Named).await), (None, 2));
    assert!(matches!(hub.rename(NOBODY, None, None, at(3)).await, Err(StoreError::NotFound("contact"))));
}

#[tokio::test]
async fn a_mode_holds_until_its_time() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let anna = hub.contact(ANNA).await;
    hub.change_mode(anna, ConversationMode::Human, Some(at(60)), at(0)).await.unwrap();
    for (second, mode, until) in
        [(59, ConversationMode::Human, Some(at(60))), (60, ConversationMode::Auto, None)]
    {
        let line = hub.inbox_line(anna, at(second)).await.unwrap().unwrap();
        assert_eq!((line.mode, line.mode_until), (mode, until), "{second}");
    }
    assert_eq!(hub.count_events(EventKind::Mode).await, 1);
    let nobody = hub.change_mode(NOBODY, ConversationMode::Auto, None, at(0)).await;
    assert!(matches!(nobody, Err(StoreError::NotFound("contact"))));
}

#[tokio::test]
async fn consent_by_hand_is_logged_with_who_and_why() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let anna = hub.contact(ANNA).await;
    let asked = ConsentByHand::OptOut { note: "telefonicznie".to_owned() };
    hub.record_consent(anna, asked, Some(EWA), at(1)).await.unwrap();
    assert_eq!((hub.silenced(ANNA).await.as_deref(), hub.line(ANNA).await.opted_out), (Some("panel"), true));
    let again = ConsentByHand::Reopen { consent: "formularz 12/2026".to_owned() };
    hub.record_consent(anna, again, None, at(2)).await.unwrap();
    assert_eq!((hub.silenced(ANNA).await, hub.line(ANNA).await.opted_out), (None, false));
    let log = hub.on_disk(
        "SELECT change || ' ' || source || ' ' || note || ' ' || (author IS NOT NULL) FROM consent_log",
    );
    assert_eq!(log, ["opt_out panel telefonicznie 1", "opt_in panel formularz 12/2026 0"]);
    let nobody = hub.record_consent(NOBODY, ConsentByHand::OptOut { note: String::new() }, None, at(3)).await;
    assert!(matches!(nobody, Err(StoreError::NotFound("contact"))));
}

#[tokio::test]
async fn somebody_met_after_asking_for_silence_is_known_to_have_done_so() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("wypisz"), at(0)).await;
    assert!(hub.line(ANNA).await.opted_out);
    hub.receive(inbound("SM2").saying("wznów"), at(1)).await;
    assert!(!hub.line(ANNA).await.opted_out);
}
