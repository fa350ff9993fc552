use std::collections::BTreeSet;

use super::*;

#[test]
fn every_field_has_a_name_of_its_own_in_both_languages() {
    for lang in [Lang::Pl, Lang::En] {
        let names: BTreeSet<_> = Field::ALL.map(|of| field(lang, of)).into_iter().collect();
        assert_eq!(names.len(), Field::ALL.len());
        assert!(names.iter().all(|name| !name.contains('_')), "{names:?}");
    }
}

#[test]
fn a_change_is_said_in_a_line() {
    let text = |text: &str| Value::Text(text.to_owned());
    for (field, word, from, to, expect) in [
        (Field::AssistantEnabled, None, Value::Unset, Value::Switch(true), "AI assistant: not set → on"),
        (
            Field::OnFailure,
            None,
            text("template"),
            text("silence"),
            "when the AI can't answer: the auto-reply's text → silence",
        ),
        (
            Field::Only,
            None,
            Value::People(0),
            Value::People(2),
            "whom the AI answers: everyone → only chosen numbers: 2",
        ),
        (Field::WordAnswer, Some("godziny"), text("9-17"), text(""), "answer (word “godziny”): 9-17 → empty"),
        // The numbers are others, as many as before.
        (
            Field::Only,
            None,
            Value::People(2),
            Value::People(2),
            "whom the AI answers: only chosen numbers: 2 – changed (beyond what is shown)",
        ),
        // Only what is one of a few words is translated.
        (Field::Instruction, None, text("open"), text("always"), "AI instruction: open → always"),
    ] {
        let change = Change { field, word: word.map(str::to_owned), from, to };
        assert_eq!(changed(Lang::En, &change), expect);
    }
}
