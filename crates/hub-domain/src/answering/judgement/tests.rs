use super::{
    super::{
        language::Language,
        prompt::{self, Brief, Part},
        sources::Excerpt,
    },
    *,
};
use crate::assistant::Passage;

const MARK: &str = "#k7q2m9#";
const OPENING: &str = "AI, z artykułów:";

fn source(number: usize, url: &str, text: &str) -> Source {
    let url = Some(url.to_owned()).filter(|url| !url.is_empty());
    let passage = Passage { title: format!("Tytuł {number}"), url, text: text.to_owned(), score: 1.0 };
    Source { number, excerpt: Excerpt { passage, date: Some(jiff::civil::date(2026, 11, 20)) } }
}

fn sources() -> Vec<Source> {
    vec![
        source(
            1,
            "https://a.example/kaucja",
            "Kaucja za słoik wyniesie 1,50 zł. Infolinia: 22 500 10 10 10.",
        ),
        source(2, "https://a.example/kaucja", "Ustawa wchodzi w życie w maju, po trzech miesiącach."),
        source(3, "https://b.example/most", "Most otwarto o 10:30. Więcej na b.example/most."),
        source(4, "", "Bez adresu."),
        source(5, "0f3a", "Dokument ma tylko nazwę."),
    ]
}

fn rules() -> String {
    let parts = [Part { number: 1, name: None, sources: &[], again: None }];
    prompt::rules(&Brief {
        mark: MARK,
        language: Language::Polish,
        longest: 300,
        parts: &parts,
        question: "",
    })
}

fn judged(words: &str, segments: usize) -> Judged {
    let (sources, rules) = (sources(), rules());
    let given =
        Given { sources: &sources, mark: MARK, rules: &rules, opening: OPENING, segments, plain: true };
    judge(words, false, &given)
}

fn says(words: &str, expect: &str, cited: &[usize]) {
    let fit = Fit { text: expect.to_owned(), cited: cited.to_vec() };
    assert_eq!(judged(words, 3), Judged::Fit(fit), "{words}");
}

#[test]
fn cited_words_leave_with_the_links_of_what_they_cite() {
    says(
        "Kaucja wyniesie 1,50 zl [1].",
        "AI, z artykulow:\nKaucja wyniesie 1,50 zl [1].\n[1] https://a.example/kaucja",
        &[1],
    );
    says(
        "Most otwarto o 10.30 [3], a kaucja [2] [1] od maja.",
        "AI, z artykulow:\nMost otwarto o 10.30 [1], a kaucja [2]  od maja.\n[1] https://b.example/most\n\
         [2] https://a.example/kaucja",
        &[3, 2, 1],
    );
    says("**Bez** adresu [4].", "AI, z artykułów:\nBez adresu [1].\n[1] Tytuł 4", &[4]);
    says("Dokument ma tylko nazwę [5].", "AI, z artykułów:\nDokument ma tylko nazwę [1].\n[1] Tytuł 5", &[5]);
}

#[test]
fn words_that_do_not_say_where_they_are_from_are_faulty() {
    for words in [
        "Kaucja wyniesie 1,50 zl.",
        "",
        "[1]",
        " [1] [2] ",
        "Tak [x].",
        "**",
        "Kaucja wyniesie 1,50 zl [1]. Za brak grozi areszt.",
    ] {
        assert_eq!(judged(words, 3), Judged::Faulty(Fault::Uncited), "{words}");
    }
    for words in ["Tak [6].", "Tak [1][6].", "Tak [0].", "Tak [1-9].", "Tak [99999999999999999999]."] {
        assert_eq!(judged(words, 3), Judged::Faulty(Fault::UnknownSource), "{words}");
    }
}

#[test]
fn what_no_source_says_does_not_leave() {
    for (words, expect) in [
        ("Kaucja wyniesie 9 zl [1].", Fault::Invented("9".into())),
        ("Kaucja od 2027 roku [2].", Fault::Invented("2027".into())),
        // Another source than the cited one says so.
        ("Kaucja od 10:30 [1].", Fault::Invented("10:30".into())),
        ("Kaucja wyniesie 1,50 zl [3].", Fault::Invented("1,50".into())),
        ("Wiecej na zly.example.com [1].", Fault::Link),
        ("Pisz na a@zly.pl [1].", Fault::Link),
        ("Zadzwon 500 100 200 [1].", Fault::Number),
    ] {
        assert_eq!(judged(words, 3), Judged::Faulty(expect), "{words}");
    }
    for words in [
        "Od 3 miesiecy [2].",
        "Infolinia: 22 500 10 10 10 [1].",
        "Wiecej: b.example/most [3].",
        "Pisano 20.11.2026 [1].",
        "Pisano 20 listopada 2026 [1].",
    ] {
        assert!(matches!(judged(words, 3), Judged::Fit(_)), "{words}: {:?}", judged(words, 3));
    }
}

#[test]
fn rules_mark_and_keys_never_leave() {
    assert_eq!(judged(&format!("{MARK} [1]"), 3), Judged::Faulty(Fault::Rules));
    assert_eq!(judged(&format!("{} [1]", rules()), 9), Judged::Faulty(Fault::Rules));
    assert_eq!(judged("Klucz: sk-hushhushhushhushhush [1]", 3), Judged::Faulty(Fault::Secret));
}

#[test]
fn the_model_may_find_nothing() {
    for words in [NOTHING, "Nie wiem. [[NOTHING]]", "[[NOTHING]] [1]"] {
        assert_eq!(judged(words, 3), Judged::Nothing);
    }
}

#[test]
fn what_is_too_long_is_never_cut() {
    let long = format!("{} [1].", "Kaucja ".repeat(60).trim());
    assert_eq!(judged(&long, 3), Judged::Faulty(Fault::TooLong));
    let Judged::Fit(fit) = judged(&long, 4) else { panic!("it fits four") };
    assert!(fit.text.contains(long.trim()), "{fit:?}");
    let (sources, rules) = (sources(), rules());
    let given =
        Given { sources: &sources, mark: MARK, rules: &rules, opening: "", segments: 3, plain: false };
    assert_eq!(judge("Kaucja wyniesie [1]", true, &given), Judged::Faulty(Fault::TooLong), "it broke off");
    assert!(
        matches!(judge("Kaucja [1].", false, &given), Judged::Fit(fit) if fit.text.starts_with("Kaucja"))
    );
}

#[test]
fn letters_are_kept_where_folding_saves_nothing() {
    let (sources, rules) = (sources(), rules());
    let given = Given { sources: &sources, mark: MARK, rules: &rules, opening: "", segments: 3, plain: true };
    let judged = judge("Słoik [1].", false, &given);
    assert_eq!(
        judged,
        Judged::Fit(Fit { text: "Słoik [1].\n[1] https://a.example/kaucja".into(), cited: vec![1] })
    );
}

#[test]
fn links_are_not_written_plainly() {
    let (sources, rules) = ([source(1, "https://a.example/wiki/Łódź", "Łódź leży nad Łódką.")], rules());
    let given = Given { sources: &sources, mark: MARK, rules: &rules, opening: "", segments: 9, plain: true };
    let words = format!("{} [1].", "Łódź ".repeat(40).trim());
    let Judged::Fit(fit) = judge(&words, false, &given) else { panic!("it fits") };
    assert!(fit.text.ends_with("\n[1] https://a.example/wiki/Łódź"), "{fit:?}");
}

#[test]
fn there_is_room_for_words_beside_two_links() {
    let (plain, rules) = (sources(), rules());
    let mut unfoldable = sources();
    unfoldable.push(source(6, "https://a.example/Łódź", "Łódź."));
    for (sources, opening, segments, plain, expect) in [
        (&plain, "AI:", 3, true, 450 - 3 - 2 * 29),
        (&plain, "AI:", 1, true, 100),
        (&plain, "POŻĄDANE", 3, false, 192 - 8 - 2 * 29),
        (&plain, "POŻĄDANE", 1, false, 50),
        (&unfoldable, "AI:", 3, true, 192 - 3 - 2 * 29),
    ] {
        let given = Given { sources, mark: MARK, rules: &rules, opening, segments, plain };
        assert_eq!(room(&given), expect, "{opening} {segments} {plain}");
    }
}

#[test]
fn words_of_the_length_asked_for_fit_with_polish_letters() {
    let (sources, rules) = (sources(), rules());
    for segments in 3..8 {
        let given = Given {
            sources: &sources,
            mark: MARK,
            rules: &rules,
            opening: "POŻĄDANE",
            segments,
            plain: false,
        };
        let letters = "ż".repeat(room(&given) - "[1][3].".len());
        let judged = judge(&format!("{letters}[1][3]."), false, &given);
        assert!(matches!(judged, Judged::Fit(_)), "{segments}: {judged:?}");
    }
}
