//! The built-in bot: fixed answers to fixed words, for demonstrations and for hubs without a model.
//!
//! It keeps no state and opts nobody in or out: opt-out words are acted upon before it is asked, so its own
//! rows for them are seen only where that step is left out (the simulator, tests).

/// Which answers the bot gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bot {
    /// Says the message back.
    Echo,
    /// Knows a handful of commands.
    Keywords,
}

impl Bot {
    /// Reads the name used in the configuration; `normal` is the older word for `keywords`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "echo" => Some(Self::Echo),
            "keywords" | "normal" => Some(Self::Keywords),
            _ => None,
        }
    }

    /// The name used in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Keywords => "keywords",
        }
    }

    /// The answer to a message; there always is one.
    pub fn reply(self, body: &str) -> String {
        match self {
            Self::Echo if body.is_empty() => "Otrzymałem Twoją wiadomość.".to_owned(),
            Self::Echo => format!("Echo: {body}"),
            Self::Keywords => answer(body).to_owned(),
        }
    }
}

fn answer(body: &str) -> &'static str {
    match body.trim().to_lowercase().as_str() {
        "help" => "Dostępne komendy: HELP, START, STOP.",
        "start" => "Witaj! Bot został aktywowany.",
        "stop" => "OK, nie będę więcej wysyłać wiadomości. Aby wznowić, napisz START.",
        "pomoc" => "Dostępne komendy: POMOC, START, STOP.",
        "info" => "To jest automatyczny bot SMS.",
        _ => "Nie rozumiem jeszcze tej komendy. Napisz HELP, aby zobaczyć dostępne opcje.",
    }
}

#[cfg(test)]
mod tests;
