use super::*;

#[test]
fn moments() {
    for (text, expect) in [
        ("2025-01-02T03:04:05", Some("2025-01-02T03:04:05Z")),
        (" 2025-01-02 03:04:05 ", Some("2025-01-02T03:04:05Z")),
        ("2025-01-02T03:04:05.123456Z", Some("2025-01-02T03:04:05.123456Z")),
        ("2025-01-02T03:04:05+01:00", Some("2025-01-02T02:04:05Z")),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(parse_moment(text), expect.map(|time| time.parse().unwrap()), "{text:?}");
    }
}

#[test]
fn switches() {
    for (word, expect) in [
        ("1", true),
        ("true", true),
        (" ON ", true),
        ("2", true),
        ("0", false),
        ("False", false),
        ("off", false),
        ("", false),
    ] {
        assert_eq!(is_on(word), expect, "{word:?}");
    }
}

#[test]
fn parties() {
    let long = format!("+{}", "5".repeat(300));
    for (text, address, readable) in [
        (Some("+48500100200"), "+48500100200", true),
        (Some(" WhatsApp:+48500100200"), "whatsapp:+48500100200", true),
        (Some("MojBank"), "MojBank", true),
        (Some("72400"), "72400", true),
        (Some("+48 500 100 200"), "+48500100200", true),
        (Some("500-100-200"), "+48500100200", true),
        (Some("0048500100200"), "+48500100200", true),
        (Some("sms:+48500100200"), "+48500100200", true),
        (Some("whatsapp:+48 500 100 200"), "whatsapp:+48500100200", true),
        (Some("client:ewa"), "client:ewa", true),
        (None, "unknown", false),
        (Some(" \n"), "unknown", false),
        (Some("a\u{0}b"), "ab", false),
        (Some(&long), &long[..255], false),
    ] {
        let party = party(text).unwrap();
        assert_eq!((party.address.as_str(), party.readable), (address, readable), "{text:?}");
    }
}

#[test]
fn fingerprints_tell_parts_apart_and_never_change() {
    let print = |parts: &[&str]| fingerprint(parts.iter().map(|part| part.as_bytes()));
    assert_ne!(print(&["ab", "c"]), print(&["a", "bc"]));
    assert_ne!(print(&["a"]), print(&["a", ""]));
    // Written by every release before: a change would double the rows of the next import.
    assert_eq!(u128::from_be_bytes(print(&["sid", "SM1"])), 0x4ed1_1740_b18a_e1d0_e9ed_f298_5509_f228);
}
