use super::*;

#[test]
fn flags() {
    for (text, expect) in [
        ("1", Some(true)),
        ("TRUE", Some(true)),
        ("t", Some(true)),
        ("Yes", Some(true)),
        ("y", Some(true)),
        ("on", Some(true)),
        ("0", Some(false)),
        ("False", Some(false)),
        ("f", Some(false)),
        ("no", Some(false)),
        ("N", Some(false)),
        ("off", Some(false)),
        ("tak", None),
        ("2", None),
    ] {
        assert_eq!(flag(text), expect, "{text}");
    }
}

#[test]
fn log_levels() {
    for (text, expect) in [
        ("WARNING", Some("warn")),
        ("warn", Some("warn")),
        ("Error", Some("error")),
        ("info", Some("info")),
        ("DEBUG", Some("debug")),
        ("trace", Some("trace")),
        ("loud", None),
    ] {
        assert_eq!(log_level(text).map(LogLevel::as_str), expect, "{text}");
    }
}

#[test]
fn sids() {
    let hex = "0123456789abcdefABCDEF0123456789";
    assert!(sid("AC", &format!("AC{hex}")).is_some());
    for text in
        [format!("ac{hex}"), format!("SK{hex}"), format!("AC{hex}0"), "AC...".to_owned(), hex.to_owned()]
    {
        assert_eq!(sid("AC", &text), None, "{text}");
    }
}

#[test]
fn senders() {
    for (text, expect) in [
        ("+15005550006", Some("+15005550006")),
        ("+48 500 100 200", Some("+48500100200")),
        ("72400", Some("72400")),
        ("MojSklep", Some("MojSklep")),
        ("whatsapp:+15005550006", Some("whatsapp:+15005550006")),
        ("rcs:sklep", Some("rcs:sklep")),
        ("whatsapp:PL.123", None),
        ("Sklep u Kowalskich", None),
        ("+0", None),
    ] {
        assert_eq!(sender(text).as_ref().map(Address::as_str), expect, "{text}");
    }
}

#[test]
fn other_forms() {
    for (read, text, expect) in [
        ((|t| word(t).is_some()) as fn(&str) -> bool, "production", true),
        (|t| word(t).is_some(), "pre-prod_2.1", true),
        (|t| word(t).is_some(), "two words", false),
        (|t| temperature(t).is_some(), "2", true),
        (|t| temperature(t).is_some(), "0.7", true),
        (|t| temperature(t).is_some(), "0,7", false),
        (|t| temperature(t).is_some(), "2.1", false),
        (|t| temperature(t).is_some(), "NaN", false),
        (|t| secret(16, t).is_some(), "0123456789abcdef", true),
        (|t| secret(16, t).is_some(), "0123456789abcde", false),
        (|t| secret(1, t).is_some(), "two words", false),
        (|t| secret(1, t).is_some(), "zażółć", false),
        (|t| zone(t).is_some(), "Europe/Warsaw", true),
        (|t| zone(t).is_some(), "Europe/Radom", false),
        (|t| host(t).is_some(), "localhost", true),
        (|t| host(t).is_some(), "::", true),
        (|t| host(t).is_some(), "example.com", false),
        (|t| service_url(t).is_some(), "http://u:p@127.0.0.1", false),
        (|t| public_url(t).is_some(), "http://u:p@127.0.0.1", true),
        (|t| phone(t).is_some(), "500 100 200", true),
        (|t| phone(t).is_some(), "Ewa", false),
    ] {
        assert_eq!(read(text), expect, "{text}");
    }
}
