//! `twilio-chat ai-send`: a text that the model writes, sent through the same path as everything else.

use std::io::Write;

use clap::Args;
use hub_domain::message::Origin;

use super::{Failure, Outcome, Process, configured, runtime, send};
use crate::{
    app::{
        assistant::{AssistantError, AssistantRequest, AssistantSent},
        send::Through,
    },
    config::{Config, LogLevel, Mode},
    i18n::Lang,
    logs,
    sys::World,
    t,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Numer odbiorcy; bez niego ustawiony numer AI · The recipient; without it the AI number that is set
    #[arg(long)]
    to: Option<String>,
    /// Ostatnia wiadomość klienta · The customer's latest text
    #[arg(long)]
    latest: Option<String>,
    /// Ile ostatnich wiadomości czyta model · How many of the last texts the model reads
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    history_limit: u32,
    /// Przez Messaging Service zamiast numeru · Through the Messaging Service instead of the number
    #[arg(long)]
    use_messaging_service: bool,
}

/// Lets the model write, sends it and says what became of it.
pub(super) fn run(process: Process, arguments: &Arguments, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let divisor = send::wait_divisor(&process);
    let config = configured(process)?;
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Warn } else { config.log_level });
    if matches!(config.mode, Mode::Unconfigured) {
        return Err(send::failure(t!(lang, "cli.send.unconfigured"), lang));
    }
    let request = AssistantRequest {
        to: arguments.to.clone().unwrap_or_default(),
        latest: arguments.latest.clone(),
        history_limit: arguments.history_limit,
        api_key: None,
        through: if arguments.use_messaging_service { Through::Service } else { Through::NumberFirst },
        origin: Origin::Cli,
    };
    let done = runtime()?.block_on(write_and_send(&config, &request, divisor.as_deref(), lang))?;
    writeln!(out, "{}", done.body).map_err(|error| Failure::of_output(&error))?;
    send::report(&done.sent, lang, out)
}

async fn write_and_send(
    config: &Config,
    request: &AssistantRequest,
    divisor: Option<&str>,
    lang: Lang,
) -> Result<AssistantSent, Failure> {
    let world = World::real();
    let (app, store) = send::open(config, &world, divisor, lang)?;
    let worker = format!("cli:{}", world.message_id());
    let done = app.assistant_send_here(request, worker).await;
    store.close();
    done.map_err(|error| send::failure(&words(&error, lang), lang))
}

pub(super) fn words(error: &AssistantError, lang: Lang) -> String {
    match error {
        AssistantError::NoModel => t!(lang, "cli.ai.no_key").to_owned(),
        AssistantError::NoRecipient => t!(lang, "cli.ai.no_target").to_owned(),
        AssistantError::WantsPerson => t!(lang, "api.ai.wants_person").to_owned(),
        AssistantError::Unfit(_) => t!(lang, "api.ai.unfit").to_owned(),
        AssistantError::Model(error) => t!(lang, "api.ai.failed", error = error),
        AssistantError::Send(error) => send::words(error, lang),
        AssistantError::Key(_) | AssistantError::Store(_) => error.to_string(),
    }
}
