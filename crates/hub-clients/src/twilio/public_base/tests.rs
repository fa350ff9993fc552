//! The spellings of a base URL, and what is no base URL.

use super::*;

#[test]
fn both_spellings_of_the_port() {
    let check = |configured: &str, expect: [&str; 2]| {
        let base = BaseUrls::parse(configured).unwrap();
        assert_eq!(base.variants(), &expect, "{configured}");
    };
    check("https://h.example", ["https://h.example", "https://h.example:443"]);
    check("https://h.example/", ["https://h.example", "https://h.example:443"]);
    check("http://h.example", ["http://h.example", "http://h.example:80"]);
    check("https://h.example:443", ["https://h.example:443", "https://h.example"]);
    check("https://h.example:8443/a/b/", ["https://h.example:8443/a/b", "https://h.example/a/b"]);
    check("https://user:pass@h.example/a", ["https://h.example/a", "https://h.example:443/a"]);
    check("https://user:p@ss@h.example:8443", ["https://h.example:8443", "https://h.example"]);
    check("http://[::1]:8080/a", ["http://[::1]:8080/a", "http://[::1]/a"]);
    check("http://[::1]", ["http://[::1]", "http://[::1]:80"]);
    check("https://u:p@[2001:db8::1]", ["https://[2001:db8::1]", "https://[2001:db8::1]:443"]);
    check("https://H.Example/A%2fb", ["https://H.Example/A%2fb", "https://H.Example:443/A%2fb"]);
    check("https://h.example/a@b:1", ["https://h.example/a@b:1", "https://h.example:443/a@b:1"]);
}

#[test]
fn what_is_no_base_url() {
    for configured in [
        "",
        "h.example",
        "ftp://h.example",
        "https://",
        "https:///a",
        "https://:443",
        "https://user@",
        "https://h.example:",
        "https://h.example:x",
        "https://h.example:+1",
        "https://h.example:70000",
        "https://[::1",
        "https://[::1]x",
        "https://h.example/?a=1",
        "https://h.example/#rc=2",
        "https://h example",
        "https://h.example\\a",
    ] {
        assert_eq!(BaseUrls::parse(configured), Err(InvalidBaseUrl), "{configured}");
    }
}

#[test]
fn logs_get_names_without_values() {
    let base = BaseUrls::parse("https://u:secret@h.example/").unwrap();
    let check = |target: &str, expect: &str| assert_eq!(base.shown(target), expect);
    check("/in", "https://h.example/in");
    check("/in?Body=hello&b&From=%2B1", "https://h.example/in?Body=…&b=…&From=…");
    check("/in?", "https://h.example/in");
    assert_eq!(base.shown(&format!("/{}", "ż".repeat(9_000))).chars().count(), MAX_SHOWN + 1);
}
