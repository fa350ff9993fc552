use super::*;

const OURS: &str = "https://hub.example.com/twilio/inbound";

#[test]
fn only_our_own_address_brings_messages_here() {
    let address = |text: &str| Incoming::Address(text.to_owned());
    for (incoming, expect) in [
        (address(OURS), true),
        (address("https://hub.example.com/twilio/inbound#rc=3&rp=ct,rt,5xx"), true),
        (address("https://hub.example.com/twilio/inbound/"), false),
        (address("https://hub.example.com/twilio/inbound?x=1"), false),
        (address("http://hub.example.com/twilio/inbound"), false),
        (address("https://Hub.example.com/twilio/inbound"), false),
        (address("https://demo.twilio.com/welcome/sms/reply"), false),
        (address(""), false),
        (Incoming::Nowhere, false),
        (Incoming::Application("AP01".to_owned()), false),
        (Incoming::EachNumber, false),
    ] {
        assert_eq!(incoming.leads_to(OURS), expect, "{incoming:?}");
    }
}

#[test]
fn another_applications_address_is_known_and_nothing_else_is_taken_for_one() {
    let address = |text: &str| Incoming::Address(text.to_owned());
    for (incoming, expect) in [
        (address("https://other.example.com/sms"), true),
        (address("https://hub.example.com.evil.example/sms"), true),
        (address("https://hub.example.com"), false),
        (address("https://hub.example.com/sms#rc=2"), false),
        (address("https://demo.twilio.com/welcome/sms/reply/"), false),
        (Incoming::Nowhere, false),
        (Incoming::Application("AP01".to_owned()), false),
        (Incoming::EachNumber, false),
    ] {
        for base in ["https://hub.example.com", "https://hub.example.com/"] {
            assert_eq!(incoming.leads_elsewhere(Some(base)), expect, "{incoming:?}");
        }
    }
    assert!(address("https://hub.example.com/sms").leads_elsewhere(None));
}

#[test]
fn our_service_speaks_for_its_numbers() {
    let number = "+15005550010".to_owned();
    let elsewhere = Elsewhere { numbers: vec![number.clone()], own_service: Some("MG01".to_owned()) };
    for (to, service, expect) in [
        ("+15005550010", None, true),
        ("+15005550010", Some("MG02"), true),
        ("+15005550010", Some("MG01"), false),
        ("+15005550006", None, false),
    ] {
        assert_eq!(elsewhere.has(to, service), expect, "{to} {service:?}");
    }
    assert!(Elsewhere { numbers: vec![number], own_service: None }.has("+15005550010", None));
}
