use std::fmt::Write;

use super::*;
use crate::{
    config::{
        Config, Mode, RawConfig,
        variable::{Fallback, Kind},
    },
    i18n::Lang,
};

const EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example"));

#[test]
fn the_example_file_documents_the_table() {
    let expect = example();
    assert!(EXAMPLE == expect, ".env.example is not what the table says; it should read:\n{expect}");
}

#[test]
fn an_untouched_example_is_a_start_without_an_account() {
    let raw = RawConfig::merge([], Some(EXAMPLE.as_bytes()));
    assert!(!raw.has_twilio_credentials());
    assert_eq!(raw.warning(Lang::En), None);
    let config = Config::from_raw(&raw).unwrap();
    assert!(matches!(config.mode, Mode::Unconfigured));
    assert!(config.assistant.api_key.is_none() && config.knowledge.api_key.is_none());
}

fn example() -> String {
    let mut text = String::from(
        "# Skopiuj ten plik jako .env. Nieuzupełniony uruchamia wersję pokazową: make run\n\
         # Copy this file as .env. Left as it is, it starts the demo: make run\n\
         # Bez cudzysłowów; komentarz w osobnym wierszu. No quotes; comments on lines of their own.\n",
    );
    for group in GROUPS {
        write!(text, "\n# ===== {} / {} =====\n", group.title.pl, group.title.en).unwrap();
        for variable in group.variables {
            for lang in [Lang::Pl, Lang::En] {
                let (about, expected) = (variable.about.get(lang), variable.kind.expected(lang));
                let form = lang.pick("Postać", "Form");
                if matches!(variable.kind, Kind::Text) {
                    writeln!(text, "# {about}").unwrap();
                } else {
                    writeln!(text, "# {about} {form}: {expected}.").unwrap();
                }
            }
            let value = match variable.fallback {
                Fallback::Value(value) | Fallback::OlderName(_, value) => value,
                Fallback::None | Fallback::Of(_) => "",
            };
            writeln!(text, "{}={value}", variable.name).unwrap();
        }
    }
    text
}

#[test]
fn names_are_unique_and_find_themselves() {
    for variable in all() {
        assert_eq!(all().filter(|other| other.name == variable.name).count(), 1, "{}", variable.name);
        assert_eq!(nearest(variable.name), Some(variable.name));
        assert!(!is_retired(variable.name), "{}", variable.name);
        for text in [variable.about.pl, variable.about.en] {
            assert!(text.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn mistyped_names() {
    for (typed, expect) in [
        ("TWILIO_ACOUNT_SID", Some("TWILIO_ACCOUNT_SID")),
        ("TWILIO_TOKEN", Some("TWILIO_AUTH_TOKEN")),
        ("app_port", Some("APP_PORT")),
        ("PORT", Some("APP_PORT")),
        ("OPENAI_KEY", Some("OPENAI_API_KEY")),
        ("X", None),
        ("COMPLETELY_DIFFERENT", None),
    ] {
        assert_eq!(nearest(typed), expect, "{typed}");
    }
}
