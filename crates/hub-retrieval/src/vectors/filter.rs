//! Which rows a search may find: of some categories, of some time. Made into a set of rows before the scan.

use super::bitmap::Bitmap;
use crate::working::{NO_TIME, Segment};

/// What must be true of a row. The default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these; all where empty.
    pub categories: Vec<String>,
    /// At this second since 1970 or later. Rows without a time are then not found.
    pub since: Option<i64>,
    /// Before this second. Rows without a time are then not found.
    pub until: Option<i64>,
}

impl Filter {
    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self == &Self::default()
    }

    /// The rows of a segment that are both in `rows` and let through.
    pub(crate) fn keep(&self, segment: &Segment, mut rows: Bitmap) -> Bitmap {
        if !self.categories.is_empty() {
            let wanted: Vec<bool> =
                segment.names().iter().map(|name| self.categories.contains(name)).collect();
            let categories = segment.categories();
            rows.retain(|row| {
                let number = categories.get(row).and_then(|number| usize::try_from(*number).ok());
                number.and_then(|number| wanted.get(number)).copied().unwrap_or(false)
            });
        }
        if self.since.is_some() || self.until.is_some() {
            let times = segment.times();
            rows.retain(|row| {
                let time = times.get(row).copied().unwrap_or(NO_TIME);
                time != NO_TIME
                    && self.since.is_none_or(|since| time >= since)
                    && self.until.is_none_or(|until| time < until)
            });
        }
        rows
    }
}
