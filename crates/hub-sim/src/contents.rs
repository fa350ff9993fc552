//! The Content API: the account's templates with what WhatsApp decided about them.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::config::Template;
use crate::form::Form;
use crate::reply::Reply;
use crate::state::State;

impl State {
    /// A page of templates.
    pub(crate) fn list_contents(&self, query: &Form) -> Reply {
        let number = |name: &str| query.filled(name).and_then(|value| value.parse::<usize>().ok());
        let size = number("PageSize").unwrap_or(50).clamp(1, 1000);
        let page = number("Page").unwrap_or(0);
        let from = page.saturating_mul(size);
        let shown = self.config.templates.iter().skip(from).take(size);
        let url = |page: usize| {
            format!("{}/v1/ContentAndApprovals?PageSize={size}&Page={page}", self.config.api_url)
        };
        let has_more = self.config.templates.len() > from.saturating_add(size);
        let document = json!({
            "contents": shown.map(|template| self.content_json(template)).collect::<Vec<Value>>(),
            "meta": {
                "key": "contents",
                "page": page,
                "page_size": size,
                "url": url(page),
                "next_page_url": has_more.then(|| url(page + 1)),
            },
        });
        Reply::Json(StatusCode::OK, document)
    }

    fn content_json(&self, template: &Template) -> Value {
        let variables: Map<String, Value> = (1..)
            .zip(&template.samples)
            .map(|(number, sample)| (number.to_string(), json!(sample)))
            .collect();
        json!({
            "sid": template.sid,
            "account_sid": self.config.account_sid,
            "friendly_name": template.name,
            "language": "pl",
            "variables": variables,
            "types": { "twilio/text": { "body": template.text } },
            "approval_requests": {
                "name": template.name,
                "category": "UTILITY",
                "content_type": "twilio/text",
                "status": if template.is_pending { "pending" } else { "approved" },
                "rejection_reason": "",
            },
        })
    }
}
