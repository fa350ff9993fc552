use std::collections::BTreeSet;

use super::*;
use crate::config::RawConfig;

fn credentials(changed: &[(&str, &str)]) -> [u8; 16] {
    let mut environment: Vec<(String, String)> = [
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "one"),
        ("TWILIO_DEFAULT_FROM", "+15005550006"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in changed {
        environment.retain(|(known, _)| known != name);
        environment.push(((*name).to_owned(), (*value).to_owned()));
    }
    terms(&Config::from_raw(&RawConfig::merge(environment, None)).unwrap()).credentials.0
}

#[test]
fn every_change_of_the_credentials_is_another_fingerprint_and_nothing_else_is() {
    let key = "SK0123456789abcdef0123456789abcdef";
    let different: BTreeSet<[u8; 16]> = [
        credentials(&[]),
        credentials(&[("TWILIO_AUTH_TOKEN", "two")]),
        credentials(&[("TWILIO_AUTH_TOKEN", "onetwo")]),
        credentials(&[("TWILIO_AUTH_TOKEN_PREVIOUS", "two")]),
        credentials(&[("TWILIO_ACCOUNT_SID", "AC1123456789abcdef0123456789abcdef")]),
        credentials(&[("TWILIO_API_KEY_SID", key), ("TWILIO_API_KEY_SECRET", "one")]),
        credentials(&[("TWILIO_API_KEY_SID", key), ("TWILIO_API_KEY_SECRET", "two")]),
        credentials(&[("TWILIO_API_BASE_URL", "http://127.0.0.1:9")]),
    ]
    .into();
    assert_eq!(different.len(), 8);
    assert_eq!(credentials(&[]), credentials(&[("TWILIO_DEFAULT_FROM", "+48500100900")]));
    assert_ne!(credentials(&[]), Fingerprint::default().0);
}
