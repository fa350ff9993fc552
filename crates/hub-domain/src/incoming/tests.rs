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
