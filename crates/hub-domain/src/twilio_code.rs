//! Twilio's error codes: what a refused or failed message means, for the delivery job and for people.

mod table;

use table::TABLE;

/// What the delivery job does about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeAction {
    /// This message will not go, however often it is tried.
    Final,
    /// As [`Final`](Self::Final), and the recipient has opted out.
    FinalOptOut,
    /// Never processed, or failed for a passing reason: try again with growing pauses.
    RetryLater,
    /// A sender's queue or allowance is used up: nothing more from it for a while.
    RetryMuchLater,
    /// The account is at fault, not the message: stop sending and tell a person.
    StopQueue,
    /// It may or may not have been processed: look it up before anything else.
    Reconcile,
}

/// One code, explained to the people at the desk: what happened, what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Twilio's code.
    pub code: u32,
    /// What the delivery job does.
    pub action: CodeAction,
    /// In Polish.
    pub pl: &'static str,
    /// In English.
    pub en: &'static str,
}

/// What to do about Twilio's answer to a request to send. The HTTP status decides first: codes of the table
/// are believed only in an answer that says "not accepted" (4xx), except those that are about the account.
pub fn action(http_status: u16, code: Option<u32>) -> CodeAction {
    match (http_status, code) {
        (401, _) | (_, Some(20003)) => CodeAction::StopQueue,
        (429, _) | (_, Some(20429)) => CodeAction::RetryLater,
        (408, _) => CodeAction::Reconcile,
        (400..500, _) => code.and_then(advice).map_or(CodeAction::Final, |advice| advice.action),
        _ => CodeAction::Reconcile,
    }
}

/// The explanation of a code, if we have one.
pub fn advice(code: u32) -> Option<&'static Advice> {
    let place = TABLE.binary_search_by_key(&code, |advice| advice.code).ok()?;
    TABLE.get(place)
}

#[cfg(test)]
mod tests;
