//! Which fixed text answers whoever writes: what is said outside of the business hours, or the classic auto-reply.

use crate::{
    listeners::{self, Listener},
    settings::AutoReply,
};

/// A text that is the same for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedText<'a> {
    /// Nobody is there.
    Away(&'a str),
    /// The classic auto-reply.
    AutoReply(&'a AutoReply),
}

/// The first fixed text that is switched on and has something to say; `away` is said at this hour in place of the
/// classic auto-reply.
pub fn fixed_text<'a>(
    listeners: &[Listener],
    away: Option<&'a str>,
    auto_reply: &'a AutoReply,
) -> Option<FixedText<'a>> {
    if !listeners::hears_any(listeners) {
        return None;
    }
    let classic = (auto_reply.enabled && !auto_reply.message.is_empty()).then_some(auto_reply);
    away.map(FixedText::Away).or(classic.map(FixedText::AutoReply))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn away_goes_before_the_auto_reply_and_the_star_before_both() {
        let star = |enabled| [Listener { command: listeners::ANY.to_owned(), enabled, answer: None }];
        let on = AutoReply { enabled: true, message: "Oddzwonimy".to_owned(), enabled_since: None };
        let off = AutoReply { enabled: false, ..on.clone() };
        assert_eq!(fixed_text(&star(true), Some("Rano"), &on), Some(FixedText::Away("Rano")));
        assert_eq!(fixed_text(&star(true), Some("Rano"), &off), Some(FixedText::Away("Rano")));
        assert_eq!(fixed_text(&star(true), None, &on), Some(FixedText::AutoReply(&on)));
        assert_eq!(fixed_text(&star(true), None, &off), None);
        assert_eq!(fixed_text(&star(false), Some("Rano"), &on), None);
    }
}
