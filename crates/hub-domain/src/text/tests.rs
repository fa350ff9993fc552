use proptest::prelude::*;

use super::*;
use crate::folding::fold;

fn check(text: &str, expect: &str) {
    assert_eq!(normalise(text), expect, "{text:?}");
}

#[test]
fn words_are_lower_case_plain_and_stemmed() {
    for (text, expect) in [
        ("", ""),
        (" … 👍 !", ""),
        ("Wiadomościami", "wiadomosc"),
        ("WIADOMOŚĆ wiadomosci", "wiadomosc wiadomosc"),
        ("Zażółć gęślą jaźń", "zazolc gesl jazn"),
        ("Faktury nr FV/2026/11-0042", "faktur nr fv 2026 11 0042"),
        ("zadzwoń: +48 500 100 200", "zadzwon 48 500 100 200"),
        ("iPhone15s", "iphone15s"),
        ("Straße, Ærø, İzmir, ŒUVRE", "strass aer izmir oeuvr"),
        ("o\u{301}smy wy\u{200b}raz mięk\u{ad}ki", "osm wyraz miekk"),
        ("Привет МИР", "привет мир"),
        ("it’s", "it s"),
    ] {
        check(text, expect);
    }
}

#[test]
fn forms_of_a_word_meet() {
    for forms in [
        "wiadomość wiadomości wiadomością wiadomościami wiadomosciom",
        "faktura faktury fakturę faktur fakturami",
        "zamówienie zamówienia zamówień zamowieniem",
        "reklamacja reklamacji reklamację",
        "order orders ordered ordering",
        "message messages",
        "invoice invoices invoicing",
    ] {
        let normal = normalise(forms);
        let mut tokens: Vec<&str> = normal.split(' ').collect();
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{forms}: {normal}");
    }
}

#[test]
fn words_are_not_stemmed() {
    let mut found = Vec::new();
    words("Wiadomościami, RAZ–dwa", &mut |word| found.push(word.to_owned()));
    assert_eq!(found, ["wiadomosciami", "raz", "dwa"]);
}

#[test]
fn a_character_and_its_folded_form_give_the_same() {
    for character in '\0'..='\u{ffff}' {
        let text = format!("a{character}b");
        let folded = fold(&text);
        assert!(folded == text || normalise(&text) == normalise(&folded), "{character:?}");
    }
}

#[test]
fn both_cases_of_a_latin_letter_fold_alike() {
    for letter in '\u{80}'..='\u{2fff}' {
        let mut lower = letter.to_lowercase();
        let (Some(plain), Some(small), None) = (latin::plain(letter), lower.next(), lower.next()) else {
            continue;
        };
        assert_eq!(latin::plain(small).map(str::to_owned), Some(plain.to_lowercase()), "{letter:?}");
    }
}

proptest! {
    #[test]
    fn folding_does_not_matter(text in "\\PC{0,60}|[ąłŁ…•’\u{200b}\u{200d}\u{fe0f}\u{301}👍aéÉßи ż]{0,40}") {
        prop_assert_eq!(normalise(&fold(&text)), normalise(&text));
    }

    #[test]
    fn case_and_surroundings_do_not_matter(word in "[a-ząćęłńóśźż]{1,20}") {
        prop_assert_eq!(normalise(&format!("„{}”!", word.to_uppercase())), normalise(&word));
    }

    #[test]
    fn no_word_vanishes(word in "[a-z]{1,12}") {
        prop_assert!(!stem(&word).is_empty());
    }
}
