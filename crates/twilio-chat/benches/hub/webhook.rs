//! Inbound webhooks as Twilio sends them, signed, ready to be written to a socket.

use hub_domain::{address::Address, ids::MessageSid, message::Inbound};

use super::hub::ACCOUNT;

/// Signs the webhooks.
pub(crate) const TOKEN: &str = "bench-auth-token";
/// The public address that the signatures cover.
pub(crate) const PUBLIC_BASE: &str = "https://hub.example";
/// Our number.
pub(crate) const HUB_NUMBER: &str = "+15005550006";
/// People who write, unless said otherwise.
pub(crate) const SENDERS: u32 = 500;
/// People whose numbers fit behind `+48500`.
const MOST_SENDERS: u32 = 1_000_000;
const PATH: &str = "/twilio/inbound";
const BODY: &str = "Dzień dobry, czy mogę przełożyć wizytę z wtorku na środę po 16:00?";

/// Requests with message identifiers that no other request of the run has.
pub(crate) struct Mint {
    run: u32,
    next: u32,
    senders: u32,
}

impl Mint {
    /// A mint whose identifiers begin with `run`.
    pub(crate) fn new(run: u32) -> Self {
        Self { run, next: 0, senders: SENDERS }
    }

    /// The same with messages from that many people.
    pub(crate) fn with_people(self, senders: u32) -> Self {
        Self { senders: senders.clamp(1, MOST_SENDERS), ..self }
    }

    /// That many whole requests.
    pub(crate) fn requests(&mut self, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|_| self.request()).collect()
    }

    fn request(&mut self) -> Vec<u8> {
        let (sid, from) = self.message();
        let fields = fields(&sid, &from);
        let signature = hub_sim::sign(TOKEN, &format!("{PUBLIC_BASE}{PATH}"), &fields);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        format!(
            "POST {PATH} HTTP/1.1\r\nHost: hub.example\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\
             X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {sid}\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .into_bytes()
    }

    /// A message as the webhook hands it to the store.
    pub(crate) fn inbound(&mut self) -> anyhow::Result<Inbound> {
        let (sid, from) = self.message();
        let kept =
            [("ToCountry", "US"), ("FromCountry", "PL"), ("NumSegments", "2"), ("AccountSid", ACCOUNT)];
        Ok(Inbound {
            sid: MessageSid::parse(&sid)?,
            from: Address::from_provider(&from)?,
            to: Address::from_provider(HUB_NUMBER)?,
            body: BODY.to_owned(),
            media: Vec::new(),
            opt_out_type: None,
            other_fields: kept.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        })
    }

    fn message(&mut self) -> (String, String) {
        self.next += 1;
        // Spread like a hash: real identifiers come in no order, which is what an index has to bear.
        let low = u64::from(self.next).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let sid = format!("SM{low:016x}{:08x}{:08x}", self.run, self.next);
        // The first people are the same whatever their number; 100 is the block of made-up ones.
        let person = (100_000 + self.next % self.senders) % MOST_SENDERS;
        (sid, format!("+48500{person:06}"))
    }
}

/// The fields of an SMS from Poland, in Twilio's order.
fn fields(sid: &str, from: &str) -> Vec<(String, String)> {
    [
        ("ToCountry", "US"),
        ("ToState", ""),
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("ToCity", ""),
        ("FromZip", ""),
        ("SmsSid", sid),
        ("FromState", ""),
        ("SmsStatus", "received"),
        ("FromCity", ""),
        ("Body", BODY),
        ("FromCountry", "PL"),
        ("To", HUB_NUMBER),
        ("ToZip", ""),
        ("NumSegments", "2"),
        ("MessageSid", sid),
        ("AccountSid", ACCOUNT),
        ("From", from),
        ("ApiVersion", "2010-04-01"),
        ("MessagingServiceSid", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}
