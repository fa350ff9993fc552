//! The dashboard's charts: each is drawn from the table that stands behind it.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use hub_domain::series::{Counts, Point, Span};
use hub_store::StoreError;

use super::{
    super::{fault, html},
    choice::{Choice, Query},
    figures::grouped,
};
use crate::{
    app::auth::Viewer,
    i18n::Lang,
    t,
    web::{Web, api::lenient_query::LenientQuery},
};

#[derive(Debug, Template)]
#[template(path = "desk_charts.html")]
pub(super) struct Charts {
    lang: Lang,
    /// Where the fragment asks for itself.
    refresh: String,
    csv: String,
    spans: Vec<SpanLink>,
    /// Empty: they could not be read.
    drawn: Vec<Chart>,
}

#[derive(Debug)]
struct SpanLink {
    address: String,
    word: &'static str,
    label: &'static str,
    is_here: bool,
}

#[derive(Debug)]
struct Chart {
    name: &'static str,
    title: &'static str,
    lines: [Line; 2],
    rows: Vec<Row>,
}

/// A line of a chart and its sum.
#[derive(Debug)]
struct Line {
    tone: &'static str,
    label: &'static str,
    sum: String,
}

#[derive(Debug)]
struct Row {
    label: String,
    short: String,
    values: [u32; 2],
}

/// The charts after the first load, and when another span is chosen.
pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    LenientQuery(query): LenientQuery<Query>,
) -> Response {
    let lang = web.settings.lang.or_chosen(viewer.language);
    html(StatusCode::OK, &charts(&web, lang, query.into()).await)
}

/// The figures behind the charts, for a spreadsheet.
pub(crate) async fn csv(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: axum::http::HeaderMap,
    LenientQuery(query): LenientQuery<Query>,
) -> Response {
    let span = Choice::from(query).span;
    match web.app.series(span, &web.settings.time_zone).await {
        Ok(points) => {
            let name = format!("attachment; filename=\"twilio-chat-{}.csv\"", span.as_str());
            let kind = "text/csv; charset=utf-8".to_owned();
            ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], table(&points)).into_response()
        }
        Err(error) => {
            told(&error);
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

/// Names and moments as the API writes them, so that the file reads the same in every language.
fn table(points: &[Point]) -> String {
    let mut text = "from,inbound,outbound,delivered,failed\r\n".to_owned();
    for Point { from, counts: c } in points {
        let from = from.strftime("%Y-%m-%dT%H:%M:%S%:z");
        // Writing to a String cannot fail.
        let _ = write!(text, "{from},{},{},{},{}\r\n", c.inbound, c.outbound, c.delivered, c.failed);
    }
    text
}

pub(super) async fn charts(web: &Web, lang: Lang, choice: Choice) -> Charts {
    let charts = match web.app.series(choice.span, &web.settings.time_zone).await {
        Ok(points) => both(lang, choice.span, &points),
        Err(error) => {
            told(&error);
            Vec::new()
        }
    };
    let link = |span: Span| SpanLink {
        address: Choice { span, ..choice }.at("/"),
        word: span.as_str(),
        label: span_words(lang, span),
        is_here: span == choice.span,
    };
    let only_span = Choice { direction: None, state: None, before: None, ..choice };
    Charts {
        lang,
        refresh: choice.at("/desk/charts"),
        csv: only_span.at("/desk/series.csv"),
        spans: Span::ALL.into_iter().map(link).collect(),
        drawn: charts,
    }
}

/// One line of a chart: its tone, its name, what it counts.
type Counted = (&'static str, &'static str, fn(&Counts) -> u32);

fn both(lang: Lang, span: Span, points: &[Point]) -> Vec<Chart> {
    let chart = |name, title, [first, second]: [Counted; 2]| {
        let sum = |of: fn(&Counts) -> u32| points.iter().map(|point| u64::from(of(&point.counts))).sum();
        let line = |(tone, label, of)| Line { tone, label, sum: grouped(lang, sum(of)) };
        let rows = points.iter().map(|point| Row {
            label: moment(span, point, false),
            short: moment(span, point, true),
            values: [first.2(&point.counts), second.2(&point.counts)],
        });
        Chart { name, title, rows: rows.collect(), lines: [line(first), line(second)] }
    };
    vec![
        chart(
            "volume",
            t!(lang, "desk.volume"),
            [
                ("accent", t!(lang, "desk.inbound"), |counts| counts.inbound),
                ("soft", t!(lang, "desk.outbound"), |counts| counts.outbound),
            ],
        ),
        chart(
            "delivery",
            t!(lang, "desk.delivery"),
            [
                ("good", t!(lang, "desk.delivered"), |counts| counts.delivered),
                ("bad", t!(lang, "desk.failed"), |counts| counts.failed),
            ],
        ),
    ]
}

fn moment(span: Span, point: &Point, short: bool) -> String {
    let form = match (span, short) {
        (Span::Day, true) => "%H:%M",
        (Span::Day, false) => "%d.%m %H:%M",
        (Span::Week | Span::Month | Span::Quarter, true) => "%d.%m",
        (Span::Week | Span::Month | Span::Quarter, false) => "%d.%m.%Y",
    };
    point.from.strftime(form).to_string()
}

fn span_words(lang: Lang, span: Span) -> &'static str {
    match span {
        Span::Day => t!(lang, "desk.span.day"),
        Span::Week => t!(lang, "desk.span.week"),
        Span::Month => t!(lang, "desk.span.month"),
        Span::Quarter => t!(lang, "desk.span.quarter"),
    }
}

fn told(error: &StoreError) {
    tracing::error!(%error, "the charts could not be read");
}
