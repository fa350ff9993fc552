use super::*;

fn listener(command: &str, enabled: bool, answer: Option<&str>) -> Listener {
    Listener { command: command.to_owned(), enabled, answer: answer.map(str::to_owned) }
}

fn set(news: bool) -> Vec<Listener> {
    vec![
        listener(NEWS, news, None),
        listener(ANY, true, None),
        listener("Godziny", true, Some("6-14")),
        listener("adres firmy", true, Some("Długa 5")),
        listener("cennik", false, Some("8 zł")),
    ]
}

#[test]
fn a_command_is_a_word_of_its_own() {
    let on = set(true);
    for (body, expect) in [
        ("/news", Some(Heard::News(""))),
        ("/NEWS  co nowego? ", Some(Heard::News("co nowego?"))),
        ("  /news\nco", Some(Heard::News("co"))),
        ("/newsletter stop", None),
        ("/newsy", None),
        ("co /news", None),
        ("news", None),
    ] {
        assert_eq!(hear(&on, body), expect, "{body}");
    }
    assert_eq!(hear(&set(false), "/news co"), Some(Heard::NewsOff));
    assert_eq!(hear(&[], "/news co"), Some(Heard::NewsOff));
}

#[test]
fn a_word_counts_only_when_it_is_the_whole_text() {
    let set = set(true);
    for (body, expect) in [
        ("godziny", Some(Heard::Word("6-14"))),
        (" GODZINY?! ", Some(Heard::Word("6-14"))),
        ("Adres  firmy", Some(Heard::Word("Długa 5"))),
        ("jakie godziny", None),
        ("cennik", None),
        ("*", None),
        ("", None),
    ] {
        assert_eq!(hear(&set, body), expect, "{body}");
    }
}

#[test]
fn the_auto_reply_speaks_while_any_is_on() {
    assert!(hears_any(&set(true)));
    assert!(!hears_any(&[listener(ANY, false, None)]));
    assert!(!hears_any(&[]));
}

#[test]
fn what_was_not_found_is_named_in_short() {
    assert_eq!(
        news_not_found(&"ż".repeat(90)),
        format!("Nie znaleziono informacji na temat: {}", "ż".repeat(50))
    );
}

#[test]
fn a_word_that_is_never_heard_is_none() {
    for (word, expect) in [
        ("Godziny", Ok(())),
        ("stop na życzenie", Ok(())),
        ("pomoc", Ok(())),
        ("/godziny", Err(BadWord::Unrecognisable)),
        ("?!", Err(BadWord::Unrecognisable)),
        ("STOP!", Err(BadWord::Twilios)),
        ("yes", Err(BadWord::Twilios)),
        ("Wypisz mnie", Err(BadWord::Consent)),
        ("wznów", Err(BadWord::Consent)),
    ] {
        assert_eq!(check(word), expect, "{word}");
    }
    assert_eq!(check(&"ż".repeat(100)), Ok(()));
    assert_eq!(check(&"ż".repeat(101)), Err(BadWord::TooLong));
}
