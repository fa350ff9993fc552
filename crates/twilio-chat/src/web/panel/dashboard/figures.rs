//! How many messages there are and how they stand, and what stops all of them.

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use hub_domain::{access::Role, message::Direction, series::Span, stop::Stop};

use super::{
    super::{html, moment},
    choice::{self, Choice},
    notices::{Notice, notices},
};
use crate::{
    app::{auth::Viewer, desk::Overview},
    i18n::Lang,
    t,
    web::Web,
};

#[derive(Debug, Template)]
#[template(path = "desk_figures.html")]
pub(super) struct Figures {
    lang: Lang,
    stopped: Option<Stopped>,
    notices: Vec<Notice>,
    /// Empty: they could not be read.
    shown: Vec<Figure>,
}

/// Nothing leaves.
#[derive(Debug)]
struct Stopped {
    since: String,
    advice: String,
}

#[derive(Debug)]
struct Figure {
    label: &'static str,
    number: String,
    address: String,
    tone: &'static str,
}

/// The figures after a change.
pub(crate) async fn fragment(State(web): State<Web>, Extension(viewer): Extension<Viewer>) -> Response {
    let (lang, is_admin) = (web.settings.lang.or_chosen(viewer.language), viewer.role == Role::Admin);
    html(StatusCode::OK, &figures(&web, lang, is_admin).await)
}

pub(super) async fn figures(web: &Web, lang: Lang, is_admin: bool) -> Figures {
    match web.app.overview().await {
        Ok(overview) => shown(web, lang, is_admin, &overview),
        Err(error) => {
            tracing::error!(%error, "the dashboard's figures could not be read");
            Figures { lang, stopped: None, notices: Vec::new(), shown: Vec::new() }
        }
    }
}

fn shown(web: &Web, lang: Lang, is_admin: bool, overview: &Overview) -> Figures {
    let all = Choice { span: Span::Week, direction: None, state: None, before: None };
    let totals = &overview.totals;
    let figure = |label, number: u32, choice: Choice, tone| Figure {
        label,
        number: grouped(lang, number.into()),
        address: format!("{}#latest", choice.at("/")),
        tone,
    };
    let of = |direction| Choice { direction: Some(direction), ..all };
    let state = |state| Choice { state: Some(state), ..all };
    let bad_if_any = |number: u32| if number > 0 { "bad" } else { "calm" };
    Figures {
        lang,
        stopped: overview.stop.map(|stop| stopped(web, lang, stop)),
        notices: notices(web, lang, is_admin, overview),
        shown: vec![
            figure(t!(lang, "desk.all"), totals.inbound + totals.outbound, all, "calm"),
            figure(t!(lang, "desk.inbound"), totals.inbound, of(Direction::Inbound), "calm"),
            figure(t!(lang, "desk.outbound"), totals.outbound, of(Direction::Outbound), "calm"),
            figure(t!(lang, "desk.waiting"), totals.waiting, state(choice::State::Waiting), "calm"),
            figure(
                t!(lang, "desk.failed"),
                totals.failed,
                state(choice::State::Failed),
                bad_if_any(totals.failed),
            ),
        ],
    }
}

fn stopped(web: &Web, lang: Lang, stop: Stop) -> Stopped {
    let known = stop.advice().map(|advice| lang.pick(advice.pl, advice.en));
    let code = stop.code.map_or_else(|| format!("HTTP {}", stop.http_status), |code| code.to_string());
    Stopped {
        since: moment(web, stop.since),
        advice: format!("{} ({code})", known.unwrap_or(t!(lang, "desk.stopped.advice"))),
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(lang: Lang, number: u64) -> String {
    let apart = match lang {
        Lang::Pl => '\u{a0}',
        Lang::En => ',',
    };
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(apart);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_as_each_language_writes_them() {
        for (number, polish, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1\u{a0}000", "1,000"),
            (1_234_567, "1\u{a0}234\u{a0}567", "1,234,567"),
        ] {
            assert_eq!(grouped(Lang::Pl, number), polish);
            assert_eq!(grouped(Lang::En, number), english);
        }
    }
}
