//! A model is asked outside the transaction and heard inside it: whatever committed meanwhile wins.

use std::sync::Arc;

use hub_domain::{
    address::Address,
    assistant::settings::{AssistantChoice, AssistantSettings},
    changes::Field,
    ids::ContactId,
    job::JobKind,
    message::{ConversationMode, Origin},
    reply::{Ask, HandOver, NoReply, ReplyDecision, Told, Words},
    settings::Guards,
};
use hub_store::{
    Approved, EventKind, LeasedJob, ListenerChange, NewListener, NewReceipt, Phrased, ReplyPolicy,
    ReplySettled, Wanted,
};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, at, ewa, inbound, outbound, part_ids, sid},
};

/// The assistant answers everyone, at once.
fn policy() -> Arc<ReplyPolicy> {
    let assistant = AssistantSettings { enabled: true, quiet_seconds: 6, ..AssistantSettings::default() };
    Arc::new(ReplyPolicy { assistant, model_available: true, ..ReplyPolicy::default() })
}

fn receipt(words: &str) -> NewReceipt {
    NewReceipt {
        purpose: "answer",
        model: "gpt-4o-mini".to_owned(),
        prompt: "[]".to_owned(),
        passages: "[]".to_owned(),
        words: Some(words.to_owned()),
        error: None,
        prompt_tokens: Some(100),
        completion_tokens: Some(10),
        cost: Some(21),
        millis: 700,
    }
}

fn says(text: &str) -> Phrased {
    Phrased {
        told: Told { ask: Ask::Answer, words: Words::Say(text.to_owned()) },
        receipt: Some(receipt(text)),
        became: None,
    }
}

async fn settle(hub: &TestStore, job: LeasedJob, phrased: Option<Phrased>, now: Timestamp) -> ReplySettled {
    hub.settle_reply(job, policy(), phrased, part_ids(), now).await.unwrap()
}

/// Takes the only reply job and hears what has to be asked.
async fn asked(hub: &TestStore, now: Timestamp) -> (LeasedJob, Wanted) {
    let jobs = hub.lease(now).await;
    let job = *jobs.iter().find(|job| job.kind == JobKind::Reply).unwrap();
    let settled = settle(hub, job, None, now).await;
    let ReplySettled::Ask(asked) = settled else { panic!("nothing is asked: {settled:?}") };
    (job, *asked)
}

fn nothing(reason: NoReply) -> ReplySettled {
    ReplySettled::Decided(ReplyDecision::Nothing(reason))
}

#[tokio::test]
async fn asking_writes_nothing_and_the_answer_is_written_with_its_receipt() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1").saying("Macie chleb?"), at(0)).await;
    let (job, asked) = asked(&hub, at(6)).await;
    assert_eq!((asked.ask, &*asked.newest, asked.history.len()), (Ask::Answer, "Macie chleb?", 0));
    assert_eq!((hub.written().await.len(), hub.reply_decision(row).await.unwrap()), (0, None));

    let settled = settle(&hub, job, Some(says("Tak, mamy.")), at(8)).await;
    let origin = Origin::Assistant;
    assert_eq!(
        settled,
        ReplySettled::Decided(ReplyDecision::Answer { origin, body: "Tak, mamy.".to_owned() })
    );
    assert_eq!(hub.reply_decision(row).await.unwrap().as_deref(), Some("answered_assistant"));
    let [answer] = &hub.written().await[..] else { panic!("not one answer") };
    for of in [row, answer.row] {
        let [receipt] = &hub.receipts(of).await.unwrap()[..] else { panic!("not one receipt") };
        assert_eq!((receipt.message, receipt.answer), (Some(row), Some(answer.row)));
        assert_eq!(
            (&*receipt.decision, receipt.words.as_deref()),
            ("answered_assistant", Some("Tak, mamy."))
        );
    }
    assert_eq!(hub.spent(at(8)).await.unwrap(), 40_000 + 21);
}

#[tokio::test]
async fn the_conversation_is_told_oldest_first_without_the_newest_text_and_what_never_left() {
    let hub = fresh().await;
    for (number, body) in [("SM1", "Pierwsze"), ("SM2", "")] {
        hub.receive(inbound(number).saying(body), at(0)).await;
    }
    hub.queue(outbound(Origin::Api, ANNA, "Słucham"), at(1)).await;
    hub.receive(inbound("SMp").from(PIOTR).saying("Tajne"), at(2)).await;
    hub.receive(inbound("SM3").saying("Drugie"), at(3)).await;
    for job in hub.lease(at(60)).await.into_iter().filter(|job| job.kind == JobKind::Reply) {
        if let ReplySettled::Ask(asked) = settle(&hub, job, None, at(60)).await
            && asked.newest == "Drugie"
        {
            let told: Vec<_> = asked.history.iter().map(|turn| &*turn.text).collect();
            assert_eq!(told, ["Pierwsze", "Słucham"]);
            return;
        }
    }
    panic!("the newest text was not asked about");
}

#[tokio::test]
async fn several_quick_texts_get_one_answer_whichever_is_decided_first() {
    for newest_first in [false, true] {
        let hub = fresh().await;
        let mut rows = Vec::new();
        for (number, second) in [("SM1", 0), ("SM2", 2), ("SM3", 4)] {
            rows.push(hub.receive(inbound(number).saying("Halo"), at(second)).await);
        }
        let mut jobs = hub.lease(at(30)).await;
        if newest_first {
            jobs.reverse();
        }
        for job in jobs {
            if let ReplySettled::Ask(_) = settle(&hub, job, None, at(30)).await {
                assert_eq!(job.message, rows[2]);
                settle(&hub, job, Some(says("Słucham.")), at(31)).await;
            }
        }
        assert_eq!(hub.written().await.len(), 1);
        for row in &rows[..2] {
            assert_eq!(hub.reply_decision(*row).await.unwrap().as_deref(), Some("answered_together"));
        }
    }
}

#[tokio::test]
async fn a_word_or_a_picture_after_a_question_does_not_swallow_it() {
    for later in ["godziny", "/news co nowego", "", "HELP"] {
        let hub = fresh().await;
        let word = NewListener { word: "Godziny".into(), answer: "6-14".into(), description: String::new() };
        hub.add_listener(word, ewa(), at(0)).await.unwrap().unwrap();
        let row = hub.receive(inbound("SM1").saying("Macie chleb?"), at(0)).await;
        hub.receive(inbound("SM2").saying(later), at(1)).await;
        let jobs = hub.lease(at(30)).await;
        let job = *jobs.iter().find(|job| job.message == row).unwrap();
        assert!(matches!(settle(&hub, job, None, at(30)).await, ReplySettled::Ask(_)), "{later:?}");
    }
}

#[tokio::test]
async fn what_happened_while_the_model_thought_wins() {
    async fn check(meanwhile: impl AsyncFnOnce(&TestStore), expect: ReplySettled) {
        let hub = fresh().await;
        hub.receive(inbound("SM1").saying("Macie chleb?"), at(0)).await;
        let (job, _) = asked(&hub, at(6)).await;
        meanwhile(&hub).await;
        assert_eq!(settle(&hub, job, Some(says("Tak.")), at(9)).await, expect);
        let assistants =
            hub.written().await.into_iter().filter(|m| m.origin == Some(Origin::Assistant)).count();
        assert_eq!(assistants, 0, "{expect:?}");
        let kept = hub.receipts(job.message).await.unwrap();
        assert_eq!(kept.len(), 1, "what was paid for is on record");
    }
    check(
        async |hub| {
            hub.receive(inbound("SM2").saying("STOP"), at(7)).await;
        },
        nothing(NoReply::OptedOut),
    )
    .await;
    check(
        async |hub| hub.set_mode(ANNA.to_owned(), ConversationMode::Human, None).await.unwrap(),
        nothing(NoReply::HumanInCharge),
    )
    .await;
    check(
        async |hub| {
            hub.receive(inbound("SM2").saying("i bułki?"), at(7)).await;
        },
        nothing(NoReply::AnsweredTogether),
    )
    .await;
    let off = AssistantChoice { enabled: Some(false), ..AssistantChoice::default() };
    check(
        async |hub| {
            drop(
                hub.change_assistant(off, AssistantSettings::default(), ewa(), at(7)).await.unwrap().unwrap(),
            );
        },
        nothing(NoReply::NothingEnabled),
    )
    .await;
}

#[tokio::test]
async fn a_hand_over_leaves_the_conversation_to_people_and_begins_a_new_one() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("Macie chleb?"), at(0)).await;
    let (job, _) = asked(&hub, at(6)).await;
    let unsure = Told { ask: Ask::Answer, words: Words::HandOver(HandOver::Unsure) };
    settle(&hub, job, Some(Phrased { told: unsure, receipt: None, became: None }), at(7)).await;
    assert_eq!(hub.reply_decision(job.message).await.unwrap().as_deref(), Some("handover_unsure"));
    let [notice] = &hub.written().await[..] else { panic!("not one notice") };
    assert_eq!(notice.origin, Some(Origin::HandOver));
    let events: Vec<_> = hub.events().await.into_iter().map(|event| event.kind).collect();
    assert!(events.contains(&EventKind::HandedOver));
    // The notice leaves although a person is in charge.
    let jobs = hub.lease(at(8)).await;
    hub.call(jobs[0], at(8)).await;
    // And nothing else is answered until somebody gives it back; then the old talk is not read.
    let row = hub.receive(inbound("SM2").saying("Halo?"), at(9)).await;
    let jobs = hub.lease(at(20)).await;
    let job = *jobs.iter().find(|job| job.message == row).unwrap();
    assert_eq!(settle(&hub, job, None, at(20)).await, nothing(NoReply::HumanInCharge));
    hub.set_mode(ANNA.to_owned(), ConversationMode::Auto, None).await.unwrap();
    hub.receive(inbound("SM3").saying("Dzień dobry"), at(30)).await;
    let (_, asked) = self::asked(&hub, at(40)).await;
    let told: Vec<_> = asked.history.iter().map(|turn| &*turn.text).collect();
    assert_eq!(told, [&*notice.body, "Halo?"]);
}

#[tokio::test]
async fn a_draft_is_proposed_until_something_is_sent() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("Macie chleb?"), at(0)).await;
    hub.set_mode(ANNA.to_owned(), ConversationMode::Draft, None).await.unwrap();
    let (job, asked) = asked(&hub, at(6)).await;
    assert_eq!(asked.ask, Ask::Draft);
    let told = Told { ask: Ask::Draft, words: Words::Say("Tak.".to_owned()) };
    settle(&hub, job, Some(Phrased { told, receipt: Some(receipt("Tak.")), became: None }), at(7)).await;
    assert!(hub.written().await.is_empty());
    let contact = hub.row(job.message).await.contact;
    let proposal = hub.proposal(contact).await.unwrap().unwrap();
    assert_eq!((&*proposal.body, proposal.message), ("Tak.", job.message));
    hub.queue(outbound(Origin::Api, ANNA, "Tak, zapraszamy."), at(8)).await;
    assert_eq!(hub.proposal(contact).await.unwrap(), None);
    assert_eq!(hub.proposal(ContactId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn the_money_cap_holds_one_answer_a_person_and_never_passes() {
    let hub = fresh().await;
    let guards = Guards { money_day: 100_000, stops_loops: false, ..Guards::default() };
    let policy = Arc::new(ReplyPolicy { bot_enabled_by_default: true, guards, ..ReplyPolicy::default() });
    for number in 0..6 {
        let from = if number < 4 { ANNA } else { PIOTR };
        hub.receive(inbound(&format!("SM{number}")).from(from).saying("Halo"), at(number)).await;
    }
    for job in hub.lease(at(10)).await {
        hub.settle_reply(job, Arc::clone(&policy), None, part_ids(), at(10)).await.unwrap();
    }
    let written = hub.written().await;
    let held: Vec<_> = written.iter().filter(|message| message.status.as_str() == "held").collect();
    assert_eq!((written.len(), held.len()), (4, 2));
    assert!(held.iter().all(|message| message.error_text.as_deref() == Some("money_cap")));
    assert_eq!(hub.spent(at(10)).await.unwrap(), 80_000);
    assert_eq!(hub.open_jobs(JobKind::Deliver).await.len(), 2);
    let alarms = hub.events().await.into_iter().filter(|event| event.kind == EventKind::MoneyAlarm).count();
    assert_eq!(alarms, 1, "half and four fifths were passed with the second answer");
    // What a person lets go counts.
    assert_eq!(hub.approve_held(held[0].row, at(11)).await.unwrap(), Approved::Queued);
    assert_eq!(hub.spent(at(11)).await.unwrap(), 120_000);
    // The next day begins at nothing.
    assert_eq!(hub.spent(at(86_400)).await.unwrap(), 0);
}

#[tokio::test]
async fn switching_one_way_of_answering_on_switches_the_other_off() {
    let hub = fresh().await;
    let on = || AssistantChoice { enabled: Some(true), ..AssistantChoice::default() };
    hub.change_auto_reply(true, "Oddzwonimy".to_owned(), ewa(), at(0)).await.unwrap().unwrap();
    hub.change_assistant(on(), AssistantSettings::default(), ewa(), at(1)).await.unwrap().unwrap();
    let template = hub.auto_reply().await.unwrap();
    assert_eq!((template.enabled, &*template.message), (false, "Oddzwonimy"));
    hub.change_auto_reply(true, "Oddzwonimy".to_owned(), ewa(), at(2)).await.unwrap().unwrap();
    assert_eq!(hub.assistant_choice().await.unwrap().0.enabled, Some(false));
    // Saving the text of a switched-off auto-reply changes nothing here.
    hub.change_assistant(on(), AssistantSettings::default(), ewa(), at(3)).await.unwrap().unwrap();
    hub.change_auto_reply(false, "Cześć".to_owned(), ewa(), at(4)).await.unwrap().unwrap();
    assert_eq!(hub.assistant_choice().await.unwrap().0.enabled, Some(true));
}

#[tokio::test]
async fn listeners_are_seeded_and_words_added_once() {
    let hub = fresh().await;
    let seeded: Vec<_> = hub.listeners().await.unwrap().into_iter().map(|l| (l.command, l.enabled)).collect();
    assert_eq!(seeded, [("/news".to_owned(), false), ("*".to_owned(), true)]);
    let word = |word: &str| NewListener { word: word.into(), answer: "6-14".into(), description: "d".into() };
    let added = hub.add_listener(word("Godziny"), ewa(), at(1)).await.unwrap().unwrap();
    assert_eq!(hub.add_listener(word("GODZINY!"), ewa(), at(2)).await.unwrap(), None);
    let change =
        ListenerChange { enabled: Some(false), answer: Some("7-15".into()), ..ListenerChange::default() };
    let changed = hub.change_listener(added.id, change.clone(), ewa(), at(3)).await.unwrap().unwrap();
    assert_eq!(
        (changed.enabled, changed.answer.as_deref(), &*changed.description),
        (false, Some("7-15"), "d")
    );
    // A built-in one has no answer to change, and stays.
    let built_in = hub.change_listener(1, change, ewa(), at(3)).await.unwrap().unwrap();
    assert_eq!((built_in.enabled, built_in.answer), (false, None));
    assert!(
        !hub.delete_listener(1, ewa(), at(4)).await.unwrap()
            && hub.delete_listener(added.id, ewa(), at(4)).await.unwrap()
    );
    assert_eq!(hub.change_listener(99, ListenerChange::default(), ewa(), at(4)).await.unwrap(), None);
}

#[tokio::test]
async fn a_change_beyond_what_the_audit_log_shows_of_a_word_has_its_line() {
    let hub = fresh().await;
    let long = |end: &str| format!("{}{end}", "Czynne codziennie. ".repeat(8));
    let word = NewListener { word: "godziny".into(), answer: long("6-14"), description: "d".into() };
    let added = hub.add_listener(word, ewa(), at(1)).await.unwrap().unwrap();
    let change = ListenerChange { answer: Some(long("7-15")), ..ListenerChange::default() };
    for second in [2, 3] {
        hub.change_listener(added.id, change.clone(), ewa(), at(second)).await.unwrap().unwrap();
    }
    let entries = hub.audit(None, 9).await.unwrap();
    let [changed] = entries.iter().filter_map(|entry| entry.change.as_ref()).collect::<Vec<_>>()[..] else {
        panic!("not one change: {entries:?}")
    };
    assert_eq!((changed.field, changed.word.as_deref()), (Field::WordAnswer, Some("godziny")));
    assert!(changed.looks_alike(), "{changed:?}");
}

#[tokio::test]
async fn consent_has_a_list_a_history_and_its_proof() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("STOP"), at(1)).await;
    hub.receive(inbound("SM2").from(PIOTR).saying("Wypisz mnie"), at(2)).await;
    hub.note_consent(ANNA.to_owned(), true, "formularz z 3 maja".to_owned(), at(3)).await.unwrap();
    hub.note_consent(ANNA.to_owned(), false, "prosiła przez telefon".to_owned(), at(4)).await.unwrap();
    let page = hub.suppressions(None, 1).await.unwrap();
    assert_eq!((&*page[0].person, &*page[0].source), (ANNA, "operator"));
    let next = hub.suppressions(Some((page[0].since, page[0].person.clone())), 10).await.unwrap();
    assert_eq!(next.iter().map(|entry| &*entry.person).collect::<Vec<_>>(), [PIOTR]);
    let history = hub.consent_history(ANNA.to_owned()).await.unwrap();
    let shown: Vec<_> = history
        .iter()
        .map(|entry| (entry.opted_in, &*entry.source, entry.note.as_deref(), entry.body.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            (false, "keyword", None, Some("STOP")),
            (true, "operator", Some("formularz z 3 maja"), None),
            (false, "operator", Some("prosiła przez telefon"), None),
        ]
    );
    assert_eq!(history[0].sid.as_deref(), Some("SM1"));
}

#[tokio::test]
async fn a_number_people_write_to_is_ours_and_gets_no_answer() {
    let hub = fresh().await;
    let us = Address::from_provider(crate::words::US).unwrap();
    hub.receive(inbound("SM1").saying("Halo"), at(0)).await;
    let row = hub.receive(inbound("SM2").from(us.as_str()).saying("Halo"), at(1)).await;
    let jobs = hub.lease(at(30)).await;
    let job = *jobs.iter().find(|job| job.message == row).unwrap();
    assert_eq!(settle(&hub, job, None, at(30)).await, nothing(NoReply::OwnNumber));
}

/// What happens in a conversation that a model answers.
#[derive(Clone, Copy, Debug)]
enum Step {
    Text(&'static str),
    Ask,
    Hear,
    Deliver,
    Pause(i64),
    Mode(ConversationMode),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::sample::select(&["Macie chleb?", "stop", "Wypisz mnie", "START", "Wznów", "człowiek", "ok"][..]).prop_map(Step::Text),
        4 => Just(Step::Ask),
        4 => Just(Step::Hear),
        3 => Just(Step::Deliver),
        3 => (1_i64..40).prop_map(Step::Pause),
        1 => prop::sample::select(&[ConversationMode::Auto, ConversationMode::Draft][..]).prop_map(Step::Mode),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Nothing automatic is called for after an opt-out is on disk, however the steps fall.
    #[test]
    fn nothing_automatic_is_sent_after_an_opt_out_commit(steps in prop::collection::vec(step(), 5..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let hub = fresh().await;
            let (mut second, mut number, mut thinking) = (0, 0, Vec::<LeasedJob>::new());
            for step in steps {
                match step {
                    Step::Text(body) => {
                        number += 1;
                        hub.receive(inbound(&format!("SM{number}")).saying(body), at(second)).await;
                    }
                    Step::Ask => {
                        let jobs = hub.lease_jobs(crate::harness::worker("w"), JobKind::Reply, 5, at(second)).await.unwrap();
                        for job in jobs {
                            if let ReplySettled::Ask(_) = settle(&hub, job, None, at(second)).await {
                                thinking.push(job);
                            }
                        }
                    }
                    Step::Hear => {
                        for job in thinking.drain(..) {
                            // A lease that ran out meanwhile is another worker's.
                            let told = Some(says("Tak, mamy."));
                            let _ = hub.settle_reply(job, policy(), told, part_ids(), at(second)).await;
                        }
                    }
                    Step::Deliver => {
                        let silent = hub.silenced(ANNA).await.is_some();
                        let jobs = hub.lease_jobs(crate::harness::worker("w"), JobKind::Deliver, 5, at(second)).await.unwrap();
                        for job in jobs {
                            let origin = hub.row(job.message).await.origin.unwrap();
                            let begun = hub.begin(job, at(second)).await.1;
                            let called = matches!(begun, hub_store::Begun::Call(_));
                            let confirmation = matches!(origin, Origin::OptOutConfirmation | Origin::OptInConfirmation);
                            assert!(!(called && silent && !confirmation), "{origin:?} left after the opt-out");
                        }
                    }
                    Step::Pause(seconds) => second += seconds,
                    Step::Mode(mode) => {
                        let _ = hub.set_mode(ANNA.to_owned(), mode, None).await;
                    }
                }
            }
        });
    }
}

#[tokio::test]
async fn what_a_redacted_text_was_told_to_a_model_for_is_gone_and_nobody_elses() {
    let hub = fresh().await;
    for (second, from, heard) in [(0, ANNA, "SM1"), (100, PIOTR, "SM2"), (200, ANNA, "SM3")] {
        hub.receive(inbound(heard).from(from).saying("Tajne"), at(second)).await;
        let (job, _) = asked(&hub, at(second + 6)).await;
        settle(&hub, job, Some(says("Tajne, tak")), at(second + 7)).await;
    }
    let words = async |id| hub.receipt(id).await.unwrap().unwrap().words;
    hub.redact(sid("SM3"), at(300)).await.unwrap();
    assert_eq!((words(1).await.is_some(), words(2).await.is_some(), words(3).await), (true, true, None));
    hub.redact(sid("SM1"), at(301)).await.unwrap();
    let first = hub.receipt(1).await.unwrap().unwrap();
    assert_eq!((first.words, &*first.prompt, first.redacted), (None, "[]", true));
    assert!(words(2).await.is_some());
    // A changed instruction is not tried on what is gone.
    assert_eq!(hub.latest_receipts(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_proposal_and_a_draft_go_with_the_texts_they_may_quote() {
    for whole in [false, true] {
        let hub = fresh().await;
        let row = hub.receive(inbound("SM1").saying("Tajne"), at(0)).await;
        let contact = hub.row(row).await.contact;
        hub.set_mode(ANNA.to_owned(), ConversationMode::Draft, None).await.unwrap();
        let (job, _) = asked(&hub, at(6)).await;
        let told = Told { ask: Ask::Draft, words: Words::Say("Tajne.".to_owned()) };
        let phrased = Phrased { told, receipt: Some(receipt("Tajne.")), became: None };
        settle(&hub, job, Some(phrased), at(7)).await;
        hub.save_draft(contact, "Tajne".to_owned(), None, at(8)).await.unwrap();
        if whole {
            hub.delete_messages(vec![row], at(9)).await.unwrap();
        } else {
            hub.redact(sid("SM1"), at(9)).await.unwrap();
        }
        assert_eq!(hub.proposal(contact).await.unwrap(), None);
        // What a person writes is theirs, until nothing is left that they write about.
        assert_eq!(hub.draft(contact).await.unwrap().is_none(), whole);
    }
}
