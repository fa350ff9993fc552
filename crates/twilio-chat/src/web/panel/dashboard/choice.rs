//! What a person chose to see on the dashboard: it stands in the address, so a link shows the same.

use hub_domain::{
    message::Direction,
    series::Span,
    status::{DeliveryStatus as D, MessageStatus},
};
use serde::Deserialize;

/// The query as it came; what can't be read counts as not chosen.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Query {
    span: Option<String>,
    direction: Option<String>,
    state: Option<String>,
    before: Option<String>,
}

/// States a person looks for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    Sent,
    Delivered,
    Failed,
    /// A person has to decide, or Twilio is being asked.
    Open,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) span: Span,
    pub(crate) direction: Option<Direction>,
    pub(crate) state: Option<State>,
    /// Only messages older than this row.
    pub(crate) before: Option<i64>,
}

impl State {
    pub(crate) const ALL: [Self; 5] = [Self::Waiting, Self::Sent, Self::Delivered, Self::Failed, Self::Open];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Open => "open",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub(crate) fn statuses(self) -> Vec<MessageStatus> {
        let reported = |statuses: &[D]| statuses.iter().copied().map(MessageStatus::Reported).collect();
        match self {
            Self::Waiting => {
                let mut waiting: Vec<_> = reported(&[D::Accepted, D::Scheduled, D::Queued, D::Sending]);
                waiting.push(MessageStatus::Pending);
                waiting
            }
            Self::Sent => reported(&[D::Sent]),
            Self::Delivered => reported(&[D::Delivered, D::PartiallyDelivered, D::Read]),
            Self::Failed => reported(&[D::Failed, D::Undelivered]),
            Self::Open => vec![MessageStatus::Held, MessageStatus::Unknown],
        }
    }
}

impl Query {
    /// The query of a path of ours.
    pub(crate) fn of(path: &str) -> Self {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let field = |wanted: &str| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        Self {
            span: field("span"),
            direction: field("direction"),
            state: field("state"),
            before: field("before"),
        }
    }
}

impl From<Query> for Choice {
    fn from(query: Query) -> Self {
        Self {
            span: query.span.as_deref().and_then(Span::parse).unwrap_or(Span::Week),
            direction: query.direction.as_deref().and_then(Direction::parse),
            state: query.state.as_deref().and_then(State::parse),
            before: query.before.and_then(|row| row.parse().ok()),
        }
    }
}

impl Choice {
    /// `path` with this choice; what is usual is left out.
    pub(crate) fn at(self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.span != Span::Week {
            query.append_pair("span", self.span.as_str());
        }
        if let Some(direction) = self.direction {
            query.append_pair("direction", direction.as_str());
        }
        if let Some(state) = self.state {
            query.append_pair("state", state.as_str());
        }
        if let Some(before) = self.before {
            query.append_pair("before", &before.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Another choice begins at the newest message.
    pub(crate) const fn at_newest(self) -> Self {
        Self { before: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_back_from_the_address_it_makes() {
        for (typed, shown) in [
            ("", "/"),
            ("span=7d", "/"),
            ("span=90d", "/?span=90d"),
            ("span=year&direction=sideways&state=odd&before=x", "/"),
            (
                "span=24h&direction=outbound&state=failed&before=812",
                "/?span=24h&direction=outbound&state=failed&before=812",
            ),
        ] {
            let choice = Choice::from(Query::of(&format!("/?{typed}")));
            assert_eq!(choice.at("/"), shown, "{typed}");
            assert_eq!(Choice::from(Query::of(&choice.at("/"))), choice, "{typed}");
        }
    }

    #[test]
    fn every_state_of_what_we_sent_but_one_is_found_under_one_word() {
        let found: Vec<_> = State::ALL.into_iter().flat_map(State::statuses).collect();
        for status in D::ALL.into_iter().map(MessageStatus::Reported).chain([
            MessageStatus::Pending,
            MessageStatus::Held,
            MessageStatus::Unknown,
        ]) {
            let expect = usize::from(status != MessageStatus::Reported(D::Canceled));
            assert_eq!(found.iter().filter(|known| **known == status).count(), expect, "{status:?}");
        }
    }
}
