//! `twilio-chat import`: takes over the data of an installation of the original program, or hands over to
//! [`super::backfill`].

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use hub_store::{ImportNote, ImportPlan, ImportReport, Installation, NoWatch, SqliteOptions, Store, Tally};

use super::{Failure, Outcome, Process, configured};
use crate::{
    config::{Config, LogLevel},
    i18n::Lang,
    logs, start,
    sys::World,
    t,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Katalog dotychczasowego programu albo jego plik bazy · The earlier program's folder or database file
    #[arg(long, value_name = "PATH", required_unless_present = "from_twilio")]
    from: Option<PathBuf>,
    /// Historia z Twilio, także obok działającego huba · History from Twilio, also beside a running hub
    #[arg(long, conflicts_with = "from", requires = "days")]
    from_twilio: bool,
    /// Z tylu ostatnich dni · Of so many last days
    #[arg(long, value_name = "N", requires = "from_twilio", value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: Option<u16>,
    /// Tylko pokazuje, co by się stało · Only tells what would happen
    #[arg(long)]
    dry_run: bool,
}

/// Imports, or only tells what an import would do.
pub(super) fn run(process: Process, arguments: &Arguments, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let config = configured(process)?;
    if let Some(days) = arguments.days {
        return super::backfill::run(&config, days, arguments.dry_run, lang, out);
    }
    logs::start(if config.log_level == LogLevel::Info { LogLevel::Warn } else { config.log_level });
    let Some(from) = &arguments.from else { return Err(Failure::new(t!(lang, "cli.import.from"))) };
    let report = import(&config, from, arguments.dry_run, lang)?;
    print(&report, arguments.dry_run, lang, out).map_err(|error| Failure::of_output(&error))?;
    Ok(ExitCode::SUCCESS)
}

fn import(config: &Config, from: &Path, dry_run: bool, lang: Lang) -> Result<ImportReport, Failure> {
    let ours = |error: start::StartError| Failure::new(error.describe(lang));
    let installation =
        Installation::find(from).map_err(|error| Failure::new(start::describe_import(&error, lang)))?;
    let _lock = if dry_run {
        None
    } else {
        start::prepare_folders(config).map_err(ours)?;
        Some(start::lock(config).map_err(ours)?)
    };
    let options = SqliteOptions::new(&config.database);
    let plan = ImportPlan { dry_run, now: World::real().now(), watch: &NoWatch };
    // In the original's own folder DB_PATH leads to its database: ours takes that place.
    let report = if !dry_run && same_file(&config.database, &installation.database) {
        Store::move_in_sqlite(&options, installation.news_config.as_deref(), plan)
    } else {
        Store::import_sqlite(&options, &installation, plan)
    };
    report.map_err(|error| Failure::new(start::describe_import(&error, lang)))
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn print(report: &ImportReport, dry_run: bool, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for (what, tally) in [
        (t!(lang, "cli.import.messages"), report.messages),
        (t!(lang, "cli.import.reminders"), report.reminders),
        (t!(lang, "cli.import.campaigns"), report.campaigns),
        (t!(lang, "cli.import.campaign_recipients"), report.campaign_recipients),
        (t!(lang, "cli.import.listeners"), report.listeners),
        (t!(lang, "cli.import.digest_recipients"), report.digest_recipients),
        (t!(lang, "cli.import.settings"), report.settings),
    ] {
        writeln!(out, "{}", line(what, tally, lang))?;
    }
    let (conversations, contacts) = (report.conversations, report.contacts);
    writeln!(out, "{}", t!(lang, "cli.import.people", conversations = conversations, contacts = contacts))?;
    for (note, count) in &report.notes {
        writeln!(out, "  ! {}: {count}", text_of(*note, lang))?;
    }
    if let Some(copy) = &report.copy {
        writeln!(out, "{}", t!(lang, "cli.import.copy", path = copy.display()))?;
    }
    let end = if dry_run { t!(lang, "cli.import.dry_run") } else { t!(lang, "cli.import.done") };
    writeln!(out, "{end}")
}

fn line(what: &str, tally: Tally, lang: Lang) -> String {
    let Tally { found, added, known, left_out } = tally;
    t!(lang, "cli.import.line", what = what, found = found, added = added, known = known, left_out = left_out)
}

const fn text_of(note: ImportNote, lang: Lang) -> &'static str {
    match note {
        ImportNote::OddAddress => t!(lang, "cli.import.note.odd_address"),
        ImportNote::OddSid => t!(lang, "cli.import.note.odd_sid"),
        ImportNote::OddTime => t!(lang, "cli.import.note.odd_time"),
        ImportNote::OddStatus => t!(lang, "cli.import.note.odd_status"),
        ImportNote::OddDirection => t!(lang, "cli.import.note.odd_direction"),
        ImportNote::OddReminder => t!(lang, "cli.import.note.odd_reminder"),
        ImportNote::OddInterval => t!(lang, "cli.import.note.odd_interval"),
        ImportNote::OldOpenStatus => t!(lang, "cli.import.note.old_open_status"),
        ImportNote::OddNews => t!(lang, "cli.import.note.odd_news"),
        ImportNote::ZeroTemperature => t!(lang, "cli.import.note.zero_temperature"),
        ImportNote::UnfinishedCampaign => t!(lang, "cli.import.note.unfinished_campaign"),
        ImportNote::OrphanedRecipient => t!(lang, "cli.import.note.orphaned_recipient"),
        ImportNote::OddListener => t!(lang, "cli.import.note.odd_listener"),
        ImportNote::OddDigestRecipient => t!(lang, "cli.import.note.odd_digest_recipient"),
        ImportNote::AutoReplyWasMuted => t!(lang, "cli.import.note.auto_reply_was_muted"),
        ImportNote::ApiKeyLeftBehind => t!(lang, "cli.import.note.api_key_left_behind"),
        ImportNote::OtherSetting => t!(lang, "cli.import.note.other_setting"),
    }
}
