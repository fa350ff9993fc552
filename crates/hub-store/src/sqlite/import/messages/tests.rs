use super::*;

#[test]
fn codes_in_error_texts() {
    for (text, expect) in [
        ("Error code: 30003", Some(30003)),
        ("Error code:30003.", Some(30003)),
        ("Twilio: Error code: 21610, opted out", Some(21610)),
        ("Error code: 0", None),
        ("Error code: none", None),
        ("HTTP 400", None),
    ] {
        assert_eq!(error_code(text), expect, "{text:?}");
    }
}

#[test]
fn messaging_services() {
    for (address, expect) in [
        ("MG0123456789abcdef0123456789abcdef", true),
        ("MG0123", false),
        ("+48500100200", false),
        ("MGdziewczyny", false),
    ] {
        assert_eq!(is_messaging_service(address), expect, "{address}");
    }
}
