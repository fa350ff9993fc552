use super::*;

#[test]
fn flags() {
    for (text, expect) in [
        ("1", Some(true)),
        ("TRUE", Some(true)),
        ("t", Some(true)),
        ("Yes", Some(true)),
        ("y", Some(true)),
        ("on", Some(true)),
        ("0", Some(false)),
        ("False", Some(false)),
        ("f", Some(false)),
        ("no", Some(false)),
        ("N", Some(false)),
        ("off", Some(false)),
        ("tak", None),
        ("2", None),
    ] {
        assert_eq!(flag(text), expect, "{text}");
    }
}

#[test]
fn log_levels() {
    for (text, expect) in [
        ("WARNING", Some("warn")),
        ("warn", Some("warn")),
        ("Error", Some("error")),
        ("info", Some("info")),
        ("DEBUG", Some("debug")),
        ("trace", Some("trace")),
        ("loud", None),
    ] {
        assert_eq!(log_level(text).map(LogLevel::as_str), expect, "{text}");
    }
}

#[test]
fn sids() {
    let hex = "0123456789abcdefABCDEF0123456789";
    assert!(sid("AC", &format!("AC{hex}")).is_some());
    for text in
        [format!("ac{hex}"), format!("SK{hex}"), format!("AC{hex}0"), "AC...".to_owned(), hex.to_owned()]
    {
        assert_eq!(sid("AC", &text), None, "{text}");
    }
}

#[test]
fn senders() {
    for (text, expect) in [
        ("+15005550006", Some("+15005550006")),
        ("+48 500 100 200", Some("+48500100200")),
        ("72400", Some("72400")),
        ("MojSklep", Some("MojSklep")),
        ("whatsapp:+15005550006", Some("whatsapp:+15005550006")),
        ("rcs:sklep", Some("rcs:sklep")),
        ("whatsapp:PL.123", None),
        ("Sklep u Kowalskich", None),
        ("+0", None),
    ] {
        assert_eq!(sender(text).as_ref().map(Address::as_str), expect, "{text}");
    }
}

#[test]
fn other_forms() {
    type Fits = fn(&str) -> bool;
    let check = |fits: Fits, good: &[&str], bad: &[&str]| {
        for text in good {
            assert!(fits(text), "{text}");
        }
        for text in bad {
            assert!(!fits(text), "{text}");
        }
    };
    check(|t| word(t).is_some(), &["production", "pre-prod_2.1"], &["two words", "łąka"]);
    check(|t| temperature(t).is_some(), &["0", "0.7", "2"], &["0,7", "2.1", "-0.1", "NaN", "hot"]);
    check(|t| secret(16, t).is_some(), &["0123456789abcdef"], &["0123456789abcde"]);
    check(|t| secret(1, t).is_some(), &["x"], &["two words", "zażółć", ""]);
    check(|t| zone(t).is_some(), &["Europe/Warsaw", "UTC"], &["Europe/Radom", ""]);
    check(|t| host(t).is_some(), &["localhost", "::", "0.0.0.0"], &["example.com", "1.2.3"]);
    check(|t| service_url(t).is_some(), &["http://127.0.0.1:1/v1"], &["http://u:p@127.0.0.1", "x"]);
    check(|t| public_url(t).is_some(), &["http://u:p@127.0.0.1"], &["x"]);
    check(|t| phone(t).is_some(), &["500 100 200", "+15005550006"], &["Ewa", ""]);
}

#[test]
fn rates_of_senders() {
    let service = "MG0123456789abcdef0123456789abcdef";
    let check = |text: &str, expect: Option<&[(&str, u32)]>| {
        let expect = expect.map(|list| {
            list.iter().map(|(name, rate)| ((*name).to_owned(), Rate::per_second(*rate))).collect()
        });
        assert_eq!(rates(text), expect, "{text}");
    };
    check("+48500100200=1", Some(&[("+48500100200", 1)]));
    let both = format!(" +48 500 100 200 = 0 ,{service}=100, ");
    check(&both, Some(&[("+48500100200", 0), (service, 100)]));
    check("MojBank=5,whatsapp:+48500100900=80", Some(&[("MojBank", 5), ("whatsapp:+48500100900", 80)]));
    for wrong in
        ["+48500100200", "+48500100200=", "=5", "+48500100200=-1", "+48500100200=0.5", "MojBank=10001"]
    {
        check(wrong, None);
    }
}
