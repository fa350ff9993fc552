//! A scripted day: who writes what when, and whose phone is off. Played on the simulator's clock, faster than life.
//!
//! The texts live in `scenarios/`, one file a story.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use crate::config::Rule;
use crate::media::{Content, File};
use crate::phone::PhoneText;
use crate::state::{Event, State, later};

/// A story to be played.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// How messages to some of its people end.
    #[serde(default)]
    rules: Vec<Rule>,
    /// Who takes part.
    people: Vec<Person>,
    /// What they write, in any order.
    steps: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    number: String,
    /// On WhatsApp, where the name is told; otherwise by SMS.
    #[serde(default)]
    whatsapp: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Hour and minute of the story's day.
    at: String,
    who: String,
    #[serde(default)]
    text: String,
    /// A drawn picture goes along.
    #[serde(default)]
    picture: Option<u64>,
    /// The button that was pressed (WhatsApp).
    #[serde(default)]
    button: Option<String>,
}

/// Why a story can't be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadScenario(pub String);

impl Scenario {
    /// The names of the stories there are.
    pub const NAMES: [&str; 1] = ["shop"];

    /// A story by its name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "shop" => Self::parse(include_str!("../scenarios/shop.json")).ok(),
            _ => None,
        }
    }

    /// Reads a story.
    ///
    /// # Errors
    /// [`BadScenario`] in words.
    pub fn parse(text: &str) -> Result<Self, BadScenario> {
        let scenario: Self = serde_json::from_str(text).map_err(|error| BadScenario(error.to_string()))?;
        for line in &scenario.steps {
            if minutes(&line.at).is_none() {
                return Err(BadScenario(format!("{} is no time of day", line.at)));
            }
            if scenario.person(&line.who).is_none() {
                return Err(BadScenario(format!("nobody is called {}", line.who)));
            }
        }
        Ok(scenario)
    }

    /// Who takes part: name and address.
    pub fn people(&self) -> impl Iterator<Item = (&str, String)> {
        self.people.iter().map(|person| (&*person.name, person.address()))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// There is nothing to play.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The first minute in which someone writes.
    fn morning(&self) -> u32 {
        self.steps.iter().filter_map(|line| minutes(&line.at)).min().unwrap_or(0)
    }
}

impl Person {
    fn address(&self) -> String {
        if self.whatsapp { format!("whatsapp:{}", self.number) } else { self.number.clone() }
    }
}

impl State {
    /// Puts a story on the agenda: an hour of it takes `hour`. Returns when its last text comes. While one is
    /// being played no other begins.
    pub(crate) fn play(
        &mut self,
        scenario: &Scenario,
        ours: &str,
        hour: Duration,
        now: Timestamp,
    ) -> Timestamp {
        if let Some(ends) = self.story_ends.filter(|ends| *ends > now) {
            return ends;
        }
        let mut rules = scenario.rules.clone();
        self.config.rules.retain(|rule| !rules.iter().any(|new| new.to == rule.to));
        rules.append(&mut self.config.rules);
        self.config.rules = rules;
        let morning = scenario.morning();
        let mut last = now;
        for line in &scenario.steps {
            let (Some(person), Some(minute)) = (scenario.person(&line.who), minutes(&line.at)) else {
                continue;
            };
            let at = later(now, hour * (minute - morning) / 60);
            last = last.max(at);
            self.plan(at, Event::Write(Box::new(phone_text(person, line, ours))));
        }
        self.story_ends = Some(last);
        last
    }
}

fn phone_text(person: &Person, line: &Line, ours: &str) -> PhoneText {
    let file = |number| File { content_type: "image/png".to_owned(), content: Content::Picture(number) };
    PhoneText {
        from: person.address(),
        to: if person.whatsapp { format!("whatsapp:{ours}") } else { ours.to_owned() },
        body: line.text.clone(),
        files: line.picture.map(file).into_iter().collect(),
        profile_name: person.whatsapp.then(|| person.name.clone()),
        button: line.button.clone(),
        ..PhoneText::default()
    }
}

/// `8:05` as minutes since midnight.
fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}
