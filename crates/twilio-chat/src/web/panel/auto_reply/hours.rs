//! The business hours as the form shows and posts them: seven days and a text.

use hub_domain::hours::{Hours, Span};
use jiff::civil::Time;

use crate::{i18n::Lang, t};

/// The form, as it is set or was typed.
#[derive(Debug)]
pub(super) struct HoursForm {
    pub(super) days: Vec<Day>,
    pub(super) away: String,
}

/// A weekday's line of the form.
#[derive(Debug)]
pub(super) struct Day {
    /// Monday is 0.
    pub(super) place: usize,
    pub(super) name: &'static str,
    pub(super) open: bool,
    pub(super) from: String,
    pub(super) to: String,
}

const DAYS: usize = 7;

/// What a day that was never open begins with in the form.
const USUAL: (&str, &str) = ("09:00", "17:00");

impl HoursForm {
    pub(super) fn of(hours: &Hours, lang: Lang) -> Self {
        let days = hours.days.iter().enumerate().map(|(place, span)| Day {
            place,
            name: day_name(lang, place),
            open: span.is_some(),
            from: span.map_or_else(|| USUAL.0.to_owned(), |span| shown(span.from)),
            to: span.map_or_else(|| USUAL.1.to_owned(), |span| shown(span.to)),
        });
        Self { days: days.collect(), away: hours.away.clone() }
    }

    /// What a browser posted: `open-0`, `from-0`, `to-0` of Monday and so on, and `away`.
    pub(super) fn posted(form: &[u8], lang: Lang) -> Self {
        let mut days: Vec<Day> = (0..DAYS)
            .map(|place| Day {
                place,
                name: day_name(lang, place),
                open: false,
                from: String::new(),
                to: String::new(),
            })
            .collect();
        let mut away = String::new();
        for (field, value) in form_urlencoded::parse(form) {
            if field == "away" {
                away = value.replace("\r\n", "\n");
                continue;
            }
            let Some((what, place)) = field.split_once('-') else { continue };
            let Some(day) = place.parse::<usize>().ok().and_then(|place| days.get_mut(place)) else {
                continue;
            };
            match what {
                "open" => day.open = true,
                "from" => day.from = value.into_owned(),
                "to" => day.to = value.into_owned(),
                _ => {}
            }
        }
        Self { days, away }
    }

    /// The hours that were typed.
    ///
    /// # Errors
    /// The name of an open day whose hours can't be read.
    pub(super) fn read(&self) -> Result<Hours, &'static str> {
        let mut hours = Hours { away: self.away.trim().to_owned(), ..Hours::default() };
        for (span, day) in hours.days.iter_mut().zip(&self.days) {
            if day.open {
                *span = Some(day.span().ok_or(day.name)?);
            }
        }
        Ok(hours)
    }
}

impl Day {
    fn span(&self) -> Option<Span> {
        Some(Span { from: typed(&self.from)?, to: typed(&self.to)? })
    }
}

fn typed(text: &str) -> Option<Time> {
    let text = text.trim();
    Time::strptime("%H:%M", text).or_else(|_| Time::strptime("%H:%M:%S", text)).ok()
}

fn shown(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn day_name(lang: Lang, place: usize) -> &'static str {
    match place {
        0 => t!(lang, "replies.day.mon"),
        1 => t!(lang, "replies.day.tue"),
        2 => t!(lang, "replies.day.wed"),
        3 => t!(lang, "replies.day.thu"),
        4 => t!(lang, "replies.day.fri"),
        5 => t!(lang, "replies.day.sat"),
        _ => t!(lang, "replies.day.sun"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn hours_come_back_from_their_own_form() {
        let form = HoursForm::posted(
            b"open-0=on&from-0=08%3A30&to-0=16%3A00&from-1=x&open-6=on&from-6=20:00:00&to-6=02:00&away=+A%0D%0AB+&open-9=on",
            Lang::En,
        );
        let hours = form.read().unwrap();
        assert_eq!(hours.days[0], Some(Span { from: time(8, 30, 0, 0), to: time(16, 0, 0, 0) }));
        assert_eq!(hours.days[1..6], [None; 5]);
        assert_eq!(hours.days[6], Some(Span { from: time(20, 0, 0, 0), to: time(2, 0, 0, 0) }));
        assert_eq!(hours.away, "A\nB");
        let again = HoursForm::of(&hours, Lang::En);
        assert_eq!(again.read(), Ok(hours));
    }

    #[test]
    fn an_open_day_needs_hours() {
        for form in ["open-2=on", "open-2=on&from-2=9&to-2=17:00", "open-2=on&from-2=24:10&to-2=17:00"] {
            assert_eq!(HoursForm::posted(form.as_bytes(), Lang::En).read(), Err("Wednesday"), "{form}");
        }
    }
}
