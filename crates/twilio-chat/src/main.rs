//! The program: gathers arguments, environment and `.env`, and runs the command.

use std::{
    io::{ErrorKind, stderr, stdout},
    process::ExitCode,
};

use twilio_chat::{
    cli::{self, Process},
    i18n::Lang,
    t,
};

fn main() -> ExitCode {
    // What is not UTF-8 in the environment can't be one of our values.
    let environment: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let find = |name: &str| environment.iter().find(|(key, value)| key == name && !value.is_empty());
    let locale = find("LC_ALL").or_else(|| find("LC_MESSAGES")).or_else(|| find("LANG"));
    let lang = locale.map_or(Lang::default(), |(_, value)| Lang::from_locale(value));
    let dotenv = match std::fs::read(".env") {
        Ok(content) => Some(content),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            complain(&t!(lang, "cli.dotenv.unreadable", error = error));
            return ExitCode::FAILURE;
        }
    };
    let arguments = std::env::args_os().collect();
    cli::run(Process { arguments, environment, dotenv, lang }, &mut stdout(), &mut stderr())
}

#[expect(clippy::print_stderr, reason = "there is no logging yet")]
fn complain(text: &str) {
    eprintln!("{text}");
}
