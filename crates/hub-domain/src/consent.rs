//! What an inbound text does to a person's consent: the first decision about every message.
//!
//! English words (Twilio's list) are answered by Twilio itself; an answer of ours would be refused with
//! 21610 or be a second text about the same thing. Polish words are unknown to Twilio: we act on them and
//! confirm exactly once.

use crate::keywords::{Keyword, Language, OptOutType};

/// The effect of one inbound message on the suppression list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentChange {
    /// Nothing changes.
    None,
    /// Silence from now on.
    OptOut {
        /// We say so once.
        confirm: bool,
    },
    /// The person wants to hear from us again.
    OptIn {
        /// We say so once.
        confirm: bool,
    },
}

/// Decides from the whole text (`keyword`), Twilio's own verdict and what is on record. Twilio's verdict,
/// when present, is trusted over the text: the account may have words of its own.
pub fn consent_change(
    keyword: Option<Keyword>,
    verdict: Option<OptOutType>,
    opted_out: bool,
) -> ConsentChange {
    match (verdict, keyword) {
        (Some(OptOutType::Stop), _) => ConsentChange::OptOut { confirm: false },
        (Some(OptOutType::Start), _) if opted_out => ConsentChange::OptIn { confirm: false },
        (None, Some(Keyword::Stop(language))) => {
            ConsentChange::OptOut { confirm: language == Language::Polish && !opted_out }
        }
        (None, Some(Keyword::Start(language))) if opted_out => {
            ConsentChange::OptIn { confirm: language == Language::Polish }
        }
        (Some(OptOutType::Start | OptOutType::Help), _)
        | (None, Some(Keyword::Start(_) | Keyword::Help(_)) | None) => ConsentChange::None,
    }
}

#[cfg(test)]
mod tests;
