//! What was said: messages by filter, counts, conversations by person.

use hub_domain::{
    address::{Address, Channel, PhoneNumber},
    ids::ContactId,
    message::{Direction, Message, Origin},
    participant::person_keys,
    status::MessageStatus,
    whatsapp::{Window, window},
};
use hub_store::{ConversationSummary, HistoryQuery, NewOutbound, Person, Statistics, StoreError};

use jiff::Timestamp;

use super::{App, send::Through};

/// Messages of a thread on one page.
pub const THREAD_PAGE: u32 = 50;

/// Which messages.
#[derive(Clone, Debug, Default)]
pub struct HistoryRequest {
    /// Only with this person, in any spelling.
    pub participant: Option<String>,
    /// Only this direction.
    pub direction: Option<Direction>,
    /// Only in one of these states; all when empty.
    pub statuses: Vec<MessageStatus>,
    /// Only older than this row.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// A page of something and where the next one begins.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// `before` of the next page; `None`: there is none.
    pub next: Option<i64>,
}

impl App {
    /// A page of messages, newest first.
    pub async fn history(&self, request: &HistoryRequest) -> Result<Page<Message>, StoreError> {
        let contact = match &request.participant {
            None => None,
            Some(participant) => match self.person(participant).await? {
                Some(person) => Some(person.contact),
                None => return Ok(Page { items: Vec::new(), next: None }),
            },
        };
        let query = HistoryQuery {
            contact,
            direction: request.direction,
            status: None,
            before: request.before,
            limit: request.limit + 1,
        };
        let mut items = Vec::new();
        if request.statuses.is_empty() {
            items = self.store().history(query).await?;
        }
        for status in &request.statuses {
            items.extend(self.store().history(HistoryQuery { status: Some(*status), ..query }).await?);
        }
        items.sort_by_key(|message| std::cmp::Reverse(message.row));
        Ok(page(items, request.limit, |message| message.row))
    }

    /// How many messages there are, and the newest.
    pub async fn statistics(&self) -> Result<Statistics, StoreError> {
        self.store().statistics().await
    }

    /// Everybody's messages in one line each, the newest activity first.
    pub async fn conversations(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<ConversationSummary>, StoreError> {
        let lines = self.store().conversations(before, limit + 1).await?;
        Ok(page(lines, limit, |line| line.last.row))
    }

    /// The last messages with a person, oldest first; `next` leads further back.
    pub async fn thread(&self, contact: ContactId, before: Option<i64>) -> Result<Page<Message>, StoreError> {
        let limit = THREAD_PAGE;
        let query =
            HistoryQuery { contact: Some(contact), direction: None, status: None, before, limit: limit + 1 };
        let mut page = page(self.store().history(query).await?, limit, |message| message.row);
        page.items.reverse();
        Ok(page)
    }

    /// When the 24 hours in which a person may be written to freely on WhatsApp end; `None`: they are over, or
    /// never began. What they wrote to the number that a send of a caller's would leave from counts.
    pub async fn whatsapp_window(&self, person: &Person) -> Result<Option<Timestamp>, StoreError> {
        let Some(to) = on_whatsapp(&person.key) else { return Ok(None) };
        let Ok(NewOutbound { from, service, .. }) =
            self.outbound(to.clone(), &Through::ServiceFirst, Origin::Api)
        else {
            return Ok(None);
        };
        let last = self.store().last_heard(to, from, service.is_some()).await?;
        Ok(match window(last, self.world().now()) {
            Window::Open { until } => Some(until),
            Window::Closed => None,
        })
    }

    /// The person a participant stands for, if we know one.
    pub async fn person(&self, participant: &str) -> Result<Option<Person>, StoreError> {
        self.store().person(person_keys(participant)).await
    }
}

/// A person's address on WhatsApp.
fn on_whatsapp(person: &str) -> Option<Address> {
    let address = Address::from_provider(person).ok()?;
    if address.channel() == Channel::WhatsApp {
        return Some(address);
    }
    PhoneNumber::parse(person).ok().map(|number| Address::whatsapp(&number))
}

/// One more than `limit` was read, if there is one more.
pub(super) fn page<T>(mut items: Vec<T>, limit: u32, row: impl Fn(&T) -> i64) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(row);
    Page { items, next }
}
