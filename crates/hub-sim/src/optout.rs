//! Twilio's handling of STOP, START and HELP: who is blocked, and what Twilio itself answers.

use std::collections::HashSet;

use crate::config::SimConfig;

/// A word Twilio acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Stop,
    Start,
    Help,
}

impl Keyword {
    /// The whole message is one of Twilio's words, in any case.
    pub(crate) fn of(body: &str) -> Option<Self> {
        match body.trim().to_ascii_uppercase().as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => {
                Some(Self::Stop)
            }
            "START" | "YES" | "UNSTOP" => Some(Self::Start),
            "HELP" | "INFO" => Some(Self::Help),
            _ => None,
        }
    }

    /// `OptOutType` of the webhook.
    pub(crate) const fn opt_out_type(self) -> &'static str {
        match self {
            Self::Stop => "STOP",
            Self::Start => "START",
            Self::Help => "HELP",
        }
    }

    const fn reply(self) -> &'static str {
        match self {
            Self::Stop => {
                "You have successfully been unsubscribed. You will not receive any more messages from this \
                 number. Reply START to resubscribe."
            }
            Self::Start => {
                "You have successfully been re-subscribed to messages from this number. Reply HELP for help. \
                 Reply STOP to unsubscribe. Msg&Data Rates May Apply."
            }
            Self::Help => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        }
    }
}

/// Who wants nothing from whom.
#[derive(Debug, Default)]
pub(crate) struct OptOuts(HashSet<(String, String)>);

impl OptOuts {
    /// That person blocked that sender of ours.
    pub(crate) fn blocks(&self, config: &SimConfig, ours: &str, person: &str) -> bool {
        self.0.contains(&scope(config, ours, person))
    }

    /// Applies a keyword a person sent to us; the text Twilio answers, if it does. Saying STOP twice, or START
    /// without a STOP before, gets no answer.
    pub(crate) fn apply(
        &mut self,
        config: &SimConfig,
        ours: &str,
        person: &str,
        keyword: Keyword,
    ) -> Option<&'static str> {
        if !handled(config, ours) {
            return None;
        }
        let scope = scope(config, ours, person);
        let answered = match keyword {
            Keyword::Stop => self.0.insert(scope),
            Keyword::Start => self.0.remove(&scope),
            Keyword::Help => true,
        };
        answered.then(|| keyword.reply())
    }
}

/// Advanced Opt-Out covers a whole pool; by default it is one of our long codes and one person. Short codes,
/// names and WhatsApp outside a service get no handling at all.
fn handled(config: &SimConfig, ours: &str) -> bool {
    is_advanced(config, ours) || (ours.starts_with('+') && ours.len() > 8)
}

/// The sender belongs to a service with Advanced Opt-Out.
pub(crate) fn is_advanced(config: &SimConfig, ours: &str) -> bool {
    config.service_of(ours).is_some_and(|service| service.advanced_opt_out)
}

fn scope(config: &SimConfig, ours: &str, person: &str) -> (String, String) {
    match config.service_of(ours) {
        Some(service) if service.advanced_opt_out => {
            (service.sid.clone(), person.trim_start_matches("whatsapp:").to_owned())
        }
        _ => (ours.to_owned(), person.to_owned()),
    }
}

#[cfg(test)]
mod tests;
