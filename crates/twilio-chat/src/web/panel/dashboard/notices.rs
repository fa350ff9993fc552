//! Notices over the figures: what was recovered after an outage, what the money cap holds back, what else waits for a
//! person. Each says where to go; they come and go with the figures, live.

use axum::{
    Extension, Form,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use hub_store::{Notices, Recovered};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::{fault, moment},
    choice::{self, Choice},
    figures::grouped,
};
use crate::{
    app::{auth::Viewer, desk::Overview},
    i18n::{Lang, plural},
    t,
    web::Web,
};

/// One notice.
#[derive(Debug)]
pub(super) struct Notice {
    pub(super) id: &'static str,
    pub(super) words: String,
    pub(super) links: Vec<(&'static str, String)>,
    /// The report that a button says to have been seen.
    pub(super) report: Option<i64>,
}

/// What is to be told now, the rarest first.
pub(super) fn notices(web: &Web, lang: Lang, is_admin: bool, overview: &Overview) -> Vec<Notice> {
    let Notices { recovered, held_by_money, held_behind_a_part } = overview.notices;
    let others = overview.totals.held.saturating_sub(held_by_money).saturating_sub(held_behind_a_part);
    let money = (held_by_money > 0).then(|| money(lang, held_by_money));
    let waiting = (others > 0).then(|| waiting(lang, others));
    [recovered.map(|found| self::recovered(web, lang, is_admin, &found)), money, waiting]
        .into_iter()
        .flatten()
        .collect()
}

fn recovered(web: &Web, lang: Lang, is_admin: bool, found: &Recovered) -> Notice {
    let messages = counted_messages(lang, found.messages);
    let mut words = match (found.from, found.to) {
        (Some(from), Some(to)) => {
            t!(lang, "desk.recovered.between", messages = messages, when = between(web, from, to))
        }
        _ => t!(lang, "desk.recovered", messages = messages),
    };
    let mut links = Vec::new();
    if is_admin {
        links.push((t!(lang, "desk.recovered.where"), "/settings/recovery".to_owned()));
    }
    if found.waiting > 0 {
        let answers = plural(
            lang,
            found.waiting.into(),
            t!(lang, "desk.recovered.waiting.one"),
            t!(lang, "desk.recovered.waiting.few"),
            t!(lang, "desk.recovered.waiting.many"),
        );
        words = format!("{words} {} {answers}", grouped(lang, found.waiting.into()));
        links.push((t!(lang, "desk.held.where"), held_address()));
    }
    Notice { id: "recovered", words, links, report: Some(found.report) }
}

fn money(lang: Lang, held: u32) -> Notice {
    let words = t!(lang, "desk.money", messages = counted_messages(lang, held));
    let links = vec![
        (t!(lang, "desk.money.where"), "/ai/guards".to_owned()),
        (t!(lang, "desk.held.where"), held_address()),
    ];
    Notice { id: "money", words, links, report: None }
}

fn waiting(lang: Lang, held: u32) -> Notice {
    let words = plural(
        lang,
        held.into(),
        t!(lang, "desk.held.one"),
        t!(lang, "desk.held.few"),
        t!(lang, "desk.held.many"),
    );
    let words = format!("{} {words}", grouped(lang, held.into()));
    Notice { id: "held", words, links: vec![(t!(lang, "desk.held.where"), held_address())], report: None }
}

/// Where the held messages stand with their buttons.
fn held_address() -> String {
    let all = Choice::from(choice::Query::default());
    format!("{}#latest", Choice { state: Some(choice::State::Open), ..all }.at("/"))
}

fn counted_messages(lang: Lang, number: u32) -> String {
    let noun = plural(
        lang,
        number.into(),
        t!(lang, "desk.messages.one"),
        t!(lang, "desk.messages.few"),
        t!(lang, "desk.messages.many"),
    );
    format!("{} {noun}", grouped(lang, number.into()))
}

/// The day once where both are of one day.
fn between(web: &Web, from: Timestamp, to: Timestamp) -> String {
    let (from, to) = (moment(web, from), moment(web, to));
    match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, _)), Some((same, hour))) if day == same => format!("{from} – {hour}"),
        _ => format!("{from} – {to}"),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Seen {
    report: i64,
}

pub(crate) async fn seen(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(seen): Form<Seen>,
) -> Response {
    match web.app.see_recovery(seen.report).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => {
            tracing::error!(%error, "that a report was seen could not be written");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}
