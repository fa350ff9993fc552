use proptest::prelude::*;

use super::*;

/// `|` in the text marks where sentences end.
fn check(marked: &str) {
    let text = marked.replace('|', "");
    let expect: Vec<&str> =
        marked.split('|').map(str::trim).filter(|sentence| !sentence.is_empty()).collect();
    let found: Vec<&str> = split(&text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(found, expect);
}

#[test]
fn sentences_end_where_they_end() {
    for marked in [
        "",
        " \n ",
        "Jedno zdanie",
        "Pierwsze.| Drugie!| Trzecie?| Czwarte… |",
        "Sklep zamknięto.| 12 osób straciło pracę.",
        "Bez kropki|\nDruga linia.|\n\nTrzecia.",
        "Metr kosztuje 10 640 zł.| To szósty spadek.",
        "Powiedział: „Dość!”| Potem wyszedł.",
        "(Tak było.)| Ale już nie jest.",
        "Naprawdę?!| Tak.",
        "Ceny spadły.| – Nie wierzę – mówi prezes.",
    ] {
        check(marked);
    }
}

#[test]
fn abbreviations_numbers_and_quotations_end_nothing() {
    for marked in [
        "Mieszka przy ul. Długiej 5, tj. Obok szkoły.",
        "Prof. Jan Kowalski i dr. Nowak, m.in. Anna, są tu.",
        "J. K. Rowling napisała książkę.",
        "W 2025 r. Spółka zarobiła 5 tys. Euro i 3 proc. Więcej.",
        "Oferta np. Banku.| Druga.",
        "Kosztuje 3.50 zł, czyli ok. 3 zł.",
        "Zajął 3. miejsce.| Potem 2. miejsce.",
        "Strona wiadomosci.example/a.html działa.",
        "„Co teraz?” – pyta klient.| „Nic.” – pada w odpowiedzi.",
        "Firma Cegła Dom sp. z o.o. Kielce wygrała.",
        "Yahoo! kupiło firmę.",
    ] {
        check(marked);
    }
}

#[test]
fn an_abbreviation_ends_the_sentence_at_the_end_of_its_line() {
    check("To było w 2025 r.|\nPotem nic.");
    check("Spadek o 4 proc.");
}

proptest! {
    #[test]
    fn sentences_cover_the_text_in_order(text in "([A-ZĄa-ząć0-9]{0,4}[.!?…”)„ –\n]{0,3}){0,40}") {
        let mut covered = 0;
        for range in split(&text) {
            prop_assert!(range.start >= covered && range.start < range.end);
            prop_assert!(text[covered..range.start].chars().all(char::is_whitespace));
            covered = range.end;
        }
        prop_assert!(text[covered..].chars().all(char::is_whitespace));
    }
}
