//! The keys that may be entered in the panel, and what is plainly not one of them.
//!
//! Knows the forms only; whether a key works is for its service to say.

/// A key by the name of its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretName {
    /// `AC…`
    TwilioAccountSid,
    /// Sends and checks signatures.
    TwilioAuthToken,
    /// Still valid while the token is being replaced.
    TwilioAuthTokenPrevious,
    /// `SK…`
    TwilioApiKeySid,
    /// Its secret.
    TwilioApiKeySecret,
    /// What messages leave from.
    TwilioDefaultFrom,
    /// `MG…`
    TwilioMessagingServiceSid,
    /// Opens the models that write.
    OpenaiApiKey,
    /// Opens the models of the knowledge base.
    SecondOpenai,
}

/// Why a value can't be that key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSecret {
    /// Nothing.
    Empty,
    /// An account's SID begins with `AC`.
    NotAnAccount,
    /// Shorter than any token.
    TooShort,
    /// A model key begins with `sk-`.
    NotAModelKey,
}

/// Shorter than any token of Twilio's.
const SHORTEST_TOKEN: usize = 16;

impl SecretName {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::TwilioAccountSid,
        Self::TwilioAuthToken,
        Self::TwilioAuthTokenPrevious,
        Self::TwilioApiKeySid,
        Self::TwilioApiKeySecret,
        Self::TwilioDefaultFrom,
        Self::TwilioMessagingServiceSid,
        Self::OpenaiApiKey,
        Self::SecondOpenai,
    ];

    /// The name of its variable.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TwilioAccountSid => "TWILIO_ACCOUNT_SID",
            Self::TwilioAuthToken => "TWILIO_AUTH_TOKEN",
            Self::TwilioAuthTokenPrevious => "TWILIO_AUTH_TOKEN_PREVIOUS",
            Self::TwilioApiKeySid => "TWILIO_API_KEY_SID",
            Self::TwilioApiKeySecret => "TWILIO_API_KEY_SECRET",
            Self::TwilioDefaultFrom => "TWILIO_DEFAULT_FROM",
            Self::TwilioMessagingServiceSid => "TWILIO_MESSAGING_SERVICE_SID",
            Self::OpenaiApiKey => "OPENAI_API_KEY",
            Self::SecondOpenai => "SECOND_OPENAI",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// Whether it belongs to a Twilio account.
    pub const fn is_twilio(self) -> bool {
        !matches!(self, Self::OpenaiApiKey | Self::SecondOpenai)
    }

    /// The value without blanks around it, unless it is plainly something else.
    pub fn accept(self, typed: &str) -> Result<&str, BadSecret> {
        let value = typed.trim();
        if value.is_empty() {
            return Err(BadSecret::Empty);
        }
        match self {
            Self::TwilioAccountSid if !value.starts_with("AC") => Err(BadSecret::NotAnAccount),
            Self::TwilioAuthToken | Self::TwilioAuthTokenPrevious if value.len() < SHORTEST_TOKEN => {
                Err(BadSecret::TooShort)
            }
            Self::OpenaiApiKey | Self::SecondOpenai if !value.starts_with("sk-") => {
                Err(BadSecret::NotAModelKey)
            }
            Self::TwilioAccountSid
            | Self::TwilioAuthToken
            | Self::TwilioAuthTokenPrevious
            | Self::TwilioApiKeySid
            | Self::TwilioApiKeySecret
            | Self::TwilioDefaultFrom
            | Self::TwilioMessagingServiceSid
            | Self::OpenaiApiKey
            | Self::SecondOpenai => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests;
