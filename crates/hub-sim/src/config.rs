//! The made-up account: its credentials, senders, and how fast and how messages end.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where the simulator reads the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Everything that makes one simulated account.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// `AC` + 32 hex digits.
    pub account_sid: String,
    /// Opens the API and signs the webhooks.
    pub auth_token: String,
    /// API keys that open the API too (`SK…`, secret); they never sign.
    pub api_keys: Vec<(String, String)>,
    /// Our senders: `+E164`, `whatsapp:+E164`, short codes, names.
    pub numbers: Vec<String>,
    /// Messaging Services and their pools.
    pub messaging_services: Vec<Service>,
    /// Templates for `ContentSid`.
    pub templates: Vec<Template>,
    /// Where inbound messages are posted; empty: nowhere.
    pub inbound_url: String,
    /// Where the hub reaches the API, without a trailing slash; attachments are named under it.
    pub api_url: String,
    /// Where attachments are redirected to; empty: to a path of `api_url`.
    pub cdn_url: String,
    /// Opens the model service; not a key of any real one.
    pub model_key: String,
    /// Decides SIDs and random faults.
    pub seed: u64,
    /// How long each step of a message takes.
    pub pace: Pace,
    /// How messages to certain numbers end; the first match wins, no match is `delivered`.
    pub rules: Vec<Rule>,
    /// Free-form WhatsApp outside 24 h of the person's last message fails with 63016, as it does at Meta.
    pub whatsapp_window: bool,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            account_sid: "AC0123456789abcdef0123456789abcdef".to_owned(),
            auth_token: "simulated-auth-token".to_owned(),
            api_keys: Vec::new(),
            numbers: ["+15005550006", "+48500100900", "whatsapp:+48500100900"].map(str::to_owned).to_vec(),
            messaging_services: Vec::new(),
            templates: Template::of_a_shop(),
            inbound_url: String::new(),
            api_url: "http://127.0.0.1".to_owned(),
            cdn_url: String::new(),
            model_key: "sk-simulated".to_owned(),
            seed: 1,
            pace: Pace::default(),
            rules: Rule::magic_numbers(),
            whatsapp_window: true,
        }
    }
}

impl SimConfig {
    /// The account owns this sender, directly or in a pool.
    pub(crate) fn owns(&self, sender: &str) -> bool {
        self.numbers.iter().any(|number| number == sender) || self.service_of(sender).is_some()
    }

    /// The service whose pool holds this sender.
    pub(crate) fn service_of(&self, sender: &str) -> Option<&Service> {
        self.messaging_services.iter().find(|service| service.numbers.iter().any(|number| number == sender))
    }

    /// How a message to this address ends.
    pub(crate) fn ending_for(&self, to: &str) -> (Ending, Option<u32>) {
        self.rules
            .iter()
            .find(|rule| rule.matches(to))
            .map_or((Ending::Delivered, None), |rule| (rule.ending, rule.error_code))
    }
}

/// A Messaging Service: a pool of senders.
#[derive(Clone, Debug)]
pub struct Service {
    /// `MG` + 32 hex digits.
    pub sid: String,
    /// The pool.
    pub numbers: Vec<String>,
    /// STOP blocks the whole pool and the webhook carries `OptOutType`.
    pub advanced_opt_out: bool,
}

/// A template of the Content API.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// `HX` + 32 hex digits.
    pub sid: String,
    /// What its author called it.
    pub name: String,
    /// Text with `{{1}}` placeholders.
    pub text: String,
    /// What its author gave as examples: `1` and so on, in order.
    pub samples: Vec<String>,
    /// WhatsApp has not decided about it yet.
    pub is_pending: bool,
}

impl Template {
    /// What a small shop has approved, and one that still waits.
    pub fn of_a_shop() -> Vec<Self> {
        let template = |number: u8, name: &str, text: &str, samples: &[&str]| Self {
            sid: format!("HX{number:032x}"),
            name: name.to_owned(),
            text: text.to_owned(),
            samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
            is_pending: false,
        };
        vec![
            template(
                1,
                "przypomnienie_o_wizycie",
                "Dzień dobry, {{1}}! Przypominamy o wizycie {{2}} o godz. {{3}}.",
                &["Anna", "12 grudnia", "10:30"],
            ),
            template(
                2,
                "zamowienie_gotowe",
                "Zamówienie {{1}} czeka na odbiór do godz. {{2}}.",
                &["147", "18:00"],
            ),
            template(
                3,
                "prosba_o_kontakt",
                "Dzień dobry, prosimy o kontakt w sprawie Państwa zgłoszenia.",
                &[],
            ),
            Self {
                is_pending: true, ..template(4, "promocja", "Do końca tygodnia {{1}} taniej!", &["20%"])
            },
        ]
    }
}

/// The wait before each status, counted from the one before it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// accepted → queued.
    pub queued: Duration,
    /// queued → sending.
    pub sending: Duration,
    /// sending → sent.
    pub sent: Duration,
    /// sent → delivered, undelivered.
    pub delivered: Duration,
    /// delivered → read.
    pub read: Duration,
}

impl Pace {
    /// Everything happens at once.
    pub const INSTANT: Self = Self {
        queued: Duration::ZERO,
        sending: Duration::ZERO,
        sent: Duration::ZERO,
        delivered: Duration::ZERO,
        read: Duration::ZERO,
    };
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            queued: Duration::from_millis(150),
            sending: Duration::from_millis(150),
            sent: Duration::from_millis(500),
            delivered: Duration::from_millis(1_200),
            read: Duration::from_millis(2_500),
        }
    }
}

/// How messages to certain numbers end.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// An exact address, `*` and its last characters, or its first characters and `*`.
    pub to: String,
    /// The last status.
    pub ending: Ending,
    /// The error that comes with it.
    #[serde(default)]
    pub error_code: Option<u32>,
}

impl Rule {
    /// Numbers of the +1 500 555 block that always end badly.
    pub fn magic_numbers() -> Vec<Self> {
        [
            ("+15005550301", Ending::Failed, Some(30001)),
            ("+15005550302", Ending::Failed, Some(30002)),
            ("+15005550303", Ending::Undelivered, Some(30003)),
            ("+15005550304", Ending::Undelivered, Some(30004)),
            ("+15005550305", Ending::Undelivered, Some(30005)),
            ("+15005550306", Ending::Undelivered, Some(30006)),
            ("+15005550307", Ending::Failed, Some(30007)),
            ("+15005550308", Ending::Undelivered, Some(30008)),
            ("+15005550390", Ending::PartiallyDelivered, None),
            ("+15005550398", Ending::Queued, None),
            ("+15005550399", Ending::Sent, None),
        ]
        .map(|(to, ending, error_code)| Self { to: to.to_owned(), ending, error_code })
        .to_vec()
    }

    fn matches(&self, to: &str) -> bool {
        match (self.to.strip_prefix('*'), self.to.strip_suffix('*')) {
            (Some(ending), _) => to.ends_with(ending),
            (None, Some(beginning)) => to.starts_with(beginning),
            (None, None) => self.to == to,
        }
    }
}

/// The last status of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Stuck in the queue.
    Queued,
    /// The carrier never reports delivery.
    Sent,
    /// On the phone.
    Delivered,
    /// Opened (WhatsApp).
    Read,
    /// On some of the person's devices.
    PartiallyDelivered,
    /// The carrier could not deliver it.
    Undelivered,
    /// Never left.
    Failed,
}
