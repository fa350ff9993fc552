use super::Origin;

#[test]
fn each_origin_has_its_word_its_place_and_its_rights() {
    // Word, place in the queue, an automatic reply, takes the conversation over.
    for (origin, word, priority, automatic, takes_over) in [
        (Origin::Human, "human", 0, false, true),
        (Origin::OptOutConfirmation, "optout_confirmation", 0, false, false),
        (Origin::OptInConfirmation, "optin_confirmation", 0, false, false),
        (Origin::Api, "api", 1, false, false),
        (Origin::Cli, "cli", 1, false, false),
        (Origin::Template, "template", 2, true, false),
        (Origin::Bot, "bot", 2, true, false),
        (Origin::Assistant, "assistant", 2, true, false),
        (Origin::Campaign, "campaign", 3, false, false),
        (Origin::Reminder, "reminder", 3, false, false),
        (Origin::Digest, "digest", 3, false, false),
    ] {
        assert_eq!(Origin::parse(word), Some(origin));
        let is = (origin.as_str(), origin.priority(), origin.is_automatic_reply(), origin.takes_over());
        assert_eq!(is, (word, priority, automatic, takes_over));
        assert!(origin.priority() <= Origin::LAST_PRIORITY);
    }
    assert_eq!(Origin::ALL.len(), 11);
}
