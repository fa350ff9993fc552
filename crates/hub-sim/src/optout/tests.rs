use super::{Keyword, OptOuts};
use crate::config::{Service, SimConfig};

const OURS: &str = "+15005550006";
const PERSON: &str = "+48500100123";

fn check(body: &str, expect: Option<Keyword>) {
    assert_eq!(Keyword::of(body), expect, "{body}");
}

#[test]
fn words() {
    check("STOP", Some(Keyword::Stop));
    check(" stopall\n", Some(Keyword::Stop));
    check("Revoke", Some(Keyword::Stop));
    check("yes", Some(Keyword::Start));
    check("Info", Some(Keyword::Help));
    check("STOP PLEASE", None);
    check("REZYGNUJĘ", None);
}

#[test]
fn by_default_a_pair_is_blocked() {
    let config = SimConfig::default();
    let mut opt_outs = OptOuts::default();
    assert!(opt_outs.apply(&config, OURS, PERSON, Keyword::Start).is_none(), "nothing to undo");
    assert!(opt_outs.apply(&config, OURS, PERSON, Keyword::Stop).is_some());
    assert!(opt_outs.apply(&config, OURS, PERSON, Keyword::Stop).is_none(), "said twice");
    assert!(opt_outs.blocks(&config, OURS, PERSON));
    assert!(!opt_outs.blocks(&config, "+48500100900", PERSON));
    assert!(opt_outs.apply(&config, OURS, PERSON, Keyword::Start).is_some());
    assert!(!opt_outs.blocks(&config, OURS, PERSON));
    assert!(opt_outs.apply(&config, "12345", PERSON, Keyword::Stop).is_none());
    assert!(!opt_outs.blocks(&config, "12345", PERSON), "short codes get no handling");
}

#[test]
fn advanced_opt_out_blocks_the_pool() {
    let service = Service {
        sid: "MG0123456789abcdef0123456789abcdef".into(),
        numbers: vec![OURS.into(), "whatsapp:+48500100900".into()],
        advanced_opt_out: true,
    };
    let config = SimConfig { messaging_services: vec![service], ..SimConfig::default() };
    let mut opt_outs = OptOuts::default();
    assert!(opt_outs.apply(&config, OURS, PERSON, Keyword::Stop).is_some());
    assert!(opt_outs.blocks(&config, "whatsapp:+48500100900", &format!("whatsapp:{PERSON}")));
}
