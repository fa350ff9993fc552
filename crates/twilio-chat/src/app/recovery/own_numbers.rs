//! The account's numbers: whoever writes from one of them is ourselves, and must not be answered by a machine. Nor must
//! whoever writes to one of them that is another application's.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use hub_domain::{address::Address, incoming::Elsewhere};
use hub_store::ReplyPolicy;
use jiff::Timestamp;

use super::{super::App, walk};

/// Numbers are bought now and then.
pub(super) const READ_EVERY: Duration = Duration::from_hours(1);

/// What the account owns, as far as Twilio has told this process.
#[derive(Debug, Default)]
pub(in crate::app) struct OwnNumbers(RwLock<Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// Whose numbers they are.
    account: String,
    /// By [`Address::person_key`].
    numbers: Arc<[String]>,
    /// Those whose messages go to another application.
    elsewhere: Arc<[String]>,
    /// When they are read again.
    next: Timestamp,
}

impl App {
    /// The policy with every number of the account that we know of as ours.
    pub(in crate::app) fn with_own_numbers(&self, policy: Arc<ReplyPolicy>) -> Arc<ReplyPolicy> {
        let known = self.known_numbers();
        let elsewhere = self.elsewhere_of(&known);
        let others = || known.numbers.iter().filter(|number| !policy.own_numbers.contains(number));
        if others().next().is_none() && elsewhere == policy.elsewhere {
            return policy;
        }
        let own_numbers = policy.own_numbers.iter().chain(others()).cloned().collect();
        Arc::new(ReplyPolicy { own_numbers, elsewhere, ..ReplyPolicy::clone(&policy) })
    }

    /// Numbers of the account that are another application's, as far as we know.
    pub(in crate::app) fn elsewhere(&self) -> Elsewhere {
        self.elsewhere_of(&self.known_numbers())
    }

    /// What we send from is ours, wherever its webhook leads.
    fn elsewhere_of(&self, known: &Known) -> Elsewhere {
        let Some(account) = self.account().filter(|_| !known.elsewhere.is_empty()) else {
            return Elsewhere::default();
        };
        let sender = &account.sender;
        let own = sender.default_from.as_ref().map(Address::as_str);
        let numbers = known.elsewhere.iter().filter(|number| Some(number.as_str()) != own).cloned().collect();
        Elsewhere { numbers, own_service: sender.messaging_service.clone() }
    }

    /// When the numbers of this account are to be read.
    pub(super) fn own_numbers_due(&self, account: &str) -> Timestamp {
        let known = self.known_numbers();
        if known.account == account { known.next } else { Timestamp::MIN }
    }

    /// Reads them. Those known before stay ours when Twilio can't be asked.
    pub(super) async fn read_own_numbers(&self) {
        let Some(account) = self.account() else { return };
        let sid = account.client.account_sid();
        let before = self.known_numbers();
        let is_same = before.account == sid;
        let known = match account.client.numbers().await {
            Ok(numbers) => {
                let base = self.inner.public.as_ref().map(|public| public.base.as_str());
                let elsewhere = numbers.iter().filter(|number| number.incoming.leads_elsewhere(base));
                let elsewhere = elsewhere.map(|number| number.number.clone()).collect();
                let ours = numbers.iter().filter_map(|ours| Address::from_provider(&ours.number).ok());
                let numbers = ours.map(|ours| ours.person_key().into_owned()).collect();
                Known { account: sid.to_owned(), numbers, elsewhere, next: self.after(READ_EVERY) }
            }
            Err(error) => {
                let why = walk::words(&error);
                tracing::warn!(why, "the account's numbers could not be read; tried again later");
                let before = if is_same { before } else { Known::default() };
                let (numbers, elsewhere) = (before.numbers, before.elsewhere);
                let pause = if numbers.is_empty() { self.timing().recovery_every } else { READ_EVERY };
                Known { account: sid.to_owned(), numbers, elsewhere, next: self.after(pause) }
            }
        };
        *self.inner.own_numbers.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn known_numbers(&self) -> Known {
        self.inner.own_numbers.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
