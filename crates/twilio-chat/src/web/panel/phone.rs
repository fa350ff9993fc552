//! `/demo/phone`: a customer's phone to write from, over the simulator.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::address::PhoneNumber;
use hub_sim::{PhoneText, Scenario};
use serde::Deserialize;

use super::{Shell, html};
use crate::{
    app::auth::Viewer,
    i18n::Lang,
    t,
    web::{PhoneLine, STORY_HOUR, Web},
};

/// How an address on WhatsApp begins.
const WHATSAPP: &str = "whatsapp:";

/// Phones on offer beside ours, at most.
const MOST_OTHERS: usize = 20;

/// The customers one can play.
const PHONES: [&str; 3] = ["+48500100200", "+48500100201", "+48500100202"];

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    shell: Shell,
    phones: Vec<Choice>,
    phone: String,
    /// The phone as it stands in a query.
    query: String,
    hub_number: String,
    thread: Thread,
}

struct Choice {
    query: String,
    shown: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "phone_thread.html")]
struct Thread {
    lang: Lang,
    bubbles: Vec<Bubble>,
}

struct Bubble {
    mine: bool,
    body: String,
    /// How many files came along.
    files: usize,
    arrived: bool,
    time: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    phone: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Text {
    phone: String,
    body: String,
}

pub(crate) async fn page(State(web): State<Web>, Query(which): Query<Which>, shell: Shell) -> Response {
    let Some(line) = &web.settings.simulator else { return StatusCode::NOT_FOUND.into_response() };
    let phone = chosen(line, which.phone.as_deref());
    let page = PhonePage {
        phones: offered(line).iter().map(|number| choice(number, &phone)).collect(),
        query: escaped(&phone),
        hub_number: line.hub_number.clone(),
        thread: shown(&web, line, &phone, shell.lang),
        phone,
        shell,
    };
    html(StatusCode::OK, &page)
}

pub(crate) async fn thread(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Query(which): Query<Which>,
) -> Response {
    let Some(line) = &web.settings.simulator else { return StatusCode::NOT_FOUND.into_response() };
    let lang = web.settings.lang.or_chosen(viewer.language);
    html(StatusCode::OK, &shown(&web, line, &chosen(line, which.phone.as_deref()), lang))
}

pub(crate) async fn write(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(text): Form<Text>,
) -> Response {
    let Some(line) = &web.settings.simulator else { return StatusCode::NOT_FOUND.into_response() };
    let phone = chosen(line, Some(&text.phone));
    if !text.body.trim().is_empty() {
        line.simulator.phone_sends(PhoneText {
            from: phone.clone(),
            to: if phone.starts_with(WHATSAPP) {
                format!("{WHATSAPP}{}", line.hub_number)
            } else {
                line.hub_number.clone()
            },
            body: text.body.replace("\r\n", "\n"),
            ..PhoneText::default()
        });
    }
    if headers.contains_key("hx-request") {
        let lang = web.settings.lang.or_chosen(viewer.language);
        html(StatusCode::OK, &shown(&web, line, &phone, lang))
    } else {
        Redirect::to(&format!("/demo/phone?phone={}", escaped(&phone))).into_response()
    }
}

/// Lets the shop's day begin; where its texts arrive is where one wants to be.
pub(crate) async fn play(State(web): State<Web>) -> Response {
    let Some(line) = &web.settings.simulator else { return StatusCode::NOT_FOUND.into_response() };
    let Some(story) = Scenario::named("shop") else { return StatusCode::NOT_FOUND.into_response() };
    line.simulator.play(&story, &line.hub_number, STORY_HOUR);
    Redirect::to("/").into_response()
}

/// Our phones, and those of the story's people once they have written.
fn offered(line: &PhoneLine) -> Vec<String> {
    let mut phones = PHONES.map(str::to_owned).to_vec();
    let others = line.simulator.people().into_iter().filter(|number| !PHONES.contains(&&**number));
    phones.extend(others.take(MOST_OTHERS));
    phones
}

/// One of the phones on offer, the first when another is asked for.
fn chosen(line: &PhoneLine, phone: Option<&str>) -> String {
    let [first, ..] = PHONES;
    offered(line).into_iter().find(|known| Some(&**known) == phone).unwrap_or_else(|| first.to_owned())
}

fn choice(number: &str, chosen: &str) -> Choice {
    let (channel, bare) = match number.strip_prefix(WHATSAPP) {
        Some(bare) => ("WhatsApp ", bare),
        None => ("", number),
    };
    let grouped = PhoneNumber::parse(bare).map_or_else(|_| bare.to_owned(), |phone| phone.display_grouped());
    let shown = format!("{channel}{grouped}");
    Choice { query: escaped(number), shown, chosen: number == chosen }
}

/// A plus in a query means a space.
fn escaped(number: &str) -> String {
    number.replace('+', "%2B")
}

fn shown(web: &Web, line: &PhoneLine, phone: &str, lang: Lang) -> Thread {
    let zone = &web.settings.time_zone;
    let bubbles = line
        .simulator
        .phone_thread(phone)
        .into_iter()
        .map(|bubble| Bubble {
            mine: bubble.is_mine,
            arrived: bubble.has_arrived,
            time: bubble.at.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
            files: bubble.media.len(),
            body: bubble.body,
        })
        .collect();
    Thread { lang, bubbles }
}
