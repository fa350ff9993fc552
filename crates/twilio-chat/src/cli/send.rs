//! `twilio-chat send`: one text, through the same path as everything else.

use std::{io::Write, process::ExitCode};

use clap::Args;
use hub_domain::{
    long_text::MOST_PARTS,
    message::{Message, Origin},
    twilio_code,
};
use hub_store::Store;

use super::{Failure, Outcome, Process, configured, runtime};
use crate::{
    app::{
        App,
        send::{SendError, SendRequest, Sent, Through},
    },
    config::{Config, LogLevel, Mode},
    i18n::{Lang, reason},
    logs, start,
    sys::World,
    t,
};

/// The original's exit code of a failed send: HTTP 500 by a hundred.
const SEND_FAILED: u8 = 5;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Numer odbiorcy, np. +48500100200 · The recipient, e.g. +48500100200
    #[arg(long)]
    to: String,
    /// Treść · The text
    #[arg(long)]
    body: String,
    /// Bez polskich liter i znaków, które podnoszą koszt · Without the letters and marks that raise the cost
    #[arg(long)]
    fold: bool,
    /// Przez Messaging Service zamiast numeru · Through the Messaging Service instead of the number
    #[arg(long)]
    use_messaging_service: bool,
}

/// Writes the message down, makes its first attempt and says what became of it.
pub(super) fn run(process: Process, arguments: &Arguments, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let divisor = wait_divisor(&process);
    let config = configured(process)?;
    // The result is for a person or a script; the details of the way go to the log only when asked for.
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Warn } else { config.log_level });
    if matches!(config.mode, Mode::Unconfigured) {
        return Err(failure(t!(lang, "cli.send.unconfigured"), lang));
    }
    let request = SendRequest {
        to: arguments.to.clone(),
        body: arguments.body.clone(),
        fold: arguments.fold,
        through: if arguments.use_messaging_service { Through::Service } else { Through::NumberFirst },
        origin: Origin::Cli,
    };
    let sent = runtime()?.block_on(send(&config, &request, divisor.as_deref(), lang))?;
    report(&sent, lang, out)
}

/// Says what became of each part; a refused one is a failure.
pub(super) fn report(sent: &Sent, lang: Lang, out: &mut dyn Write) -> Outcome {
    if let Some(message) = sent.refused() {
        return Err(failure(&why_refused(message, lang), lang));
    }
    for message in &sent.parts {
        let line = match &message.sid {
            Some(sid) => t!(lang, "cli.send.done", sid = sid, status = message.status),
            None => t!(lang, "cli.send.open", status = message.status),
        };
        writeln!(out, "{line}").map_err(|error| Failure::of_output(&error))?;
    }
    if let Some(folding) = sent.folding {
        let line = t!(lang, "cli.send.folded", before = folding.before, after = folding.after);
        writeln!(out, "{line}").map_err(|error| Failure::of_output(&error))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn why_refused(message: &Message, lang: Lang) -> String {
    let advice = message.error_code.and_then(twilio_code::advice);
    let words = advice.map(|advice| lang.pick(advice.pl, advice.en).to_owned());
    let text = words.or_else(|| message.error_text.clone()).unwrap_or_default();
    let code = message.error_code.map(|code| format!(" ({code})")).unwrap_or_default();
    format!("{text}{code}")
}

async fn send(
    config: &Config,
    request: &SendRequest,
    divisor: Option<&str>,
    lang: Lang,
) -> Result<Sent, Failure> {
    let world = World::real();
    let (app, store) = open(config, &world, divisor, lang)?;
    let worker = format!("cli:{}", world.message_id());
    let sent = app.send_here(request, worker).await;
    store.close();
    sent.map_err(|error| failure(&words(&error, lang), lang))
}

/// The hub's data and clients, for one command.
pub(super) fn open(
    config: &Config,
    world: &World,
    divisor: Option<&str>,
    lang: Lang,
) -> Result<(App, Store), Failure> {
    let ours = |error: start::StartError| Failure::new(error.describe(lang));
    let timing = start::timing(divisor);
    start::prepare_folders(config).map_err(ours)?;
    start::move_in_if_original(config, world.now(), None).map_err(ours)?;
    let store = start::open_store(config, timing).map_err(ours)?;
    let transport = start::transport().map_err(ours)?;
    let app =
        start::app(config, store.clone(), world.clone(), timing, transport, config.port).map_err(ours)?;
    Ok((app, store))
}

/// What test builds divide their waits by.
pub(super) fn wait_divisor(process: &Process) -> Option<String> {
    let found = process.environment.iter().find(|(name, _)| name == start::WAIT_DIVISOR);
    found.map(|(_, value)| value.clone())
}

pub(super) fn failure(text: &str, lang: Lang) -> Failure {
    Failure { text: t!(lang, "cli.send.failed", error = text), code: SEND_FAILED }
}

pub(super) fn words(error: &SendError, lang: Lang) -> String {
    match error {
        SendError::NoRecipient | SendError::Recipient(_) => t!(lang, "cli.send.bad_number").to_owned(),
        SendError::NoText => t!(lang, "api.send.no_text").to_owned(),
        SendError::Unconfigured => t!(lang, "cli.send.unconfigured").to_owned(),
        SendError::NoService => t!(lang, "cli.send.no_service").to_owned(),
        SendError::SenderChannel => t!(lang, "api.send.sender_channel").to_owned(),
        SendError::Blocked(blocked) => {
            let word = blocked.as_str();
            reason(lang, word).unwrap_or(word).to_owned()
        }
        SendError::TooManyParts(parts) => {
            t!(lang, "api.send.too_many_parts", parts = parts, most = MOST_PARTS)
        }
        SendError::NothingToSend
        | SendError::TooLong(_)
        | SendError::Template(_)
        | SendError::Media
        | SendError::BadService
        | SendError::Gone
        | SendError::KeyReused
        | SendError::NotWhatsApp
        | SendError::Store(_) => error.to_string(),
    }
}
