//! `/contacts`: everybody who ever wrote or was written to, with what they are called and whether they want to hear
//! from us.

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_store::{InboxLine, StoreError, View};
use serde::Deserialize;

use super::{Shell, chat::thread_path, fault, html, moment, words};
use crate::{app::auth::Viewer, t, web::Web};

/// People on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    shell: Shell,
    looked_for: String,
    opted_out: bool,
    people: Vec<Contact>,
    is_first: bool,
    /// The query of the next page.
    more: Option<String>,
}

impl ContactsPage {
    /// The tab that is shown; a search is in none.
    fn tab(&self) -> &'static str {
        match (self.opted_out, self.looked_for.is_empty()) {
            (_, false) => "",
            (true, true) => "opted_out",
            (false, true) => "all",
        }
    }
}

struct Contact {
    href: String,
    name: Option<String>,
    number: String,
    opted_out: bool,
    messages: u32,
    last: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    view: String,
    before: Option<i64>,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    shell: Shell,
) -> Response {
    match read(&web, shell, &asked).await {
        Ok(page) => html(StatusCode::OK, &page),
        Err(error) => {
            tracing::error!(%error, "the contacts could not be read");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

async fn read(web: &Web, shell: Shell, asked: &Asked) -> Result<ContactsPage, StoreError> {
    let looked_for = asked.q.trim().to_owned();
    let view = View::parse(&asked.view).filter(|view| *view == View::OptedOut).unwrap_or(View::All);
    let (lines, next) = if looked_for.is_empty() {
        let page = web.app.inbox(view, asked.before, SHOWN).await?;
        (page.items, page.next)
    } else {
        (web.app.search(&looked_for, None, None, 1).await?.people, None)
    };
    Ok(ContactsPage {
        shell,
        opted_out: view == View::OptedOut,
        looked_for,
        people: lines.iter().map(|line| contact(web, line)).collect(),
        is_first: asked.before.is_none(),
        more: next.map(|next| format!("/contacts?view={}&before={next}", view.as_str())),
    })
}

fn contact(web: &Web, line: &InboxLine) -> Contact {
    Contact {
        href: thread_path(&line.person.key),
        name: line.name.clone(),
        number: words::contact(&line.person.key),
        opted_out: line.opted_out,
        messages: line.message_count,
        last: line.last.as_ref().map(|last| moment(web, last.created_at)).unwrap_or_default(),
    }
}
