//! How a test's hub is configured: through the same variables as the real one.

use std::{path::Path, time::Duration};

use hub_domain::timing::Timing;
use hub_sim::SimConfig;
use twilio_chat::config::{Config, RawConfig};

use crate::{
    hub::{PUBLIC, TestHub},
    model::{MODEL, MODEL_KEY},
    wire::TWILIO,
};

/// A hub before its first start.
pub(crate) struct Setup {
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) sim: SimConfig,
    pub(crate) timing: Timing,
    /// How long a write waits for another process's.
    pub(crate) busy_timeout: Duration,
    /// With the virtual phone's pages and the bot on.
    pub(crate) demo: bool,
    pub(crate) auto_reply: Option<String>,
    pub(crate) bot: bool,
    /// Lines of `articles.jsonl`: the hub asks its own knowledge base, not the shelf of the test.
    pub(crate) articles: Option<String>,
    /// The recovery looks into Twilio's list, as in every real hub.
    pub(crate) recovering: bool,
    /// Decides identifiers, jitter, SIDs and the simulator's luck.
    pub(crate) seed: u64,
}

impl Setup {
    pub(crate) fn new() -> Self {
        let sim = SimConfig::default();
        let environment = vec![
            ("TWILIO_ACCOUNT_SID", sim.account_sid.clone()),
            ("TWILIO_AUTH_TOKEN", sim.auth_token.clone()),
            ("TWILIO_DEFAULT_FROM", sim.numbers[0].clone()),
            ("TWILIO_API_BASE_URL", TWILIO.to_owned()),
            ("PUBLIC_BASE_URL", PUBLIC.to_owned()),
            ("API_TOKEN", crate::hub::API_TOKEN.to_owned()),
            ("AUTO_MAX_PER_CONTACT_DAY", "0".to_owned()),
            ("AUTO_MAX_PER_CONTACT_10MIN", "0".to_owned()),
            ("AUTO_MAX_PER_MINUTE", "0".to_owned()),
            ("AUTO_MAX_COST_DAY", "0".to_owned()),
            ("AUTO_COUNTRIES", "*".to_owned()),
            ("AUTO_STOP_LOOPS", "false".to_owned()),
            ("TWILIO_SEGMENTS_PER_SECOND", "0".to_owned()),
        ];
        Self {
            environment,
            sim,
            timing: Timing::default(),
            busy_timeout: Duration::from_secs(5),
            demo: false,
            auto_reply: None,
            bot: false,
            articles: None,
            recovering: true,
            seed: 1,
        }
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
        self
    }

    /// The classic auto-reply is on with this text.
    pub(crate) fn with_auto_reply(self, text: &str) -> Self {
        Self { auto_reply: Some(text.to_owned()), ..self }
    }

    /// The echo bot is on.
    pub(crate) fn with_bot(self) -> Self {
        Self { bot: true, ..self }
    }

    /// Answers come from the hub's own knowledge base, which has these lines of articles.
    pub(crate) fn with_articles(self, lines: &str) -> Self {
        Self { articles: Some(lines.to_owned()), ..self }
    }

    /// The assistant answers everyone.
    pub(crate) fn with_assistant(self) -> Self {
        self.with("OPENAI_API_KEY", MODEL_KEY).with("OPENAI_BASE_URL", MODEL).with("AI_ENABLED", "true")
    }

    /// The knowledge base has a model of its own to answer with.
    pub(crate) fn with_answering(self) -> Self {
        self.with("SECOND_OPENAI", MODEL_KEY).with("SECOND_OPENAI_BASE_URL", MODEL)
    }

    /// The caps of production on automatic replies.
    pub(crate) fn with_default_caps(mut self) -> Self {
        self.environment.retain(|(name, _)| !name.starts_with("AUTO_"));
        self
    }

    /// Nothing looks into Twilio's list by itself: for tests of what happens without.
    pub(crate) fn without_recovery(self) -> Self {
        Self { recovering: false, ..self }
    }

    pub(crate) fn unsigned(self) -> Self {
        self.with("TWILIO_VALIDATE_SIGNATURE", "false")
    }

    /// The real Twilio's address, no signatures and no address of our own: Twilio can't call this hub.
    pub(crate) fn polling(mut self) -> Self {
        self.environment.retain(|(name, _)| !["TWILIO_API_BASE_URL", "PUBLIC_BASE_URL"].contains(name));
        self.unsigned()
    }

    pub(crate) fn unconfigured(mut self) -> Self {
        self.environment.retain(|(name, _)| !name.starts_with("TWILIO_"));
        self
    }

    pub(crate) fn demo(self) -> Self {
        Self { demo: true, ..self }
    }

    pub(crate) fn seeded(mut self, seed: u64) -> Self {
        self.sim.seed = seed;
        Self { seed, ..self }
    }

    pub(crate) fn with_busy_timeout(self, busy_timeout: Duration) -> Self {
        Self { busy_timeout, ..self }
    }

    pub(crate) fn with_timing(self, change: impl FnOnce(&mut Timing)) -> Self {
        let mut timing = self.timing;
        change(&mut timing);
        Self { timing, ..self }
    }

    pub(crate) fn with_sim(mut self, change: impl FnOnce(&mut SimConfig)) -> Self {
        change(&mut self.sim);
        self
    }

    /// What was typed, with the data in `folder`.
    pub(crate) fn raw(&self, folder: &Path) -> RawConfig {
        let named = |(name, value): &(&'static str, String)| ((*name).to_owned(), value.clone());
        let mut environment: Vec<(String, String)> = self.environment.iter().map(named).collect();
        for (name, inside) in [("DB_PATH", "hub.db"), ("X1_DATA_DIR", "X1_data")] {
            environment.push((name.to_owned(), folder.join(inside).display().to_string()));
        }
        RawConfig::merge(environment, None)
    }

    /// The configuration, with its data in `folder`.
    pub(crate) fn config(&self, folder: &Path) -> Config {
        let config = Config::from_raw(&self.raw(folder)).unwrap();
        Config { demo: self.demo, ..config }
    }

    pub(crate) async fn start(self) -> TestHub {
        TestHub::of(self).await
    }
}
