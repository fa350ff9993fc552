//! What a form was filled with. A form that was open while somebody else saved must not undo that unasked.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

/// A mark of settings as a form shows them; it goes into a hidden field and comes back with what was typed.
pub(super) fn mark(settings: &impl fmt::Debug) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{settings:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Whether the settings are others than the form was filled with. One without a mark was not filled by a page.
pub(super) fn are_others(settings: &impl fmt::Debug, seen: &str) -> bool {
    !seen.is_empty() && mark(settings) != seen
}
