//! Asking, and asking again for the parts that must not be said as they are, within bounds.

use hub_clients::openai::{ChatAnswer, ChatRequest, ModelError};
use hub_domain::{
    answering::{
        judgement::{self, Fault, Fit, Given, Judged},
        language::Language,
        prompt::{self, Again, Brief, Part},
        sources::{self, Excerpt, Source},
        tries::Tries,
    },
    assistant::prompt::PromptMessage,
};
use hub_store::NewReceipt;
use jiff::{SignedDuration, Timestamp};

use super::{Answerer, record::Record};
use crate::app::assistant::chat_message;

/// As the earlier program asked.
const TEMPERATURE: f64 = 0.3;
/// The most that a model may write in a part of an answer.
const MOST_TOKENS: u32 = 500;
/// The most in all of them together.
const MOST_TOKENS_IN_ALL: u32 = 4_000;

/// What is to be written.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// As it was typed.
    pub(super) question: &'a str,
    pub(super) language: Language,
    pub(super) parts: Vec<WantedPart>,
    /// Segments of each part.
    pub(super) segments: usize,
    /// Letters are written plainly where that saves segments.
    pub(super) plain: bool,
    /// What the receipt says it was for.
    pub(super) purpose: &'static str,
}

/// A part of it.
#[derive(Debug)]
pub(super) struct WantedPart {
    /// `None`: the answer has no sections.
    pub(super) name: Option<String>,
    /// Stands above it.
    pub(super) opening: String,
    /// What it may be made of.
    pub(super) excerpts: Vec<Excerpt>,
}

/// What became of a part.
#[derive(Debug)]
pub(super) enum Written {
    /// It may be said; with the places it cites.
    Said(Fit),
    /// The model finds no answer in the sources.
    Nothing,
    /// Its words must not be said.
    Refused(Fault),
    /// There are no words: the service failed, or was not asked.
    Failed,
}

/// What came of asking.
#[derive(Debug)]
pub(super) struct Outcome {
    /// In the order of what was wanted.
    pub(super) parts: Vec<Written>,
    /// What each was given.
    pub(super) sources: Vec<Vec<Source>>,
    /// The record of the calls; `None`: nobody was asked.
    pub(super) receipt: Option<NewReceipt>,
}

/// Where a part stands.
#[derive(Debug)]
enum State {
    Open { tries: Tries, refused: Option<(String, Fault)> },
    Done(Written),
}

impl Answerer {
    /// Asks until every part is written or given up.
    pub(super) async fn write(&self, mut wanted: Wanted<'_>) -> Outcome {
        let excerpts = wanted.parts.iter_mut().map(|part| std::mem::take(&mut part.excerpts)).collect();
        let sources = sources::pack(excerpts, self.context);
        let mut states: Vec<State> = sources.iter().map(|given| State::of(given)).collect();
        let Some(place) = self.gate.place() else {
            tracing::warn!("too many questions at once: answering without the model");
            return Outcome { parts: states.into_iter().map(State::ended).collect(), sources, receipt: None };
        };
        let began = self.world.now();
        let mut record = None;
        while states.iter().any(State::is_open) && (record.is_none() || self.has_time(began)) {
            let record = record.get_or_insert_with(|| Record::new(&self.model, began));
            if let Err(error) = self.round(&wanted, &sources, &mut states, record).await {
                tracing::warn!(model = self.model, %error, "the model gave no answer from the knowledge base");
                states.iter_mut().for_each(State::fail);
            }
        }
        drop(place);
        let receipt = record.map(|record| record.receipt(wanted.purpose, &sources, self.world.now()));
        Outcome { parts: states.into_iter().map(State::ended).collect(), sources, receipt }
    }

    /// Whether somebody who waits would wait for another call.
    fn has_time(&self, began: Timestamp) -> bool {
        let half = SignedDuration::try_from(self.timeout / 2).unwrap_or(SignedDuration::MAX);
        self.world.now().duration_since(began) < half
    }

    /// One call about all open parts, and its judgement.
    async fn round(
        &self,
        wanted: &Wanted<'_>,
        sources: &[Vec<Source>],
        states: &mut [State],
        record: &mut Record,
    ) -> Result<(), ModelError> {
        let mark = self.world.mark();
        let open: Vec<(usize, Part<'_>)> = open_parts(wanted, sources, states).collect();
        let parts: Vec<Part<'_>> = open.iter().map(|(_, part)| *part).collect();
        let longest = open.iter().map(|(at, part)| room(wanted, *at, part.sources)).min().unwrap_or(0);
        let brief = Brief {
            mark: &mark,
            language: wanted.language,
            longest,
            parts: &parts,
            question: wanted.question,
        };
        let messages = prompt::build(&brief);
        let answered = self.call(&messages, parts.len()).await;
        record.note(messages, &answered);
        let answer = answered?;
        let rules = prompt::rules(&brief);
        let words = prompt::by_part(&answer.text, &parts);
        let last = words.iter().rposition(Option::is_some);
        let heard: Vec<(usize, String, bool)> = (0..)
            .zip(&open)
            .zip(words)
            .map(|((number, (at, _)), words)| {
                (*at, words.unwrap_or_default().to_owned(), answer.cut && last == Some(number))
            })
            .collect();
        for (at, words, cut) in heard {
            let found = (states.get_mut(at), wanted.parts.get(at), sources.get(at));
            if let (Some(state), Some(part), Some(sources)) = found {
                state.hear(words, cut, &wanted.given(part, sources, &mark, &rules));
            }
        }
        Ok(())
    }

    async fn call(&self, messages: &[PromptMessage], parts: usize) -> Result<ChatAnswer, ModelError> {
        self.gate.allow(self.world.now())?;
        let parts = u32::try_from(parts).unwrap_or(u32::MAX);
        let request = ChatRequest {
            model: self.model.clone(),
            temperature: TEMPERATURE,
            max_tokens: MOST_TOKENS.saturating_mul(parts).min(MOST_TOKENS_IN_ALL),
            messages: messages.iter().map(chat_message).collect(),
        };
        let answered = self.client.chat(&request).await;
        self.gate.note(&answered, self.world.now());
        answered
    }
}

impl Wanted<'_> {
    fn given<'a>(
        &self,
        part: &'a WantedPart,
        sources: &'a [Source],
        mark: &'a str,
        rules: &'a str,
    ) -> Given<'a> {
        Given { sources, mark, rules, opening: &part.opening, segments: self.segments, plain: self.plain }
    }
}

fn room(wanted: &Wanted<'_>, at: usize, sources: &[Source]) -> usize {
    wanted.parts.get(at).map_or(0, |part| judgement::room(&wanted.given(part, sources, "", "")))
}

/// The parts that are still to be written, with their places.
fn open_parts<'a>(
    wanted: &'a Wanted<'_>,
    sources: &'a [Vec<Source>],
    states: &'a [State],
) -> impl Iterator<Item = (usize, Part<'a>)> {
    let all = wanted.parts.iter().zip(sources).zip(states).enumerate();
    all.filter_map(|(at, ((part, sources), state))| {
        let State::Open { refused, tries } = state else { return None };
        let again = refused.as_ref().map(|(words, fault)| Again { words, fault, tries: *tries });
        Some((at, Part { number: at + 1, name: part.name.as_deref(), sources, again }))
    })
}

impl State {
    /// A part that no source fits is not asked for.
    fn of(sources: &[Source]) -> Self {
        if sources.is_empty() {
            return Self::Done(Written::Failed);
        }
        Self::Open { tries: Tries::default(), refused: None }
    }

    const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// Judges what was written.
    fn hear(&mut self, words: String, cut: bool, given: &Given<'_>) {
        let Self::Open { tries, .. } = self else { return };
        *self = match judgement::judge(&words, cut, given) {
            Judged::Fit(fit) => Self::Done(Written::Said(fit)),
            Judged::Nothing => Self::Done(Written::Nothing),
            Judged::Faulty(fault) => {
                tracing::warn!(
                    why = fault.as_str(),
                    "a model's words about the knowledge base can't be said"
                );
                match tries.again(&fault) {
                    Some(tries) => Self::Open { tries, refused: Some((words, fault)) },
                    None => Self::Done(Written::Refused(fault)),
                }
            }
        };
    }

    /// The service failed: what was refused before stays refused.
    fn fail(&mut self) {
        let before = std::mem::replace(self, Self::Done(Written::Failed));
        *self = Self::Done(before.ended());
    }

    fn ended(self) -> Written {
        match self {
            Self::Done(written) => written,
            Self::Open { refused: Some((_, fault)), .. } => Written::Refused(fault),
            Self::Open { refused: None, .. } => Written::Failed,
        }
    }
}
