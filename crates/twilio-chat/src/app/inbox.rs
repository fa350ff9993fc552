//! The inbox as people read it: views, threads, details, search, charts.

use hub_domain::{
    ids::ContactId,
    message::Message,
    participant::person_keys,
    series::{Point, Span, series},
    text,
};
use hub_store::{
    Draft, InboxCounts, InboxLine, InboxQuery, MessageDetails, PeopleQuery, StoreError, ThreadEntry,
    ThreadQuery, ThreadSide, View,
};
use jiff::tz::TimeZone;

use super::{
    App,
    history::{Page, page},
};

/// People shown by a search.
const PEOPLE: u32 = 10;

/// A page of a thread, oldest first.
#[derive(Clone, Debug)]
pub struct ThreadPage {
    /// The messages.
    pub entries: Vec<ThreadEntry>,
    /// The row to read on before; `None`: the thread begins here.
    pub earlier: Option<i64>,
    /// The row to read on after; `None`: the thread ends here.
    pub later: Option<i64>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// People, when it is the first page.
    pub people: Vec<InboxLine>,
    /// Messages, newest first.
    pub messages: Page<Message>,
}

impl App {
    /// A page of a view.
    pub async fn inbox(
        &self,
        view: View,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<InboxLine>, StoreError> {
        let query = InboxQuery { view, before, limit: limit + 1, now: self.world().now() };
        Ok(page(self.store().inbox(query).await?, limit, |line| line.cursor))
    }

    /// How many people are in each view.
    pub async fn inbox_counts(&self) -> Result<InboxCounts, StoreError> {
        self.store().inbox_counts().await
    }

    /// One person's line.
    pub async fn inbox_line(&self, contact: ContactId) -> Result<Option<InboxLine>, StoreError> {
        self.store().inbox_line(contact, self.world().now()).await
    }

    /// A page of a thread.
    pub async fn thread_page(
        &self,
        contact: ContactId,
        side: ThreadSide,
        limit: u32,
    ) -> Result<ThreadPage, StoreError> {
        let mut entries = self.store().thread(ThreadQuery { contact, side, limit: limit + 1 }).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = entries.len() > limit;
        // The one too many stands at the far end.
        match side {
            ThreadSide::After(_) => entries.truncate(limit),
            ThreadSide::Newest | ThreadSide::Before(_) => drop(entries.drain(..usize::from(more))),
        }
        let (first, last) = (entries.first().map(row), entries.last().map(row));
        let (earlier, later) = match side {
            ThreadSide::Newest => (first.filter(|_| more), None),
            ThreadSide::Before(_) => (first.filter(|_| more), last),
            ThreadSide::After(_) => (first, last.filter(|_| more)),
        };
        Ok(ThreadPage { entries, earlier, later })
    }

    /// All that is known of a message.
    pub async fn message_details(&self, row: i64) -> Result<Option<MessageDetails>, StoreError> {
        self.store().message_details(row).await
    }

    /// Everything that is being written, the last saved first.
    pub async fn drafts(&self, before: Option<i64>, limit: u32) -> Result<Page<Draft>, StoreError> {
        Ok(page(self.store().drafts(before, limit + 1).await?, limit, |draft| draft.id))
    }

    /// People and messages by what somebody typed, in one thread or everywhere.
    pub async fn search(
        &self,
        typed: &str,
        contact: Option<ContactId>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Found, StoreError> {
        let people = if contact.is_none() && before.is_none() {
            self.store().search_people(people_query(typed), PEOPLE, self.world().now()).await?
        } else {
            Vec::new()
        };
        let messages = self.store().search_messages(typed.to_owned(), contact, before, limit + 1).await?;
        Ok(Found { people, messages: page(messages, limit, |message| message.row) })
    }

    /// The chart of a span that ends now, in the hub's zone.
    pub async fn series(&self, span: Span, zone: &TimeZone) -> Result<Vec<Point>, StoreError> {
        let now = self.world().now();
        let hours = self.store().hours(span.first_hour(&now.to_zoned(zone.clone()))).await?;
        Ok(series(span, &hours, now, zone))
    }

    /// Indexes what was written since the last time, for search; how many messages there were.
    pub async fn index_messages(&self) -> Result<usize, StoreError> {
        self.store().index_messages(self.world().now()).await
    }
}

fn row(entry: &ThreadEntry) -> i64 {
    entry.message.row
}

/// A number in any spelling and unfinished, or the beginnings of a name.
fn people_query(typed: &str) -> PeopleQuery {
    let mut words = Vec::new();
    text::words(typed, &mut |word| words.push(word.to_owned()));
    let is_number = typed.chars().any(|c| c.is_ascii_digit()) && !typed.chars().any(char::is_alphabetic);
    let mut keys = Vec::new();
    if is_number {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        keys = person_keys(typed);
        keys.push(format!("+48{digits}"));
        keys.push(format!("+{digits}"));
        words.clear();
    }
    PeopleQuery { words, keys }
}
