//! Short ways to write what happens in a test: moments, identifiers, texts, answers of Twilio.

use std::sync::atomic::{AtomicU64, Ordering};

use hub_domain::{
    address::Address,
    attempt::AttemptOutcome,
    ids::{AttemptId, MessageId, MessageSid},
    keywords::OptOutType,
    message::{Inbound, Media, Origin, StatusReport},
    reconcile::Finding,
    status::DeliveryStatus,
};
use hub_store::{By, LookedUp, NewOutbound};
use jiff::Timestamp;
use uuid::Uuid;

/// Our number.
pub(crate) const US: &str = "+15005550006";
/// A customer.
pub(crate) const ANNA: &str = "+48500100200";
/// Another one.
pub(crate) const PIOTR: &str = "+48500100300";

/// Who changes things, and from where.
pub(crate) fn ewa() -> By {
    By { name: "ewa".to_owned(), network: "192.0.2.0/24".to_owned() }
}

/// A moment, in seconds since the test began.
pub(crate) fn at(second: i64) -> Timestamp {
    at_ms(second * 1000)
}

/// A moment, in milliseconds since the test began.
pub(crate) fn at_ms(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_767_225_600_000 + millisecond).unwrap()
}

/// A new identifier for a message.
pub(crate) fn message_id() -> MessageId {
    MessageId(next_uuid())
}

/// A new identifier for an attempt.
pub(crate) fn attempt_id() -> AttemptId {
    AttemptId(next_uuid())
}

fn next_uuid() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

pub(crate) fn sid(text: &str) -> MessageSid {
    MessageSid::parse(text).unwrap()
}

/// A customer's text on its way to us: from Anna unless said otherwise.
#[derive(Clone)]
pub(crate) struct Text(pub(crate) Inbound);

pub(crate) fn inbound(message_sid: &str) -> Text {
    Text(Inbound {
        sid: sid(message_sid),
        from: Address::from_provider(ANNA).unwrap(),
        to: Address::from_provider(US).unwrap(),
        body: "Dzień dobry".to_owned(),
        media: Vec::new(),
        opt_out_type: None,
        other_fields: Vec::new(),
    })
}

impl Text {
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.0.from = Address::from_provider(address).unwrap();
        self
    }

    pub(crate) fn to(mut self, address: &str) -> Self {
        self.0.to = Address::from_provider(address).unwrap();
        self
    }

    pub(crate) fn saying(mut self, body: &str) -> Self {
        body.clone_into(&mut self.0.body);
        self
    }

    pub(crate) fn with_media(mut self, media: Vec<Media>) -> Self {
        self.0.media = media;
        self
    }

    pub(crate) fn with_verdict(mut self, verdict: OptOutType) -> Self {
        self.0.opt_out_type = Some(verdict);
        self
    }

    pub(crate) fn with_field(mut self, name: &str, value: &str) -> Self {
        self.0.other_fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A message of ours, to be sent to `to`.
pub(crate) fn outbound(origin: Origin, to: &str, body: &str) -> NewOutbound {
    NewOutbound {
        id: message_id(),
        to: Address::from_provider(to).unwrap(),
        from: US.to_owned(),
        service: None,
        body: body.to_owned(),
        media_urls: Vec::new(),
        template: None,
        origin,
    }
}

/// A status callback without the name of an attempt.
pub(crate) fn report(message_sid: &str, status: &str) -> StatusReport {
    StatusReport { sid: sid(message_sid), status: status.to_owned(), error_code: None, attempt: None }
}

/// A status callback with an error.
pub(crate) fn failure(message_sid: &str, status: &str, code: u32) -> StatusReport {
    StatusReport { error_code: Some(code), ..report(message_sid, status) }
}

/// A status callback that names the attempt it belongs to.
pub(crate) fn named(attempt: AttemptId, message_sid: &str, status: &str) -> StatusReport {
    StatusReport { attempt: Some(attempt), ..report(message_sid, status) }
}

pub(crate) fn accepted(message_sid: &str) -> AttemptOutcome {
    AttemptOutcome::Accepted { sid: sid(message_sid), status: DeliveryStatus::Queued, from: None }
}

pub(crate) fn refused(http_status: u16, code: u32) -> AttemptOutcome {
    AttemptOutcome::Refused { http_status, code: Some(code), message: format!("error {code}") }
}

pub(crate) fn not_sent() -> AttemptOutcome {
    AttemptOutcome::NotSent { reason: "connection refused".to_owned() }
}

pub(crate) fn ambiguous() -> AttemptOutcome {
    AttemptOutcome::Ambiguous { reason: "timed out".to_owned() }
}

/// A look at Twilio's list that showed the message.
pub(crate) fn found(message_sid: &str) -> LookedUp {
    LookedUp {
        finding: Some(Finding::Found(sid(message_sid))),
        status: Some(DeliveryStatus::Sent),
        error_code: None,
    }
}

/// A complete look at Twilio's list that showed nothing.
pub(crate) fn absent() -> LookedUp {
    LookedUp { finding: Some(Finding::Absent), status: None, error_code: None }
}

/// Twilio's list could not be read to its end.
pub(crate) fn unreadable() -> LookedUp {
    LookedUp { finding: None, status: None, error_code: None }
}

/// Fresh identifiers for the parts of an answer.
pub(crate) fn part_ids() -> [MessageId; hub_store::MOST_PARTS] {
    std::array::from_fn(|_| message_id())
}
