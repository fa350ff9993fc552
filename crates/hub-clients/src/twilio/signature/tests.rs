//! Vectors of Twilio's validators, the rules they leave open, and that no altered request passes.

use proptest::prelude::*;

use super::*;

type Pairs = [(&'static str, &'static str)];

const HUB: &str = "https://hub.example.com";
const COMPANY: &str = "https://mycompany.com";
const COMPANY_TARGET: &str = "/myapp.php?foo=1&bar=2";
const CALL: &Pairs = &[
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
];
const JSON: &str = r#"{"property": "value", "boolean": true}"#;
const JSON_TARGET: &str =
    "/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const JSON_SIGNATURE: &str = "a9nBmqA0ju/hNViExpshrM61xv4=";

fn check_at(base: &str) -> SignatureCheck {
    SignatureCheck::new(&[SecretString::from("12345")], base).unwrap()
}

fn fields(pairs: &Pairs) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn passes(base: &str, target: &str, pairs: &Pairs, signature: &str) -> bool {
    check_at(base).verify(target, SignedBody::Form(&fields(pairs)), Some(signature)).is_ok()
}

/// What Twilio would send for exactly this text: an independent, plain way to it.
fn signed(token: &str, text: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap().chain_update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn vectors_pass() {
    let check = |base: &str, target: &str, pairs: &Pairs, signature: &str| {
        assert!(passes(base, target, pairs, signature), "{base}{target} {signature}");
        assert!(!passes(base, &format!("{target}x"), pairs, signature), "altered {base}{target}");
    };
    let upstream = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    check(COMPANY, COMPANY_TARGET, CALL, upstream);
    check("https://mycompany.com:1234", COMPANY_TARGET, CALL, upstream);
    check(COMPANY, COMPANY_TARGET, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w=");
    check("http://mycompany.com", COMPANY_TARGET, CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4=");
    let repeated: &Pairs = &[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ];
    check(COMPANY, COMPANY_TARGET, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU=");

    let inbound = "/twilio/inbound";
    let from = ("From", "+48600100200");
    check(HUB, inbound, &[("Body", ""), from], "ZRCuvkukXMV3sdYcRN/oRYU83Js=");
    let whatsapp = [("Body", "Zażółć 👍"), ("From", "whatsapp:+48600100200"), ("ProfileName", "Żaneta")];
    check(HUB, inbound, &whatsapp, "/bpSeRKzGglEaj8pNNnk+nVskqA=");
    check(HUB, inbound, &[("Tag", "z"), ("TagX", "1")], "/t8aTegqjIz2GQoXIErxxf5FHVg=");
    check(HUB, inbound, &[("Tag", "b"), ("Tag", "a"), ("Tag", "b")], "Bjf8D07baY6gCWtA3IpOotDClO4=");
    let raw_query = "/twilio/inbound?b=2&a=x%20y+z&n=it's";
    check(HUB, raw_query, &[("Body", "x")], "dza6j4sVyPHmvxCU8EwfMscQg9Q=");
    check("https://hub.example.com:8443", inbound, &[("Body", "x")], "bLvY54PupKiOFwhz0/YI9iHy7aU=");
    check(HUB, inbound, &[("Body", "  a\r\nb ")], "k4qNBkJYAXd9aAxhsvS4yCJ16/0=");
    check(HUB, inbound, &[], "eiLPh5k611A8T2GfPer/KmebF+k=");
}

#[test]
fn json_is_checked_twice() {
    let verify = |target: &str, body: &str, signature: &str| {
        check_at(COMPANY).verify(target, SignedBody::Json(body.as_bytes()), Some(signature))
    };
    assert_eq!(verify(JSON_TARGET, JSON, JSON_SIGNATURE), Ok(()));
    assert_eq!(verify(JSON_TARGET, "{}", JSON_SIGNATURE), Err(SignatureError::BodyHash));
    assert_eq!(verify(JSON_TARGET, "", JSON_SIGNATURE), Err(SignatureError::BodyHash));
    let no_hash = signed("12345", &format!("{COMPANY}/x?a=1"));
    assert_eq!(verify("/x?a=1", JSON, &no_hash), Err(SignatureError::BodyHash));
    let other = JSON_TARGET.replace("0a1f", "0a1e");
    assert!(matches!(verify(&other, JSON, JSON_SIGNATURE), Err(SignatureError::Mismatch { .. })));
    // A form is signed with its fields even when the query has a hash.
    let form = fields(&[("Body", "injected")]);
    let outcome = check_at(COMPANY).verify(JSON_TARGET, SignedBody::Form(&form), Some(JSON_SIGNATURE));
    assert!(matches!(outcome, Err(SignatureError::Mismatch { .. })), "{outcome:?}");
}

/// Each line is a rule: the base as configured, the target as received, the fields, the text as signed.
#[test]
fn rules_of_the_signed_text() {
    let check = |base: &str, target: &str, pairs: &Pairs, text: &str, expect: bool| {
        assert_eq!(passes(base, target, pairs, &signed("12345", text)), expect, "{base}{target} = {text}");
    };
    // Escapes and order of the query stay.
    check(HUB, "/in?x=%C5%BC", &[], "https://hub.example.com/in?x=%C5%BC", true);
    check(HUB, "/in?x=%C5%BC", &[], "https://hub.example.com/in?x=ż", false);
    check(HUB, "/in?x=%c5%bc", &[], "https://hub.example.com/in?x=%C5%BC", false);
    check(HUB, "/in?r=https%3A%2F%2F", &[], "https://hub.example.com/in?r=https%3A%2F%2F", true);
    check(HUB, "/in?b=2&a=1", &[], "https://hub.example.com/in?a=1&b=2", false);
    check(HUB, "/in?n=it's", &[], "https://hub.example.com/in?n=it's", true);
    check(HUB, "/in?n=it's", &[], "https://hub.example.com/in?n=it%27s", false);
    check(HUB, "/in?", &[], "https://hub.example.com/in?", true);
    // The query is not merged with the body.
    check(HUB, "/in?a=1", &[("a", "2")], "https://hub.example.com/in?a=1a2", true);
    // GET: everything stands in the URL.
    check(HUB, "/in?Body=x&From=%2B1", &[], "https://hub.example.com/in?Body=x&From=%2B1", true);
    // Trailing slashes, scheme and host are significant; a trailing slash of the base is not ours to send.
    check("https://hub.example.com/", "/in", &[], "https://hub.example.com/in", true);
    check("https://hub.example.com/hook/", "/in", &[], "https://hub.example.com/hook/in", true);
    check(HUB, "/in/", &[], "https://hub.example.com/in", false);
    check(HUB, "/", &[], "https://hub.example.com/", true);
    check(HUB, "/in", &[], "http://hub.example.com/in", false);
    check(HUB, "/in", &[], "https://other.example.com/in", false);
    // Ports, with hosts that a split at the first colon would mangle.
    check(HUB, "/in", &[], "https://hub.example.com:443/in", true);
    check(HUB, "/in", &[], "https://hub.example.com:80/in", false);
    check("http://hub.example.com:3000", "/in", &[], "http://hub.example.com/in", true);
    check("http://[::1]:8080", "/in", &[], "http://[::1]:8080/in", true);
    check("http://[::1]:8080", "/in", &[], "http://[::1]/in", true);
    check("https://[::1]", "/in", &[], "https://[::1]:443/in", true);
    check("https://user:pass@hub.example.com", "/in", &[], "https://hub.example.com/in", true);
    check("https://user:pass@hub.example.com:443", "/in", &[], "https://hub.example.com/in", true);
    // Fields: by name in code points; distinct values in order; nothing trimmed; unknown ones count.
    check(HUB, "/in", &[("aa", "1"), ("Zz", "2")], "https://hub.example.com/inZz2aa1", true);
    check(HUB, "/in", &[("ł", "1"), ("z", "2")], "https://hub.example.com/inz2ł1", true);
    check(
        HUB,
        "/in",
        &[("\u{1F44D}", "1"), ("\u{FF21}", "2")],
        "https://hub.example.com/in\u{FF21}2\u{1F44D}1",
        true,
    );
    check(
        HUB,
        "/in",
        &[("FromCity", "X"), ("From", "MojBank")],
        "https://hub.example.com/inFromMojBankFromCityX",
        true,
    );
    check(HUB, "/in", &[("T", "b"), ("T", ""), ("T", "b")], "https://hub.example.com/inTTb", true);
    check(HUB, "/in", &[("B", " x ")], "https://hub.example.com/inBx", false);
    check(HUB, "/in", &[("B", "o\u{301}")], "https://hub.example.com/inBó", false);
    check(HUB, "/in", &[("B", "x"), ("New", "1")], "https://hub.example.com/inBx", false);
    // The borders between names and values are not signed.
    check(HUB, "/in", &[("FromCit", "y")], "https://hub.example.com/inFromCity", true);
}

#[test]
fn either_token_passes() {
    let tokens = [SecretString::from("new"), SecretString::from("old")];
    let check = SignatureCheck::new(&tokens, HUB).unwrap();
    for (token, expect) in [("new", true), ("old", true), ("older", false)] {
        let signature = signed(token, "https://hub.example.com:443/in");
        assert_eq!(check.verify("/in", SignedBody::None, Some(&signature)).is_ok(), expect, "{token}");
    }
}

#[test]
fn strange_signatures_are_refused() {
    let check = |signature: Option<&str>, expect: SignatureError| {
        assert_eq!(check_at(HUB).verify("/twilio/inbound?Body=hi", SignedBody::None, signature), Err(expect));
    };
    let mismatch = || SignatureError::Mismatch {
        signed_url: "https://hub.example.com/twilio/inbound?Body=…".to_owned(),
    };
    check(None, SignatureError::Missing);
    let right = signed("12345", "https://hub.example.com/twilio/inbound?Body=hi");
    assert_eq!(check_at(HUB).verify("/twilio/inbound?Body=hi", SignedBody::None, Some(&right)), Ok(()));
    for strange in ["", "=", "ąąą", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        check(Some(strange), mismatch());
    }
    let spellings = [right.replace('=', ""), format!("{right} "), right.to_lowercase(), right.repeat(2)];
    for other in &spellings {
        check(Some(other), mismatch());
    }
}

#[test]
fn a_check_needs_a_token_and_an_address() {
    let refused = |tokens: &[&str], base: &str| {
        let tokens: Vec<_> = tokens.iter().map(|token| SecretString::from(*token)).collect();
        SignatureCheck::new(&tokens, base).err()
    };
    assert_eq!(refused(&["12345"], HUB), None);
    assert_eq!(refused(&[], HUB), Some(SignatureSetupError::NoToken));
    assert_eq!(refused(&["12345", ""], HUB), Some(SignatureSetupError::NoToken));
    assert_eq!(
        refused(&["12345"], "https://hub.example.com#rc=2"),
        Some(SignatureSetupError::BaseUrl(InvalidBaseUrl))
    );
}

#[test]
fn debug_shows_no_token_and_no_text() {
    let form = fields(&[("Body", "private words")]);
    let shown = format!("{:?} {:?}", check_at(HUB), SignedBody::Form(&form));
    assert!(!shown.contains("12345") && !shown.contains("private"), "{shown}");
}

/// One byte of an ASCII text replaced by another.
fn altered(text: &str, at: prop::sample::Index, by: u8) -> String {
    let at = at.index(text.len());
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == by { by ^ 1 } else { by };
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_500))]

    #[test]
    fn no_altered_request_passes(
        part in 0..4_u8,
        at in any::<prop::sample::Index>(),
        field in any::<prop::sample::Index>(),
        by in 0x21..0x7f_u8,
    ) {
        let check = check_at(COMPANY);
        let (mut target, mut form) = (COMPANY_TARGET.to_owned(), fields(CALL));
        let mut signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=".to_owned();
        prop_assert!(check.verify(&target, SignedBody::Form(&form), Some(&signature)).is_ok());
        let (name, value) = &mut form[field.index(CALL.len())];
        match part {
            0 => target = altered(&target, at, by),
            1 => *name = altered(name, at, by),
            2 => *value = altered(value, at, by),
            _ => signature = altered(&signature, at, by),
        }
        prop_assert!(check.verify(&target, SignedBody::Form(&form), Some(&signature)).is_err());
    }

    #[test]
    fn any_order_of_the_fields_passes(
        form in Just(fields(CALL)).prop_shuffle(),
        twice in any::<prop::sample::Index>(),
    ) {
        let mut form = form;
        form.push(form[twice.index(form.len())].clone());
        let signature = Some("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        prop_assert!(check_at(COMPANY).verify(COMPANY_TARGET, SignedBody::Form(&form), signature).is_ok());
    }
}
