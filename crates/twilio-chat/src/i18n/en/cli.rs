//! Command line, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("cli.segments.one", "segment"),
    ("cli.segments.few", "segments"),
    ("cli.segments.many", "segments"),
    ("cli.segments.line", "{encoding}: {units} units, {segments} {noun}"),
    ("cli.segments.forced", "UCS-2 is forced by: {characters}"),
];
