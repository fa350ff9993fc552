//! `hub-sim`: the simulator by itself, and load for a hub on this machine.
//!
//! A tool for developers; the demo of the product needs neither. Nothing here reaches beyond loopback.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use hub_sim::{LoadPlan, SimConfig, Simulator, load, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A simulated Twilio account and model service, and load for a hub on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the simulator on 127.0.0.1 until Ctrl-C.
    Serve(Serve),
    /// Post signed inbound webhooks at a steady rate and print how they were taken.
    Load(Load),
}

#[derive(Debug, Args)]
struct Serve {
    /// The port; 0 picks a free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Where inbound messages are posted.
    #[arg(long, default_value = "http://127.0.0.1:3000/twilio/inbound")]
    inbound_url: String,
    /// Decides SIDs and random faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Args)]
struct Load {
    /// The hub's inbound webhook.
    #[arg(long, default_value = "http://127.0.0.1:3000/twilio/inbound")]
    url: String,
    /// The address that is signed, when the hub's `PUBLIC_BASE_URL` is another one.
    #[arg(long)]
    signed_url: Option<String>,
    /// The hub's `TWILIO_AUTH_TOKEN`.
    #[arg(long, default_value_t = SimConfig::default().auth_token)]
    token: String,
    /// The hub's `TWILIO_ACCOUNT_SID`.
    #[arg(long, default_value_t = SimConfig::default().account_sid)]
    account: String,
    /// The hub's number.
    #[arg(long, default_value = "+15005550006")]
    to: String,
    /// Webhooks a second.
    #[arg(long, default_value_t = 20)]
    rate: u32,
    /// For how long: 30s, 5m.
    #[arg(long = "for", default_value = "30s", value_parser = duration)]
    lasts: Duration,
    /// From how many people.
    #[arg(long, default_value_t = 200)]
    people: u32,
    /// Makes SIDs; by default the clock's.
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(serve) => run_server(serve).await,
        Command::Load(load) => run_load(load).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run_server(options: Serve) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port))).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let config = SimConfig { seed: options.seed, api_url: url.clone(), ..SimConfig::default() };
    let mut out = io::stdout();
    writeln!(out, "TWILIO_API_BASE_URL={url}")?;
    writeln!(out, "TWILIO_ACCOUNT_SID={}", config.account_sid)?;
    writeln!(out, "TWILIO_AUTH_TOKEN={}", config.auth_token)?;
    writeln!(out, "TWILIO_DEFAULT_FROM={}", config.numbers.first().cloned().unwrap_or_default())?;
    writeln!(out, "OPENAI_BASE_URL={url}/v1")?;
    writeln!(out, "OPENAI_API_KEY={}", config.model_key)?;
    out.flush()?;
    let sim = Simulator::new(config, Arc::new(now));
    sim.set_inbound_url(options.inbound_url);
    let stop = CancellationToken::new();
    let serving = serve(listener, sim, stop.clone());
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        told = tokio::signal::ctrl_c() => {
            told?;
            stop.cancel();
            serving.await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_load(options: Load) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let seed = options.seed.unwrap_or_else(|| now().as_microsecond().unsigned_abs());
    let plan = LoadPlan {
        url: options.url,
        signed_url: options.signed_url,
        auth_token: options.token,
        account_sid: options.account,
        to: options.to,
        rate: options.rate,
        lasts: options.lasts,
        people: options.people,
        seed,
    };
    let report = load(&plan).await?;
    write!(io::stdout(), "{report}")?;
    Ok(if report.accepted == report.sent { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::disallowed_methods, reason = "the program's own door to the clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// `30s`, `5m`, or bare seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number.parse().map_err(|_| format!("{text} is not a time like 30s or 5m"))?;
    Ok(Duration::from_secs(number.saturating_mul(unit)))
}
