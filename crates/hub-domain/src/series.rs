//! The dashboard's charts: counts by the hour, gathered into hours or days of the hub's zone.
//!
//! Messages are counted in the hour they were written, whatever became of them later: what was delivered can
//! be compared with what was sent. The store's hours are UTC's; in a zone that is off by half an hour, an hour
//! belongs to the day it begins in.

use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned, tz::TimeZone};

/// The span of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The last 24 hours, hour by hour.
    Day,
    /// Seven days, today included.
    Week,
    /// Thirty days.
    Month,
    /// Ninety days.
    Quarter,
}

/// Messages written in a while, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// From customers.
    pub inbound: u32,
    /// From us.
    pub outbound: u32,
    /// Of those: arrived.
    pub delivered: u32,
    /// Of those: did not arrive.
    pub failed: u32,
}

/// The counts of one UTC hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCounts {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// What was written in it.
    pub counts: Counts,
}

/// One point of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it begins, in the hub's zone.
    pub from: Zoned,
    /// What was written in it.
    pub counts: Counts,
}

impl Span {
    /// Every span.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.as_str() == word)
    }

    const fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// The points of the chart that ends now, without counts, oldest first.
    fn points(self, now: &Zoned) -> Vec<Zoned> {
        match self {
            Self::Day => {
                let current = hour_of(now.timestamp());
                (current - 23..=current)
                    .map(|hour| start_of(hour).to_zoned(now.time_zone().clone()))
                    .collect()
            }
            Self::Week | Self::Month | Self::Quarter => {
                let day = |back: i64| {
                    now.date().checked_sub(back.days()).ok()?.to_zoned(now.time_zone().clone()).ok()
                };
                (0..self.days()).rev().filter_map(day).collect()
            }
        }
    }

    /// The first UTC hour that the chart needs.
    pub fn first_hour(self, now: &Zoned) -> i64 {
        self.points(now).first().map_or(0, |first| hour_of(first.timestamp()))
    }
}

/// The chart that ends now, oldest point first; every point is there, counted or not.
pub fn series(span: Span, hours: &[HourCounts], now: Timestamp, zone: &TimeZone) -> Vec<Point> {
    let now = now.to_zoned(zone.clone());
    let mut points: Vec<Point> =
        span.points(&now).into_iter().map(|from| Point { from, counts: Counts::default() }).collect();
    let Some(first) = points.first().map(|point| point.from.clone()) else { return points };
    for hour in hours {
        let place = match span {
            Span::Day => hour.hour - hour_of(first.timestamp()),
            Span::Week | Span::Month | Span::Quarter => {
                let day = start_of(hour.hour).to_zoned(zone.clone()).date();
                day.duration_since(first.date()).as_hours() / 24
            }
        };
        if let Some(point) = usize::try_from(place).ok().and_then(|place| points.get_mut(place)) {
            point.counts.add(hour.counts);
        }
    }
    points
}

/// The UTC hour of a moment.
pub fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3600)
}

fn start_of(hour: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_hours(hour)).unwrap_or(Timestamp::MAX)
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.inbound += other.inbound;
        self.outbound += other.outbound;
        self.delivered += other.delivered;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests;
