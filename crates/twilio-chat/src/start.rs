//! From a configuration to a running hub: folders, lock, store, clients, app.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use hub_clients::{
    HttpTransport, Transport,
    breaker::BreakerLimits,
    openai::ModelAccessError,
    transport::TransportSetupError,
    twilio::{AccessError, Auth, SignatureCheck, SignatureSetupError, TwilioClient},
};
use hub_domain::{assistant::settings::AssistantSettings, incoming::Elsewhere, timing::Timing};
use hub_store::{ImportError, ReplyPolicy, SqliteOptions, Store, StoreError};
use secrecy::SecretString;
use thiserror::Error;

pub use self::{
    connector::Ground,
    librarian::{Knowing, knowledge, librarian, shelf},
    move_in::move_in_if_original,
    panel_keys::Entered,
};
pub(crate) use self::{librarian::answerer, move_in::describe as describe_import};
use crate::{
    app::{
        App, Facts, MediaFolder, Parts, Sender, TwilioAccount, assistant::ModelParts, secrets::SealKey,
        setup::PublicSide,
    },
    config::{Config, Mode, TwilioAccess},
    i18n::Lang,
    sys::World,
    t,
};

mod connector;
mod librarian;
mod move_in;
mod panel_keys;
mod terms;

/// Environment name of the divisor of all waits; read by test builds only.
pub const WAIT_DIVISOR: &str = "HUB_TEST_WAIT_DIVISOR";

/// The name under which `serve` leases jobs. Only the holder of the data's lock uses it.
pub const SERVE_WORKER: &str = "serve";

/// Why the hub can't start.
#[derive(Debug, Error)]
pub enum StartError {
    /// A data folder can't be written.
    #[error("can't write to {folder}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// Another process serves these data.
    #[error("another process works on {0}")]
    Locked(PathBuf),
    /// The database can't be opened.
    #[error("can't open {path}")]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The original's database lies there and its data can't be moved in.
    #[error(transparent)]
    MoveIn {
        /// Why.
        source: ImportError,
    },
    /// The original's database lies there, and nothing was to be changed.
    #[error("{0} holds the original's data")]
    NotMovedIn(PathBuf),
    /// No outbound HTTP.
    #[error(transparent)]
    Transport(#[from] TransportSetupError),
    /// The account as configured can't be used.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The model's service as configured can't be used.
    #[error(transparent)]
    Model(#[from] ModelAccessError),
    /// Signatures can't be checked as configured.
    #[error(transparent)]
    Signature(#[from] SignatureSetupError),
    /// The key that seals the panel's keys can't be read.
    #[error("the sealing key: {0}")]
    SealKey(#[source] io::Error),
}

impl StartError {
    /// For the person who started it: what is wrong and what to do.
    pub fn describe(&self, lang: Lang) -> String {
        match self {
            Self::Folder { folder, source } => {
                let command = mend(folder);
                let folder = folder.display();
                t!(lang, "cli.folder.not_writable", folder = folder, error = source, command = command)
            }
            Self::Locked(folder) => t!(lang, "cli.serve.locked", folder = folder.display()),
            Self::Store { path, source: StoreError::Foreign { .. } } => {
                t!(lang, "cli.store.foreign", path = path.display())
            }
            Self::Store { path, source: StoreError::Newer { .. } } => {
                t!(lang, "cli.store.newer", path = path.display())
            }
            Self::Store { path, source: StoreError::Older { .. } } => {
                t!(lang, "cli.store.older", path = path.display())
            }
            Self::Store { path, source } => {
                t!(lang, "cli.store.fault", path = path.display(), error = source)
            }
            Self::NotMovedIn(path) => t!(lang, "cli.store.original", path = path.display()),
            Self::MoveIn { source } => move_in::describe(source, lang),
            Self::Transport(error) => error.to_string(),
            Self::Access(error) => error.to_string(),
            Self::Model(error) => error.to_string(),
            Self::Signature(error) => error.to_string(),
            Self::SealKey(error) => t!(lang, "cli.panel_keys.no_seal", error = error),
        }
    }
}

/// The exact command that makes a folder ours.
fn mend(folder: &Path) -> String {
    let folder = folder.display();
    format!("sudo mkdir -p '{folder}' && sudo chown -R \"$(id -u):$(id -g)\" '{folder}'")
}

/// Holds the data's lock until dropped.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// The database's folder.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the data folders and checks that they can be written.
pub fn prepare_folders(config: &Config) -> Result<(), StartError> {
    for folder in [folder(&config.database), &config.knowledge_folder] {
        let fault = |source| StartError::Folder { folder: folder.to_owned(), source };
        create_private(folder).map_err(fault)?;
        let probe = folder.join(".twilio-chat-write-test");
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(fault)?;
    }
    Ok(())
}

/// Makes a folder that only its owner can look into: it holds people's messages. An existing one keeps its
/// permissions.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the lock of the data: one `serve` at a time.
pub fn lock(config: &Config) -> Result<DataLock, StartError> {
    let folder = folder(&config.database);
    let fault = |source| StartError::Folder { folder: folder.to_owned(), source };
    let mut path = config.database.clone().into_os_string();
    path.push(".lock");
    let file = File::options().create(true).append(true).open(path).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(DataLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StartError::Locked(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(fault(source)),
    }
}

/// Opens the database.
pub fn open_store(config: &Config, timing: Timing) -> Result<Store, StartError> {
    let options =
        SqliteOptions { timing, prices: config.prices.clone(), ..SqliteOptions::new(&config.database) };
    Store::open_sqlite(&options).map_err(|source| StartError::Store { path: config.database.clone(), source })
}

/// Opens the database to look into it alone: nothing is made, moved in, brought up to date or changed.
pub fn look_into_store(config: &Config) -> Result<Store, StartError> {
    let options = SqliteOptions::new(&config.database);
    let fault = |source| StartError::Store { path: config.database.clone(), source };
    if Store::holds_original(&options).map_err(fault)? {
        return Err(StartError::NotMovedIn(config.database.clone()));
    }
    Store::look_sqlite(&options).map_err(fault)
}

/// Outbound HTTP over real sockets.
pub fn transport() -> Result<Arc<dyn Transport>, StartError> {
    Ok(Arc::new(HttpTransport::new()?))
}

/// The app over an open store. `port` is where webhooks arrive, 0 when nothing listens.
pub fn app(
    config: &Config,
    store: Store,
    world: World,
    timing: Timing,
    transport: Arc<dyn Transport>,
    port: u16,
) -> Result<App, StartError> {
    let knowing = librarian(config, &world, &timing);
    app_knowing(config, store, world, timing, transport, port, knowing)
}

/// The app with that knowledge base to answer from.
#[expect(clippy::needless_pass_by_value, reason = "what an app is made of is handed over to it")]
pub fn app_knowing(
    config: &Config,
    store: Store,
    world: World,
    timing: Timing,
    transport: Arc<dyn Transport>,
    port: u16,
    knowing: Knowing,
) -> Result<App, StartError> {
    let models = ModelParts {
        base_url: config.assistant.base_url.as_str().to_owned(),
        transport: Arc::clone(&transport),
        timeout: timing.model_timeout,
        limits: BreakerLimits::of_models(&timing),
        knowledge: knowing.retriever,
    };
    let public = config.webhook_base(port).map(|base| PublicSide {
        base,
        within_reach: config.within_twilios_reach(),
        transport: Arc::clone(&transport),
    });
    let connected = connector::connected(config, &timing, &transport, port)?;
    Ok(App::new(Parts {
        store,
        world,
        timing,
        policy: policy(config),
        models,
        connected,
        public,
        facts: Facts {
            environment: config.environment.clone(),
            debug: config.debug,
            simulated_model: config.demo,
            demo: config.demo,
            signatures_checked: config.validate_signature,
        },
        media: MediaFolder::new(folder(&config.database).join("media")),
        prices: config.prices.clone(),
        knowledge: knowing.shelf,
        meaning: knowing.meaning,
    }))
}

/// How messages are answered where nobody chose otherwise.
fn policy(config: &Config) -> ReplyPolicy {
    let assistant = &config.assistant;
    let base = AssistantSettings::default();
    let own = match &config.mode {
        Mode::Unconfigured => None,
        Mode::Configured(access) => access.sender.default_from.as_ref(),
    };
    ReplyPolicy {
        bot: config.bot,
        bot_enabled_by_default: config.demo,
        guards: config.guards.clone(),
        assistant: AssistantSettings {
            enabled: assistant.enabled.unwrap_or(false),
            model: assistant.model.clone(),
            temperature: assistant.temperature,
            instruction: assistant.system_prompt.clone().unwrap_or_default(),
            target_number: assistant.target_number.as_ref().map(ToString::to_string).unwrap_or_default(),
            ..base
        },
        model_available: assistant.api_key.is_some(),
        own_numbers: own.map(|from| from.person_key().into_owned()).into_iter().collect(),
        elsewhere: Elsewhere::default(),
        time_zone: config.time_zone.clone(),
    }
}

fn account(
    config: &Config,
    access: &TwilioAccess,
    timing: &Timing,
    transport: Arc<dyn Transport>,
    port: u16,
) -> Result<TwilioAccount, StartError> {
    let auth = match (&access.api_key, &access.auth_token) {
        (Some(key), _) => Auth::ApiKey { sid: key.sid.clone(), secret: key.secret.clone() },
        (None, Some(token)) => Auth::Token(token.clone()),
        (None, None) => return Err(AccessError::Credentials.into()),
    };
    let access_of_client = hub_clients::twilio::TwilioAccess {
        account_sid: access.account_sid.clone(),
        auth,
        base_url: config.twilio_api_base_url.as_str().to_owned(),
    };
    let mut client = TwilioClient::new(&access_of_client, transport, timing.http_timeout)?;
    if let (None, Some(previous)) = (&access.api_key, &access.auth_token_previous) {
        client = client.with_other_token(previous)?;
    }
    Ok(TwilioAccount {
        client,
        sender: Sender {
            default_from: access.sender.default_from.clone(),
            messaging_service: access.sender.messaging_service_sid.clone(),
        },
        status_callback_base: config.status_callback_base(port),
    })
}

/// The check of webhook signatures; `None` where they are not to be checked or there is no account yet.
fn signature_check(config: &Config, port: u16) -> Result<Option<SignatureCheck>, StartError> {
    let Mode::Configured(access) = &config.mode else { return Ok(None) };
    if !config.validate_signature {
        return Ok(None);
    }
    let tokens: Vec<_> = access.auth_token.iter().chain(&access.auth_token_previous).cloned().collect();
    let base = config.webhook_base(port).unwrap_or_default();
    Ok(Some(SignatureCheck::new(&tokens, &base)?))
}

/// Where the key is that seals the keys entered in the panel.
pub fn seal_key(config: &Config) -> SealKey {
    seal_key_beside(&config.database, config.secret_key.clone())
}

fn seal_key_beside(database: &Path, configured: Option<SecretString>) -> SealKey {
    SealKey { configured, file: folder(database).join("secret.key") }
}

/// How long things wait: production's, unless a test build divides it.
pub fn timing(divisor: Option<&str>) -> Timing {
    let timing = Timing::default();
    if cfg!(feature = "short-waits") {
        let factor = divisor.and_then(|text| text.parse().ok()).unwrap_or(1);
        return timing.divided_by(factor);
    }
    timing
}
