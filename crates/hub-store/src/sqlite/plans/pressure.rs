//! What happens under pressure: a refused account, a full queue, a paced sender, WhatsApp's window, tidying.

use hub_domain::{
    address::Address,
    attempt::AttemptOutcome,
    ids::MessageId,
    job::JobKind,
    message::Origin,
    pace::{Rate, Rates},
    stop::Fingerprint,
};

use super::{Tour, at};
use crate::{
    jobs::LeaseRequest,
    outbox::NewOutbound,
    sending::Terms,
    sqlite::{attempts, consent, conversations, inbox, jobs, outbox, stop, tidy},
};

impl Tour {
    /// A bad hour.
    pub(super) fn pressure(&mut self) {
        // She had opted out at Twilio by the end of the hours before.
        self.unit(|unit| consent::opt_in(unit, super::ANNA, "keyword", None, at(3999)));
        self.whatsapp();
        for _ in 0..4 {
            self.submit();
        }
        let refused =
            |http_status, code| AttemptOutcome::Refused { http_status, code, message: String::new() };
        self.deliver(5000, &[refused(401, Some(20003)), refused(400, Some(21611))]);
        self.unit(|unit| stop::resume_with(unit, Fingerprint([1; 16]), at(9000)));
        self.unit(|unit| stop::unread(unit, 401, None, Fingerprint([1; 16]), at(9000)));
        self.unit(|unit| stop::read(unit, Fingerprint([1; 16]), at(9000)));
        jobs::next_due(&self.connection).unwrap();
        let rates = Rates { usual: Rate::per_second(1), ..Rates::default() };
        let terms = Terms { rates, ..Terms::default() };
        for job in self.lease(JobKind::Deliver, 10, 9000) {
            let attempt = hub_domain::ids::AttemptId(self.id());
            self.unit(|unit| attempts::begin(unit, &job, attempt, &terms, at(9000)));
            let request = LeaseRequest { owner: "cli".to_owned(), lasts: std::time::Duration::from_mins(2) };
            self.unit(|unit| jobs::take_due_one(unit, job.id, &request, at(9100)));
        }
        self.unit(|unit| tidy::tidy(unit, at(0)));
    }

    fn whatsapp(&mut self) {
        let (anna, us) = ("whatsapp:+48500100200", "whatsapp:+15005550006");
        let inbound = hub_domain::message::Inbound {
            sid: super::sid("SMwhatsapp"),
            from: Address::from_provider(anna).unwrap(),
            to: Address::from_provider(us).unwrap(),
            body: String::new(),
            media: Vec::new(),
            opt_out_type: None,
            other_fields: [("ProfileName", "Anna"), ("ButtonText", "Tak")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        };
        let ids = (MessageId(self.id()), MessageId(self.id()));
        self.unit(|unit| inbox::record(unit, &inbound, ids.0, ids.1, at(4000)));
        let message = NewOutbound {
            id: MessageId(self.id()),
            to: Address::from_provider(anna).unwrap(),
            from: us.to_owned(),
            service: None,
            body: "raz".to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin: Origin::Api,
        };
        self.unit(|unit| outbox::submit(unit, &message, None, None, at(4000)));
        conversations::last_heard(&self.connection, &message.to, us, false).unwrap();
    }
}
