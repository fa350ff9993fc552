//! The list of conversations: the views with their counts, a row a person, and what a search found.

use askama::Template;
use axum::{
    Extension,
    extract::{Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::{
    message::{ConversationMode, Direction, Message, Origin},
    status::{DeliveryStatus, MessageStatus},
};
use hub_store::{InboxCounts, InboxLine, StoreError, View};

use super::{
    dates::Calendar,
    person,
    place::{MOST_ROWS, Place, Query, ROWS, thread_path},
};
use crate::{
    app::auth::Viewer,
    i18n::Lang,
    t,
    web::{
        Web,
        panel::{fault, html},
    },
};

/// Characters of a message on its row.
const PREVIEW: usize = 120;
/// Messages a search shows.
const HITS: u32 = 30;

/// The list, whole: rendered alone when something changed, and inside the page.
#[derive(Debug, Template)]
#[template(path = "chat/list.html")]
pub(super) struct List {
    lang: Lang,
    demo: bool,
    pub(super) looked_for: String,
    view: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    hits: Option<Vec<Hit>>,
    /// Where the page with more rows is.
    more: Option<String>,
    unread: u32,
}

#[derive(Debug)]
struct Tab {
    href: String,
    words: &'static str,
    count: String,
    calls: bool,
    is_here: bool,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of the row that is there or not")]
struct Row {
    contact: i64,
    href: String,
    name: String,
    initial: String,
    time: String,
    time_whole: String,
    who: Option<&'static str>,
    preview: String,
    is_draft: bool,
    state: Option<(&'static str, &'static str)>,
    unread: u32,
    attention: Option<&'static str>,
    mode: Option<&'static str>,
    opted_out: bool,
    whatsapp: bool,
    is_open: bool,
}

/// A message that was found.
#[derive(Debug)]
struct Hit {
    href: String,
    name: String,
    time: String,
    text: String,
}

pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Asked(query): Asked<Query>,
) -> Response {
    let lang = web.settings.lang.or_chosen(viewer.language);
    match read(&web, lang, &query.place(), query.open).await {
        Ok(list) => html(StatusCode::OK, &list),
        Err(error) => {
            tracing::error!(%error, "the inbox could not be read");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

pub(super) async fn read(
    web: &Web,
    lang: Lang,
    place: &Place,
    open: Option<i64>,
) -> Result<List, StoreError> {
    let calendar = Calendar::new(&web.settings.time_zone, web.app.world().now(), lang);
    let counts = web.app.inbox_counts().await?;
    let (lines, hits, more) = if place.looked_for.is_empty() {
        let page = web.app.inbox(place.view, None, place.rows).await?;
        let next = (place.rows + ROWS).min(MOST_ROWS).to_string();
        let more = page.next.filter(|_| place.rows < MOST_ROWS).map(|_| place.query(&[("rows", &next)]));
        (page.items, None, more)
    } else {
        let found = web.app.search(&place.looked_for, None, None, HITS).await?;
        let hits = found.messages.items.iter().map(|message| hit(&calendar, message)).collect();
        (found.people, Some(hits), None)
    };
    Ok(List {
        lang,
        demo: web.app.facts().demo,
        looked_for: place.looked_for.clone(),
        view: place.view.as_str(),
        tabs: tabs(lang, place, counts),
        rows: lines.iter().map(|line| row(lang, &calendar, place, open, line)).collect(),
        hits,
        more,
        unread: counts.unread,
    })
}

fn tabs(lang: Lang, place: &Place, counts: InboxCounts) -> Vec<Tab> {
    let tab = |view, words, count: u32, calls| Tab {
        href: format!("/chat{}", Place { view, looked_for: String::new(), rows: ROWS }.query(&[])),
        words,
        count: shown_count(count),
        calls: calls && count > 0,
        is_here: place.looked_for.is_empty() && view == place.view,
    };
    vec![
        tab(View::All, t!(lang, "chat.view.all"), 0, false),
        tab(View::NeedsHuman, t!(lang, "chat.view.needs_human"), counts.needs_human, true),
        tab(View::Unread, t!(lang, "chat.view.unread"), counts.unread, false),
        tab(View::Failed, t!(lang, "chat.view.failed"), counts.failed, true),
        tab(View::OptedOut, t!(lang, "chat.view.opted_out"), counts.opted_out, false),
    ]
}

/// Nothing for none, and no more than is counted.
fn shown_count(count: u32) -> String {
    match count {
        0 => String::new(),
        count if count >= InboxCounts::MOST => format!("{}+", InboxCounts::MOST),
        count => count.to_string(),
    }
}

fn row(lang: Lang, calendar: &Calendar, place: &Place, open: Option<i64>, line: &InboxLine) -> Row {
    let last = line.last.as_ref();
    let name = person::name(line);
    let draft = line.draft.as_deref().map(str::trim).filter(|draft| !draft.is_empty());
    let outbound = last.filter(|message| message.direction == Direction::Outbound && draft.is_none());
    Row {
        contact: line.person.contact.0,
        href: format!("{}{}", thread_path(&line.person.key), place.query(&[])),
        initial: person::initial(&name),
        name,
        time: last.map(|message| calendar.short(message.created_at)).unwrap_or_default(),
        time_whole: last.map(|message| calendar.whole(message.created_at)).unwrap_or_default(),
        who: outbound.map(|message| who(lang, message)),
        preview: draft
            .map(shortened)
            .or_else(|| last.map(|message| preview(lang, message)))
            .unwrap_or_default(),
        is_draft: draft.is_some(),
        state: outbound.and_then(|message| state(lang, message.status)),
        unread: line.unread,
        attention: line.attention.map(|asking| person::attention_words(lang, asking.why)),
        mode: mode_words(lang, line.mode),
        opted_out: line.opted_out,
        whatsapp: last.is_some_and(|message| person::other(message).starts_with("whatsapp:")),
        is_open: open == Some(line.person.contact.0),
    }
}

fn hit(calendar: &Calendar, message: &Message) -> Hit {
    let other = person::other(message);
    let before = (message.row + 1).to_string();
    Hit {
        href: format!("{}?before={before}#m-{}", thread_path(other), message.id),
        name: person::shown(other),
        time: calendar.short(message.created_at),
        text: shortened(&message.body),
    }
}

fn preview(lang: Lang, message: &Message) -> String {
    if !message.body.trim().is_empty() {
        return shortened(&message.body);
    }
    let words = if message.media_count > 0 { t!(lang, "chat.attachment") } else { t!(lang, "chat.no_text") };
    words.to_owned()
}

/// One line of a text; its row cuts it where the room ends.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(PREVIEW).collect()
}

fn who(lang: Lang, message: &Message) -> &'static str {
    match message.origin {
        // Without an origin it was written outside of the hub, by Twilio for one.
        Some(Origin::Human) | None => t!(lang, "chat.we"),
        Some(origin) => person::origin_words(lang, origin),
    }
}

/// What a row says about the newest message, when it is not plainly on its way or there.
fn state(lang: Lang, status: MessageStatus) -> Option<(&'static str, &'static str)> {
    use DeliveryStatus as D;
    match status {
        MessageStatus::Reported(D::Failed | D::Undelivered) => Some(("bad", t!(lang, "chat.failed"))),
        MessageStatus::Held => Some(("open", t!(lang, "chat.held"))),
        MessageStatus::Unknown => Some(("open", t!(lang, "chat.unknown"))),
        MessageStatus::Received | MessageStatus::Pending | MessageStatus::Reported(_) => None,
    }
}

fn mode_words(lang: Lang, mode: ConversationMode) -> Option<&'static str> {
    match mode {
        ConversationMode::Human => Some(t!(lang, "chat.mode.human")),
        ConversationMode::Draft => Some(t!(lang, "chat.mode.draft")),
        ConversationMode::Auto => None,
    }
}

impl Row {
    /// Whether the row stands out for a reason of its own.
    fn calls(&self) -> bool {
        self.attention.is_some()
    }
}
