use super::*;
use crate::config::names::application::{APP_HOST, APP_PORT, DB_PATH, LOG_LEVEL, TZ_DEFAULT};
use crate::config::names::models::{OPENAI_BASE_URL, SECOND_MODEL, SECOND_OPENAI_BASE_URL};

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn sources_in_order() {
    let file = b"APP_PORT=1\nDB_PATH=a.db\nAPP_HOST=::1\nAPP_HOST=\nTZ_DEFAULT=UTC\nTZ_DEFAULT=Asia/Tokyo\n";
    let environment = pairs(&[("APP_PORT", "2"), ("DB_PATH", "  "), ("PATH", "/bin"), ("LOG_LEVEL", "warn")]);
    let raw = RawConfig::merge(environment, Some(file)).with_panel(pairs(&[
        ("LOG_LEVEL", "debug"),
        ("APP_PORT", ""),
        ("bot_enabled", "1"),
    ]));
    for (variable, expect) in [
        (&APP_PORT, ("2", Source::Env)),
        (&DB_PATH, ("a.db", Source::DotEnv { line: 2 })),
        (&APP_HOST, ("0.0.0.0", Source::Default)),
        (&TZ_DEFAULT, ("Asia/Tokyo", Source::DotEnv { line: 6 })),
        (&LOG_LEVEL, ("debug", Source::Panel)),
    ] {
        assert_eq!(raw.value(variable), Some(expect), "{}", variable.name);
    }
    assert!(raw.problems().is_empty());
}

#[test]
fn a_borrowed_default_follows_its_owner() {
    let value = |file: &[u8]| {
        let raw = RawConfig::merge([], Some(file));
        raw.value(&SECOND_OPENAI_BASE_URL).map(|(text, source)| (text.to_owned(), source))
    };
    assert_eq!(value(b""), Some(("https://api.openai.com/v1".to_owned(), Source::Default)));
    assert_eq!(value(b"OPENAI_BASE_URL=http://a"), Some(("http://a".to_owned(), Source::Default)));
    let own = value(b"OPENAI_BASE_URL=http://a\nSECOND_OPENAI_BASE_URL=http://b");
    assert_eq!(own, Some(("http://b".to_owned(), Source::DotEnv { line: 2 })));
    assert!(RawConfig::merge([], None).value(&OPENAI_BASE_URL).is_some());
}

#[test]
fn an_older_name_counts_until_the_new_one_is_set() {
    for (file, expect) in [
        ("", "gpt-4o-mini"),
        ("OPENAI_CHAT_MODEL=old", "old"),
        ("SECOND_MODEL=new\nOPENAI_CHAT_MODEL=old", "new"),
    ] {
        let raw = RawConfig::merge([], Some(file.as_bytes()));
        assert_eq!(raw.value(&SECOND_MODEL).map(|(text, _)| text), Some(expect), "{file}");
    }
}

#[test]
fn credentials_complete_or_not() {
    for (file, expect) in [
        ("", false),
        ("TWILIO_ACCOUNT_SID=", false),
        ("TWILIO_DEFAULT_FROM=+15005550006\nTWILIO_API_BASE_URL=http://127.0.0.1:1", false),
        ("TWILIO_ACCOUNT_SID=x", true),
        ("TWILIO_AUTH_TOKEN=x", true),
        ("TWILIO_API_KEY_SID=x", true),
        ("TWILIO_API_KEY_SECRET=x", true),
    ] {
        assert_eq!(RawConfig::merge([], Some(file.as_bytes())).has_twilio_credentials(), expect, "{file}");
    }
}

#[test]
fn retired_names_give_one_warning_and_no_fault() {
    let file = b"FLASK_APP=a\nFLASK_APP=b\nAUTO_REPLY_MAX_RETRIES=3\nWEBHOOK_TIMEOUT=1\n";
    let raw = RawConfig::merge(pairs(&[("FAISS_TOP_K", "4")]), Some(file));
    assert!(raw.problems().is_empty());
    let warning = raw.warning(Lang::En).unwrap();
    assert!(warning.ends_with(": AUTO_REPLY_MAX_RETRIES, FLASK_APP, WEBHOOK_TIMEOUT"), "{warning}");
    assert_eq!(RawConfig::merge(pairs(&[("FLASK_APP", "a")]), None).warning(Lang::Pl), None);
}

#[test]
fn debug_shows_no_values() {
    let raw = RawConfig::merge(pairs(&[("TWILIO_AUTH_TOKEN", "hush")]), Some(b"SECRET_THING=hush\nhush=\n"));
    let shown = format!("{raw:?}");
    assert!(shown.contains("TWILIO_AUTH_TOKEN") && !shown.contains("hush"), "{shown}");
}
