use super::*;

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
