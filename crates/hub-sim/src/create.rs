//! `POST Messages.json`: faults, checks, and the new message's course.

use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;

use crate::checks::{self, Draft};
use crate::config::Ending;
use crate::faults::CreateFault;
use crate::form::Form;
use crate::message::{Direction, Media, SimMessage, Status};
use crate::progress::Course;
use crate::reply::{ConnectionFault, Refusal, Reply};
use crate::segments;
use crate::state::State;
use crate::webhook::Webhook;

/// What a create leads to.
#[derive(Debug)]
pub(crate) struct Created {
    pub(crate) reply: Reply,
    /// A status callback that has to be answered before `reply` leaves.
    pub(crate) early: Option<Webhook>,
    /// How long the answer takes beyond that of any call.
    pub(crate) latency: Duration,
}

/// What a fault makes of a create.
enum Fate {
    /// Processed and answered as usual.
    Answered,
    /// Refused without a look.
    Refused(Refusal),
    /// Not processed; this is the answer.
    Turned(Reply),
    /// Not processed, not answered.
    Lost(ConnectionFault),
    /// Processed, but this is the answer.
    Hidden(Reply),
}

impl State {
    /// Handles one create, faults included.
    pub(crate) fn create(&mut self, form: &Form, now: Timestamp) -> Created {
        self.counts.creates += 1;
        let (fault, callback_first) = self.faults.draw_create(&mut self.luck);
        let hidden = match fate(&fault) {
            Fate::Answered => None,
            Fate::Hidden(reply) => Some(reply),
            Fate::Refused(refusal) => return self.refused(refusal),
            Fate::Turned(reply) => {
                self.counts.refused += 1;
                return Created { reply, early: None, latency: Duration::ZERO };
            }
            Fate::Lost(fault) => {
                self.counts.lost += 1;
                return Created { reply: Reply::Fault(fault), early: None, latency: Duration::ZERO };
            }
        };
        match checks::check(form, self, now) {
            Ok(draft) => {
                let created = self.accept(draft, hidden, callback_first, now);
                if let CreateFault::Slow { ms } = fault {
                    Created { latency: Duration::from_millis(ms), ..created }
                } else {
                    created
                }
            }
            Err(refusal) => self.refused(refusal),
        }
    }

    fn refused(&mut self, refusal: Refusal) -> Created {
        self.counts.refused += 1;
        Created { reply: Reply::Refused(refusal), early: None, latency: Duration::ZERO }
    }

    fn accept(
        &mut self,
        draft: Draft,
        hidden: Option<Reply>,
        callback_first: bool,
        now: Timestamp,
    ) -> Created {
        self.counts.accepted += 1;
        self.counts.hidden += usize::from(hidden.is_some());
        let course = self.course_of(&draft, now);
        let message = self.new_message(draft, now);
        // The answer tells the initial status even when a callback overtakes it.
        let resource = message.to_json(&self.config.account_sid);
        let index = self.keep(message);
        let early = self.set_off(index, course, callback_first, now);
        let reply = hidden.unwrap_or(Reply::Json(StatusCode::CREATED, resource));
        Created { reply, early, latency: Duration::ZERO }
    }

    fn course_of(&self, draft: &Draft, now: Timestamp) -> Course {
        let (mut ending, mut error_code) = self.config.ending_for(&draft.to);
        let is_whatsapp = draft.to.starts_with("whatsapp:");
        if self.config.whatsapp_window && is_whatsapp && draft.is_free_form {
            let last = self.last_inbound.get(&(draft.from.clone(), draft.to.clone()));
            let sent_at = draft.send_at.unwrap_or(now);
            let is_open = last.is_some_and(|last| sent_at.duration_since(*last).as_hours() < 24);
            if !is_open {
                (ending, error_code) = (Ending::Failed, Some(63016));
            }
        }
        if draft.is_unfilled {
            (ending, error_code) = (Ending::Failed, Some(63028));
        }
        Course { initial: initial_status(draft), starts: draft.send_at.unwrap_or(now), ending, error_code }
    }

    fn new_message(&mut self, draft: Draft, now: Timestamp) -> SimMessage {
        let status = initial_status(&draft);
        let is_known = draft.service_sid.is_none();
        SimMessage {
            sid: self.ids.sid(if draft.media_urls.is_empty() { "SM" } else { "MM" }),
            direction: Direction::OutboundApi,
            from: is_known.then(|| draft.from.clone()),
            to: draft.to,
            num_segments: if is_known { segments::count(&draft.body) } else { 0 },
            body: draft.body,
            media: draft.media_urls.into_iter().map(media).collect(),
            status,
            error_code: None,
            messaging_service_sid: draft.service_sid,
            status_callback: draft.status_callback,
            created: now,
            updated: now,
            sent: None,
            deleted: false,
            chosen_from: Some(draft.from),
        }
    }
}

fn fate(fault: &CreateFault) -> Fate {
    match fault {
        CreateFault::Fine | CreateFault::CallbackFirst | CreateFault::Slow { .. } => Fate::Answered,
        CreateFault::Unauthorized => Fate::Refused(Refusal::unauthorized()),
        CreateFault::QueueFull => Fate::Refused(Refusal::queue_full()),
        CreateFault::HtmlError => Fate::Turned(Reply::HtmlError),
        CreateFault::Throttled => Fate::Refused(Refusal::throttled()),
        CreateFault::ErrorBefore => Fate::Refused(Refusal::internal()),
        CreateFault::Refused { status, code } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
            Fate::Refused(Refusal::new(status, *code, "Refused as planned"))
        }
        CreateFault::CutBefore => Fate::Lost(ConnectionFault::Cut),
        CreateFault::HangBefore => Fate::Lost(ConnectionFault::Hang),
        CreateFault::ErrorAfter => Fate::Hidden(Reply::Refused(Refusal::internal())),
        CreateFault::CutAfter => Fate::Hidden(Reply::Fault(ConnectionFault::Cut)),
        CreateFault::HangAfter => Fate::Hidden(Reply::Fault(ConnectionFault::Hang)),
        CreateFault::Garbage => Fate::Hidden(Reply::Garbage),
    }
}

const fn initial_status(draft: &Draft) -> Status {
    match (&draft.send_at, &draft.service_sid) {
        (Some(_), _) => Status::Scheduled,
        (None, Some(_)) => Status::Accepted,
        (None, None) => Status::Queued,
    }
}

fn media(url: String) -> Media {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let content_type = match path.rsplit('.').next() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("pdf") => "application/pdf",
        Some("mp3") => "audio/mpeg",
        Some("mp4") => "video/mp4",
        _ => "application/octet-stream",
    };
    Media { url, content_type: content_type.to_owned() }
}
