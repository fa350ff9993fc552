//! `twilio-chat knowledge`: the knowledge base without a running server.

mod evaluate;
mod files;
mod search;
mod source;
mod vectors;
mod words;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
    sync::Arc,
};

use clap::{Args, Subcommand};
use hub_retrieval::library::LibraryError;
use serde_json::Value;

use super::{Failure, Outcome, Process, in_force, raw, runtime, send::wait_divisor};
use crate::{
    app::knowledge::{Embedder, Knowledge},
    config::{Config, RawConfig},
    i18n::Lang,
    start, t,
};

#[derive(Debug, Subcommand)]
pub(super) enum KnowledgeCommand {
    /// Buduje dokumenty indeksu z artykułów · Builds the documents of the index from articles
    Build(Shown),
    /// Pokazuje, co jest w indeksie · Shows what the index holds
    Status(Shown),
    /// Szuka artykułów · Finds articles
    Search(search::Arguments),
    /// Odpowiada na pytanie · Answers a question
    Ask(search::AskArguments),
    /// Zapisuje index.faiss i docs.json do katalogu · Writes index.faiss and docs.json to a folder
    Export(files::Folder),
    /// Przejmuje indeks z katalogu · Takes over the index of a folder
    Import(files::Folder),
    /// Mierzy R@1, R@5, R@10 i MRR · Measures R@1, R@5, R@10 and MRR
    Evaluate(evaluate::Arguments),
}

/// How a result is shown.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Shown {
    /// Jako JSON · As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(process: Process, command: &KnowledgeCommand, out: &mut dyn Write) -> Outcome {
    let mut place = Place { lang: process.lang, process: Some(process), configured: None, out };
    match command {
        KnowledgeCommand::Build(shown) => files::build(&mut place, *shown),
        KnowledgeCommand::Status(shown) => files::status(&mut place, *shown),
        KnowledgeCommand::Search(arguments) => search::run(&mut place, arguments),
        KnowledgeCommand::Ask(arguments) => search::ask(&mut place, arguments),
        KnowledgeCommand::Export(folder) => files::export(&mut place, folder),
        KnowledgeCommand::Import(folder) => files::import(&mut place, folder),
        KnowledgeCommand::Evaluate(arguments) => evaluate::run(&mut place, arguments),
    }
}

/// Where a command runs and prints.
struct Place<'a> {
    lang: Lang,
    /// Its configuration is read only by commands that need the data folder.
    process: Option<Process>,
    configured: Option<Rc<Configured>>,
    out: &'a mut dyn Write,
}

/// What a command is configured by.
struct Configured {
    config: Config,
    /// As it was typed.
    raw: RawConfig,
    /// What test builds divide their waits by.
    divisor: Option<String>,
}

impl Place<'_> {
    /// The knowledge base of the configured data folder.
    fn knowledge(&mut self) -> Result<Knowledge, Failure> {
        Ok(start::knowledge(&self.configured()?.config))
    }

    /// The same with the service for its vectors, where one is configured.
    fn knowledge_with_service(&mut self) -> Result<(Knowledge, Option<Arc<Embedder>>), Failure> {
        let configured = self.configured()?;
        let Configured { config, divisor, .. } = &*configured;
        Ok((start::knowledge(config), self.embedder(config, divisor.as_deref())?.map(Arc::new)))
    }

    /// The configuration, read when it is first needed.
    fn configured(&mut self) -> Result<Rc<Configured>, Failure> {
        if let Some(process) = self.process.take() {
            let divisor = wait_divisor(&process);
            let raw = raw(process);
            let config = in_force(&raw, self.lang, |_| Ok(()))?;
            self.configured = Some(Rc::new(Configured { config, raw, divisor }));
        }
        self.configured.clone().ok_or_else(|| Failure::new(""))
    }

    fn say(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.out, "{text}").map_err(|error| Failure::of_output(&error))
    }

    /// Prints the text, or the JSON where that was asked for.
    fn show(&mut self, json: bool, value: &Value, text: &str) -> Outcome {
        let line = if json { value.to_string() } else { text.to_owned() };
        self.say(line.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }

    fn fault(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::new(t!(self.lang, "knowledge.fault", error = error))
    }

    fn unreadable(&self, path: &Path, error: &dyn std::fmt::Display) -> Failure {
        Failure::new(t!(self.lang, "knowledge.unreadable", path = path.display(), error = error))
    }

    fn of_library(&self, error: &LibraryError) -> Failure {
        match error {
            LibraryError::Busy => Failure::new(t!(self.lang, "knowledge.busy")),
            LibraryError::Nothing(refused) => {
                let mut text = t!(self.lang, "knowledge.nothing").to_owned();
                for one in refused {
                    text.push('\n');
                    text.push_str(&t!(self.lang, "knowledge.refused", file = one.file, reason = one.reason));
                }
                Failure::new(text)
            }
            LibraryError::Archive(_)
            | LibraryError::Io(_)
            | LibraryError::Index(_)
            | LibraryError::Source(_) => self.fault(error),
        }
    }
}

/// Where questions and corpora come from.
#[derive(Debug, Args)]
struct Articles {
    /// Plik artykułów {"id","title","text"} zamiast indeksu · A file of articles in place of the index
    #[arg(long, value_name = "CORPUS.jsonl")]
    corpus: Option<PathBuf>,
}
