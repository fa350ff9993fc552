//! `/inbox/messages/{row}`: all that is known of a message, alone as a page or in a dialog.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::{status::DeliveryStatus, status::MessageStatus, twilio_code};
use hub_store::MessageDetails;

use super::{act::Fields, back_to, dates::Calendar, person, place::thread_path};
use crate::{
    app::auth::Viewer,
    i18n::Lang,
    t,
    web::{
        Web,
        api::messages::error_text,
        panel::{
            Shell, fault, html,
            shell::is_fragment,
            words::{decimal, status_words},
        },
    },
};

#[derive(Template)]
#[template(path = "chat/details_page.html")]
struct DetailsPage {
    shell: Shell,
    back: String,
    details: Details,
}

#[derive(Template)]
#[template(path = "chat/details.html")]
struct Details {
    lang: Lang,
    row: i64,
    back: String,
    /// What is known, in words: a name and a value.
    facts: Vec<(&'static str, String)>,
    advice: Option<String>,
    log: Vec<Happening>,
    /// Calls to a model that it was asked about or came of.
    receipts: Vec<i64>,
    may_delete: bool,
}

struct Happening {
    time: String,
    words: String,
}

pub(crate) async fn show(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(row): Path<i64>,
    Asked(fields): Asked<Fields>,
    shell: Shell,
) -> Response {
    match tokio::try_join!(web.app.message_details(row), web.app.receipts(row)) {
        Ok((Some(found), receipts)) => {
            let message = &found.entry.message;
            let thread = thread_path(person::other(message));
            let back = if fields.back.is_empty() { thread } else { back_to(&fields.back).to_owned() };
            let receipts = receipts.iter().map(|receipt| receipt.id).collect();
            let details = details(&web, &shell, &found, receipts, back.clone());
            if is_fragment(&headers) {
                return html(StatusCode::OK, &details);
            }
            html(StatusCode::OK, &DetailsPage { shell, back, details })
        }
        Ok((None, _)) => fault::nobody(&web, &headers, &viewer),
        Err(error) => {
            tracing::error!(%error, "a message could not be read");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

fn details(web: &Web, shell: &Shell, found: &MessageDetails, receipts: Vec<i64>, back: String) -> Details {
    let lang = shell.lang;
    let calendar = Calendar::new(&web.settings.time_zone, web.app.world().now(), lang);
    Details {
        lang,
        row: found.entry.message.row,
        back,
        facts: facts(lang, &calendar, found),
        advice: error_text(&found.entry.message, lang),
        log: log(lang, &calendar, found),
        receipts,
        may_delete: shell.is_admin(),
    }
}

fn facts(lang: Lang, calendar: &Calendar, found: &MessageDetails) -> Vec<(&'static str, String)> {
    let (entry, message) = (&found.entry, &found.entry.message);
    let price = entry.price.as_ref().map(|price| {
        let amount = decimal(lang, price.trim_start_matches('-'));
        format!("{amount} {}", entry.price_unit.as_deref().unwrap_or_default())
    });
    let origin = message.origin.map(|origin| person::origin_words(lang, origin).to_owned());
    let facts = [
        (t!(lang, "chat.details.state"), Some(status_words(lang, message.status).to_owned())),
        (t!(lang, "chat.details.origin"), origin),
        (t!(lang, "chat.details.from"), Some(person::shown(&message.from)).filter(|from| !from.is_empty())),
        (t!(lang, "chat.details.to"), Some(person::shown(&message.to))),
        (t!(lang, "chat.details.channel"), Some(person::channel(person::other(message)).to_owned())),
        (t!(lang, "chat.details.written"), Some(calendar.whole(message.created_at))),
        (t!(lang, "chat.details.segments"), entry.segments.map(|segments| segments.to_string())),
        (t!(lang, "chat.details.price"), price),
        (t!(lang, "chat.details.template"), entry.content_sid.clone()),
        (t!(lang, "chat.details.sid"), message.sid.as_ref().map(ToString::to_string)),
        (t!(lang, "chat.details.number"), Some(message.row.to_string())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Calls and reports in the order they happened.
fn log(lang: Lang, calendar: &Calendar, found: &MessageDetails) -> Vec<Happening> {
    let calls = found.attempts.iter().map(|attempt| {
        let code = attempt.code.map(|code| format!(" ({code})")).unwrap_or_default();
        let words = match attempt.outcome.as_deref() {
            None => t!(lang, "chat.details.calling").to_owned(),
            Some("accepted") => t!(lang, "chat.details.accepted").to_owned(),
            Some("ambiguous") => t!(lang, "chat.details.ambiguous").to_owned(),
            Some(_) => format!("{}{code}", t!(lang, "chat.details.refused")),
        };
        (attempt.started_at, words)
    });
    let reports = found.reports.iter().map(|report| {
        let status = DeliveryStatus::parse(&report.status).map(MessageStatus::Reported);
        let words =
            status.map_or_else(|| report.status.clone(), |status| status_words(lang, status).to_owned());
        let advice = report.error_code.map(|code| {
            let known = twilio_code::advice(code).map(|advice| lang.pick(advice.pl, advice.en));
            format!(": {} ({code})", known.unwrap_or_default())
        });
        (report.received_at, format!("{words}{}", advice.unwrap_or_default()))
    });
    let mut all: Vec<_> = calls.chain(reports).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(at, words)| Happening { time: calendar.whole(at), words }).collect()
}
