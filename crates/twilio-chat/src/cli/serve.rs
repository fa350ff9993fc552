//! `twilio-chat serve`: the hub on its port until SIGTERM or Ctrl-C; with `--demo` beside a simulator.

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::Arc,
};

use hub_sim::{Scenario, SimConfig, Simulator};
use secrecy::{ExposeSecret, SecretString};
use tokio::{net::TcpListener, signal::unix};
use tokio_util::sync::CancellationToken;

use super::{Failure, Outcome, Process, in_force, raw, runtime};
use crate::{
    app::App,
    config::{Config, DemoAccount, RawConfig},
    i18n::Lang,
    jobs::{self, Workers},
    logs, start,
    sys::World,
    t,
    web::{self, PhoneLine, STORY_HOUR, Settings, Web, routes},
};

/// A token below this length can be guessed over the network.
const SHORT_TOKEN: usize = 16;

/// Which of the modes was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// As configured.
    AsConfigured,
    /// The demo.
    Demo,
    /// The demo unless there are Twilio credentials.
    DemoWithoutCredentials,
}

impl Wanted {
    pub(super) const fn from_flag(demo: bool) -> Self {
        if demo { Self::Demo } else { Self::AsConfigured }
    }
}

/// Serves until told to stop.
pub(super) fn run(process: Process, wanted: Wanted, story: Option<&str>, out: &mut dyn Write) -> Outcome {
    let lang = process.lang;
    let divisor = process.environment.iter().find(|(name, _)| name == start::WAIT_DIVISOR).cloned();
    let raw = raw(process);
    let demo = match wanted {
        Wanted::AsConfigured => false,
        Wanted::Demo => true,
        Wanted::DemoWithoutCredentials => !has_credentials(&raw, lang)?,
    };
    let timing = start::timing(divisor.as_ref().map(|(_, value)| value.as_str()));
    let story = story.and_then(Scenario::named);
    let hub = Hub { raw, demo, story, lang, world: World::real(), timing };
    runtime()?.block_on(hub.serve(out))
}

/// Whether there is anything of a Twilio account: typed, or entered in the panel.
fn has_credentials(raw: &RawConfig, lang: Lang) -> Result<bool, Failure> {
    if raw.has_twilio_credentials() {
        return Ok(true);
    }
    let entered = start::Entered::beside(raw).map_err(|error| Failure::new(error.describe(lang)))?;
    Ok(entered.raw.has_twilio_credentials() || !entered.unreadable.is_empty())
}

struct Hub {
    raw: RawConfig,
    demo: bool,
    /// Played as soon as the demo is up.
    story: Option<Scenario>,
    lang: Lang,
    world: World,
    timing: hub_domain::timing::Timing,
}

/// The simulator of the demo and its listener.
struct DemoSide {
    simulator: Simulator,
    listener: TcpListener,
    number: String,
}

impl Hub {
    async fn serve(self, out: &mut dyn Write) -> Outcome {
        let lang = self.lang;
        let ours = |error: start::StartError| Failure::new(error.describe(lang));
        let (config, demo) = self.configure().await?;
        logs::start(config.log_level);
        if let Some(warning) = self.raw.warning(self.lang) {
            tracing::warn!("{warning}");
        }
        if config.api_token.as_ref().is_some_and(|token| token.expose_secret().len() < SHORT_TOKEN) {
            tracing::warn!("API_TOKEN is short enough to be guessed; use 32 random characters");
        }
        start::prepare_folders(&config).map_err(ours)?;
        let lock = start::lock(&config).map_err(ours)?;
        start::move_in_if_original(&config, self.world.now(), Some(&lock)).map_err(ours)?;
        let listener = self.listen(SocketAddr::new(config.host, config.port)).await?;
        let port = listener.local_addr().map_err(|error| Failure::of_output(&error))?.port();

        let store = start::open_store(&config, self.timing).map_err(ours)?;
        let transport = start::transport().map_err(ours)?;
        let ground = start::Ground {
            raw: self.raw.clone(),
            transport: Arc::clone(&transport),
            timing: self.timing,
            port,
        };
        let app = start::app(&config, store.clone(), self.world.clone(), self.timing, transport, port)
            .map_err(ours)?;
        if !self.demo {
            let taken = app.take_up_keys(Arc::new(ground), start::seal_key(&config)).await;
            taken.map_err(|error| Failure::new(error.to_string()))?;
        }
        // We hold the lock: whoever leased jobs as `serve` before is dead.
        let freed = store.free_leases(start::SERVE_WORKER.to_owned(), self.world.now()).await;
        match freed {
            Ok(0) => {}
            Ok(freed) => tracing::warn!(jobs = freed, "jobs of a process that ended are taken up again"),
            Err(error) => return Err(Failure::new(error.to_string())),
        }

        if let Err(error) = app.sweep_media().await {
            return Err(Failure::new(error.to_string()));
        }
        app.take_up_sending().await.map_err(|error| Failure::new(error.to_string()))?;

        let stop = CancellationToken::new();
        let api_token = config.api_token.clone().or_else(|| self.demo.then(|| self.token_for_this_run()));
        let settings = self.settings(&config, port, api_token.clone(), demo.as_ref());
        let web = Web::new(app.clone(), settings);
        let simulator = demo.map(|side| {
            side.simulator.set_inbound_url(format!("http://127.0.0.1:{port}/twilio/inbound"));
            if let Some(story) = &self.story {
                side.simulator.play(story, &side.number, STORY_HOUR);
            }
            tokio::spawn(hub_sim::serve(side.listener, side.simulator, stop.clone()))
        });
        let workers = work_when_configured(app.clone(), stop.clone());
        self.announce(out, &config, &app, port, api_token.as_ref())
            .map_err(|error| Failure::of_output(&error))?;

        let indexing = tokio::spawn(jobs::index(app.clone(), stop.clone()));
        let beside = tokio::spawn(end_beside(app.clone(), stop.clone()));

        let told = signals(stop.clone())?;
        let serving = web::serve(listener, routes::router(&web), stop.clone(), &self.timing);
        tokio::join!(serving, workers);
        told.abort();
        for ended in [indexing, beside] {
            if ended.await.is_err() {
                tracing::error!("a background task panicked");
            }
        }
        if let Some(simulator) = simulator
            && simulator.await.is_err()
        {
            tracing::error!("the simulator panicked");
        }
        store.close();
        writeln!(out, "{}", t!(lang, "cli.serve.stopped")).map_err(|error| Failure::of_output(&error))?;
        Ok(ExitCode::SUCCESS)
    }

    /// The configuration, with the simulator's account in the demo.
    async fn configure(&self) -> Result<(Config, Option<DemoSide>), Failure> {
        if !self.demo {
            return Ok((in_force(&self.raw, self.lang, Config::validate_for_serve)?, None));
        }
        let listener = self.listen(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)).await?;
        let address = listener.local_addr().map_err(|error| Failure::of_output(&error))?;
        let api_url = format!("http://{address}");
        let mut sim_config = SimConfig { seed: self.world.draw(), api_url, ..SimConfig::default() };
        let world = self.world.clone();
        let number = sim_config.numbers.first().cloned().unwrap_or_default();
        // The same number on WhatsApp: what is written to a WhatsApp address leaves from there.
        sim_config.numbers.push(format!("whatsapp:{number}"));
        let account = DemoAccount {
            account_sid: sim_config.account_sid.clone(),
            auth_token: SecretString::from(sim_config.auth_token.clone()),
            default_from: number.clone(),
            api_base_url: format!("http://{address}"),
            model_key: SecretString::from(sim_config.model_key.clone()),
            model_base_url: format!("http://{address}/v1"),
        };
        let config =
            Config::demo(&self.raw, &account).map_err(|error| Failure::of_config(&error, self.lang))?;
        let simulator = Simulator::new(sim_config, Arc::new(move || world.now()));
        Ok((config, Some(DemoSide { simulator, listener, number })))
    }

    async fn listen(&self, address: SocketAddr) -> Result<TcpListener, Failure> {
        TcpListener::bind(address).await.map_err(|error| {
            Failure::new(if error.kind() == io::ErrorKind::AddrInUse {
                t!(self.lang, "cli.serve.port_taken", port = address.port())
            } else {
                t!(self.lang, "cli.serve.no_listen", address = address, error = error)
            })
        })
    }

    fn token_for_this_run(&self) -> SecretString {
        let id = self.world.message_id();
        SecretString::from(format!("hub_demo_{}{:016x}", id.0.simple(), self.world.draw()))
    }

    fn settings(
        &self,
        config: &Config,
        port: u16,
        api_token: Option<SecretString>,
        demo: Option<&DemoSide>,
    ) -> Settings {
        let https = config.public_base_url.as_ref().is_some_and(crate::config::BaseUrl::is_https);
        let mut own_origins = vec![format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")];
        own_origins
            .extend(config.public_base_url.as_ref().map(|url| url.url().origin().ascii_serialization()));
        Settings {
            api_token,
            secure_cookie: https || config.host.is_loopback(),
            https,
            trusted_proxies: config.trusted_proxies.clone(),
            own_origins,
            lang: self.lang,
            time_zone: config.time_zone.clone(),
            simulator: demo
                .map(|side| PhoneLine { simulator: side.simulator.clone(), hub_number: side.number.clone() }),
        }
    }

    /// What a person sees first. `localhost` in every link: browsers keep `Secure` cookies there.
    fn announce(
        &self,
        out: &mut dyn Write,
        config: &Config,
        app: &App,
        port: u16,
        api_token: Option<&SecretString>,
    ) -> io::Result<()> {
        let lang = self.lang;
        let url = format!("http://localhost:{port}");
        writeln!(out, "{}", t!(lang, "cli.serve.started", url = url))?;
        let link = format!("{url}/sign-in?token={}", app.new_sign_in_link());
        writeln!(out, "{}", t!(lang, "cli.serve.sign_in", url = link))?;
        if self.demo {
            let folder =
                config.database.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
            writeln!(out, "{}", t!(lang, "cli.serve.demo", folder = folder))?;
            writeln!(out, "{}", t!(lang, "cli.serve.phone", url = format!("{url}/demo/phone")))?;
            if let Some(token) = api_token {
                writeln!(out, "{}", t!(lang, "cli.serve.curl", token = token.expose_secret(), url = url))?;
            }
        }
        if !app.is_configured() {
            writeln!(out, "{}", t!(lang, "cli.serve.unconfigured"))?;
        } else if !config.validate_signature {
            writeln!(out, "{}", t!(lang, "cli.serve.unsigned"))?;
        }
        let https = config.public_base_url.as_ref().is_some_and(crate::config::BaseUrl::is_https);
        if !https && !config.host.is_loopback() {
            writeln!(out, "{}", t!(lang, "cli.serve.insecure_cookie"))?;
        }
        out.flush()
    }
}

/// Jobs are done as soon as there is an account to do them with.
async fn work_when_configured(app: App, stop: CancellationToken) {
    if stop.run_until_cancelled(app.until_configured()).await.is_some() {
        Workers::start(&app, start::SERVE_WORKER, &stop).drained().await;
    }
}

/// Streams of changes would keep their connections open, and a build would go on.
async fn end_beside(app: App, stop: CancellationToken) {
    stop.cancelled().await;
    app.end_watching();
    app.end_builds().await;
}

/// Stops on SIGTERM and Ctrl-C.
fn signals(stop: CancellationToken) -> Result<tokio::task::JoinHandle<()>, Failure> {
    let listen = |kind| unix::signal(kind).map_err(|error| Failure::new(error.to_string()));
    let (mut term, mut interrupt) =
        (listen(unix::SignalKind::terminate())?, listen(unix::SignalKind::interrupt())?);
    Ok(tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    }))
}
