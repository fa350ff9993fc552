//! SQL that carries out what was decided about a reply; the facts of the decision are gathered in [`facts`].

mod facts;

use hub_domain::{
    attention::{Asking, Attention, handed_over, left_to_a_person},
    decided::Decided,
    ids::MessageId,
    message::{ConversationMode, Origin},
    parts::BEFORE_HELD,
    reply::{self, Ask, HandOver, Held, NoReply, ReplyDecision, Told, Words, decide_reply, parts},
    sending::Blocked,
    takeover,
};
use jiff::Timestamp;

use facts::{Gathered, Question};
pub(crate) use facts::{held_answer, turns};

use super::{
    held, jobs, money,
    outbox::{self, Belongs, Part},
    proposals,
    receipts::{self, About},
    standing,
    unit::Unit,
};
use crate::{
    error::StoreError,
    events::EventKind,
    jobs::LeasedJob,
    outbox::{NewOutbound, Submitted},
    replies::{MOST_PARTS, Phrased, ReplyPolicy, ReplySettled, Wanted},
};

pub(crate) fn settle(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    policy: &ReplyPolicy,
    phrased: Option<&Phrased>,
    ids: &[MessageId; MOST_PARTS],
    now: Timestamp,
) -> Result<ReplySettled, StoreError> {
    jobs::require_held(unit, job)?;
    let question = facts::question(unit, job.message)?;
    if question.decided {
        jobs::finish(unit, job)?;
        return Ok(ReplySettled::DecidedBefore);
    }
    let gathered = facts::gather(unit, &question, job.message, policy, now)?;
    let decision = decide_reply(&gathered.facts(&question, now), phrased.map(|phrased| &phrased.told));
    let mut settling = Settling { unit, job, question, gathered, ids, answer: None, now };
    let settled = settling.carry_out(decision)?;
    if let Some(phrased) = phrased {
        settling.account_for(phrased, &settled)?;
    }
    Ok(settled)
}

/// A person decided that nothing answers: the message is left to them.
pub(crate) fn abandon(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    let question = facts::question(unit, job.message)?;
    if !question.decided {
        decided(unit, job.message, Decided::Discarded, now)?;
        let asking = Asking { why: Attention::Unanswered, message: job.message };
        standing::left_to_a_person(unit, question.contact, asking, now)?;
    }
    jobs::finish(unit, job)
}

fn decided(unit: &Unit<'_>, message: i64, decision: Decided, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "UPDATE message SET reply_decision = ?2, updated_at = ?3 WHERE row = ?1",
        (message, decision.as_str(), now.as_microsecond()),
    )?;
    Ok(())
}

/// A decision being carried out.
struct Settling<'a, 'u, 'c> {
    unit: &'a mut Unit<'c>,
    job: &'a LeasedJob,
    question: Question,
    gathered: Gathered,
    ids: &'u [MessageId; MOST_PARTS],
    /// The first part of what was written.
    answer: Option<i64>,
    now: Timestamp,
}

impl Settling<'_, '_, '_> {
    fn carry_out(&mut self, decision: ReplyDecision) -> Result<ReplySettled, StoreError> {
        let blocked = match &decision {
            ReplyDecision::Ask(ask) => return self.asked(ask.clone()),
            ReplyDecision::Later(at) => {
                jobs::give_back(self.unit, self.job, *at, None)?;
                return Ok(ReplySettled::Decided(decision));
            }
            ReplyDecision::Nothing(reason) => self.nothing(*reason)?,
            ReplyDecision::Propose(body) => self.propose(body)?,
            ReplyDecision::HandOver { say, why } => self.hand_over(say.as_deref(), *why)?,
            ReplyDecision::Answer { origin, body } => self.answer(*origin, body)?,
            ReplyDecision::Hold { origin, body, why } => self.hold(*origin, body, *why)?,
        };
        jobs::finish(self.unit, self.job)?;
        Ok(blocked.map_or(ReplySettled::Decided(decision), ReplySettled::Blocked))
    }

    fn asked(&self, ask: Ask) -> Result<ReplySettled, StoreError> {
        let (history, newest) = match &ask {
            Ask::News(query) => (Vec::new(), query.clone()),
            Ask::Answer | Ask::Draft => {
                let limit = self.gathered.settings.history_limit;
                (
                    facts::history(self.unit, &self.question, self.job.message, limit)?,
                    self.question.body.clone(),
                )
            }
        };
        Ok(ReplySettled::Ask(Box::new(Wanted {
            ask,
            contact: self.question.contact,
            profile_name: self.question.profile_name.clone(),
            history,
            newest,
            settings: self.gathered.settings.clone(),
        })))
    }

    fn nothing(&mut self, reason: NoReply) -> Result<Option<Blocked>, StoreError> {
        self.decided(Decided::Nothing(reason))?;
        left_to_a_person(reason).map_or(Ok(()), |why| self.left_to_a_person(why))?;
        Ok(None)
    }

    fn propose(&mut self, body: &str) -> Result<Option<Blocked>, StoreError> {
        proposals::put(self.unit, self.question.contact, self.job.message, body, self.now)?;
        self.event(EventKind::Proposed)?;
        self.decided(Decided::Proposed)?;
        self.left_to_a_person(Attention::Unanswered)?;
        Ok(None)
    }

    /// The text goes first: it may leave although a person is in charge from then on.
    fn hand_over(&mut self, say: Option<&str>, why: HandOver) -> Result<Option<Blocked>, StoreError> {
        if let Some(body) = say {
            // Whoever asked for silence meanwhile is not told, and the person is in charge all the same.
            self.write(Origin::HandOver, body)?;
        }
        let until = self.now.saturating_add(takeover::LASTS).unwrap_or(Timestamp::MAX);
        self.unit.run(
            "UPDATE contact SET mode = ?2, mode_until = ?3, context_after = ?4 WHERE id = ?1",
            (
                self.question.contact.0,
                ConversationMode::Human.as_str(),
                until.as_microsecond(),
                self.job.message,
            ),
        )?;
        self.event(EventKind::HandedOver)?;
        self.left_to_a_person(handed_over(why))?;
        self.decided(Decided::HandedOver(why))?;
        Ok(None)
    }

    fn answer(&mut self, origin: Origin, body: &str) -> Result<Option<Blocked>, StoreError> {
        let before = money::spent(self.unit, self.now)?;
        if let Some(blocked) = self.write(origin, body)? {
            self.decided(Decided::Blocked(blocked))?;
            return Ok(Some(blocked));
        }
        facts::count(self.unit, parts(body).len(), self.now)?;
        self.alarm(before)?;
        self.decided(Decided::answered(origin))?;
        Ok(None)
    }

    /// One held answer a person and reason; a heap of them would help nobody.
    fn hold(&mut self, origin: Origin, body: &str, why: Held) -> Result<Option<Blocked>, StoreError> {
        let mut reason = why.as_str();
        let other = facts::held_answer(self.unit, self.question.contact, reason)?;
        let keeps_other = other.is_some_and(|other| match why {
            // The answer to their latest text.
            Held::Stale => other.answers > Some((self.question.sent_at, self.job.message)),
            Held::MoneyCap => true,
        });
        if keeps_other {
            self.decided(match why {
                Held::Stale => Decided::Superseded,
                Held::MoneyCap => Decided::Held(why),
            })?;
            return Ok(None);
        }
        for (message, belongs) in self.parts(origin, body) {
            let belongs = Belongs { part: self.after_first(belongs.part), ..belongs };
            match outbox::hold(self.unit, &message, belongs, reason, self.now)? {
                Submitted::Blocked(blocked) => {
                    self.decided(Decided::Blocked(blocked))?;
                    return Ok(Some(blocked));
                }
                Submitted::Queued { row, .. } | Submitted::Duplicate(row) => {
                    self.answer.get_or_insert(row);
                }
            }
            reason = BEFORE_HELD;
        }
        if let Some(other) = other {
            held::withdraw(self.unit, other.row, reply::SUPERSEDED, self.now)?;
        }
        self.decided(Decided::held(why))?;
        Ok(None)
    }

    /// Writes the parts with their jobs, or nothing at all.
    fn write(&mut self, origin: Origin, body: &str) -> Result<Option<Blocked>, StoreError> {
        for (message, belongs) in self.parts(origin, body) {
            let belongs = Belongs { part: self.after_first(belongs.part), ..belongs };
            match outbox::write(self.unit, &message, belongs, None, self.now)? {
                Submitted::Blocked(blocked) => return Ok(Some(blocked)),
                Submitted::Queued { row, .. } | Submitted::Duplicate(row) => {
                    self.answer.get_or_insert(row);
                }
            }
        }
        Ok(None)
    }

    fn after_first(&self, part: Option<Part>) -> Option<Part> {
        part.map(|part| Part { first: self.answer, ..part })
    }

    /// The messages that a text leaves as.
    fn parts(&self, origin: Origin, body: &str) -> Vec<(NewOutbound, Belongs)> {
        let texts = parts(body);
        let of = i64::try_from(texts.len().min(MOST_PARTS)).unwrap_or(i64::MAX);
        let part = |number| (of > 1).then_some(Part { first: None, number, of });
        let message = |id: MessageId, body: String| NewOutbound {
            id,
            to: self.question.from.clone(),
            from: self.question.to.clone(),
            service: None,
            body,
            media_urls: Vec::new(),
            template: None,
            origin,
        };
        (1_i64..)
            .zip(self.ids.iter().zip(texts))
            .map(|(number, (id, body))| {
                (
                    message(*id, body),
                    Belongs { reply_to: Some(self.job.message), part: part(number), ..Belongs::default() },
                )
            })
            .collect()
    }

    fn alarm(&mut self, before: u64) -> Result<(), StoreError> {
        let cost = money::spent(self.unit, self.now)?.saturating_sub(before);
        let cap = self.gathered.guards.money_day;
        if hub_domain::spending::alarms(before, cost, cap).next().is_some() {
            self.event(EventKind::MoneyAlarm)?;
        }
        Ok(())
    }

    /// Keeps the receipt, whatever became of the words.
    fn account_for(&mut self, phrased: &Phrased, settled: &ReplySettled) -> Result<(), StoreError> {
        if matches!(phrased.told, Told { words: Words::Failed, .. }) {
            self.event(EventKind::AnswerFailed)?;
        }
        let Some(receipt) = &phrased.receipt else { return Ok(()) };
        let decision = match settled {
            ReplySettled::Decided(decision) => kept(decision),
            ReplySettled::Blocked(blocked) => Decided::Blocked(*blocked),
            ReplySettled::Ask(_) => Decided::AskedAgain,
            ReplySettled::DecidedBefore => Decided::DecidedBefore,
        };
        let about = About { message: Some(self.job.message), answer: self.answer, contact: None };
        let became = phrased.became.filter(|_| self.answer.is_some()).unwrap_or(decision.as_str());
        receipts::write(self.unit, receipt, about, became, self.now).map(drop)
    }

    fn left_to_a_person(&mut self, why: Attention) -> Result<(), StoreError> {
        let asking = Asking { why, message: self.job.message };
        standing::left_to_a_person(self.unit, self.question.contact, asking, self.now)
    }

    fn event(&mut self, kind: EventKind) -> Result<(), StoreError> {
        self.unit.event(kind, self.question.contact, self.job.message, self.now)
    }

    fn decided(&self, decision: Decided) -> Result<(), StoreError> {
        decided(self.unit, self.job.message, decision, self.now)
    }
}

/// What is kept with a receipt of what became of the model's words.
const fn kept(decision: &ReplyDecision) -> Decided {
    match decision {
        ReplyDecision::Answer { origin, .. } => Decided::answered(*origin),
        ReplyDecision::Hold { why, .. } => Decided::Held(*why),
        ReplyDecision::Propose(_) => Decided::Proposed,
        ReplyDecision::HandOver { why, .. } => Decided::HandedOver(*why),
        ReplyDecision::Ask(_) => Decided::AskedAgain,
        ReplyDecision::Later(_) => Decided::Later,
        ReplyDecision::Nothing(reason) => Decided::Nothing(*reason),
    }
}
