//! Business hours, and what is said outside of them.

use jiff::civil::{DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// When somebody is there, a span a weekday, and what is said when nobody is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hours {
    /// Monday first; `None`: closed all day. All closed counts as not set: always open.
    pub days: [Option<Span>; 7],
    /// Said outside the hours in place of the classic auto-reply; empty: nothing of its own.
    pub away: String,
}

/// From an hour to an hour of the same day; one that ends no later than it begins ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Open from this time.
    pub from: Time,
    /// Closed from this time.
    pub to: Time,
}

/// What somebody changes of the hours; what is left open stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct HoursChange {
    /// All seven days.
    pub days: Option<[Option<Span>; 7]>,
    /// The away text; an empty one is one.
    pub away: Option<String>,
}

impl From<Hours> for HoursChange {
    fn from(Hours { days, away }: Hours) -> Self {
        Self { days: Some(days), away: Some(away) }
    }
}

/// Longest text, in characters.
const LONGEST_AWAY: usize = 640;

/// Why hours can't be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the away text is longer than {LONGEST_AWAY} characters")]
pub struct AwayTooLong;

impl Hours {
    /// The hours with `change` made to them.
    pub fn with(self, change: HoursChange) -> Result<Self, AwayTooLong> {
        if change.away.as_ref().is_some_and(|away| away.chars().count() > LONGEST_AWAY) {
            return Err(AwayTooLong);
        }
        Ok(Self { days: change.days.unwrap_or(self.days), away: change.away.unwrap_or(self.away) })
    }

    /// Whether somebody is there at this local time.
    pub fn is_open(&self, local: DateTime) -> bool {
        if self.days.iter().all(Option::is_none) {
            return true;
        }
        let (today, yesterday) = (local.weekday(), local.weekday().previous());
        self.span(today).is_some_and(|span| {
            let begun = local.time() >= span.from;
            if span.overnight() { begun } else { begun && local.time() < span.to }
        }) || self.span(yesterday).is_some_and(|span| span.overnight() && local.time() < span.to)
    }

    /// What is said at this local time in place of the classic auto-reply.
    pub fn away_at(&self, local: DateTime) -> Option<&str> {
        let away = self.away.trim();
        (!away.is_empty() && !self.is_open(local)).then_some(away)
    }

    fn span(&self, day: Weekday) -> Option<Span> {
        let place = usize::try_from(day.to_monday_zero_offset()).ok()?;
        self.days.get(place).copied().flatten()
    }
}

impl Span {
    fn overnight(self) -> bool {
        self.to <= self.from
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn hours() -> Hours {
        let day = Some(Span { from: time(9, 0, 0, 0), to: time(17, 0, 0, 0) });
        let night = Some(Span { from: time(20, 0, 0, 0), to: time(2, 0, 0, 0) });
        Hours { days: [day, day, day, day, night, None, None], away: " Odpiszemy rano. ".to_owned() }
    }

    #[test]
    fn somebody_is_there_from_one_hour_to_the_other() {
        // 2026-11-23 is a Monday.
        for (day, hour, minute, open) in [
            (23, 8, 59, false),
            (23, 9, 0, true),
            (23, 16, 59, true),
            (23, 17, 0, false),
            (27, 1, 0, false),
            (27, 19, 59, false),
            (27, 20, 0, true),
            (28, 1, 59, true),
            (28, 2, 0, false),
            (29, 12, 0, false),
        ] {
            let local = date(2026, 11, day).at(hour, minute, 0, 0);
            assert_eq!(hours().is_open(local), open, "{local}");
            assert_eq!(hours().away_at(local), (!open).then_some("Odpiszemy rano."), "{local}");
        }
    }

    #[test]
    fn hours_nobody_set_are_always_open() {
        let unset = Hours { away: "Odpiszemy".to_owned(), ..Hours::default() };
        assert_eq!(unset.away_at(date(2026, 11, 29).at(3, 0, 0, 0)), None);
        let silent = Hours { away: String::new(), ..hours() };
        assert_eq!(silent.away_at(date(2026, 11, 29).at(3, 0, 0, 0)), None);
    }

    #[test]
    fn a_long_text_is_refused() {
        let away = |length| HoursChange { away: Some("ż".repeat(length)), ..HoursChange::default() };
        assert_eq!(hours().with(away(640)).unwrap().days, hours().days);
        assert_eq!(hours().with(away(641)), Err(AwayTooLong));
    }

    #[test]
    fn what_is_not_mentioned_stays() {
        assert_eq!(hours().with(HoursChange::default()), Ok(hours()));
        let closed = HoursChange { days: Some([None; 7]), away: None };
        assert_eq!(hours().with(closed), Ok(Hours { days: [None; 7], ..hours() }));
        assert_eq!(Hours::default().with(hours().into()), Ok(hours()));
    }
}
