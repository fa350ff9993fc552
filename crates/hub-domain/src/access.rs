//! Who may do what: roles of people, scopes of API tokens, and what a login name and a password may be.
//!
//! Knows neither hashes nor sessions: those are secrets, and secrets stay in the shell.

use thiserror::Error;

mod password;

pub use password::{LONGEST_PASSWORD, PasswordProblem, SHORTEST_PASSWORD, check_password};

/// What a person may do. The later covers the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads, answers and switches automation.
    Operator,
    /// Everything, with users, tokens and the audit log.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Operator, Self::Admin];

    /// Whether this role is enough where `needed` is asked for.
    pub fn covers(self, needed: Self) -> bool {
        self >= needed
    }

    /// What the role may call of the API, with a session instead of a token.
    pub fn may(self, scope: Scope) -> bool {
        match scope {
            Scope::Read | Scope::Send => true,
            Scope::Admin | Scope::Metrics => self == Self::Admin,
        }
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What an API token may do. None covers another: a token gets exactly what was ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read messages and settings.
    Read,
    /// Send and withdraw messages.
    Send,
    /// Change settings; delete and blank messages.
    Admin,
    /// Read the metrics.
    Metrics,
}

impl Scope {
    /// Every scope, in the order shown.
    pub const ALL: [Self; 4] = [Self::Read, Self::Send, Self::Admin, Self::Metrics];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Send => "send",
            Self::Admin => "admin",
            Self::Metrics => "metrics",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// The scopes of one token, each once and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// These scopes.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let given: Vec<Scope> = scopes.into_iter().collect();
        Self(Scope::ALL.into_iter().filter(|scope| given.contains(scope)).collect())
    }

    /// Reads `read,send`; `None` for a word that is no scope.
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split(',').filter(|word| !word.is_empty());
        words.map(Scope::parse).collect::<Option<Vec<_>>>().map(Self::new)
    }

    /// Whether it is one of them.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// The stored words.
    pub fn as_text(&self) -> String {
        self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// A language of the panel, as a person chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PanelLanguage {
    /// Polish.
    Polish,
    /// English.
    English,
}

impl PanelLanguage {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Polish => "pl",
            Self::English => "en",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Polish, Self::English].into_iter().find(|language| language.as_str() == word)
    }
}

/// Light or dark, as a person chose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order shown.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }
}

/// Longest login name, in characters.
pub const LONGEST_NAME: usize = 64;

/// The name a person signs in with: as typed for showing, compared without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoginName(String);

/// The text can't be a login name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a login name: expected 1 to {LONGEST_NAME} characters without spaces")]
pub struct LoginNameError;

impl LoginName {
    /// Takes a name without the spaces around it; an e-mail address is one too.
    pub fn parse(text: &str) -> Result<Self, LoginNameError> {
        let text = text.trim();
        let fits = (1..=LONGEST_NAME).contains(&text.chars().count())
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if fits { Ok(Self(text.to_owned())) } else { Err(LoginNameError) }
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two names the same.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests;
