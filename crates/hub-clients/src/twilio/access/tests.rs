//! What of an access is refused, where credentials may go, and that nothing shows them.

use super::*;
use crate::twilio::scripted::{ACCOUNT, access};

#[test]
fn access_that_cannot_work_is_refused() {
    let check = |change: fn(&mut TwilioAccess), expect: Option<AccessError>| {
        let mut access = access();
        change(&mut access);
        assert_eq!(Door::open(&access).err(), expect, "{access:?}");
    };
    check(|_| (), None);
    check(|a| a.base_url = "http://127.0.0.1:4010/".to_owned(), None);
    check(|a| a.account_sid = String::new(), Some(AccessError::AccountSid));
    check(|a| a.account_sid = "AC1/../x".to_owned(), Some(AccessError::AccountSid));
    check(|a| a.base_url = "api.twilio.com".to_owned(), Some(AccessError::BaseUrl));
    check(|a| a.base_url = "ftp://api.twilio.com".to_owned(), Some(AccessError::BaseUrl));
    check(|a| a.base_url = "https://api.twilio.com?x=1".to_owned(), Some(AccessError::BaseUrl));
    check(|a| a.base_url = "https://u:p@api.twilio.com".to_owned(), Some(AccessError::BaseUrl));
    check(|a| a.auth = Auth::Token(SecretString::from("")), Some(AccessError::Credentials));
    check(
        |a| a.auth = Auth::ApiKey { sid: "a:b".to_owned(), secret: SecretString::from("x") },
        Some(AccessError::Credentials),
    );
}

#[test]
fn credentials_are_basic_auth() {
    let authorization = |auth| {
        let door = Door::open(&TwilioAccess { auth, ..access() }).unwrap();
        let (_, key) = door.keys().in_turn().next().unwrap();
        assert!(key.is_sensitive());
        key.to_str().unwrap().to_owned()
    };
    let expect = |user_and_secret: &str| format!("Basic {}", STANDARD.encode(user_and_secret));
    let token = Auth::Token(SecretString::from("hush-token"));
    assert_eq!(authorization(token), expect(&format!("{ACCOUNT}:hush-token")));
    let key = Auth::ApiKey { sid: "SK01".to_owned(), secret: SecretString::from("hush-key") };
    assert_eq!(authorization(key), expect("SK01:hush-key"));
}

#[test]
fn debug_shows_no_secret() {
    let access = access();
    let shown = format!("{access:?} {:?}", Door::open(&access).unwrap());
    let encoded = STANDARD.encode(format!("{ACCOUNT}:hush-token"));
    assert!(!shown.contains("hush-token") && !shown.contains(&encoded), "{shown}");
}

#[test]
fn page_links_stay_at_our_account() {
    let door = Door::open(&access()).unwrap();
    let ours = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageToken=PA1&Page=1");
    let check = |link: &str, expect: Option<&str>| {
        assert_eq!(door.page_url(link).as_deref(), expect, "{link}");
    };
    let absolute = format!("https://api.twilio.com{ours}");
    check(&ours, Some(&absolute));
    check(&absolute, Some(&absolute));
    check(&format!("https://evil.example{ours}"), None);
    check(&format!("https://api.twilio.com.evil.example{ours}"), None);
    check(&format!("https://api.twilio.com@evil.example{ours}"), None);
    check(&format!("http://api.twilio.com{ours}"), None);
    check(&format!("//evil.example{ours}"), None);
    check(&format!("@evil.example{ours}"), None);
    check(&ours.replace("AC00", "AC99"), None);
    check(&ours.replace(".json?", ".json/../../x?"), None);
    check("", None);
}

#[test]
fn a_base_url_with_a_path_keeps_it() {
    let base_url = "http://127.0.0.1:4010/twilio/".to_owned();
    let door = Door::open(&TwilioAccess { base_url, ..access() }).unwrap();
    let expect = format!("http://127.0.0.1:4010/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    assert_eq!(door.account_url("/Messages.json"), expect);
    let link = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    assert_eq!(door.page_url(&link).as_deref(), Some(expect.as_str()));
}

#[test]
fn the_other_apis_stand_beside_the_first() {
    for (base_url, expect) in [
        ("https://api.twilio.com", "https://messaging.twilio.com"),
        ("https://api.dublin.ie1.twilio.com/", "https://messaging.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("https://api.example.com", "https://api.example.com"),
        ("https://proxy.example.com/twilio.com", "https://proxy.example.com/twilio.com"),
    ] {
        let door = Door::open(&TwilioAccess { base_url: base_url.to_owned(), ..access() }).unwrap();
        assert_eq!(door.sibling("messaging"), expect, "{base_url}");
    }
}
