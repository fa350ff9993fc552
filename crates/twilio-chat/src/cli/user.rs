//! `twilio-chat user`: adds, lists and changes the people of the panel, beside a running hub or without one.
//!
//! A password is never an argument: others on the machine could read it there.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write},
    process::{Command, ExitCode, Stdio},
};

use clap::{Args, Subcommand, ValueEnum};
use hub_store::{By, UserChange};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Failure, Outcome, Process, configured, runtime};
use crate::{
    app::{
        App,
        auth::{AccountRefusal, AuthError},
    },
    config::LogLevel,
    i18n::Lang,
    logs, start,
    sys::World,
    t,
    web::refusal_words,
};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Dodaje osobę; hasło z klawiatury albo ze standardowego wejścia · Adds a person
    Add(Add),
    /// Pokazuje wszystkich · Shows everybody
    List,
    /// Ustawia hasło i kończy sesje tej osoby · Sets a password and ends the person's sessions
    Password(Named),
    /// Blokuje konto; --undo odblokowuje · Disables an account; --undo enables it
    Disable(Disable),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Nazwa do logowania · The name to sign in with
    name: String,
    /// Rola · The role
    #[arg(long, value_enum, default_value_t = Role::Operator)]
    role: Role,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// Nazwa · The name
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Disable {
    /// Nazwa · The name
    name: String,
    /// Odblokowuje · Enables again
    #[arg(long)]
    undo: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    Admin,
    Operator,
}

impl From<Role> for hub_domain::access::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Operator => Self::Operator,
        }
    }
}

/// Runs one of the commands.
pub(super) fn run(process: Process, command: UserCommand, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let config = configured(process)?;
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Warn } else { config.log_level });
    let ours = |error: start::StartError| Failure::new(error.describe(lang));
    start::prepare_folders(&config).map_err(ours)?;
    start::move_in_if_original(&config, World::real().now(), None).map_err(ours)?;
    let timing = start::timing(None);
    let store = start::open_store(&config, timing).map_err(ours)?;
    let transport = start::transport().map_err(ours)?;
    let app = start::app(&config, store.clone(), World::real(), timing, transport, 0).map_err(ours)?;
    let done = runtime()?.block_on(carry_out(&app, command, lang, out));
    store.close();
    done.map(|()| ExitCode::SUCCESS)
}

async fn carry_out(app: &App, command: UserCommand, lang: Lang, out: &mut dyn Write) -> Result<(), Failure> {
    let by = By { name: "twilio-chat user".to_owned(), network: String::new() };
    let fault = |error: AuthError| Failure::new(error.to_string());
    let done = match command {
        UserCommand::List => return list(app, lang, out).await,
        UserCommand::Add(add) => {
            let password = password(lang, out)?;
            app.add_user(&add.name, password, add.role.into(), by).await.map_err(fault)?
        }
        UserCommand::Password(named) => {
            let id = id_of(app, &named.name, lang).await?;
            let password = password(lang, out)?;
            app.set_password(id, password, by).await.map_err(fault)?
        }
        UserCommand::Disable(disable) => {
            let id = id_of(app, &disable.name, lang).await?;
            let change = UserChange::Disabled(!disable.undo);
            app.change_user(id, change, by).await.map_err(|error| Failure::new(error.to_string()))?
        }
    };
    done.map_err(|refused| Failure::new(refusal_words(lang, refused)))?;
    print(out, t!(lang, "cli.user.done"))
}

async fn list(app: &App, lang: Lang, out: &mut dyn Write) -> Result<(), Failure> {
    let users = app.users().await.map_err(|error| Failure::new(error.to_string()))?;
    if users.is_empty() {
        return print(out, t!(lang, "cli.user.none"));
    }
    for user in users {
        let state = if user.disabled_at.is_some() { t!(lang, "cli.user.disabled") } else { "" };
        print(out, format!("{}\t{}\t{state}", user.name, user.role.as_str()).trim_end())?;
    }
    Ok(())
}

async fn id_of(app: &App, name: &str, lang: Lang) -> Result<hub_domain::ids::UserId, Failure> {
    let found = app.user_named(name).await.map_err(|error| Failure::new(error.to_string()))?;
    found.map(|user| user.id).ok_or_else(|| Failure::new(refusal_words(lang, AccountRefusal::Unknown)))
}

fn print(out: &mut dyn Write, line: &str) -> Result<(), Failure> {
    writeln!(out, "{line}").map_err(|error| Failure::of_output(&error))
}

/// From the keyboard, twice and unseen; from a pipe, its first line.
fn password(lang: Lang, out: &mut dyn Write) -> Result<SecretString, Failure> {
    if !io::stdin().is_terminal() {
        return line();
    }
    let first = unseen(t!(lang, "cli.user.password"), out)?;
    let second = unseen(t!(lang, "cli.user.again"), out)?;
    if first.expose_secret() != second.expose_secret() {
        return Err(Failure::new(t!(lang, "cli.user.differ")));
    }
    Ok(first)
}

fn line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| Failure::new(error.to_string()))?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

fn unseen(prompt: &str, out: &mut dyn Write) -> Result<SecretString, Failure> {
    write!(out, "{prompt} ").and_then(|()| out.flush()).map_err(|error| Failure::of_output(&error))?;
    let _quiet = Quiet::start()?;
    let typed = line();
    print(out, "")?;
    typed
}

/// The terminal without its echo, until dropped.
struct Quiet;

impl Quiet {
    fn start() -> Result<Self, Failure> {
        if stty("-echo") { Ok(Self) } else { Err(Failure::new("stty -echo")) }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(word: &str) -> bool {
    Command::new("stty").arg(word).stdin(Stdio::inherit()).status().is_ok_and(|status| status.success())
}
