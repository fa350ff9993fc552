use proptest::prelude::*;

use super::*;

fn chars(chars: usize) -> PartLimit {
    PartLimit { chars, segments: None }
}

fn cost(segments: usize) -> PartLimit {
    PartLimit { chars: usize::MAX, segments: Some(segments) }
}

fn check(text: &str, limit: PartLimit, expect: &[&str]) {
    assert_eq!(split(text, limit), expect, "{text:?}");
}

#[test]
fn within_the_limit_nothing_changes() {
    for text in ["", " ", "  dzień dobry \n\n", "0123456789"] {
        check(text, chars(text.chars().count().max(10)), &[text]);
    }
    let long = "ą".repeat(1600);
    check(&long, chars(5000), &[&long]);
    assert_eq!(split(&(long + "ą"), chars(5000)).len(), 2);
}

#[test]
fn the_strongest_seam_of_the_second_half_wins() {
    for (text, first) in [
        ("aaaa bbb. cc\n\nd; e\nf. gg hhhhhhhhhhhh", "aaaa bbb. cc"),
        ("aaaa bbb. cc dd; e\nf. gg hhhhhhhhhhhh", "aaaa bbb. cc dd; e"),
        ("aaaa bbb. cc dd; e f! gg hhhhhhhhhhhh", "aaaa bbb. cc dd; e f!"),
        ("aaaa bbb. cc dd; e „f?”) gg hhhhhhhhhh", "aaaa bbb. cc dd; e „f?”)"),
        ("aaaa bbb. cc dd; e f gg hhhhhhhhhhhhhh", "aaaa bbb. cc dd;"),
        ("aaaa bbb. cc dd e f gg hhhhhhhhhhhhhhh", "aaaa bbb. cc dd e f gg"),
        ("aaa\n\nbbb cc dd e f gg hhhhhhhhhhhhhhhh", "aaa\n\nbbb cc dd e f gg"),
        ("aaaa, b.\r\n\r\nc d hhhhhhhhhhhhhhhhhhhh", "aaaa, b.\r\n\r\nc d"),
        ("v1.5 ab.cd/ef.gh a.b.c dddddddddddddddd", "v1.5 ab.cd/ef.gh a.b.c"),
        // What ends with an abbreviation has not ended.
        ("aaaa bbb ccc? d ul. f hhhhhhhhhhhhhhhh", "aaaa bbb ccc?"),
        ("aaaa bbb ccc; d (np.) f hhhhhhhhhhhhhh", "aaaa bbb ccc;"),
        ("aaaa bbb ccc; d r. f g hhhhhhhhhhhhhhh", "aaaa bbb ccc;"),
        ("aaaa bbb ccc; dom. f g hhhhhhhhhhhhhhh", "aaaa bbb ccc; dom."),
        ("aaaaaaaaaaaaaaa\r\n \r\nb hhhhhhhhhhhhhhh", "aaaaaaaaaaaaaaa"),
    ] {
        assert_eq!(split(text, chars(24))[0], first, "{text:?}");
    }
}

#[test]
fn a_word_that_just_fits_is_not_pushed_on() {
    check("0123456789 abc", chars(10), &["0123456789", "abc"]);
    check("01234 6789  abc", chars(10), &["01234 6789", "abc"]);
    check("ab 10\u{a0}000\u{a0}zł abc", chars(9), &["ab", "10\u{a0}000\u{a0}zł", "abc"]);
}

#[test]
fn only_a_word_longer_than_a_part_is_cut() {
    check("ab 0123456789abcdef", chars(10), &["ab", "0123456789", "abcdef"]);
    check("   0123456789", chars(10), &["   0123456", "789"]);
    check("aaaa          ", chars(10), &["aaaa"]);
    check("          bbbb", chars(8), &["bbbb"]);
    check("           ", chars(8), &[""]);
}

#[test]
fn what_shows_as_one_character_stays_whole() {
    check("aaa😀", chars(4), &["aaa", "😀"]);
    check("aaao\u{301}\u{323}", chars(5), &["aaa", "o\u{301}\u{323}"]);
    check("aa👨\u{200d}👩\u{200d}👧b", chars(9), &["aa", "👨\u{200d}👩\u{200d}👧b"]);
    check("a👍🏽", chars(4), &["a", "👍🏽"]);
    check("🇵🇱🇨🇿🇩🇪", chars(6), &["🇵🇱", "🇨🇿", "🇩🇪"]);
    check("a❤\u{fe0f}", chars(2), &["a", "❤\u{fe0f}"]);
    check("o\u{301}\u{301}\u{301}", chars(3), &["o\u{301}\u{301}", "\u{301}"]);
}

#[test]
fn a_limit_below_one_character_is_one_character() {
    check("ab", chars(0), &["a", "b"]);
    check("😀b", chars(1), &["😀", "b"]);
    check(&"a".repeat(161), cost(0), &[&"a".repeat(160), "a"]);
}

#[test]
fn segments_limit_a_part() {
    let (gsm, ucs) = ("a".repeat(160), "ą".repeat(70));
    check(&(gsm.clone() + "b"), cost(1), &[&gsm, "b"]);
    check(&(ucs.clone() + "b"), cost(1), &[&ucs, "b"]);
    check(&"a".repeat(400), cost(2), &[&"a".repeat(306), &"a".repeat(94)]);
    // Each part has the alphabet of its own characters.
    check(&(gsm.clone() + " ą"), cost(1), &[&gsm, "ą"]);
    check(&("€".repeat(80) + "a"), cost(1), &[&"€".repeat(80), "a"]);
    assert_eq!(split(&"a ".repeat(2000), cost(20)).len(), 3);
}

#[test]
fn a_great_text_is_cut_in_reasonable_time() {
    let text = "Zdanie, które nic nie mówi. ".repeat(10_000) + &" ".repeat(200_000) + &"x".repeat(100_000);
    assert!(split(&text, cost(3)).len() > 400);
}

fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #[test]
    fn only_white_space_is_lost(
        text in "[a-c .;!\n\r\u{a0}ą€😀\u{301}\u{200d}🇵🇱]{0,200}",
        most in 4_usize..80,
        segments in proptest::option::of(1_usize..3),
    ) {
        let limit = PartLimit { chars: most, segments };
        let parts = split(&text, limit);
        prop_assert_eq!(solid(&parts.concat()), solid(&text));
        let blank = text.chars().all(is_gap);
        for part in &parts {
            prop_assert!(blank || !part.is_empty());
            prop_assert!(part.encode_utf16().count() <= most);
            prop_assert!(segments::count(part).segments <= segments.unwrap_or(usize::MAX));
        }
        if text.encode_utf16().count() <= most && segments.is_none() {
            prop_assert_eq!(parts, [text]);
        } else {
            prop_assert!(text.starts_with(&parts[0]) || text.starts_with(is_gap));
        }
    }

    #[test]
    fn words_stay_whole_and_parts_are_at_least_half_full(text in "([a-z]{1,9} ){1,40}", most in 20_usize..60) {
        let parts = split(text.trim_end(), chars(most));
        let words: Vec<&str> = text.split_whitespace().collect();
        let again: Vec<&str> = parts.iter().flat_map(|part| part.split(' ')).collect();
        prop_assert_eq!(again, words);
        for part in parts.split_last().unwrap().1 {
            prop_assert!(part.len() >= most / 2);
        }
    }

    #[test]
    fn segments_never_fall_as_a_text_grows(text in "[a€\\|ą😀]{0,120}|[€\\|]{60,90}[aą€]{0,100}") {
        let mut before = 0;
        for (at, character) in text.char_indices() {
            let now = segments::count(&text[..at + character.len_utf8()]).segments;
            prop_assert!(now >= before);
            before = now;
        }
    }
}
