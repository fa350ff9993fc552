//! The command line: reads arguments, loads the configuration, prints results.

mod ai_send;
mod backfill;
mod config_show;
mod import;
mod knowledge;
mod replay;
mod segment_count;
mod segments;
mod send;
mod serve;
mod user;

use std::{ffi::OsString, io::Write, process::ExitCode};

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::{
    config::{Config, ConfigError, RawConfig},
    i18n::Lang,
    start::Entered,
};

/// What the process was given.
#[derive(Debug)]
pub struct Process {
    /// Arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The environment.
    pub environment: Vec<(String, String)>,
    /// The content of `.env`, if there is one.
    pub dotenv: Option<Vec<u8>>,
    /// The language to speak.
    pub lang: Lang,
}

/// SMS i WhatsApp dla małej firmy: jeden program, jedno konto Twilio.
///
/// A shared SMS and WhatsApp hub over one Twilio account.
#[derive(Debug, Parser)]
#[command(name = "twilio-chat", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Uruchamia panel, webhooki i wysyłkę · Runs panel, webhooks and delivery
    Serve {
        /// Z symulatorem zamiast konta Twilio · With a simulator instead of a Twilio account
        #[arg(long)]
        demo: bool,
        /// Od razu zagraj dzień sklepu · Play a shop's day at once
        #[arg(long, requires = "demo", value_parser = hub_sim::Scenario::NAMES)]
        demo_scenario: Option<String>,
    },
    /// Demo bez konta, naprawdę z kontem (`make run`) · Demo without an account, for real with one
    #[command(hide = true)]
    Run,
    /// Wysyła jeden SMS · Sends one text
    Send(send::Arguments),
    /// Wysyła SMS napisany przez model · Sends a text that the model writes
    AiSend(ai_send::Arguments),
    /// Pyta model od nowa o zapisane przypadki i dawne pytania; nic nie wysyła · Asks saved cases and past questions anew; sends nothing
    Replay(replay::Arguments),
    /// Przenosi dane z dotychczasowego programu albo historię z Twilio · Takes over the earlier program's data, or history from Twilio
    Import(import::Arguments),
    /// Baza wiedzy: szukanie, odpowiedzi, pliki indeksu · The knowledge base: search, answers, index files
    #[command(subcommand)]
    Knowledge(knowledge::KnowledgeCommand),
    /// Osoby, które wchodzą do panelu · The people of the panel
    #[command(subcommand)]
    User(user::UserCommand),
    /// Konfiguracja · Configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Ile segmentów ma tekst · How many segments a text takes
    Segments(segments::Arguments),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Pokazuje każdą wartość i skąd pochodzi · Shows every value and where it comes from
    Show {
        /// Jako JSON · As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command; everything it prints goes to `out`, errors to `err`.
pub fn run(process: Process, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let cli = match Cli::try_parse_from(&process.arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, out, err),
    };
    let lang = process.lang;
    let outcome = match cli.command {
        Command::Segments(arguments) => segments::run(&arguments, lang, out),
        Command::Config(ConfigCommand::Show { json }) => config_show::run(&raw(process), json, lang, out),
        Command::Send(arguments) => send::run(process, &arguments, out),
        Command::AiSend(arguments) => ai_send::run(process, &arguments, out),
        Command::Replay(arguments) => replay::run(process, &arguments, out),
        Command::User(command) => user::run(process, command, out),
        Command::Knowledge(command) => knowledge::run(process, &command, out),
        Command::Import(arguments) => import::run(process, &arguments, out),
        Command::Serve { demo, demo_scenario } => {
            serve::run(process, serve::Wanted::from_flag(demo), demo_scenario.as_deref(), out)
        }
        Command::Run => serve::run(process, serve::Wanted::DemoWithoutCredentials, None, out),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            if !failure.text.is_empty() {
                // Nowhere is left to report to when standard error is closed.
                let _ = writeln!(err, "{}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
}

/// A command that could not do its work.
#[derive(Debug)]
struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 1 }
    }

    fn of_config(error: &ConfigError, lang: Lang) -> Self {
        Self::new(error.describe(lang))
    }

    /// Standard output that can't be written. A reader that has seen enough (`| head`) is no failure.
    fn of_output(error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { text: String::new(), code: 0 };
        }
        Self::new(error.to_string())
    }
}

type Outcome = Result<ExitCode, Failure>;

fn usage(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let text = error.render();
    let kind = error.kind();
    let asked = matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    // Nowhere is left to report to when the standard streams are closed.
    let _ = if asked { write!(out, "{text}") } else { write!(err, "{text}") };
    if asked {
        ExitCode::SUCCESS
    } else if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // No command: the help, and 1 as the original.
        ExitCode::from(1)
    } else {
        ExitCode::from(2)
    }
}

fn raw(process: Process) -> RawConfig {
    RawConfig::merge(process.environment, process.dotenv.as_deref())
}

/// The configuration a command works with: the panel's keys over what was typed, as in a running hub.
fn configured(process: Process) -> Result<Config, Failure> {
    let lang = process.lang;
    in_force(&raw(process), lang, |_| Ok(()))
}

/// The same, if it also `serves`.
fn in_force(
    raw: &RawConfig,
    lang: Lang,
    serves: impl Fn(&Config) -> Result<(), ConfigError>,
) -> Result<Config, Failure> {
    let entered = Entered::beside(raw).map_err(|error| Failure::new(error.describe(lang)))?;
    entered.in_force(raw, serves).map_err(|error| Failure::of_config(&error, lang))
}

/// The runtime that `serve` and `send` work in.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("tokio: {error}")))
}
