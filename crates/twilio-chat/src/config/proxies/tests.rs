use super::*;

#[test]
fn trusted_or_not() {
    for (list, peer, expect) in [
        ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "::ffff:127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false),
        ("10.0.0.0/8, 192.0.2.0/24", "10.200.3.4", true),
        ("10.0.0.0/8, 192.0.2.0/24", "192.0.2.255", true),
        ("10.0.0.0/8, 192.0.2.0/24", "192.0.3.0", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "2001:db8::1", true),
        ("fd00::/8", "fdab::1", true),
        ("fd00::/8", "fe80::1", false),
        ("", "127.0.0.1", false),
    ] {
        let proxies = TrustedProxies::parse(list).unwrap();
        assert_eq!(proxies.contains(peer.parse().unwrap()), expect, "{list} {peer}");
    }
}

#[test]
fn refused_lists() {
    for list in
        ["proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0.1 10.0.0.2"]
    {
        assert_eq!(TrustedProxies::parse(list), None, "{list}");
    }
}
