use super::*;

#[test]
fn echo_says_it_back() {
    for (body, expect) in [
        ("", "Otrzymałem Twoją wiadomość."),
        ("Cześć 👍", "Echo: Cześć 👍"),
        (" dwie \n linie ", "Echo:  dwie \n linie "),
    ] {
        assert_eq!(Bot::Echo.reply(body), expect, "{body:?}");
    }
}

#[test]
fn keywords_match_whole_trimmed_messages_in_any_case() {
    let unknown = "Nie rozumiem jeszcze tej komendy. Napisz HELP, aby zobaczyć dostępne opcje.";
    for (body, expect) in [
        ("help", "Dostępne komendy: HELP, START, STOP."),
        (" START\n", "Witaj! Bot został aktywowany."),
        ("Stop", "OK, nie będę więcej wysyłać wiadomości. Aby wznowić, napisz START."),
        ("pomoc", "Dostępne komendy: POMOC, START, STOP."),
        ("INFO", "To jest automatyczny bot SMS."),
        ("", unknown),
        ("help!", unknown),
        ("stop it", unknown),
    ] {
        assert_eq!(Bot::Keywords.reply(body), expect, "{body:?}");
    }
}

#[test]
fn names() {
    for (name, expect) in [
        ("echo", Some(Bot::Echo)),
        ("keywords", Some(Bot::Keywords)),
        ("normal", Some(Bot::Keywords)),
        ("Echo", None),
        ("", None),
    ] {
        assert_eq!(Bot::parse(name), expect, "{name:?}");
    }
    for bot in [Bot::Echo, Bot::Keywords] {
        assert_eq!(Bot::parse(bot.as_str()), Some(bot));
    }
}
