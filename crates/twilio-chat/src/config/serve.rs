//! What `serve` needs beyond a well-formed configuration, and where Twilio is told to call.

use super::{
    Config, ConfigError, Mode,
    names::{application::PUBLIC_BASE_URL, twilio},
    problem::{Fault, Problem},
};

impl Config {
    /// Whether webhooks can be received as configured. Commands that only send don't ask.
    pub fn validate_for_serve(&self) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        if !self.validate_signature && self.is_production() {
            let variable = &twilio::TWILIO_VALIDATE_SIGNATURE;
            problems.push(Problem::missing(variable, Fault::UnsignedProduction));
        }
        if let Mode::Configured(access) = &self.mode
            && self.validate_signature
        {
            if access.auth_token.is_none() {
                problems.push(Problem::missing(&twilio::TWILIO_AUTH_TOKEN, Fault::MissingSigningToken));
            }
            if self.twilio_api_base_url.is_twilio() && self.public_base_url.is_none() {
                problems.push(Problem::missing(&PUBLIC_BASE_URL, Fault::MissingPublicUrl));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(ConfigError::new(problems)) }
    }

    /// Whether the stricter rules hold.
    pub fn is_production(&self) -> bool {
        ["production", "prod"].iter().any(|name| self.environment.eq_ignore_ascii_case(name))
    }

    /// The address that webhooks arrive at and that their signatures cover. Something that only speaks like
    /// Twilio is taken to run on this machine. `port` is the one in use: the configured one may be 0.
    pub fn webhook_base(&self, port: u16) -> Option<String> {
        match &self.public_base_url {
            Some(url) => Some(url.as_str().to_owned()),
            None if self.twilio_api_base_url.is_twilio() || port == 0 => None,
            None => Some(format!("http://127.0.0.1:{port}")),
        }
    }

    /// Whether Twilio can call the public address. What stands in for it runs on this machine.
    pub fn within_twilios_reach(&self) -> bool {
        let reaches = |url: &super::BaseUrl| url.is_https() && !url.is_loopback();
        !self.twilio_api_base_url.is_twilio() || self.public_base_url.as_ref().is_some_and(reaches)
    }

    /// The address for `StatusCallback`; `None`: send without one. The real Twilio is not told a plain http
    /// address when nothing would be signed either.
    pub fn status_callback_base(&self, port: u16) -> Option<String> {
        let encrypted = self.public_base_url.as_ref().is_some_and(super::BaseUrl::is_https);
        let fits = !self.twilio_api_base_url.is_twilio() || self.validate_signature || encrypted;
        self.webhook_base(port).filter(|_| fits)
    }
}
