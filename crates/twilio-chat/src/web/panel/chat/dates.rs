//! Days and hours as people say them, in the hub's zone.

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use crate::{
    i18n::{Lang, Text},
    t,
};

const MONTHS: [Text; 12] = [
    Text { pl: "stycznia", en: "January" },
    Text { pl: "lutego", en: "February" },
    Text { pl: "marca", en: "March" },
    Text { pl: "kwietnia", en: "April" },
    Text { pl: "maja", en: "May" },
    Text { pl: "czerwca", en: "June" },
    Text { pl: "lipca", en: "July" },
    Text { pl: "sierpnia", en: "August" },
    Text { pl: "września", en: "September" },
    Text { pl: "października", en: "October" },
    Text { pl: "listopada", en: "November" },
    Text { pl: "grudnia", en: "December" },
];

const DAYS: [Text; 7] = [
    Text { pl: "poniedziałek", en: "Monday" },
    Text { pl: "wtorek", en: "Tuesday" },
    Text { pl: "środa", en: "Wednesday" },
    Text { pl: "czwartek", en: "Thursday" },
    Text { pl: "piątek", en: "Friday" },
    Text { pl: "sobota", en: "Saturday" },
    Text { pl: "niedziela", en: "Sunday" },
];

/// Today, in the zone that hours are shown in.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    zone: TimeZone,
    today: Date,
    lang: Lang,
}

impl Calendar {
    pub(super) fn new(zone: &TimeZone, now: Timestamp, lang: Lang) -> Self {
        Self { zone: zone.clone(), today: now.to_zoned(zone.clone()).date(), lang }
    }

    pub(super) fn day_of(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// `12:30`.
    pub(super) fn hour(&self, at: Timestamp) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// `21.11.2026 12:30:05`.
    pub(super) fn whole(&self, at: Timestamp) -> String {
        self.local(at).strftime("%d.%m.%Y %H:%M:%S").to_string()
    }

    /// As short as it stays clear: the hour today, then "yesterday", the weekday, the date.
    pub(super) fn short(&self, at: Timestamp) -> String {
        let local = self.local(at);
        match self.days_ago(local.date()) {
            0 => self.hour(at),
            1 => t!(self.lang, "chat.yesterday").to_owned(),
            2..=6 => self.weekday(local.date()).to_owned(),
            _ if local.year() == self.today.year() => local.strftime("%d.%m").to_string(),
            _ => local.strftime("%d.%m.%Y").to_string(),
        }
    }

    /// The hour when it is today, else with its day.
    pub(super) fn until(&self, at: Timestamp) -> String {
        let local = self.local(at);
        if local.date() == self.today { self.hour(at) } else { local.strftime("%d.%m %H:%M").to_string() }
    }

    /// Over a day's messages.
    pub(super) fn heading(&self, day: Date) -> String {
        let date = {
            let month = usize::try_from(day.month() - 1).ok().and_then(|month| MONTHS.get(month));
            let month = month.map(|month| month.get(self.lang)).unwrap_or_default();
            let year =
                if day.year() == self.today.year() { String::new() } else { format!(" {}", day.year()) };
            format!("{} {month}{year}", day.day())
        };
        match self.days_ago(day) {
            0 => format!("{}, {date}", t!(self.lang, "chat.today")),
            1 => format!("{}, {date}", t!(self.lang, "chat.yesterday")),
            _ => format!("{}, {date}", self.weekday(day)),
        }
    }

    fn weekday(&self, day: Date) -> &'static str {
        let number = day.weekday().to_monday_zero_offset();
        usize::try_from(number)
            .ok()
            .and_then(|number| DAYS.get(number))
            .map(|day| day.get(self.lang))
            .unwrap_or_default()
    }

    fn days_ago(&self, day: Date) -> i32 {
        self.today.since(day).map_or(i32::MAX, |span| span.get_days())
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_as_short_as_it_stays_clear() {
        let zone = TimeZone::get("Europe/Warsaw").unwrap();
        let now: Timestamp = "2026-11-26T10:00:00Z".parse().unwrap();
        for (at, short, heading) in [
            ("2026-11-26T08:05:00Z", "09:05", "Dzisiaj, 26 listopada"),
            ("2026-11-25T22:59:00Z", "wczoraj", "wczoraj, 25 listopada"),
            ("2026-11-25T23:00:00Z", "00:00", "Dzisiaj, 26 listopada"),
            ("2026-11-20T12:00:00Z", "piątek", "piątek, 20 listopada"),
            ("2026-11-19T12:00:00Z", "19.11", "czwartek, 19 listopada"),
            ("2025-12-31T12:00:00Z", "31.12.2025", "środa, 31 grudnia 2025"),
        ] {
            let at: Timestamp = at.parse().unwrap();
            let calendar = Calendar::new(&zone, now, Lang::Pl);
            assert_eq!(calendar.short(at), short);
            assert_eq!(calendar.heading(calendar.day_of(at)).to_lowercase(), heading.to_lowercase());
        }
    }
}
