//! `twilio-chat replay`: asks saved cases and past questions anew, and shows what would be said now. Sends nothing.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Failure, Outcome, Process, ai_send, configured, runtime, send};
use crate::{
    app::assistant::{Now, Replayed},
    config::{Config, LogLevel},
    i18n::Lang,
    logs,
    sys::World,
    t,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Plik z nową instrukcją; bez niego obecna · A file with the new instruction; without it the present one
    #[arg(long)]
    prompt: Option<PathBuf>,
    /// Inny model · Another model
    #[arg(long)]
    model: Option<String>,
    /// Ile ostatnich pytań klientów, oprócz zapisanych przypadków · How many of the last questions besides the cases
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=1000))]
    last: u32,
}

/// Replays and prints each difference as it comes. A model that does not answer makes none, and fails the command.
pub(super) fn run(process: Process, arguments: &Arguments, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let divisor = send::wait_divisor(&process);
    let config = configured(process)?;
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Error } else { config.log_level });
    let instruction = arguments
        .prompt
        .as_ref()
        .map(fs::read_to_string)
        .transpose()
        .map_err(|error| Failure::new(t!(lang, "cli.replay.unreadable", error = error)))?;
    runtime()?.block_on(replay(&config, arguments, instruction, divisor.as_deref(), lang, out))
}

async fn replay(
    config: &Config,
    arguments: &Arguments,
    instruction: Option<String>,
    divisor: Option<&str>,
    lang: Lang,
    out: &mut dyn Write,
) -> Outcome {
    let (app, store) = send::open(config, &World::real(), divisor, lang)?;
    let mut settings = app.assistant().await.map_err(|error| Failure::new(error.to_string()))?.settings;
    settings.instruction = instruction.unwrap_or(settings.instruction);
    settings.model = arguments.model.clone().unwrap_or(settings.model);
    let (mut same, mut different, mut silent, mut fault) = (0_u32, 0_u32, 0_u32, None);
    let replayed = app
        .replay(&settings, arguments.last, |replayed| {
            match &replayed.now {
                Now::Says(now) if now.trim() == replayed.before.trim() => {
                    same += 1;
                    return true;
                }
                Now::Says(_) | Now::Person => different += 1,
                Now::NoAnswer(_) => silent += 1,
            }
            fault = show(&replayed, lang, out).err();
            fault.is_none()
        })
        .await;
    store.close();
    replayed.map_err(|error| Failure::new(ai_send::words(&error, lang)))?;
    if let Some(error) = fault {
        return Err(Failure::of_output(&error));
    }
    let line = t!(lang, "cli.replay.done", same = same, different = different);
    writeln!(out, "{line}").map_err(|error| Failure::of_output(&error))?;
    if silent > 0 {
        return Err(Failure::new(t!(lang, "cli.replay.silent", count = silent)));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(replayed: &Replayed, lang: Lang, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "[{}] {}", replayed.of, replayed.question)?;
    writeln!(out, "  - {}", replayed.before)?;
    match &replayed.now {
        Now::Says(now) => writeln!(out, "  + {now}\n"),
        Now::Person => writeln!(out, "  + {}\n", t!(lang, "cli.replay.person")),
        Now::NoAnswer(error) => writeln!(out, "  ? {}\n", t!(lang, "cli.replay.no_answer", error = error)),
    }
}
