use std::net::IpAddr;

use super::{Consent, Forbidden, Reach, is_global, reach, resolver::only_global};

fn check(url: &str, expect: Result<Reach, Forbidden>) {
    let configured =
        [Consent::of("http://127.0.0.1:4010").unwrap(), Consent::of("https://llm.lan/v1").unwrap()];
    assert_eq!(reach(url, &configured), expect, "{url}");
}

#[test]
fn the_open_web_is_reached_on_its_ports() {
    for url in
        ["https://example.com/a", "http://example.com", "https://93.184.216.34/", "http://example.com:443/"]
    {
        check(url, Ok(Reach::Global));
    }
    check("https://[2606:2800:220:1:248:1893:25c8:1946]/", Ok(Reach::Global));
}

#[test]
fn what_the_operator_named_is_reached_there_and_only_there() {
    check("http://127.0.0.1:4010/x?y", Ok(Reach::Configured));
    check("http://2130706433:4010/", Ok(Reach::Configured));
    check("https://llm.lan/other", Ok(Reach::Configured));
    check("http://127.0.0.1:4011/", Err(Forbidden::Port));
    check("http://127.0.0.1/", Err(Forbidden::NotGlobal));
    check("http://user@127.0.0.1:4010/", Err(Forbidden::User));
    check("https://llm.lan:4010/", Err(Forbidden::Port));
}

#[test]
fn only_plain_web_addresses_pass() {
    for url in [
        "",
        "x",
        "//example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "data:text/plain,x",
        "javascript:0",
        "http://",
        "unix:///run/x",
        "https://exa mple.com/",
    ] {
        check(url, Err(Forbidden::NotWeb));
    }
    check("https://user@example.com/", Err(Forbidden::User));
    check("https://:password@example.com/", Err(Forbidden::User));
    check("https://example.com:22/", Err(Forbidden::Port));
    check("http://example.com:8080/", Err(Forbidden::Port));
    check("https://example.com:0/", Err(Forbidden::Port));
}

/// Spellings of one IPv4 address that clients take.
fn spellings(address: [u8; 4]) -> Vec<String> {
    let [a, b, c, d] = address;
    let whole = u32::from_be_bytes(address);
    let (high, low) = (whole >> 16, whole & 0xffff);
    vec![
        format!("{a}.{b}.{c}.{d}"),
        format!("{a}.{b}.{c}.{d}."),
        format!("{whole}"),
        format!("0x{whole:x}"),
        format!("0{whole:o}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a}.{b}.{low}"),
        format!("{a}.{}", whole & 0xff_ffff),
        format!("[::ffff:{a}.{b}.{c}.{d}]"),
        format!("[::{a}.{b}.{c}.{d}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        // Full-width digits are digits to a browser.
        format!("{a}.{b}.{c}.{d}")
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap(),
                other => other,
            })
            .collect(),
    ]
}

#[test]
fn no_spelling_of_a_special_address_passes() {
    let special = [
        [0, 0, 0, 0],
        [0, 1, 2, 3],
        [10, 0, 0, 1],
        [100, 64, 0, 1],
        [127, 0, 0, 1],
        [127, 255, 255, 254],
        [169, 254, 169, 254],
        [172, 16, 0, 1],
        [172, 31, 255, 255],
        [192, 0, 0, 1],
        [192, 0, 2, 1],
        [192, 88, 99, 1],
        [192, 168, 1, 1],
        [198, 18, 0, 1],
        [198, 51, 100, 7],
        [203, 0, 113, 9],
        [224, 0, 0, 1],
        [240, 0, 0, 1],
        [255, 255, 255, 255],
    ];
    let mut tried = 0;
    for url in special.into_iter().flat_map(spellings).map(|host| format!("http://{host}/")) {
        check(&url, Err(Forbidden::NotGlobal));
        tried += 1;
    }
    assert!(tried > 250);
    for host in [
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "64:ff9b:1::1",
        "100::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
    ] {
        check(&format!("http://[{host}]/"), Err(Forbidden::NotGlobal));
    }
}

#[test]
fn the_same_spellings_of_a_global_address_pass() {
    for host in spellings([93, 184, 216, 34]) {
        check(&format!("http://{host}/"), Ok(Reach::Global));
    }
    for (address, expect) in [("172.32.0.1", true), ("100.128.0.1", true), ("11.0.0.1", true)] {
        assert_eq!(is_global(address.parse::<IpAddr>().unwrap()), expect, "{address}");
    }
}

#[test]
fn a_name_with_one_address_behind_us_has_none() {
    let addresses = |list: &[&str]| {
        let parsed: Vec<_> = list.iter().map(|text| (text.parse::<IpAddr>().unwrap(), 0).into()).collect();
        only_global(parsed.into_iter()).map(|found| found.len()).ok()
    };
    assert_eq!(addresses(&["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]), Some(2));
    assert_eq!(addresses(&["93.184.216.34", "127.0.0.1"]), None);
    assert_eq!(addresses(&["169.254.169.254"]), None);
    assert_eq!(addresses(&[]), None);
}
