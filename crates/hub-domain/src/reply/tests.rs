use super::*;
use crate::{assistant::settings::AnswersWhen, keywords};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// What the borrowed facts of a case are made of.
struct World {
    from: Address,
    auto_reply: AutoReply,
    listeners: Vec<Listener>,
    settings: AssistantSettings,
}

impl World {
    /// Template and bot on, the assistant off.
    fn new() -> Self {
        let listener = |command: &str, enabled, answer: Option<&str>| Listener {
            command: command.to_owned(),
            enabled,
            answer: answer.map(str::to_owned),
        };
        Self {
            from: Address::from_provider("+48500100200").unwrap(),
            auto_reply: AutoReply {
                enabled: true,
                message: "Oddzwonimy".into(),
                enabled_since: Some(at(100)),
            },
            listeners: vec![
                listener("/news", false, None),
                listener("*", true, None),
                listener("godziny", true, Some("6-14")),
            ],
            settings: AssistantSettings::default(),
        }
    }

    /// The assistant on, as a person sets it: the template is off then, its text stays.
    fn with_assistant() -> Self {
        let mut world = Self::new();
        world.settings.enabled = true;
        world.auto_reply.enabled = false;
        world
    }

    /// An ordinary text at second 200, decided about when all waiting is over.
    fn facts(&self) -> ReplyFacts<'_> {
        ReplyFacts {
            from: &self.from,
            body: "dzień dobry",
            received_at: at(200),
            sent_at: at(200),
            now: at(210),
            keyword: None,
            changed_consent: false,
            recovered: false,
            ours_in_list: None,
            is_elsewhere: false,
            is_ours: false,
            country_allowed: true,
            opted_out: false,
            automation_enabled: true,
            mode: ConversationMode::Auto,
            loop_sign: None,
            listeners: &self.listeners,
            assistant: AssistantFacts {
                settings: &self.settings,
                available: true,
                addressed: true,
                wrote_again: false,
            },
            is_open: true,
            away: None,
            auto_reply: &self.auto_reply,
            bot: Some(Bot::Echo),
            written: AutomaticCounts::default(),
            caps: Caps::default(),
            spent: 0,
            money_day: 1_000_000,
            prices: &Prices::List,
        }
    }

    fn check(&self, change: impl FnOnce(&mut ReplyFacts<'_>), told: Option<&Told>, expect: &ReplyDecision) {
        let mut facts = self.facts();
        change(&mut facts);
        assert_eq!(&decide_reply(&facts, told), expect, "{facts:?}");
    }
}

/// Template and bot on.
fn check(change: impl FnOnce(&mut ReplyFacts<'_>), expect: &ReplyDecision) {
    World::new().check(change, None, expect);
}

fn nothing(reason: NoReply) -> ReplyDecision {
    ReplyDecision::Nothing(reason)
}

fn answer(origin: Origin, body: &str) -> ReplyDecision {
    ReplyDecision::Answer { origin, body: body.into() }
}

fn oddzwonimy() -> ReplyDecision {
    answer(Origin::Template, "Oddzwonimy")
}

fn told(ask: Ask, words: Words) -> Told {
    Told { ask, words }
}

fn say(text: &str) -> Words {
    Words::Say(text.into())
}

#[test]
fn the_table_of_cases() {
    check(|_| (), &oddzwonimy());
    check(|f| f.keyword = keywords::classify("STOP"), &nothing(NoReply::Keyword));
    check(|f| f.keyword = keywords::classify("start"), &nothing(NoReply::Keyword));
    check(|f| f.keyword = keywords::classify("POMOC"), &oddzwonimy());
    check(|f| f.keyword = keywords::classify("zapisz mnie"), &oddzwonimy());
    check(|f| f.changed_consent = true, &nothing(NoReply::Keyword));
    check(|f| f.opted_out = true, &nothing(NoReply::OptedOut));
    check(|f| f.automation_enabled = false, &nothing(NoReply::AutomationOff));
    check(|f| f.mode = ConversationMode::Human, &nothing(NoReply::HumanInCharge));
    check(|f| f.is_ours = true, &nothing(NoReply::OwnNumber));
    check(|f| f.is_elsewhere = true, &nothing(NoReply::OtherApplication));
    check(|f| f.country_allowed = false, &nothing(NoReply::ForeignCountry));
    check(|f| f.received_at = at(99), &nothing(NoReply::BeforeEnabled));
    check(|f| f.received_at = at(100), &oddzwonimy());
    check(|f| f.away = Some("Rano odpiszemy"), &answer(Origin::Template, "Rano odpiszemy"));
    check(|f| f.body = "Godziny?", &answer(Origin::Template, "6-14"));
    check(|f| f.body = "/news co nowego", &answer(Origin::Template, listeners::NEWS_OFF));
    check(|f| f.body = "/newsletter", &oddzwonimy());
    let machine = ReplyDecision::HandOver { say: None, why: HandOver::Loop(LoopSign::Quick) };
    check(|f| f.loop_sign = Some(LoopSign::Quick), &machine);

    let mut world = World::new();
    for name in ["MojBank", "72400", "messenger:1", "+266696687"] {
        world.from = Address::from_provider(name).unwrap();
        world.check(|_| (), None, &nothing(NoReply::UnreachableSender));
    }
}

#[test]
fn the_bot_answers_when_no_template_does() {
    let mut world = World::new();
    world.auto_reply.enabled = false;
    world.check(|_| (), None, &answer(Origin::Bot, "Echo: dzień dobry"));
    world.check(|f| f.bot = None, None, &nothing(NoReply::NothingEnabled));
    let mut muted = World::new();
    muted.listeners[1].enabled = false;
    muted.check(|_| (), None, &answer(Origin::Bot, "Echo: dzień dobry"));
    muted.check(|f| f.away = Some("Rano"), None, &answer(Origin::Bot, "Echo: dzień dobry"));
}

#[test]
fn caps_of_the_contact_end_it_and_the_cap_of_the_minute_delays() {
    check(|f| f.written.contact_10_min = 2, &oddzwonimy());
    check(|f| f.written.contact_10_min = 3, &nothing(NoReply::ContactCap10Min));
    check(|f| f.written.contact_day = 12, &nothing(NoReply::ContactCapDay));
    check(
        |f| {
            f.written.minute = 30;
            f.written.minute_frees_at = Some(at(230));
        },
        &ReplyDecision::Later(at(230)),
    );
    check(|f| f.written.minute = 30, &ReplyDecision::Later(at(211)));
    check(
        |f| {
            f.written =
                AutomaticCounts { contact_10_min: 99, contact_day: 99, minute: 99, minute_frees_at: None };
            f.caps = Caps { contact_10_min: 0, contact_day: 0, minute: 0 };
        },
        &oddzwonimy(),
    );
}

#[test]
fn the_cap_on_money_holds_what_would_pass_it() {
    let held =
        ReplyDecision::Hold { origin: Origin::Template, body: "Oddzwonimy".into(), why: Held::MoneyCap };
    check(|f| f.spent = 960_000, &oddzwonimy());
    check(|f| f.spent = 960_001, &held);
    check(
        |f| {
            f.spent = 960_001;
            f.money_day = 0;
        },
        &oddzwonimy(),
    );
}

#[test]
fn the_assistant_is_asked_after_the_quiet_window_once_for_all_texts() {
    let world = World::with_assistant();
    world.check(|_| (), None, &ReplyDecision::Ask(Ask::Answer));
    world.check(|f| f.now = at(205), None, &ReplyDecision::Later(at(206)));
    world.check(|f| f.now = at(206), None, &ReplyDecision::Ask(Ask::Answer));
    world.check(|f| f.assistant.wrote_again = true, None, &nothing(NoReply::AnsweredTogether));
    world.check(|f| f.mode = ConversationMode::Human, None, &nothing(NoReply::HumanInCharge));
    // Nobody is asked what could not be said.
    world.check(|f| f.written.contact_day = 12, None, &nothing(NoReply::ContactCapDay));
    world.check(|f| f.written.minute = 30, None, &ReplyDecision::Later(at(211)));
    // Nor is a picture alone.
    world.check(|f| f.body = " ", None, &answer(Origin::Bot, "Echo:  "));
    // Commands are not for it.
    world.check(|f| f.body = "godziny", None, &answer(Origin::Template, "6-14"));
}

#[test]
fn what_was_told_is_said_only_if_the_facts_still_allow_it() {
    let world = World::with_assistant();
    let yes = told(Ask::Answer, say("Tak, mamy."));
    world.check(|_| (), Some(&yes), &answer(Origin::Assistant, "Tak, mamy."));
    world.check(|f| f.opted_out = true, Some(&yes), &nothing(NoReply::OptedOut));
    world.check(|f| f.mode = ConversationMode::Human, Some(&yes), &nothing(NoReply::HumanInCharge));
    world.check(|f| f.assistant.wrote_again = true, Some(&yes), &nothing(NoReply::AnsweredTogether));
    world.check(|f| f.written.contact_10_min = 3, Some(&yes), &nothing(NoReply::ContactCap10Min));
    let held =
        ReplyDecision::Hold { origin: Origin::Assistant, body: "Tak, mamy.".into(), why: Held::MoneyCap };
    world.check(|f| f.spent = 1_000_000, Some(&yes), &held);
    // Asked for one thing, it does not answer another.
    world.check(|f| f.mode = ConversationMode::Draft, Some(&yes), &ReplyDecision::Ask(Ask::Draft));
    // Switched off meanwhile.
    World::new().check(|_| (), Some(&yes), &oddzwonimy());
}

#[test]
fn a_failed_model_is_replaced_by_the_template_or_silence_and_never_by_the_bot() {
    let failed = told(Ask::Answer, Words::Failed);
    let mut world = World::with_assistant();
    world.check(|_| (), Some(&failed), &oddzwonimy());
    world.check(|f| f.assistant.available = false, None, &oddzwonimy());
    world.settings.on_failure = OnFailure::Silence;
    world.check(|_| (), Some(&failed), &nothing(NoReply::ModelFailed));
    world.check(|f| f.assistant.available = false, None, &nothing(NoReply::NoModel));
    world.settings.on_failure = OnFailure::Template;
    world.auto_reply.message = String::new();
    world.check(|_| (), Some(&failed), &nothing(NoReply::ModelFailed));
}

#[test]
fn a_person_is_asked_for_once_and_the_customer_told_if_it_may_be_said() {
    let mut world = World::with_assistant();
    let over = |say: Option<&str>, why| ReplyDecision::HandOver { say: say.map(str::to_owned), why };
    let text = world.settings.handover_text.clone();
    for why in [HandOver::Unsure, HandOver::Unfit] {
        let words = told(Ask::Answer, Words::HandOver(why));
        world.check(|_| (), Some(&words), &over(Some(&text), why));
        world.check(|f| f.written.contact_10_min = 3, Some(&words), &over(None, why));
        world.check(|f| f.spent = 1_000_000, Some(&words), &over(None, why));
    }
    // Before any model, and without one.
    world.check(|f| f.body = "Człowiek!", None, &over(Some(&text), HandOver::Wanted));
    world.check(
        |f| {
            f.body = "Człowiek!";
            f.assistant.available = false;
        },
        None,
        &over(Some(&text), HandOver::Wanted),
    );
    world.settings.handover_text = " ".into();
    world.check(|f| f.body = "Człowiek!", None, &over(None, HandOver::Wanted));
    // Where no assistant answers it is a text like any other.
    check(|f| f.body = "Człowiek!", &oddzwonimy());
}

#[test]
fn a_draft_is_proposed_and_nothing_else_happens() {
    let mut world = World::new();
    let draft = |f: &mut ReplyFacts<'_>| f.mode = ConversationMode::Draft;
    world.check(draft, None, &ReplyDecision::Ask(Ask::Draft));
    world.check(draft, Some(&told(Ask::Draft, say("Tak."))), &ReplyDecision::Propose("Tak.".into()));
    let unsure = Words::HandOver(HandOver::Unsure);
    for words in [Words::Failed, unsure] {
        world.check(draft, Some(&told(Ask::Draft, words)), &nothing(NoReply::ModelFailed));
    }
    world.check(
        |f| {
            draft(f);
            f.assistant.available = false;
        },
        None,
        &nothing(NoReply::HumanInCharge),
    );
    world.settings.enabled = true;
    world.settings.draft = true;
    world.check(|_| (), None, &ReplyDecision::Ask(Ask::Draft));
    world.check(|_| (), Some(&told(Ask::Draft, say("Tak."))), &ReplyDecision::Propose("Tak.".into()));
}

#[test]
fn the_assistant_answers_whom_and_when_it_is_set_to() {
    let mut world = World::with_assistant();
    world.check(|f| f.assistant.addressed = false, None, &answer(Origin::Bot, "Echo: dzień dobry"));
    let closed = |f: &mut ReplyFacts<'_>| {
        f.is_open = false;
        f.away = Some("Rano");
    };
    world.check(closed, None, &ReplyDecision::Ask(Ask::Answer));
    world.settings.when = AnswersWhen::Open;
    world.check(closed, None, &answer(Origin::Template, "Rano"));
    world.check(|_| (), None, &ReplyDecision::Ask(Ask::Answer));
    world.settings.when = AnswersWhen::Closed;
    world.check(closed, None, &ReplyDecision::Ask(Ask::Answer));
    world.check(|_| (), None, &answer(Origin::Bot, "Echo: dzień dobry"));
}

#[test]
fn news_are_asked_for_at_once() {
    let mut world = World::new();
    world.listeners[0].enabled = true;
    let news = |f: &mut ReplyFacts<'_>| {
        f.body = "/NEWS co nowego?";
        f.now = f.received_at;
        f.assistant.wrote_again = true;
    };
    let ask = Ask::News("co nowego?".into());
    world.check(news, None, &ReplyDecision::Ask(ask.clone()));
    world.check(news, Some(&told(ask.clone(), say("Nic."))), &answer(Origin::Assistant, "Nic."));
    world.check(news, Some(&told(ask, Words::Failed)), &oddzwonimy());
    world.check(|f| f.body = "/news", None, &answer(Origin::Template, listeners::NEWS_USAGE));
}

#[test]
fn a_long_answer_counts_as_its_parts() {
    let world = World::with_assistant();
    let long = told(Ask::Answer, say(&"Chleb jest dobry. ".repeat(200)));
    let parts = u32::try_from(parts(&"Chleb jest dobry. ".repeat(200)).len()).unwrap();
    assert_eq!(parts, 3);
    world.check(|f| f.written.contact_10_min = 1, Some(&long), &nothing(NoReply::ContactCap10Min));
    let body = "Chleb jest dobry. ".repeat(200);
    world.check(|f| f.money_day = 0, Some(&long), &answer(Origin::Assistant, &body));
}

#[test]
fn a_message_older_than_15_minutes_is_left_to_a_person_whatever_the_caps() {
    let hold = ReplyDecision::Hold { origin: Origin::Template, body: "Oddzwonimy".into(), why: Held::Stale };
    let aged = |age: i64| move |f: &mut ReplyFacts<'_>| f.now = at(200 + age);
    check(aged(900), &oddzwonimy());
    check(aged(901), &hold);
    check(
        |f| {
            aged(901)(f);
            f.written =
                AutomaticCounts { contact_10_min: 99, contact_day: 99, minute: 99, minute_frees_at: None };
        },
        &hold,
    );
    // Twilio's clock decides, whenever we stored it.
    check(|f| f.sent_at = at(-700), &hold);
    check(|f| f.sent_at = at(9_999), &oddzwonimy());
    // What nobody would answer is not held either.
    check(
        |f| {
            aged(901)(f);
            f.opted_out = true;
        },
        &nothing(NoReply::OptedOut),
    );
    check(
        |f| {
            aged(901)(f);
            f.mode = ConversationMode::Human;
        },
        &nothing(NoReply::HumanInCharge),
    );
}

#[test]
fn what_twilios_list_shows_as_answered_is_answered_by_nothing() {
    let before = nothing(NoReply::AnsweredBefore);
    check(|facts| facts.ours_in_list = Some(at(199)), &oddzwonimy());
    check(|facts| facts.ours_in_list = Some(at(200)), &before);
    let answered = |facts: &mut ReplyFacts<'_>| facts.ours_in_list = Some(at(205));
    for body in ["dzień dobry", "godziny", "/news co nowego"] {
        let said = |facts: &mut ReplyFacts<'_>| {
            answered(facts);
            facts.body = body;
        };
        check(said, &before);
        World::with_assistant().check(said, None, &before);
    }
    // Neither late nor as a proposal.
    check(
        |facts| {
            answered(facts);
            facts.now = at(200 + 16 * 60);
        },
        &before,
    );
    check(
        |facts| {
            answered(facts);
            facts.mode = ConversationMode::Draft;
        },
        &before,
    );
}
