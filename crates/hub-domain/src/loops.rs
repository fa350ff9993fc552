//! Two machines that talk to each other, recognised by how they talk.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::listeners::folded;

/// One of the latest texts of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Who wrote it.
    pub by: By,
    /// When it was stored.
    pub at: Timestamp,
    /// The text.
    pub body: String,
}

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// They.
    Them,
    /// A machine of ours.
    Machine,
    /// A person of ours, or a program on a person's behalf.
    Us,
}

/// Why it looks like a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopSign {
    /// It answers every answer within seconds.
    Quick,
    /// It says the same again and again.
    Same,
}

impl LoopSign {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quick => "loop_quick",
            Self::Same => "loop_same",
        }
    }
}

/// Turns of theirs that alternate with answers of our machines before their pace means anything.
const TURNS: usize = 4;
/// Half of their turns came sooner after our answer.
const QUICK: SignedDuration = SignedDuration::from_secs(20);
/// So many nearly equal texts of theirs in a row, each after an answer of ours.
const SAME: usize = 3;
/// Older texts are another conversation.
pub const SPAN: SignedDuration = SignedDuration::from_hours(24);
/// Answers of our machines within [`SPAN`] without which nothing is a sign: they stand between the turns.
pub const ANSWERS: usize = SAME - 1;
/// How many of the latest texts are needed.
pub const LOOKS_AT: usize = 12;

/// Judges the latest texts, oldest first, the newest being theirs.
pub fn sign(recent: &[Recent]) -> Option<LoopSign> {
    let turns = turns(recent);
    let gaps = turns.iter().filter_map(|turn| turn.after_answer);
    let mut gaps: Vec<SignedDuration> = gaps.collect();
    gaps.sort_unstable();
    // The first turn answers nothing, so one gap fewer than turns.
    if turns.len() >= TURNS && gaps.get(gaps.len() / 2).is_some_and(|median| *median < QUICK) {
        return Some(LoopSign::Quick);
    }
    let last = turns.get(turns.len().checked_sub(SAME)?..)?;
    let same = last.windows(2).all(|pair| match pair {
        [first, second] => nearly_equal(&first.said, &second.said),
        _ => false,
    });
    same.then_some(LoopSign::Same)
}

/// What they said between two answers of our machines.
struct Turn {
    said: String,
    /// How soon after our answer it began.
    after_answer: Option<SignedDuration>,
}

/// Their turns since a person last wrote.
fn turns(recent: &[Recent]) -> Vec<Turn> {
    let newest = recent.last().map_or(Timestamp::MIN, |text| text.at);
    let mut turns: Vec<Turn> = Vec::new();
    let mut answered: Option<Timestamp> = None;
    for text in recent.iter().filter(|text| newest.duration_since(text.at) <= SPAN) {
        match (text.by, answered, turns.last_mut()) {
            (By::Us, ..) => {
                turns.clear();
                answered = None;
            }
            (By::Machine, ..) => answered = Some(text.at),
            (By::Them, None, Some(turn)) => turn.said.push_str(&text.body),
            (By::Them, at, _) => {
                turns.push(Turn {
                    said: text.body.clone(),
                    after_answer: at.map(|at| text.at.duration_since(at)),
                });
                answered = None;
            }
        }
    }
    turns
}

/// Equal but for a number, a name, an hour: nine in ten pairs of letters are in both.
fn nearly_equal(first: &str, second: &str) -> bool {
    let (first, second) = (folded(first), folded(second));
    if first == second {
        return true;
    }
    let (pairs, others) = (pairs(&first), pairs(&second));
    let count = |pairs: &BTreeMap<(char, char), usize>| pairs.values().sum::<usize>();
    let common: usize = pairs.iter().map(|(pair, count)| *count.min(others.get(pair).unwrap_or(&0))).sum();
    common * 20 >= (count(&pairs) + count(&others)) * 9 && common > 0
}

fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let mut pairs = BTreeMap::new();
    for pair in text.chars().take(500).zip(text.chars().skip(1)) {
        *pairs.entry(pair).or_default() += 1;
    }
    pairs
}

#[cfg(test)]
mod tests;
