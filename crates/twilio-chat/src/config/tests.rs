use super::*;
use secrecy::ExposeSecret as _;

use crate::i18n::Lang;

const SID: &str = "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "TWILIO_AUTH_TOKEN=hush";
const FROM: &str = "TWILIO_DEFAULT_FROM=+15005550006";
const KEY_SID: &str = "TWILIO_API_KEY_SID=SK0123456789abcdef0123456789abcdef";
const KEY_SECRET: &str = "TWILIO_API_KEY_SECRET=hush";
const PUBLIC: &str = "PUBLIC_BASE_URL=https://sms.example.com/";

fn config(lines: &[&str]) -> Result<Config, ConfigError> {
    Config::from_raw(&RawConfig::merge([], Some(lines.join("\n").as_bytes())))
}

fn names(result: Result<Config, ConfigError>) -> Vec<String> {
    result.map_or_else(|error| error.names().map(str::to_owned).collect(), |_| Vec::new())
}

#[test]
fn defaults() {
    let config = config(&[]).unwrap();
    assert!(matches!(config.mode, Mode::Unconfigured));
    assert_eq!(config.twilio_api_base_url.as_str(), "https://api.twilio.com");
    assert_eq!((config.host.to_string().as_str(), config.port), ("0.0.0.0", 3000));
    assert_eq!((config.validate_signature, config.debug, config.demo), (true, false, false));
    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!(config.database, PathBuf::from("data/app.db"));
    assert_eq!(config.knowledge_folder, PathBuf::from("X1_data"));
    assert_eq!(config.time_zone.iana_name(), Some("Europe/Warsaw"));
    assert_eq!(config.guards, Guards::default());
    assert_eq!(config.bot, Bot::Echo);
    assert_eq!(
        (config.assistant.model.as_str(), config.knowledge.model.as_str()),
        ("gpt-4o-mini", "gpt-4o-mini")
    );
    assert_eq!(config.knowledge.base_url, config.assistant.base_url);
    assert_eq!((config.knowledge.chunk_size, config.knowledge.chunk_overlap), (900, 120));
    assert!(config.validate_for_serve().is_ok());
}

#[test]
fn credentials_are_complete_absent_or_a_fault() {
    for (lines, expect) in [
        (&[][..], &[][..]),
        (&[FROM], &[]),
        (&[SID, TOKEN, FROM], &[]),
        (&[SID, KEY_SID, KEY_SECRET, FROM], &[]),
        (&[SID, TOKEN, "TWILIO_MESSAGING_SERVICE_SID=MG0123456789abcdef0123456789abcdef"], &[]),
        (&[SID, FROM], &["TWILIO_AUTH_TOKEN"]),
        (&[TOKEN, FROM], &["TWILIO_ACCOUNT_SID"]),
        (&[KEY_SID, KEY_SECRET, FROM], &["TWILIO_ACCOUNT_SID"]),
        (&[SID, KEY_SID, FROM], &["TWILIO_API_KEY_SECRET"]),
        (&[SID, TOKEN, KEY_SECRET, FROM], &["TWILIO_API_KEY_SID"]),
        (&["TWILIO_AUTH_TOKEN_PREVIOUS=x", SID, KEY_SID, KEY_SECRET, FROM], &["TWILIO_AUTH_TOKEN"]),
        (&[SID, TOKEN], &["TWILIO_DEFAULT_FROM"]),
        (&[SID, TOKEN, "TWILIO_DEFAULT_FROM=moja firma sp. z o.o."], &["TWILIO_DEFAULT_FROM"]),
        (&[TOKEN], &["TWILIO_ACCOUNT_SID", "TWILIO_DEFAULT_FROM"]),
        (&["TWILIO_ACCOUNT_SID=AC...", TOKEN, FROM], &["TWILIO_ACCOUNT_SID"]),
    ] {
        assert_eq!(names(config(lines)), expect, "{lines:?}");
    }
    let Mode::Configured(access) = config(&[SID, TOKEN, FROM]).unwrap().mode else { panic!("no account") };
    assert_eq!(access.sender.default_from.unwrap().as_str(), "+15005550006");
    assert!(access.auth_token.is_some() && access.api_key.is_none());
}

#[test]
fn every_fault_is_reported_at_once_without_a_value() {
    let file = "TWILIO_ACOUNT_SID=hush\nTWILIO_AUTH_TOKEN=hush hush\nno equals hush\nAPP_PORT=hush\n\
                APP_HOST=hush\nTZ_DEFAULT=hush\nCHAT_MODE=hush\nAPP_DEBUG=hush\nCHUNK_OVERLAP=900\n\
                OPENAI_BASE_URL=hush\nOPENAI_TEMPERATURE=hush\nTRUSTED_PROXIES=hush\nAI_TARGET_NUMBER=hush\n\
                APP_SECRET_KEY=hush\nhush=";
    let environment = [("LOG_LEVEL".to_owned(), "hush".to_owned())];
    let error = Config::from_raw(&RawConfig::merge(environment, Some(file.as_bytes()))).unwrap_err();
    let english = error.describe(Lang::En);
    assert!(english.starts_with("The configuration has 18 errors:\n"), "{english}");
    for line in [
        "  - TWILIO_ACOUNT_SID (.env file, line 1): no such name is known. The nearest is TWILIO_ACCOUNT_SID: \
         correct the name, or remove this line.",
        "  - .env file, line 3: there is no = sign. Expected: NAME=value; a comment begins with #.",
        "  - APP_PORT (.env file, line 4): the value has the wrong form. Expected: a whole number from 0 to \
         65535. Correct it, or remove this variable.",
        "  - LOG_LEVEL (environment): the value has the wrong form. Expected: one of: error, warn, warning, \
         info, debug, trace. Correct it, or remove this variable.",
        "  - CHUNK_OVERLAP (.env file, line 9): it must be less than CHUNK_SIZE. Make it smaller, or CHUNK_SIZE \
         larger.",
        "  - TWILIO_ACCOUNT_SID (not set): it is missing while TWILIO_AUTH_TOKEN is set. Fill it in \
         (console.twilio.com), or remove TWILIO_AUTH_TOKEN.",
    ] {
        assert!(english.lines().any(|known| known == line), "{line}\n{english}");
    }
    let polish = error.describe(Lang::Pl);
    assert!(polish.starts_with("Konfiguracja ma 18 błędów:\n"), "{polish}");
    for shown in [english, polish, format!("{error:?}"), error.to_string()] {
        // The last line of the file has the word for its name; a name may be shown.
        assert_eq!(shown.matches("hush").count(), 1, "{shown}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let lines =
        [SID, TOKEN, FROM, "APP_SECRET_KEY=hush0123456789hush", "API_TOKEN=hush", "OPENAI_API_KEY=hush"];
    let shown = format!("{:?}", config(&lines).unwrap());
    assert!(shown.contains("AC0123") && !shown.contains("hush"), "{shown}");
}

#[test]
fn the_log_level_follows_app_debug_unless_set() {
    for (lines, expect) in [
        (&["APP_DEBUG=true"][..], LogLevel::Debug),
        (&["APP_DEBUG=true", "LOG_LEVEL=Warning"], LogLevel::Warn),
        (&["APP_DEBUG=no"], LogLevel::Info),
    ] {
        assert_eq!(config(lines).unwrap().log_level, expect, "{lines:?}");
    }
}

const UNSIGNED: &str = "TWILIO_VALIDATE_SIGNATURE=false";
const PRODUCTION: &str = "APP_ENV=production";
const SIMULATOR: &str = "TWILIO_API_BASE_URL=http://127.0.0.1:4010";

#[test]
fn what_serve_insists_on() {
    for (lines, expect) in [
        (&[][..], &[][..]),
        (&[FROM, TOKEN, SID, PUBLIC], &[]),
        (&[FROM, TOKEN, SID, PUBLIC, PRODUCTION], &[]),
        (&[FROM, TOKEN, SID], &["PUBLIC_BASE_URL"]),
        (&[FROM, TOKEN, SID, UNSIGNED], &[]),
        (&[FROM, TOKEN, SID, SIMULATOR], &[]),
        (&[FROM, TOKEN, SID, UNSIGNED, PRODUCTION], &["TWILIO_VALIDATE_SIGNATURE"]),
        (&[UNSIGNED, "APP_ENV=Prod"], &["TWILIO_VALIDATE_SIGNATURE"]),
        (&[FROM, KEY_SID, KEY_SECRET, SID, PUBLIC], &["TWILIO_AUTH_TOKEN"]),
        (&[FROM, KEY_SID, KEY_SECRET, SID, UNSIGNED], &[]),
    ] {
        let verdict = config(lines).unwrap().validate_for_serve();
        let found: Vec<String> =
            verdict.map_or_else(|error| error.names().map(str::to_owned).collect(), |()| Vec::new());
        assert_eq!(found, expect, "{lines:?}");
    }
}

#[test]
fn where_twilio_is_told_to_call() {
    let (local, public) = (Some("http://127.0.0.1:3100"), Some("https://sms.example.com"));
    let plain = "PUBLIC_BASE_URL=http://sms.example.com";
    for (lines, webhooks, statuses) in [
        (&[FROM, TOKEN, SID][..], None, None),
        (&[FROM, TOKEN, SID, PUBLIC], public, public),
        (&[FROM, TOKEN, SID, PUBLIC, UNSIGNED], public, public),
        (&[FROM, TOKEN, SID, plain], Some("http://sms.example.com"), Some("http://sms.example.com")),
        (&[FROM, TOKEN, SID, plain, UNSIGNED], Some("http://sms.example.com"), None),
        (&[FROM, TOKEN, SID, SIMULATOR], local, local),
        (&[FROM, TOKEN, SID, SIMULATOR, UNSIGNED], local, local),
        (&[FROM, TOKEN, SID, SIMULATOR, PUBLIC], public, public),
    ] {
        let config = config(lines).unwrap();
        assert_eq!(config.webhook_base(3100).as_deref(), webhooks, "{lines:?}");
        assert_eq!(config.status_callback_base(3100).as_deref(), statuses, "{lines:?}");
    }
    assert_eq!(config(&[FROM, TOKEN, SID, SIMULATOR]).unwrap().webhook_base(0), None);
}

#[test]
fn only_an_address_that_twilio_can_call_is_set_there() {
    for (lines, within_reach) in [
        (&[FROM, TOKEN, SID, PUBLIC][..], true),
        (&[FROM, TOKEN, SID, "PUBLIC_BASE_URL=http://hub.example"], false),
        (&[FROM, TOKEN, SID, "PUBLIC_BASE_URL=https://localhost:8080"], false),
        (&[FROM, TOKEN, SID, SIMULATOR], true),
    ] {
        assert_eq!(config(lines).unwrap().within_twilios_reach(), within_reach, "{lines:?}");
    }
}

#[test]
fn the_demo_is_cut_off_from_everything_real() {
    let file = [
        SID,
        TOKEN,
        KEY_SID,
        KEY_SECRET,
        PUBLIC,
        PRODUCTION,
        UNSIGNED,
        "DB_PATH=real.db",
        "X1_DATA_DIR=real",
        "APP_HOST=0.0.0.0",
        "APP_PORT=3100",
        "OPENAI_API_KEY=real",
        "SECOND_OPENAI=real",
        "OPENAI_BASE_URL=https://real.example.com/v1",
        "SECOND_OPENAI_BASE_URL=https://real.example.com/v1",
        "TRUSTED_PROXIES=::/0",
        "TWILIO_MESSAGING_SERVICE_SID=MG0123456789abcdef0123456789abcdef",
        "TWILIO_AUTH_TOKEN_PREVIOUS=real",
    ];
    let raw = RawConfig::merge([], Some(file.join("\n").as_bytes()));
    let account = DemoAccount {
        account_sid: "ACffffffffffffffffffffffffffffffff".to_owned(),
        auth_token: "simulated".into(),
        default_from: "+15005550006".to_owned(),
        api_base_url: "http://127.0.0.1:4010".to_owned(),
        model_key: "sk-simulated".into(),
        model_base_url: "http://127.0.0.1:4010/v1".to_owned(),
    };
    let config = Config::demo(&raw, &account).unwrap();
    let shown = format!("{config:?}");
    for real in ["real", "AC0123", "SK0123", "MG0123", "sms.example.com", "production"] {
        assert!(!shown.contains(real), "{real}: {shown}");
    }
    assert!(config.demo && config.validate_signature && config.validate_for_serve().is_ok());
    for (key, base_url) in [
        (&config.assistant.api_key, &config.assistant.base_url),
        (&config.knowledge.api_key, &config.knowledge.base_url),
    ] {
        assert_eq!(key.as_ref().unwrap().expose_secret(), "sk-simulated");
        assert_eq!(base_url.as_str(), "http://127.0.0.1:4010/v1");
    }
    assert_eq!((config.host.to_string().as_str(), config.port), ("127.0.0.1", 3100));
    assert_eq!(config.database, PathBuf::from("data/demo/app.db"));
    assert_eq!(config.knowledge_folder, PathBuf::from("data/demo/X1_data"));
    assert_eq!(config.webhook_base(3100).as_deref(), Some("http://127.0.0.1:3100"));
    let Mode::Configured(access) = config.mode else { panic!("no account") };
    assert_eq!(access.account_sid, account.account_sid);
}
