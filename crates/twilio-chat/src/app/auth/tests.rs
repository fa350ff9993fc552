use super::*;

fn client(address: &str, agent: &str) -> Client {
    Client { address: address.parse().unwrap(), agent: agent.to_owned() }
}

#[test]
fn addresses_are_kept_without_their_last_part_and_counted_with_it() {
    for (address, network, counted) in [
        ("203.0.113.77", "203.0.113.0/24", "203.0.113.77"),
        ("::ffff:203.0.113.77", "203.0.113.0/24", "203.0.113.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2"),
    ] {
        let client = client(address, "");
        assert_eq!((client.network().as_str(), client.counted().as_str()), (network, counted), "{address}");
    }
}

#[test]
fn browsers_are_named_in_a_few_words() {
    for (agent, expect) in [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ] {
        assert_eq!(client("192.0.2.1", agent).short_agent(), expect, "{agent:?}");
    }
    assert_eq!(client("192.0.2.1", &"x".repeat(500)).short_agent().len(), 40);
}
