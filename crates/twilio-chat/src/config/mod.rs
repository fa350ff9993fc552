//! Configuration: environment and `.env` as typed ([`RawConfig`]), then checked as a whole ([`Config`]).
//!
//! Nothing here reads the process environment or a file: `main` does, once, and passes the text in.

use std::{net::IpAddr, path::PathBuf};

use hub_domain::{
    bot::Bot,
    pace::{Rate, Rates},
    price::{Money, Prices},
    settings::{Caps, Guards},
    spending,
};
use jiff::tz::TimeZone;
use secrecy::SecretString;

/// For the API, whose callers write the same words.
pub(crate) use self::values::flag;
pub use self::{
    base_url::BaseUrl,
    demo::DemoAccount,
    models::{AssistantConfig, KnowledgeConfig},
    problem::ConfigError,
    proxies::TrustedProxies,
    raw::{RawConfig, Source},
    show::{masked_key, show, show_json, shown_value},
    twilio_access::{ApiKey, Mode, Sender, TwilioAccess},
    values::LogLevel,
    whereabouts::Whereabouts,
};
use self::{
    names::{access as door, application as app, twilio},
    read::Reader,
};

mod base_url;
mod demo;
mod dotenv;
mod models;
mod names;
mod problem;
mod proxies;
mod raw;
mod read;
mod serve;
mod show;
mod twilio_access;
mod values;
mod variable;
mod whereabouts;

/// A configuration in which every value has its type and form.
#[derive(Clone, Debug)]
pub struct Config {
    /// With a Twilio account or without.
    pub mode: Mode,
    /// Hub and simulator together, on data of their own.
    pub demo: bool,
    /// Twilio's API, or a simulator's.
    pub twilio_api_base_url: BaseUrl,
    /// Whether webhooks must be signed.
    pub validate_signature: bool,
    /// Our own address as others reach it, as configured; see [`Config::webhook_base`].
    pub public_base_url: Option<BaseUrl>,
    /// The name of the environment, as typed.
    pub environment: String,
    /// What the health endpoint says; otherwise it has set the log level and nothing else.
    pub debug: bool,
    /// Where to listen.
    pub host: IpAddr,
    /// Where to listen; 0 picks a free one.
    pub port: u16,
    /// How much to log.
    pub log_level: LogLevel,
    /// The database file.
    pub database: PathBuf,
    /// The folder of the knowledge base.
    pub knowledge_folder: PathBuf,
    /// The zone of hours shown and planned.
    pub time_zone: TimeZone,
    /// How long backups are kept.
    pub backup_keep_days: u32,
    /// The answers of the built-in bot.
    pub bot: Bot,
    /// What keeps automatic messages within bounds.
    pub guards: Guards,
    /// What a text is taken to cost.
    pub prices: Prices,
    /// How fast each sender's messages leave.
    pub rates: Rates,
    /// Encrypts secrets at rest; without it a key file beside the database does.
    pub secret_key: Option<SecretString>,
    /// An API token with every scope.
    pub api_token: Option<SecretString>,
    /// Who is believed about the client's address.
    pub trusted_proxies: TrustedProxies,
    /// AI answers in conversations.
    pub assistant: AssistantConfig,
    /// Answers from the knowledge base.
    pub knowledge: KnowledgeConfig,
}

impl Config {
    /// Reads every value. All faults are reported together, those of the `.env` file's syntax included.
    pub fn from_raw(raw: &RawConfig) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(raw);
        let config = Self::read(&mut reader);
        match config {
            Some(config) if reader.problems.is_empty() => Ok(config),
            Some(_) | None => Err(ConfigError::new(reader.problems)),
        }
    }

    /// `None` only with a fault noted. Each value is read before the first `?`, or its fault would wait for
    /// the next start.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mode = twilio_access::read(reader);
        let twilio_api_base_url = reader.optional(&twilio::TWILIO_API_BASE_URL, values::service_url);
        let validate_signature = reader.required(&twilio::TWILIO_VALIDATE_SIGNATURE, values::flag);
        let public_base_url = reader.optional(&app::PUBLIC_BASE_URL, values::public_url);
        let environment = reader.required(&app::APP_ENV, values::word);
        let debug = reader.required(&app::APP_DEBUG, values::flag);
        let host = reader.optional(&app::APP_HOST, values::host);
        let port =
            reader.required(&app::APP_PORT, |text| u16::try_from(app::APP_PORT.kind.whole(text)?).ok());
        let log_level = reader.optional(&app::LOG_LEVEL, values::log_level);
        let time_zone = reader.optional(&app::TZ_DEFAULT, values::zone);
        let bot = reader.optional(&app::CHAT_MODE, |text| Bot::parse(&text.to_ascii_lowercase()));
        let guards = Guards {
            caps: Caps {
                contact_10_min: reader.whole(&app::AUTO_MAX_PER_CONTACT_10MIN),
                contact_day: reader.whole(&app::AUTO_MAX_PER_CONTACT_DAY),
                minute: reader.whole(&app::AUTO_MAX_PER_MINUTE),
            },
            countries: reader.required(&app::AUTO_COUNTRIES, values::countries),
            money_day: reader.required(&app::AUTO_MAX_COST_DAY, spending::parse_amount),
            stops_loops: reader.required(&app::AUTO_STOP_LOOPS, values::flag),
        };
        let currency = reader.text(&app::SMS_PRICE_CURRENCY);
        let price =
            reader.optional(&app::SMS_PRICE_PER_SEGMENT, |amount| Money::parse(amount, currency.trim()));
        let rates = Rates {
            usual: Rate::per_second(reader.whole(&twilio::TWILIO_SEGMENTS_PER_SECOND)),
            by_sender: reader.required(&twilio::TWILIO_SEGMENTS_PER_SECOND_BY_SENDER, values::rates),
        };
        let assistant = AssistantConfig::read(reader);
        let knowledge = KnowledgeConfig::read(reader);
        Some(Self {
            mode,
            demo: false,
            validate_signature,
            public_base_url,
            environment,
            debug,
            port,
            log_level: log_level.unwrap_or(if debug { LogLevel::Debug } else { LogLevel::Info }),
            database: reader.text(&app::DB_PATH).into(),
            knowledge_folder: reader.text(&app::X1_DATA_DIR).into(),
            backup_keep_days: reader.whole(&app::BACKUP_KEEP_DAYS),
            guards,
            prices: price.map_or(Prices::List, Prices::Flat),
            rates,
            secret_key: reader.secret(&door::APP_SECRET_KEY),
            api_token: reader.secret(&door::API_TOKEN),
            trusted_proxies: reader.required(&door::TRUSTED_PROXIES, TrustedProxies::parse),
            twilio_api_base_url: twilio_api_base_url?,
            host: host?,
            time_zone: time_zone?,
            bot: bot?,
            assistant: assistant?,
            knowledge: knowledge?,
        })
    }
}

#[cfg(test)]
mod tests;
