use super::*;

#[test]
fn addresses() {
    for (text, expect) in [
        ("https://sms.example.com", Some("https://sms.example.com")),
        ("https://sms.example.com/hub//", Some("https://sms.example.com/hub")),
        ("http://127.0.0.1:3000/", Some("http://127.0.0.1:3000")),
        ("https://SMS.example.com:443", Some("https://SMS.example.com:443")),
        ("https://[::1]:8080", Some("https://[::1]:8080")),
        ("https://user:pass@sms.example.com", Some("https://user:pass@sms.example.com")),
        ("sms.example.com", None),
        ("https:sms.example.com", None),
        ("https:///sms.example.com", None),
        ("ftp://sms.example.com", None),
        ("https://", None),
        ("https://sms.example.com/?a=1", None),
        ("https://sms.example.com/#a", None),
        ("https://sms.example.com/a b", None),
        ("https:\\\\sms.example.com", None),
    ] {
        assert_eq!(BaseUrl::parse(text).as_ref().map(BaseUrl::as_str), expect, "{text}");
    }
}

#[test]
fn where_they_lead() {
    for (text, loopback, twilio, user) in [
        ("https://api.twilio.com", false, true, false),
        ("https://api.dublin.ie1.twilio.com", false, true, false),
        ("https://api.twilio.com.example.com", false, false, false),
        ("https://nottwilio.com", false, false, false),
        ("http://localhost:3000", true, false, false),
        ("http://127.0.0.1", true, false, false),
        ("http://[::1]", true, false, false),
        ("http://192.0.2.1", false, false, false),
        ("https://:pass@sms.example.com", false, false, true),
    ] {
        let url = BaseUrl::parse(text).unwrap();
        assert_eq!((url.is_loopback(), url.is_twilio(), url.has_user()), (loopback, twilio, user), "{text}");
    }
    assert!(!format!("{:?}", BaseUrl::parse("https://u:pass@a.example.com").unwrap()).contains("pass@"));
}
