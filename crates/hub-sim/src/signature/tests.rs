use super::sign;

const MY_COMPANY: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const INBOUND: &str = "https://hub.example.com/twilio/inbound";
const CALL: &[(&str, &str)] = &[
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
];

fn check(url: &str, params: &[(&str, &str)], expect: &str) {
    let params: Vec<_> = params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    assert_eq!(sign("12345", url, &params), expect, "{url}");
}

#[test]
fn vectors_of_the_official_libraries() {
    check(MY_COMPANY, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    check("https://mycompany.com:443/myapp.php?foo=1&bar=2", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w=");
    check("http://mycompany.com:80/myapp.php?foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4=");
    check(
        MY_COMPANY,
        &[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ],
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    );
    check(
        &format!("{MY_COMPANY}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"),
        &[],
        "a9nBmqA0ju/hNViExpshrM61xv4=",
    );
}

#[test]
fn vectors_of_odd_forms() {
    check(INBOUND, &[("Body", ""), ("From", "+48600100200")], "ZRCuvkukXMV3sdYcRN/oRYU83Js=");
    check(
        INBOUND,
        &[("Body", "Zażółć 👍"), ("From", "whatsapp:+48600100200"), ("ProfileName", "Żaneta")],
        "/bpSeRKzGglEaj8pNNnk+nVskqA=",
    );
    check(INBOUND, &[("Tag", "z"), ("TagX", "1")], "/t8aTegqjIz2GQoXIErxxf5FHVg=");
    check(INBOUND, &[("Tag", "b"), ("Tag", "a"), ("Tag", "b")], "Bjf8D07baY6gCWtA3IpOotDClO4=");
    check(&format!("{INBOUND}?b=2&a=x%20y+z&n=it's"), &[("Body", "x")], "dza6j4sVyPHmvxCU8EwfMscQg9Q=");
    check("https://hub.example.com:8443/twilio/inbound", &[("Body", "x")], "bLvY54PupKiOFwhz0/YI9iHy7aU=");
    check(INBOUND, &[("Body", "  a\r\nb ")], "k4qNBkJYAXd9aAxhsvS4yCJ16/0=");
    check(INBOUND, &[], "eiLPh5k611A8T2GfPer/KmebF+k=");
}
