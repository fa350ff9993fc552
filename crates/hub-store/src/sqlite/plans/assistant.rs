//! An evening with the assistant: questions, drafts, hand-overs, receipts, listeners, consent.

use hub_domain::{
    assistant::settings::{AssistantChoice, AssistantSettings},
    hours::Hours,
    ids::{ContactId, MessageId},
    job::JobKind,
    message::ConversationMode,
    reply::{Ask, HandOver, Told, Words},
    settings::{GuardChoice, Guards},
};

use super::{ANNA, Tour, anna, at, by};
use crate::{
    assistant::{NewCase, NewReceipt},
    listeners::{ListenerChange, NewListener},
    replies::{Phrased, ReplyPolicy},
    sqlite::{consent, conversations, listeners, money, proposals, receipts, replies, settings},
};

impl Tour {
    /// An evening with the assistant.
    pub(super) fn assistant(&mut self) {
        let choice = AssistantChoice { enabled: Some(true), ..AssistantChoice::default() };
        self.unit(|unit| {
            settings::change_assistant(unit, choice.clone(), &AssistantSettings::default(), &by(), at(5000))
        })
        .unwrap();
        self.unit(|unit| {
            settings::change_guards(unit, GuardChoice::default(), &Guards::default(), &by(), at(5000))
        })
        .unwrap();
        self.unit(|unit| settings::change_hours(unit, Hours::default().into(), &by(), at(5000))).unwrap();
        self.unit(|unit| consent::opt_in(unit, ANNA, "keyword", None, at(5000)));
        let policy = ReplyPolicy { model_available: true, ..ReplyPolicy::default() };
        let broke = Guards { money_day: 1, ..Guards::default() };
        let told = |ask, words| Told { ask, words };
        for (number, mode, policy, told) in [
            (1, ConversationMode::Auto, policy.clone(), told(Ask::Answer, Words::Say("Tak.".to_owned()))),
            (2, ConversationMode::Draft, policy.clone(), told(Ask::Draft, Words::Say("Tak.".to_owned()))),
            (
                3,
                ConversationMode::Auto,
                ReplyPolicy { guards: broke, ..policy.clone() },
                told(Ask::Answer, Words::Say("Tak.".to_owned())),
            ),
            (4, ConversationMode::Auto, policy.clone(), told(Ask::Answer, Words::HandOver(HandOver::Unsure))),
        ] {
            let second = 6000 + number * 1000;
            self.receive(&format!("SMasked{number}"), "Macie chleb?");
            self.unit(|unit| conversations::set_mode(unit, ANNA, mode, None));
            for job in self.lease(JobKind::Reply, 10, second) {
                let phrased = Phrased { told: told.clone(), receipt: Some(receipt()), became: None };
                for phrased in [None, Some(&phrased)] {
                    let ids = std::array::from_fn(|_| MessageId(self.id()));
                    self.unit(|unit| replies::settle(unit, &job, &policy, phrased, &ids, at(second)));
                }
            }
        }
        self.unit(|unit| listeners::change(unit, 1, &ListenerChange::default(), &by(), at(20_000)));
        let word = NewListener { word: "godziny".into(), answer: "6-14".into(), description: String::new() };
        let word = self.unit(|unit| listeners::add(unit, &word, &by(), at(20_000))).unwrap();
        self.unit(|unit| listeners::delete(unit, word.id, &by(), at(20_000)));
        let case = NewCase { question: "a".into(), said: "b".into(), expected: "c".into() };
        let case = self.unit(|unit| receipts::save_case(unit, &case, at(20_000)));
        self.unit(|unit| receipts::delete_case(unit, case));
        self.unit(|unit| consent::by_operator(unit, ANNA, false, "telefon", at(20_000)));
        self.unit(|unit| money::correct(unit, 1, "-0.04", Some("USD")));
        let newest = "SELECT contact, row FROM message WHERE row = (SELECT max(row) FROM message)";
        let (contact, message) =
            self.connection.query_row(newest, (), |row| Ok((ContactId(row.get(0)?), row.get(1)?))).unwrap();
        for _ in 0..2 {
            self.unit(|unit| proposals::put(unit, contact, message, "Tak.", at(20_000)));
            self.unit(|unit| proposals::take(unit, contact, None, at(20_000)));
        }
        self.looks();
    }

    fn looks(&self) {
        let connection = &self.connection;
        listeners::list(connection).unwrap();
        receipts::of_message(connection, 1).unwrap();
        receipts::find(connection, 1).unwrap();
        receipts::latest(connection, 10).unwrap();
        receipts::page(connection, None, 10).unwrap();
        receipts::cases(connection, None, 10).unwrap();
        proposals::find(connection, ContactId(1)).unwrap();
        consent::list(connection, None, 10).unwrap();
        consent::history(connection, &anna().person_key()).unwrap();
        replies::turns(connection, ContactId(1), i64::MAX, 20).unwrap();
        settings::read_assistant(connection).unwrap();
        settings::read_guards(connection).unwrap();
        settings::read_hours(connection).unwrap();
        money::read_spent(connection, at(0)).unwrap();
    }
}

fn receipt() -> NewReceipt {
    NewReceipt {
        purpose: "answer",
        model: "m".to_owned(),
        prompt: "[]".to_owned(),
        passages: "[]".to_owned(),
        words: Some("Tak.".to_owned()),
        error: None,
        prompt_tokens: Some(1),
        completion_tokens: Some(1),
        cost: Some(1),
        millis: 5,
    }
}
