//! Where Twilio posts what people write to us: what is set there now, and setting it to our address.
//!
//! Looks and sets only when a person asks; nothing here runs by itself. An address set by us stays until somebody
//! changes it at Twilio's, so what it replaced goes into the audit log.

use futures_util::future::join_all;
use hub_clients::twilio::TwilioError;
use hub_domain::{
    address::{Address, AddressKind},
    incoming::Incoming,
};
use hub_store::{AuditAction, By, StoreError};
use thiserror::Error;

use super::{App, Sender, TwilioAccount};

/// Our addresses for Twilio's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAddresses {
    /// For what people write.
    pub inbound: String,
    /// For what becomes of our messages; sent along with each of them.
    pub status: String,
}

/// What at Twilio's brings messages in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// A number of the account's.
    Number(String),
    /// A Messaging Service (`MG…`), for all its numbers.
    Service(String),
    /// A sender whose webhook can't be set through the API we use: WhatsApp, a short code, a name.
    ByHand(Address),
}

/// How an entrance stands.
#[derive(Debug)]
pub struct EntranceState {
    /// Which one.
    pub entrance: Entrance,
    /// What is set there, or why that is unknown; `None`: it can't be asked.
    pub found: Option<Result<Incoming, WebhookError>>,
}

/// Why an entrance can't be looked at or set.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// There is no Twilio account yet.
    #[error("no account")]
    NoAccount,
    /// We have no address that Twilio could call.
    #[error("no public address")]
    NoAddress,
    /// The account has no such number.
    #[error("not a number of this account")]
    NotOurs,
    /// Not an entrance of ours, or one that is set by hand.
    #[error("no such entrance")]
    NoEntrance,
    /// Twilio took the request and says that it is set to something else.
    #[error("Twilio keeps another address")]
    NotKept,
    /// Twilio refused, or can't be asked.
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// What to enter at Twilio's; `None`: nothing leads here from outside.
    pub fn webhook_addresses(&self) -> Option<WebhookAddresses> {
        let base = &self.inner.public.as_ref()?.base;
        Some(WebhookAddresses {
            inbound: format!("{base}/twilio/inbound"),
            status: format!("{base}/twilio/status"),
        })
    }

    /// What brings messages in, as configured; calls nobody.
    pub fn entrances(&self) -> Vec<Entrance> {
        self.account().map(|account| entrances(&account.sender)).unwrap_or_default()
    }

    /// The same with what Twilio has set.
    pub async fn look_at_entrances(&self) -> Vec<EntranceState> {
        let Some(account) = self.account() else { return Vec::new() };
        join_all(entrances(&account.sender).into_iter().map(|entrance| look(&account, entrance))).await
    }

    /// Has an entrance post to us; named by its number or SID.
    pub async fn set_entrance(&self, named: &str, by: By) -> Result<(), WebhookError> {
        let account = self.account().ok_or(WebhookError::NoAccount)?;
        let reached = self.inner.public.as_ref().is_some_and(|public| public.within_reach);
        let ours = self.webhook_addresses().filter(|_| reached).ok_or(WebhookError::NoAddress)?.inbound;
        let entrance = entrances(&account.sender).into_iter().find(|entrance| entrance.name() == named);
        let client = &account.client;
        let now = match entrance.ok_or(WebhookError::NoEntrance)? {
            Entrance::Number(number) => {
                let found = client.number_webhook(&number).await?.ok_or(WebhookError::NotOurs)?;
                self.note_replaced(named, &found.incoming, &ours, by).await?;
                client.set_number_webhook(&found.sid, &ours).await?.incoming
            }
            Entrance::Service(sid) => {
                let before = client.service_webhook(&sid).await?;
                self.note_replaced(named, &before, &ours, by).await?;
                client.set_service_webhook(&sid, &ours).await?
            }
            Entrance::ByHand(_) => return Err(WebhookError::NoEntrance),
        };
        if now.leads_to(&ours) { Ok(()) } else { Err(WebhookError::NotKept) }
    }

    /// Before it is replaced: Twilio's answer may be lost, and then nobody would know what was set.
    async fn note_replaced(
        &self,
        named: &str,
        before: &Incoming,
        ours: &str,
        by: By,
    ) -> Result<(), StoreError> {
        let ours = for_the_log(&Incoming::Address(ours.to_owned()));
        let subject = format!("{named}: {} → {ours}", for_the_log(before));
        self.store().note(AuditAction::WebhookSet, subject, by, self.world().now()).await
    }
}

impl Entrance {
    /// Its number or SID.
    pub fn name(&self) -> &str {
        match self {
            Self::Number(name) | Self::Service(name) => name,
            Self::ByHand(address) => address.as_str(),
        }
    }
}

/// The service first: it speaks for its numbers.
fn entrances(sender: &Sender) -> Vec<Entrance> {
    let service = sender.messaging_service.clone().map(Entrance::Service);
    let from = sender.default_from.as_ref().map(|from| {
        let is_number = from.kind() == AddressKind::Phone;
        if is_number { Entrance::Number(from.as_str().to_owned()) } else { Entrance::ByHand(from.clone()) }
    });
    service.into_iter().chain(from).collect()
}

async fn look(account: &TwilioAccount, entrance: Entrance) -> EntranceState {
    let found = match &entrance {
        Entrance::Number(number) => Some(number_is_set_to(account, number).await),
        Entrance::Service(sid) => Some(account.client.service_webhook(sid).await.map_err(WebhookError::from)),
        Entrance::ByHand(_) => None,
    };
    EntranceState { entrance, found }
}

async fn number_is_set_to(account: &TwilioAccount, number: &str) -> Result<Incoming, WebhookError> {
    let found = account.client.number_webhook(number).await?;
    Ok(found.ok_or(WebhookError::NotOurs)?.incoming)
}

/// What was set before, without what an address may carry in secret: a user, a query.
fn for_the_log(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Nowhere => "–".to_owned(),
        Incoming::Application(sid) => sid.clone(),
        Incoming::EachNumber => "numbers".to_owned(),
        Incoming::Address(address) => {
            let plain = address.split(['?', '#']).next().unwrap_or_default();
            let (scheme, rest) = plain.split_once("://").unwrap_or(("", plain));
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_no_password_of_an_address() {
        let address = |text: &str| Incoming::Address(text.to_owned());
        for (before, expect) in [
            (address("https://old.example/sms"), "https://old.example/sms"),
            (address("https://me:hush@old.example/sms?key=hush#rc=2"), "https://old.example/sms"),
            (address("https://old.example?key=hush"), "https://old.example/"),
            (Incoming::Nowhere, "–"),
            (Incoming::Application("AP01".to_owned()), "AP01"),
        ] {
            assert_eq!(for_the_log(&before), expect);
        }
    }
}
