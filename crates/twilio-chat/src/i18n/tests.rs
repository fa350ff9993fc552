use std::collections::BTreeMap;

use super::*;

#[test]
fn languages_of_locales() {
    for (locale, expect) in [
        ("pl_PL.UTF-8", Lang::Pl),
        ("pl", Lang::Pl),
        ("", Lang::Pl),
        ("C.UTF-8", Lang::Pl),
        ("POSIX", Lang::Pl),
        ("en_US.UTF-8", Lang::En),
        ("de_DE@euro", Lang::En),
        ("plt", Lang::En),
    ] {
        assert_eq!(Lang::from_locale(locale), expect, "{locale:?}");
    }
}

#[test]
fn plural_forms() {
    let check = |lang, number, expect| {
        assert_eq!(plural(lang, number, "one", "few", "many"), expect, "{lang:?} {number}");
    };
    for (number, polish, english) in [
        (0, "many", "many"),
        (1, "one", "one"),
        (2, "few", "many"),
        (4, "few", "many"),
        (5, "many", "many"),
        (11, "many", "many"),
        (12, "many", "many"),
        (14, "many", "many"),
        (21, "many", "many"),
        (22, "few", "many"),
        (101, "many", "many"),
        (112, "many", "many"),
        (124, "few", "many"),
    ] {
        check(Lang::Pl, number, polish);
        check(Lang::En, number, english);
    }
}

#[test]
fn both_languages_have_the_same_keys_and_places() {
    let [polish, english] = [pl::AREAS, en::AREAS].map(|areas| {
        let entries = areas.iter().flat_map(|area| area.iter());
        let mut texts = BTreeMap::new();
        for (key, text) in entries {
            assert!(texts.insert(*key, places(text)).is_none(), "{key} is there twice");
            assert!(!text.is_empty(), "{key} is empty");
        }
        texts
    });
    assert_eq!(polish, english);
}

fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    places.sort_unstable();
    places
}

#[test]
fn places_are_filled_once() {
    for (text, expect) in [
        ("no places", "no places"),
        ("{a} and {b}", "{b} and 2"),
        ("{a}{a}", "{b}{b}"),
        ("{unknown} {a", "{unknown} {a"),
        ("{ {b}", "{ 2"),
    ] {
        assert_eq!(filled(text, &[("a", &"{b}"), ("b", &2)]), expect, "{text:?}");
    }
}

#[test]
fn a_key_gives_its_text() {
    assert_eq!(t!(Lang::Pl, "config.place.dotenv", line = 4), "plik .env, wiersz 4");
    assert_eq!(t!(Lang::En, "config.place.dotenv", line = 4), ".env file, line 4");
    assert_eq!(t!(Lang::En, "config.place.environment"), "environment");
}
