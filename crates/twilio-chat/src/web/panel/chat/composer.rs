//! Where a person writes: a text, or on a closed WhatsApp window a template; or why nothing may be sent.

use askama::Template;
use hub_domain::{ids::MessageId, segments::count, whatsapp::Window};

use crate::{app::chat::Opened, i18n::Lang, t, web::Web};

/// The place to write in.
#[derive(Debug, Template)]
#[template(path = "chat/composer.html")]
pub(super) struct Composer {
    pub(super) lang: Lang,
    /// 0: nobody has this number yet.
    pub(super) contact: i64,
    /// The number, as the meter wants it.
    pub(super) to: String,
    pub(super) back: String,
    /// Made for this text: sent twice, it is one message.
    pub(super) id: MessageId,
    pub(super) draft: String,
    pub(super) units: usize,
    pub(super) segments: usize,
    pub(super) encoding: &'static str,
    pub(super) opted_out: bool,
    pub(super) window_closed: bool,
    /// What was wrong with the text that came back.
    pub(super) fault: Option<String>,
}

pub(super) fn composer(web: &Web, lang: Lang, opened: &Opened, back: String) -> Composer {
    let line = &opened.line;
    let to = opened
        .route
        .as_ref()
        .map_or_else(|| line.person.key.clone(), |route| route.theirs.as_str().to_owned());
    let base = empty(web, lang, to, back);
    let draft = line.draft.clone().unwrap_or_default();
    Composer {
        contact: line.person.contact.0,
        opted_out: line.opted_out,
        window_closed: opened.window == Some(Window::Closed),
        ..base
    }
    .holding(draft)
}

/// For a number that nobody has yet.
pub(super) fn empty(web: &Web, lang: Lang, to: String, back: String) -> Composer {
    Composer {
        lang,
        contact: 0,
        to,
        back,
        id: web.app.world().message_id(),
        draft: String::new(),
        units: 0,
        segments: 0,
        encoding: "GSM-7",
        opted_out: false,
        window_closed: false,
        fault: None,
    }
}

impl Composer {
    /// Where the account's templates are chosen from.
    fn templates(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("contact", &self.contact.to_string());
        query.append_pair("to", &self.to).append_pair("back", &self.back);
        format!("/inbox/template?{}", query.finish())
    }

    /// With a text in it, measured.
    pub(super) fn holding(self, draft: String) -> Self {
        let measured = count(&draft);
        Self {
            units: measured.units,
            segments: measured.segments,
            encoding: measured.encoding.as_str(),
            draft,
            ..self
        }
    }

    /// With the text that was not sent, and why.
    pub(super) fn refused(self, draft: String, why: String) -> Self {
        Self { fault: Some(why), ..self.holding(draft) }
    }
}
