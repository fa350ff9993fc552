use proptest::prelude::*;

use super::*;

/// The basic table, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension table, two septets each.
const EXTENSION: &str = "^{}\\[~]|€\u{c}";

fn check(text: &str, encoding: Encoding, units: usize, segments: usize) {
    let counted = count(text);
    let head: String = text.chars().take(20).collect();
    assert_eq!((counted.encoding, counted.units, counted.segments), (encoding, units, segments), "{head}…");
}

#[test]
fn the_alphabet_is_the_published_one() {
    assert_eq!(BASIC.chars().count(), 127, "128 places less the escape");
    assert_eq!(EXTENSION.chars().count(), 10);
    for character in '\0'..=char::MAX {
        let expect = if BASIC.contains(character) {
            1
        } else if EXTENSION.contains(character) {
            2
        } else {
            0
        };
        assert_eq!(septets(character), expect, "{character:?}");
        assert_eq!(is_gsm7(character), expect > 0, "{character:?}");
    }
}

#[test]
fn lengths_at_the_edges() {
    use Encoding::{Gsm7, Ucs2};
    let gsm = |n: usize| "a".repeat(n);
    let ucs = |n: usize| "ą".repeat(n);
    check("", Gsm7, 0, 0);
    for (length, segments) in [(1, 1), (153, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)] {
        check(&gsm(length), Gsm7, length, segments);
    }
    for (length, segments) in [(1, 1), (67, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)] {
        check(&ucs(length), Ucs2, length, segments);
    }
    check(&"€".repeat(80), Gsm7, 160, 1);
    check(&"€".repeat(81), Gsm7, 162, 2);
    check(&(gsm(158) + "€"), Gsm7, 160, 1);
    check(&(gsm(159) + "€"), Gsm7, 161, 2);
    check(&(gsm(152) + "€" + &gsm(152)), Gsm7, 306, 3);
    check(&(gsm(151) + "€" + &gsm(153)), Gsm7, 306, 2);
    check(&"😀".repeat(35), Ucs2, 70, 1);
    check(&"😀".repeat(36), Ucs2, 72, 2);
    check(&("ą".repeat(66) + "😀" + &gsm(66)), Ucs2, 134, 3);
    check(&(gsm(66) + "😀" + &gsm(66)), Ucs2, 134, 3);
    check(&(gsm(65) + "😀" + &gsm(67)), Ucs2, 134, 2);
    check(&(gsm(159) + "ó"), Ucs2, 160, 3);
}

#[test]
fn what_rules_out_gsm7() {
    for (text, forced_by) in [
        ("Witaj! Cena: 5 € (ok)", ""),
        ("\u{c}", ""),
        ("Zażółć gęślą jaźń", "żółćęśąźń"),
        ("Ó", "Ó"),
        ("ĄĆĘŁŃÓŚŹŻ", "ĄĆĘŁŃÓŚŹŻ"),
        ("`kod`", "`"),
        ("a\tb", "\t"),
        ("10\u{a0}zł, 20\u{a0}zł", "\u{a0}ł"),
        ("ç", "ç"),
        ("„tak” – nie… ’", "„”–…’"),
        ("\u{1b}", "\u{1b}"),
        ("👍👍", "👍"),
    ] {
        let counted = count(text);
        assert_eq!(counted.forced_by, forced_by.chars().collect::<Vec<_>>(), "{text:?}");
        let encoding = if forced_by.is_empty() { "GSM-7" } else { "UCS-2" };
        assert_eq!(counted.encoding.to_string(), encoding, "{text:?}");
    }
}

proptest! {
    #[test]
    fn agrees_with_cutting_it_for_real(text in "[a-z €\\[ąó😀👍\n]{0,400}") {
        let counted = count(&text);
        prop_assert_eq!(counted.segments, cut(&text).len(), "{:?}", text);
    }

    #[test]
    fn agrees_with_cutting_gsm7_for_real(text in "[a€|]{140,480}") {
        let counted = count(&text);
        prop_assert_eq!(counted.encoding, Encoding::Gsm7);
        prop_assert_eq!(counted.segments, cut(&text).len(), "{:?}", text);
    }
}

/// The slow way: every unit written out, then cut from the front, moving a cut that falls inside a pair.
fn cut(text: &str) -> Vec<Vec<u16>> {
    const ESCAPE: u16 = 0x1b;
    let plain = text.chars().all(|c| BASIC.contains(c) || EXTENSION.contains(c));
    let units: Vec<u16> = if plain {
        let escaped = text.chars().flat_map(|c| {
            let pair = if EXTENSION.contains(c) { vec!['\u{1b}', c] } else { vec![c] };
            pair.into_iter()
        });
        escaped.map(|c| u16::try_from(u32::from(c)).unwrap()).collect()
    } else {
        text.encode_utf16().collect()
    };
    let (alone, chained) = if plain { (160, 153) } else { (70, 67) };
    if units.is_empty() {
        return Vec::new();
    }
    if units.len() <= alone {
        return vec![units];
    }
    let opens_pair = |unit: u16| if plain { unit == ESCAPE } else { (0xd800..0xdc00).contains(&unit) };
    let mut rest = units.as_slice();
    let mut parts = Vec::new();
    while rest.len() > chained {
        let end = if opens_pair(rest[chained - 1]) { chained - 1 } else { chained };
        parts.push(rest[..end].to_vec());
        rest = &rest[end..];
    }
    parts.push(rest.to_vec());
    parts
}
