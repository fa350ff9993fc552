use super::*;
use crate::segments::{self, Encoding};

const LISTS: [&[&str]; 6] =
    [&STOP_ENGLISH, &START_ENGLISH, &HELP_ENGLISH, &STOP_POLISH, &START_POLISH, &HELP_POLISH];

fn check(expect: Option<Keyword>, bodies: &[&str]) {
    for body in bodies {
        assert_eq!(classify(body), expect, "{body:?}");
    }
}

#[test]
fn english_words_are_twilios() {
    use Language::English;
    check(
        Some(Keyword::Stop(English)),
        &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"],
    );
    check(Some(Keyword::Start(English)), &["START", "YES", "UNSTOP"]);
    check(Some(Keyword::Help(English)), &["HELP", "INFO"]);
}

#[test]
fn what_stands_around_the_word_does_not_matter() {
    use Language::{English, Polish};
    check(
        Some(Keyword::Stop(English)),
        &["stop.", "Stop!", "\"STOP\"", "„stop”", " stop\r\n", "STOP 🛑", "👎stop", "(Stop)", "opt-out"],
    );
    check(
        Some(Keyword::Stop(Polish)),
        &[
            "Rezygnuję.",
            "REZYGNUJE\u{328}",
            "Nie,  pisz!",
            "wypisz\nmnie",
            "– Wypisz mnie –",
            "\u{feff}WYPISZ",
        ],
    );
}

#[test]
fn polish_words_with_and_without_diacritics() {
    use Language::Polish;
    check(
        Some(Keyword::Stop(Polish)),
        &[
            "WYPISZ",
            "Wypisz mnie",
            "WYPISUJĘ SIĘ",
            "wypisuje sie",
            "Proszę mnie wypisać",
            "REZYGNUJĘ",
            "REZYGNUJE",
            "Rezygnacja",
            "rezygnuję z SMS-ów",
            "ZATRZYMAJ",
            "Nie wysyłaj",
            "NIE WYSYLAJ",
            "Nie wysyłajcie więcej",
            "Nie pisz",
            "nie piszcie",
            "Nie piszcie do mnie więcej",
            "Usuń mnie",
            "USUŃ MÓJ NUMER",
            "cofam zgodę",
            "Odwołuję zgodę",
            "Wycofuję zgodę",
            "Przestańcie pisać",
            "Nie chcę więcej wiadomości",
            "nie życzę sobie sms",
            "STOP SMS",
            "wyrejestruj",
        ],
    );
    check(
        Some(Keyword::Start(Polish)),
        &["WZNÓW", "WZNOW", "wzno\u{301}w", "wznawiam", "Zapisz", "ZAPISZ MNIE", "Wznów wiadomości"],
    );
    check(Some(Keyword::Help(Polish)), &["POMOC", "pomocy!", "Jak zrezygnować?", "jak się wypisać"]);
}

#[test]
fn ordinary_talk_is_left_alone() {
    check(
        None,
        &[
            "",
            " ",
            "?!",
            "👍",
            "NIE",
            "Nie.",
            "nie nie",
            "TAK",
            "Koniec",
            "OK",
            "Odwołuję",
            "ANULUJ",
            "Stop it",
            "STOP PLEASE",
            "non stop",
            "s t o p",
            "stopp",
            "stopЖ",
            "nonstop",
            "Nie pisz się na to",
            "Wypisz fakturę",
            "Wypisz mnie ze szpitala",
            "Rezygnuję z wizyty",
            "Zapisz mnie na jutro",
            "Zatrzymaj się",
            "1",
            "СТОП",
            "Przestań",
            "Pomoc drogowa",
            "Dzień dobry, chciałam zapytać o termin. Rezygnuję",
        ],
    );
}

#[test]
fn a_long_message_is_no_keyword() {
    check(None, &[&"stop ".repeat(50_000), &"ą".repeat(100_000), &format!("{}stop", "x".repeat(100_000))]);
}

#[test]
fn the_lists_are_sorted_folded_and_disjoint() {
    let mut all: Vec<&str> = LISTS.concat();
    for list in LISTS {
        assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
    }
    for word in &all {
        let mut plain = [0; LONGEST];
        let length = fold(word, &mut plain).unwrap_or_else(|| panic!("{word} doesn't fit"));
        assert_eq!(str::from_utf8(&plain[..length]), Ok(*word));
    }
    let listed = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), listed);
    assert_eq!(all.iter().map(|word| word.len()).max(), Some(LONGEST));
}

#[test]
fn confirmations_fit_one_segment_and_name_the_way_back() {
    for (text, word, request) in [
        (stop_confirmation(), "WZNOW", OptOutType::Start),
        (start_confirmation(), "WYPISZ", OptOutType::Stop),
    ] {
        let counted = segments::count(text);
        assert_eq!((counted.encoding, counted.segments), (Encoding::Gsm7, 1), "{text}");
        assert!(text.ends_with(&format!("odpisz {word}.")), "{text}");
        assert_eq!(classify(word).map(Keyword::request), Some(request));
        assert_eq!(classify(word).map(Keyword::language), Some(Language::Polish));
        assert_eq!(classify(text), None, "two hubs must not talk to each other");
    }
}

#[test]
fn opt_out_types() {
    for (word, expect) in [
        ("STOP", Some(OptOutType::Stop)),
        ("start", Some(OptOutType::Start)),
        (" HELP ", Some(OptOutType::Help)),
        ("", None),
        ("STOPALL", None),
    ] {
        assert_eq!(OptOutType::parse(word), expect, "{word:?}");
    }
}
