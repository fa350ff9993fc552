//! A message as its thread shows it: grouped, with who wrote it, where it stands and why, in words.

use std::collections::HashMap;

use hub_domain::{
    ids::UserId,
    media::{MediaKind, MediaState},
    message::{Direction, Message},
    status::{DeliveryStatus, MessageStatus},
};
use hub_store::{Attachment, ThreadEntry};
use jiff::SignedDuration;

use super::{dates::Calendar, person};
use crate::{
    i18n::{Lang, decision},
    t,
    web::{
        api::messages::error_text,
        panel::words::{status_words, tone},
    },
};

/// Messages of one author within this time stand together.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);

/// One message.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the bubble that is there or not")]
pub(super) struct Bubble {
    pub(super) row: i64,
    pub(super) id: String,
    /// The heading of a day that begins here.
    pub(super) day: Option<String>,
    /// Unread texts begin here.
    pub(super) first_unread: bool,
    /// It continues what stands above.
    pub(super) continues: bool,
    pub(super) mine: bool,
    pub(super) origin: Option<(&'static str, &'static str)>,
    pub(super) author: Option<String>,
    pub(super) body: String,
    pub(super) redacted: bool,
    pub(super) template: bool,
    pub(super) media: Vec<Picture>,
    pub(super) part: Option<String>,
    pub(super) time: String,
    pub(super) time_whole: String,
    pub(super) state: Option<(&'static str, &'static str)>,
    pub(super) reason: Option<String>,
    pub(super) decision: Option<&'static str>,
    pub(super) may_retry: bool,
    pub(super) retried: bool,
    pub(super) is_retry: bool,
    /// A person decides: send it, or drop it.
    pub(super) held: bool,
}

/// An attachment.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) href: String,
    pub(super) kind: Shape,
    pub(super) words: String,
}

/// How an attachment is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Image,
    Sound,
    Film,
    File,
    /// There is nothing to open, only words.
    Words,
}

impl Picture {
    pub(super) fn is(&self, shape: &str) -> bool {
        shape
            == match self.kind {
                Shape::Image => "image",
                Shape::Sound => "sound",
                Shape::Film => "film",
                Shape::File => "file",
                Shape::Words => "words",
            }
    }
}

/// What bubbles are made with.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) lang: Lang,
    pub(super) calendar: &'a Calendar,
    pub(super) names: &'a HashMap<UserId, String>,
    /// Attachments by message.
    pub(super) attachments: &'a HashMap<i64, Vec<Attachment>>,
    /// Where unread texts begin.
    pub(super) unread: Option<i64>,
}

/// The bubbles of a page, oldest first.
pub(super) fn bubbles(reading: &Reading<'_>, entries: &[ThreadEntry]) -> Vec<Bubble> {
    let before = std::iter::once(None).chain(entries.iter().map(Some));
    let mut divided = false;
    entries
        .iter()
        .zip(before)
        .map(|(entry, before)| {
            let mut bubble = bubble(reading, entry, before);
            let unread = bubble.first_unread && !divided;
            divided |= unread;
            bubble.continues &= !unread;
            Bubble { first_unread: unread, ..bubble }
        })
        .collect()
}

fn bubble(reading: &Reading<'_>, entry: &ThreadEntry, before: Option<&ThreadEntry>) -> Bubble {
    let Reading { lang, calendar, .. } = *reading;
    let message = &entry.message;
    let mine = message.direction == Direction::Outbound;
    let day = calendar.day_of(message.created_at);
    let new_day = before.is_none_or(|before| calendar.day_of(before.message.created_at) != day);
    let failed = has_failed(message.status);
    Bubble {
        row: message.row,
        id: message.id.to_string(),
        day: new_day.then(|| calendar.heading(day)),
        first_unread: !mine && reading.unread.is_some_and(|unread| message.row >= unread),
        continues: !new_day && before.is_some_and(|before| is_together(before, entry)),
        mine,
        origin: message
            .origin
            .map(|origin| (person::origin_icon(origin), person::origin_words(lang, origin))),
        author: entry.author.and_then(|author| reading.names.get(&author).cloned()),
        body: message.body.clone(),
        redacted: entry.redacted,
        template: entry.content_sid.is_some(),
        media: pictures(reading, entry),
        part: (entry.parts > 1).then(|| t!(lang, "chat.part", part = entry.part, parts = entry.parts)),
        time: calendar.hour(message.created_at),
        time_whole: calendar.whole(message.created_at),
        state: mine.then(|| (tone(message.status), status_words(lang, message.status))),
        reason: mine.then(|| error_text(message, lang)).flatten(),
        decision: entry.decision.as_deref().filter(|word| tells(word)).and_then(|word| decision(lang, word)),
        may_retry: mine && failed && entry.retried_by.is_none(),
        retried: entry.retried_by.is_some(),
        is_retry: entry.retry_of.is_some(),
        held: message.status == MessageStatus::Held,
    }
}

/// What was answered shows itself, and what nobody switched on needs no words under each text.
fn tells(decision: &str) -> bool {
    !decision.starts_with("answered")
        && !["nothing_enabled", "imported", "before_enabled"].contains(&decision)
}

fn has_failed(status: MessageStatus) -> bool {
    use DeliveryStatus as D;
    matches!(status, MessageStatus::Reported(D::Failed | D::Undelivered))
}

fn is_together(before: &ThreadEntry, entry: &ThreadEntry) -> bool {
    let who = |entry: &ThreadEntry| (entry.message.direction, entry.message.origin, entry.author);
    let apart = entry.message.created_at.duration_since(before.message.created_at);
    who(before) == who(entry)
        && apart <= TOGETHER
        && channel_of(&before.message) == channel_of(&entry.message)
}

fn channel_of(message: &Message) -> &'static str {
    person::channel(person::other(message))
}

fn pictures(reading: &Reading<'_>, entry: &ThreadEntry) -> Vec<Picture> {
    let lang = reading.lang;
    let row = entry.message.row;
    let Some(attachments) = reading.attachments.get(&row) else {
        let files = (1..=entry.message.media_count).map(|_| Picture {
            href: String::new(),
            kind: Shape::Words,
            words: t!(lang, "chat.attachment").to_owned(),
        });
        return files.collect();
    };
    attachments.iter().map(|attachment| picture(lang, row, attachment)).collect()
}

fn picture(lang: Lang, row: i64, attachment: &Attachment) -> Picture {
    let words = |words: &str| Picture { href: String::new(), kind: Shape::Words, words: words.to_owned() };
    match (attachment.state, &attachment.file) {
        (MediaState::Stored, Some(file)) => Picture {
            href: format!("/media/{row}/{}", attachment.position),
            kind: shape(file.kind),
            words: t!(lang, "chat.file", kind = file.kind.ending().to_uppercase(), size = size(file.size)),
        },
        (MediaState::Lost, _) => words(t!(lang, "chat.media.lost")),
        (MediaState::Elsewhere, _) => words(t!(lang, "chat.media.elsewhere")),
        (MediaState::Waiting | MediaState::Stored, _) => words(t!(lang, "chat.media.waiting")),
    }
}

const fn shape(kind: MediaKind) -> Shape {
    match kind {
        MediaKind::Jpeg | MediaKind::Png | MediaKind::Gif | MediaKind::Webp => Shape::Image,
        MediaKind::Mp3 | MediaKind::Ogg => Shape::Sound,
        MediaKind::Mp4 | MediaKind::ThreeGp => Shape::Film,
        MediaKind::Amr | MediaKind::Pdf | MediaKind::VCard | MediaKind::Text | MediaKind::Unknown => {
            Shape::File
        }
    }
}

/// `1,4 MB` in whole tenths.
fn size(bytes: u32) -> String {
    match bytes {
        0..=999 => format!("{bytes} B"),
        1000..=999_999 => format!("{} kB", bytes / 1000),
        _ => format!("{},{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

impl Bubble {
    pub(super) fn by_machine(&self) -> bool {
        self.mine && self.author.is_none()
    }
}
