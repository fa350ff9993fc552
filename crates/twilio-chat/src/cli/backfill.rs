//! `twilio-chat import --from-twilio --days N`: history from Twilio, with a line a day.

use std::{io::Write, process::ExitCode};

use super::{Failure, Outcome, runtime};
use crate::{
    app::{backfill::Backfilled, remote::RemoteError},
    config::{Config, LogLevel, Mode},
    i18n::Lang,
    logs, start,
    sys::World,
    t,
};

pub(super) fn run(config: &Config, days: u16, dry_run: bool, lang: Lang, out: &mut dyn Write) -> Outcome {
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Warn } else { config.log_level });
    if matches!(config.mode, Mode::Unconfigured) {
        return Err(Failure::new(t!(lang, "cli.send.unconfigured")));
    }
    let total = runtime()?.block_on(bring_in(config, days, dry_run, lang, out))?;
    let Backfilled { seen, added, known, left } = total;
    let total = t!(lang, "cli.backfill.total", seen = seen, added = added, known = known, left = left);
    let end = if dry_run { t!(lang, "cli.import.dry_run") } else { t!(lang, "cli.import.done") };
    let why = if left > 0 { format!("{}\n", t!(lang, "cli.backfill.left")) } else { String::new() };
    writeln!(out, "{total}\n{why}{end}").map_err(|error| Failure::of_output(&error))?;
    Ok(ExitCode::SUCCESS)
}

async fn bring_in(
    config: &Config,
    days: u16,
    dry_run: bool,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<Backfilled, Failure> {
    let ours = |error: start::StartError| Failure::new(error.describe(lang));
    let (world, timing) = (World::real(), start::timing(None));
    let store = if dry_run {
        start::look_into_store(config).map_err(ours)?
    } else {
        start::prepare_folders(config).map_err(ours)?;
        start::move_in_if_original(config, world.now(), None).map_err(ours)?;
        start::open_store(config, timing).map_err(ours)?
    };
    let transport = start::transport().map_err(ours)?;
    let app = start::app(config, store.clone(), world, timing, transport, config.port).map_err(ours)?;
    let mut written = Ok(());
    let total = app
        .backfill(days, dry_run, |day, done| {
            let Backfilled { seen, added, known, left } = done;
            if seen > 0 && written.is_ok() {
                let line = t!(
                    lang,
                    "cli.backfill.day",
                    day = day,
                    seen = seen,
                    added = added,
                    known = known,
                    left = left
                );
                written = writeln!(out, "{line}").and_then(|()| out.flush());
            }
        })
        .await;
    store.close();
    written.map_err(|error| Failure::of_output(&error))?;
    total.map_err(|error| failure(&error, lang))
}

fn failure(error: &RemoteError, lang: Lang) -> Failure {
    Failure::new(match error {
        RemoteError::Store(error) => error.to_string(),
        RemoteError::Unconfigured
        | RemoteError::NotFound
        | RemoteError::OnItsWay
        | RemoteError::Held
        | RemoteError::PartWaits(_)
        | RemoteError::NotOurs
        | RemoteError::Unconfirmed
        | RemoteError::Twilio(_) => t!(lang, "cli.backfill.failed", error = error),
    })
}
