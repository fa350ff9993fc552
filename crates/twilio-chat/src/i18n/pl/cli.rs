//! Command line, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("cli.segments.one", "segment"),
    ("cli.segments.few", "segmenty"),
    ("cli.segments.many", "segmentów"),
    ("cli.segments.line", "{encoding}: {units} jednostek, {segments} {noun}"),
    ("cli.segments.forced", "UCS-2 wymuszają znaki: {characters}"),
];
