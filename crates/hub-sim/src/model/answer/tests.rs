use super::{AnswerRule, answer};

fn check(question: &str, everything: &[&str], expect: &str) {
    let everything: Vec<String> = everything.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(answer(&AnswerRule::of_a_shop(), question, &everything), expect, "{question}");
}

#[test]
fn a_rule_answers_and_else_thanks() {
    check(
        "W jakich GODZINACH?",
        &[],
        "Jestesmy czynni od poniedzialku do piatku w godzinach 9-18, w soboty 9-14.",
    );
    check("Hej", &["Hej"], "Dziekujemy za wiadomosc! Odpowiemy najszybciej, jak to mozliwe.");
    check("", &[], "Dziekujemy za wiadomosc! Odpowiemy najszybciej, jak to mozliwe.");
}

#[test]
fn passages_are_quoted_in_whatever_form_they_come() {
    let ours = "Fragment 1 (cat=Biznes, chunk=3)\nTytuł: Kursy\nURL: https://example.com\nZłoty zyskał 2%. Reszta.\n\n\
                Fragment 2 (cat=X)\nDruga wiadomość\nFragment 3\nTrzecia";
    check("Co z godzinami?", &[ours], "Wedlug zrodel: \"Złoty zyskał 2%.\" \"Druga wiadomość\"");
    check("?", &["[1] Raz. Dwa.\n[2]\nTrzy"], "Wedlug zrodel: \"Raz.\" \"Trzy\"");
    check("?", &["<passage id=\"1\">\nRaz\n</passage>"], "Wedlug zrodel: \"Raz\"");
    check("?", &["<source id=1>Raz</source>"], "Wedlug zrodel: \"Raz\"");
    check("Adres?", &["[x] nic", "Fragment ciasta"], "Sklep jest przy ul. Kwiatowej 5, wejscie od podworza.");
}
