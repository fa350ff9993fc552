//! Where a message brought in from before stands among those that are here. Everything is listed by row number, and
//! what comes in takes the next one; history must not come after it.

use jiff::Timestamp;

/// Milliseconds since 1970 that history is numbered below: in 2042, so that its numbers are negative, and small
/// enough for a script's numbers.
const BELOW: i64 = 2_300_000_000_000;

/// No history has a higher number: earlier releases numbered some from here up to 0.
const HIGHEST: i64 = -1_000_000_000;

/// The number of a message of that time, or the first free one above it; `None`: it is the newest and takes the next
/// one at the end. `newest` is the time of the newest message here, none where there are none.
pub fn row(at: Timestamp, newest: Option<Timestamp>) -> Option<i64> {
    let is_older = newest.is_some_and(|newest| at < newest);
    is_older.then(|| at.as_millisecond().saturating_sub(BELOW).min(HIGHEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_stands_below_what_is_here_in_the_order_of_its_time() {
        let check = |at: &str, newest: Option<&str>, expect: Option<i64>| {
            let time = |text: &str| -> Timestamp { text.parse().unwrap() };
            assert_eq!(row(time(at), newest.map(time)), expect, "{at} {newest:?}");
        };
        let now = Some("2026-11-22T10:00:00Z");
        check("2026-11-22T09:59:59Z", now, Some(-504_658_401_000));
        check("2026-11-22T09:59:59.001Z", now, Some(-504_658_400_999));
        check("1970-01-01T00:00:00Z", now, Some(-BELOW));
        check("2026-11-22T10:00:00Z", now, None);
        check("2026-11-23T10:00:00Z", now, None);
        check("2016-11-23T10:00:00Z", None, None);
        check("2090-01-01T00:00:00Z", Some("2091-01-01T00:00:00Z"), Some(HIGHEST));
    }
}
