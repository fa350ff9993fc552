//! `twilio-chat segments`: one text from the arguments, or a batch from a file or standard input.

use std::{
    fs::File,
    io::{BufReader, Write, stdin},
    process::ExitCode,
};

use clap::Args;

use super::{Failure, Outcome, segment_count};
use crate::{i18n::Lang, t};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Tekst · The text
    #[arg(conflicts_with = "batch")]
    text: Option<String>,
    /// Plik z liniami {"text": …}; - to standardowe wejście · A file of {"text": …} lines; - is standard input
    #[arg(long, value_name = "FILE")]
    batch: Option<String>,
    /// Jako JSON · As JSON
    #[arg(long, conflicts_with = "batch")]
    json: bool,
}

/// Exit 1 when a line of the batch was bad.
pub(super) fn run(arguments: &Arguments, lang: Lang, out: &mut dyn Write) -> Outcome {
    match (&arguments.text, &arguments.batch) {
        (Some(text), _) => {
            let shown = if arguments.json {
                segment_count::one_json(text).map_err(|error| Failure::new(error.to_string()))?
            } else {
                segment_count::one(text, lang)
            };
            writeln!(out, "{shown}").map_err(|error| Failure::of_output(&error))?;
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(path)) => batch(path, lang, out),
        (None, None) => Err(Failure { text: t!(lang, "cli.segments.no_input").to_owned(), code: 2 }),
    }
}

fn batch(path: &str, lang: Lang, out: &mut dyn Write) -> Outcome {
    let unreadable =
        |error: std::io::Error| Failure::new(t!(lang, "cli.segments.unreadable", path = path, error = error));
    let outcome = if path == "-" {
        segment_count::batch(stdin().lock(), out)
    } else {
        segment_count::batch(BufReader::new(File::open(path).map_err(unreadable)?), out)
    };
    match outcome {
        Ok(outcome) if outcome.bad_lines == 0 => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(1)),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::of_output(&error)),
        Err(error) => Err(unreadable(error)),
    }
}
