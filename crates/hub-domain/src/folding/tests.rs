use proptest::prelude::*;

use super::*;

fn check(text: &str, expect: &str, still_forced: &str) {
    let folded = fold(text);
    assert_eq!(folded, expect, "{text:?}");
    assert_eq!(segments::count(&folded).forced_by, still_forced.chars().collect::<Vec<_>>(), "{text:?}");
}

#[test]
fn folds_what_forces_ucs2() {
    for (text, expect) in [
        ("", ""),
        ("Zażółć gęślą jaźń", "Zazolc gesla jazn"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "ZAZOLC GESLA JAZN"),
        ("„tak” “no” ‘a’ ’ «b» ‹c› `d`", "\"tak\" \"no\" 'a' ' \"b\" 'c' 'd'"),
        ("od – do — raz‑dwa −5", "od - do - raz-dwa -5"),
        ("zaraz…", "zaraz..."),
        ("• jeden\n• dwa", "- jeden\n- dwa"),
        ("10\u{a0}000\u{202f}PLN\u{2009}!", "10 000 PLN !"),
        ("a\tb\u{2028}c", "a b\nc"),
        ("a\u{200b}b\u{feff}c\u{ad}d\u{2060}", "abcd"),
        ("šč ř ž á í ý ú ě ů ő ű ç ê", "sc r z a i y u e u o u c e"),
        ("Œuvre, Þór, Đoko, İzmir, ĳs, ﬁlm", "OEuvre, THor, Doko, Izmir, ijs, film"),
        ("o\u{301} a\u{328}", "o a"),
        ("a\u{200d}b\u{fe0f}", "ab"),
    ] {
        check(text, expect, "");
        assert!(fold(text).chars().all(is_gsm7), "{text:?}");
    }
}

#[test]
fn keeps_what_the_alphabet_has_and_what_has_no_look_alike() {
    check("äöüñéàèìòùßæøåÄÖÜÑÉÇÆØÅ€[]{}~^|\\ΔΩ", "äöüñéàèìòùßæøåÄÖÜÑÉÇÆØÅ€[]{}~^|\\ΔΩ", "");
    check("Dziękuję 👍", "Dziekuje 👍", "👍");
    check("👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}", "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}", "👨\u{200d}👩👧❤\u{fe0f}");
    check("Привет, Łódź", "Привет, Lodz", "Привет");
    check("и\u{306}\u{200b}\u{301}", "и\u{306}\u{301}", "и\u{306}\u{301}");
}

#[test]
fn links_keep_their_letters() {
    let words = "żółw ".repeat(40);
    let folded = "zolw ".repeat(40);
    for (text, expect) in [
        (words.clone(), folded.clone()),
        (format!("{words}\nhttps://a.example/zolw"), format!("{folded}\nhttps://a.example/zolw")),
        // The link needs the larger alphabet, and then the words may have their letters too.
        (format!("{words}\nhttps://a.example/Łódź"), format!("{words}\nhttps://a.example/Łódź")),
        ("Żółw".to_owned(), "Żółw".to_owned()),
        ("a".repeat(200), "a".repeat(200)),
        // What goes altogether saves segments beside such a link as well.
        (format!("ł{} łódź.pl/Łódź_(ł) ł", "\u{200b}".repeat(60)), "l łódź.pl/Łódź_(ł) l".to_owned()),
    ] {
        assert_eq!(around_links(&text), expect, "{text}");
    }
}

#[test]
fn words_are_folded_only_where_a_segment_goes() {
    let polish = "Dzień dobry, ".to_owned() + &"a".repeat(100);
    assert_eq!(around_links(&polish), polish.replace('ń', "n"));
    for text in [
        "",
        "Dzień dobry",
        "Dziękuję 👍",
        &"a".repeat(500),
        &("Dziękuję 👍".to_owned() + &"a".repeat(100)),
        // Three dots for each would be three times the text.
        &"…".repeat(60),
    ] {
        assert_eq!(around_links(text), text, "{text:?}");
    }
}

#[test]
fn every_replacement_is_short_and_in_the_alphabet() {
    for character in '\0'..='\u{ffff}' {
        if let Some(plain) = plain(character) {
            assert!(plain.len() <= 3 && plain.chars().all(|c| c.is_ascii() && is_gsm7(c)), "{character:?}");
            assert!(plain.chars().all(|c| super::plain(c).is_none()), "{character:?}");
        }
        assert!(!(is_mark(character) && is_gsm7(character)), "{character:?}");
    }
}

proptest! {
    #[test]
    fn folding_again_changes_nothing(text in "\\PC{0,60}|[ął…•\u{200b}\u{200d}\u{fe0f}\u{301}👍👩aé и]{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn gsm7_stays_as_it_is(text in "[a-zA-Z0-9 \n€\\[äöüñéàΔß@]{0,60}") {
        prop_assert_eq!(fold(&text), text);
    }

    #[test]
    fn grows_only_by_dots_and_ligatures(text in "[ął„”–…œŒﬃ👍a \u{a0}\u{200b}]{0,60}") {
        let growth: usize = text.chars().map(|c| match c { '…' | 'ﬃ' => 2, 'œ' | 'Œ' => 1, _ => 0 }).sum();
        prop_assert!(fold(&text).chars().count() <= text.chars().count() + growth);
    }
}
