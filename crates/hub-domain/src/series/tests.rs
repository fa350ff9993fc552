use jiff::{Timestamp, tz::TimeZone};

use super::{Counts, HourCounts, Span, hour_of, series};

fn warsaw() -> TimeZone {
    TimeZone::get("Europe/Warsaw").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn counted(text: &str, inbound: u32) -> HourCounts {
    HourCounts { hour: hour_of(at(text)), counts: Counts { inbound, ..Counts::default() } }
}

/// Points that begin so, with what came in; the others are empty.
fn check(span: Span, hours: &[HourCounts], now: &str, points: usize, expect: &[(&str, u32)]) {
    let chart = series(span, hours, at(now), &warsaw());
    assert_eq!(chart.len(), points, "{span:?} at {now}");
    let filled: Vec<_> = chart
        .iter()
        .filter(|point| point.counts != Counts::default())
        .map(|point| (point.from.strftime("%F %H:%M").to_string(), point.counts.inbound))
        .collect();
    let expect: Vec<_> = expect.iter().map(|(from, count)| ((*from).to_owned(), *count)).collect();
    assert_eq!(filled, expect, "{span:?} at {now}");
}

#[test]
fn a_day_goes_by_hours_and_longer_spans_by_days_of_the_zone() {
    let hours = [
        counted("2026-11-15T22:59:59Z", 1),
        counted("2026-11-19T22:00:00Z", 2),
        counted("2026-11-19T23:00:00Z", 3),
        counted("2026-11-21T10:30:00Z", 4),
        counted("2026-11-22T10:59:59Z", 5),
    ];
    let now = "2026-11-22T10:15:00Z";
    check(Span::Day, &hours, now, 24, &[("2026-11-22 11:00", 5)]);
    let week =
        [("2026-11-19 00:00", 2), ("2026-11-20 00:00", 3), ("2026-11-21 00:00", 4), ("2026-11-22 00:00", 5)];
    check(Span::Week, &hours, now, 7, &week);
    let mut month = week.to_vec();
    month.insert(0, ("2026-11-15 00:00", 1));
    check(Span::Month, &hours, now, 30, &month);
    check(Span::Quarter, &hours, now, 90, &month);
}

#[test]
fn days_of_23_and_25_hours_keep_their_hours() {
    // Clocks go back at 01:00 UTC on 25 October 2026 and forward on 29 March.
    let autumn = [
        counted("2026-10-24T22:00:00Z", 1),
        counted("2026-10-25T22:00:00Z", 2),
        counted("2026-10-25T23:00:00Z", 4),
    ];
    check(
        Span::Week,
        &autumn,
        "2026-10-26T12:00:00Z",
        7,
        &[("2026-10-25 00:00", 3), ("2026-10-26 00:00", 4)],
    );
    let spring = [
        counted("2026-03-28T23:00:00Z", 1),
        counted("2026-03-29T21:00:00Z", 2),
        counted("2026-03-29T22:00:00Z", 4),
    ];
    check(
        Span::Week,
        &spring,
        "2026-03-30T12:00:00Z",
        7,
        &[("2026-03-29 00:00", 3), ("2026-03-30 00:00", 4)],
    );
    let chart = series(Span::Day, &[], at("2026-10-25T12:00:00Z"), &warsaw());
    let twos = chart.iter().filter(|point| point.from.hour() == 2).count();
    assert_eq!((chart.len(), twos), (24, 2));
}

#[test]
fn a_chart_asks_for_the_hours_it_shows() {
    let now = at("2026-11-22T10:15:00Z").to_zoned(warsaw());
    for (span, first) in [
        (Span::Day, "2026-11-21T11:00:00Z"),
        (Span::Week, "2026-11-15T23:00:00Z"),
        (Span::Month, "2026-10-23T22:00:00Z"),
    ] {
        assert_eq!(span.first_hour(&now), hour_of(at(first)), "{span:?}");
    }
}

#[test]
fn each_span_has_its_word() {
    for span in Span::ALL {
        assert_eq!(Span::parse(span.as_str()), Some(span));
    }
    assert_eq!(Span::parse("1y"), None);
}
