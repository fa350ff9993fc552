use super::*;

fn address(text: &str) -> Address {
    Address::from_provider(text).unwrap()
}

#[test]
fn kinds_channels_and_who_may_be_answered() {
    use AddressKind as K;
    use Channel as C;
    for (text, kind, channel, answerable) in [
        ("+48500100200", K::Phone, C::Sms, true),
        ("+266696687", K::Phone, C::Sms, false),
        ("+48500", K::Other, C::Other, false),
        ("48500100200", K::Other, C::Other, false),
        ("724", K::ShortCode, C::Sms, false),
        ("12345678", K::ShortCode, C::Sms, false),
        ("72", K::Other, C::Other, false),
        ("MojBank", K::Alphanumeric, C::Sms, false),
        ("Anonymous", K::Alphanumeric, C::Sms, false),
        ("Moj Bank 24h", K::Other, C::Other, false),
        ("Mój Bank", K::Other, C::Other, false),
        ("whatsapp:+48500100200", K::WhatsApp, C::WhatsApp, true),
        ("whatsapp:US.1234", K::WhatsAppScoped, C::WhatsApp, true),
        ("whatsapp:US.", K::Other, C::WhatsApp, false),
        ("whatsapp:48500100200", K::Other, C::WhatsApp, false),
        ("messenger:1234567890", K::Messenger, C::Messenger, false),
        ("rcs:moj_agent", K::Rcs, C::Rcs, false),
        ("sip:ewa@example.com", K::Other, C::Other, false),
        ("łódź", K::Other, C::Other, false),
    ] {
        let address = address(text);
        assert_eq!(address.kind(), kind, "{text}");
        assert_eq!(address.channel(), channel, "{text}");
        assert_eq!(address.can_be_answered_automatically(), answerable, "{text}");
    }
}

#[test]
fn what_twilio_sends_is_kept() {
    let too_long = "a".repeat(256);
    for (text, expect) in [
        ("+48500100200", Ok("+48500100200")),
        (" \t+48500100200\n", Ok("+48500100200")),
        ("WhatsApp:+48500100200", Ok("whatsapp:+48500100200")),
        ("MESSENGER:AbC", Ok("messenger:AbC")),
        ("SIP:Ewa@Example.com", Ok("SIP:Ewa@Example.com")),
        ("Moj  Bank", Ok("Moj  Bank")),
        (&too_long[..255], Ok(&too_long[..255])),
        (&too_long, Err(AddressError::TooLong)),
        ("", Err(AddressError::Empty)),
        (" \u{a0} ", Err(AddressError::Empty)),
        ("+48500\n100200", Err(AddressError::ControlCharacter)),
        ("a\u{0}b", Err(AddressError::ControlCharacter)),
    ] {
        let read = Address::from_provider(text);
        assert_eq!(read.as_ref().map(Address::as_str), expect.as_ref().copied(), "{text:?}");
    }
}

#[test]
fn destinations_people_type() {
    for (text, expect) in [
        ("500 100 200", Ok("+48500100200")),
        ("+1 500 555 0006", Ok("+15005550006")),
        (" WhatsApp: 500 100 200", Ok("whatsapp:+48500100200")),
        ("whatsapp:+48500100200", Ok("whatsapp:+48500100200")),
        ("whatsapp:US.1234", Err(PhoneError::NotDigits)),
        ("messenger:1234567890", Err(PhoneError::NotDigits)),
        ("MojBank", Err(PhoneError::NotDigits)),
        ("72400", Err(PhoneError::TooShort)),
        ("whatsapp:", Err(PhoneError::Empty)),
        ("", Err(PhoneError::Empty)),
    ] {
        let read = Address::from_typed(text);
        let expect = expect.map_err(AddressError::Phone);
        assert_eq!(read.as_ref().map(Address::as_str), expect.as_ref().copied(), "{text:?}");
    }
}

#[test]
fn one_person_on_every_channel() {
    for (text, phone, key, masked) in [
        ("+48500100200", Some("+48500100200"), "+48500100200", "+48*****200"),
        ("whatsapp:+48500100200", Some("+48500100200"), "+48500100200", "whatsapp:+48*****200"),
        ("rcs:+48500100200", Some("+48500100200"), "+48500100200", "rcs:+48*****200"),
        ("WHATSAPP:US.Ab1234567", None, "whatsapp:us.ab1234567", "whatsapp:US.*****567"),
        ("messenger:1234567890", None, "messenger:1234567890", "messenger:123*****890"),
        ("MojBank", None, "mojbank", "MojBank"),
        ("72400", None, "72400", "72400"),
        ("48500100200", None, "48500100200", "485*****200"),
        ("+48500", None, "+48500", "*****"),
    ] {
        let address = address(text);
        assert_eq!(address.phone(), phone, "{text}");
        assert_eq!(address.person_key(), key, "{text}");
        assert_eq!(address.masked(), masked, "{text}");
    }
}

#[test]
fn json_is_the_text() {
    let whatsapp = Address::whatsapp(&PhoneNumber::parse("+48500100200").unwrap());
    let json = serde_json::to_string(&whatsapp).unwrap();
    assert_eq!(json, "\"whatsapp:+48500100200\"");
    assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), whatsapp);
    assert!(serde_json::from_str::<Address>("\" \"").is_err());
}
