//! `/inbox/template`: choosing an approved WhatsApp template, filling it in with a preview, and sending it.
//!
//! A fragment of the composer, and a page of its own without scripts. What is filled in travels in bodies only: an
//! address with it would be kept by every proxy's log.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Extension,
    extract::{RawForm, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    content::Content,
    ids::{ContactId, MessageId},
    message::{Message, Origin},
    whatsapp,
};

use super::{back_to, person, place::thread_path};
use crate::{
    app::{
        auth::Viewer,
        by_hand::{HandRequest, HandTarget},
        contents::ContentsError,
        send::SendError,
    },
    i18n::Lang,
    t,
    web::{
        Web,
        api::messages::refusal,
        panel::{
            Shell, fault, html, keys,
            shell::is_fragment,
            toast::{Tone, with_toast},
        },
    },
};

/// Names of the fields with the values, before the name of the place.
const VALUE: &str = "value.";

#[derive(Template)]
#[template(path = "chat/template_page.html")]
struct PickerPage {
    shell: Shell,
    picker: Picker,
}

/// The list to choose from, and what was chosen.
#[derive(Template)]
#[template(path = "chat/template.html")]
struct Picker {
    lang: Lang,
    asked: Asked,
    /// Made for this template: sent twice, it is one message.
    id: MessageId,
    options: Vec<Choice>,
    /// Why there is nothing to choose from.
    fault: Option<String>,
    chosen: Option<Chosen>,
    /// Why it was not sent.
    refused: Option<String>,
}

impl Picker {
    /// The thread it belongs to.
    fn thread(&self) -> &str {
        back_to(&self.asked.back)
    }
}

struct Choice {
    sid: String,
    name: String,
    is_chosen: bool,
}

struct Chosen {
    sid: String,
    preview: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    place: String,
    value: String,
    sample: String,
}

/// What the forms of the picker say.
#[derive(Debug, Default)]
struct Asked {
    id: Option<MessageId>,
    contact: i64,
    to: String,
    back: String,
    sid: String,
    values: BTreeMap<String, String>,
}

impl Asked {
    fn parse(form: &[u8]) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            let value = value.into_owned();
            match &*name {
                "id" => asked.id = value.parse().ok().map(MessageId),
                "contact" => asked.contact = value.parse().unwrap_or_default(),
                "to" => asked.to = value,
                "back" => asked.back = value,
                "content_sid" => asked.sid = value,
                name => {
                    if let Some(place) = name.strip_prefix(VALUE) {
                        asked.values.insert(place.to_owned(), value);
                    }
                }
            }
        }
        asked
    }

    fn request(&self, content: Option<&Content>, viewer: &Viewer) -> Result<HandRequest, SendError> {
        let is_known =
            |place: &String| content.is_none_or(|content| content.places().contains(&place.as_str()));
        let values = self.values.iter().filter(|(place, _)| is_known(place));
        let values = values.map(|(place, value)| (place.clone(), value.trim().to_owned())).collect();
        Ok(HandRequest {
            id: self.id.ok_or(SendError::KeyReused)?,
            to: match self.contact {
                0 => HandTarget::Typed(self.to.clone()),
                contact => HandTarget::Contact(ContactId(contact)),
            },
            body: String::new(),
            template: Some(whatsapp::Template::new(&self.sid, values)?),
            fold: false,
            origin: Origin::Human,
            author: Some(viewer.user),
        })
    }
}

/// The list, with what was chosen of it.
pub(crate) async fn choose(
    State(web): State<Web>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    shell: Shell,
) -> Response {
    show(&web, &headers, shell, Asked::parse(query.unwrap_or_default().as_bytes())).await
}

/// The same with the values in their places.
pub(crate) async fn preview(
    State(web): State<Web>,
    headers: HeaderMap,
    shell: Shell,
    RawForm(form): RawForm,
) -> Response {
    show(&web, &headers, shell, Asked::parse(&form)).await
}

async fn show(web: &Web, headers: &HeaderMap, shell: Shell, asked: Asked) -> Response {
    let picker = picker(web, shell.lang, asked, None).await;
    if is_fragment(headers) {
        return html(StatusCode::OK, &picker);
    }
    html(StatusCode::OK, &PickerPage { shell, picker })
}

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    RawForm(form): RawForm,
) -> Response {
    let asked = Asked::parse(&form);
    // Without the list Twilio is the one to say what is wrong with the template.
    let contents = web.app.approved_contents().await.ok();
    let content = contents.as_ref().and_then(|contents| contents.iter().find(|known| known.sid == asked.sid));
    if let Some(place) = content.and_then(|content| content.missing(&asked.values)) {
        let why = t!(shell.lang, "chat.template.missing", place = place);
        return refused(&web, &headers, shell, asked, StatusCode::UNPROCESSABLE_ENTITY, why).await;
    }
    let sent = match asked.request(content, &viewer) {
        Ok(request) => web.app.send_by_hand(request).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(parts) => done(&web, &headers, shell.lang, asked, &parts).await,
        Err(SendError::Store(error)) => {
            tracing::error!(%error, "a template could not be written down");
            fault::store(&web, &headers, Some(&viewer))
        }
        Err(error) => {
            let (status, why) = refusal(&error, shell.lang);
            refused(&web, &headers, shell, asked, status, why).await
        }
    }
}

async fn done(web: &Web, headers: &HeaderMap, lang: Lang, asked: Asked, parts: &[Message]) -> Response {
    // The number as Twilio writes it leads to the thread that has just begun.
    let begun = parts.first().filter(|_| asked.contact == 0).map(|part| thread_path(person::other(part)));
    if !is_fragment(headers) {
        return Redirect::to(begun.as_deref().unwrap_or_else(|| back_to(&asked.back))).into_response();
    }
    if let Some(Ok(thread)) = begun.as_deref().map(HeaderValue::from_str) {
        return ([("hx-redirect", thread)], StatusCode::NO_CONTENT).into_response();
    }
    // Ready for the next one.
    let again = Asked { id: None, sid: String::new(), values: BTreeMap::new(), ..asked };
    let picker = picker(web, lang, again, None).await;
    with_toast(html(StatusCode::OK, &picker), Tone::Good, t!(lang, "chat.sent"))
}

async fn refused(
    web: &Web,
    headers: &HeaderMap,
    shell: Shell,
    asked: Asked,
    status: StatusCode,
    why: String,
) -> Response {
    if is_fragment(headers) {
        return with_toast(status, Tone::Bad, &why);
    }
    let picker = picker(web, shell.lang, asked, Some(why)).await;
    html(status, &PickerPage { shell, picker })
}

async fn picker(web: &Web, lang: Lang, asked: Asked, refused: Option<String>) -> Picker {
    let id = asked.id.unwrap_or_else(|| web.app.new_message_id());
    let (options, chosen, fault) = match web.app.approved_contents().await {
        Ok(contents) => {
            let choice = |content: &Content| choice(content, &asked.sid);
            let chosen = contents.iter().find(|content| content.sid == asked.sid);
            let none = contents.is_empty().then(|| t!(lang, "chat.template.none").to_owned());
            (
                contents.iter().map(choice).collect(),
                chosen.map(|content| filled(content, &asked.values)),
                none,
            )
        }
        Err(error) => {
            tracing::warn!(%error, "the account's templates could not be listed");
            (Vec::new(), None, Some(why_none(lang, &error)))
        }
    };
    Picker { lang, asked, id, options, fault, chosen, refused }
}

fn choice(content: &Content, chosen: &str) -> Choice {
    let name = match content.language.as_str() {
        "" => content.name.clone(),
        language => format!("{} ({language})", content.name),
    };
    Choice { sid: content.sid.clone(), name, is_chosen: content.sid == chosen }
}

fn filled(content: &Content, values: &BTreeMap<String, String>) -> Chosen {
    let field = |place: &str| Field {
        name: format!("{VALUE}{place}"),
        place: place.to_owned(),
        value: values.get(place).cloned().unwrap_or_default(),
        sample: content.samples.get(place).cloned().unwrap_or_default(),
    };
    Chosen {
        sid: content.sid.clone(),
        preview: content.filled(values),
        fields: content.places().into_iter().map(field).collect(),
    }
}

fn why_none(lang: Lang, error: &ContentsError) -> String {
    let why = match error {
        ContentsError::NoAccount => t!(lang, "webhooks.no_account").to_owned(),
        ContentsError::Twilio(error) => keys::words::twilio(lang, error),
    };
    format!("{why} {}", t!(lang, "chat.template.by_hand.instead"))
}
