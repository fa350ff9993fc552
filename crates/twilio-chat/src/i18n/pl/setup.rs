//! The first steps, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("setup.account", "Konto utworzone"),
    ("setup.address", "Publiczny adres prowadzi tutaj"),
    (
        "setup.address.elsewhere",
        "Pod {base} odpowiada inny program. Skieruj ten adres (serwer pośredniczący, tunel) na port tego programu.",
    ),
    (
        "setup.address.silent",
        "Nic nie odpowiada pod {base}. Sprawdź DNS, certyfikat, zaporę i serwer pośredniczący.",
    ),
    (
        "setup.address.todo",
        "Ustaw PUBLIC_BASE_URL na publiczny adres https tego serwera i uruchom program ponownie.",
    ),
    ("setup.complete", "Wszystko gotowe. Hub działa."),
    ("setup.first_in", "Pierwszy SMS od klienta"),
    (
        "setup.first_in.todo",
        "W Ustawieniach, na stronie Webhooki, kliknij „Ustaw w Twilio” (albo w konsoli Twilio, przy numerze, ustaw „A message comes in” na {base}/twilio/inbound, POST), a potem napisz na swój numer.",
    ),
    ("setup.first_out", "Pierwszy SMS wysłany"),
    (
        "setup.first_out.todo",
        "Wyślij próbny SMS na własny telefon: na stronie Start, w polu „Szybka wiadomość”, albo poleceniem twilio-chat send --to +48… --body \"Próba\".",
    ),
    ("setup.keys", "Twilio przyjmuje nasze klucze"),
    (
        "setup.keys.refused",
        "Twilio odrzuca klucze. Sprawdź SID konta i token (albo klucz API) w Ustawieniach, na stronie Klucze.",
    ),
    (
        "setup.keys.silent",
        "Twilio nie odpowiada. Sprawdź połączenie tego serwera z internetem; spróbujemy znów za chwilę.",
    ),
    (
        "setup.keys.todo",
        "Wpisz SID konta, token i numer (albo Messaging Service) w Ustawieniach, na stronie Klucze: działają od razu. Można też w pliku .env (wzór: .env.example), a potem uruchomić program ponownie. Sam podgląd bez konta: twilio-chat serve --demo.",
    ),
    ("setup.look", "Sprawdź teraz"),
    ("setup.mode", "Zdecydowano, co odpowiada"),
    (
        "setup.mode.todo",
        "Włącz auto-odpowiedź albo AI na ich stronach lub wyłącz automat przełącznikiem u góry.",
    ),
    ("setup.state.done", "zrobione:"),
    ("setup.state.fault", "do naprawy:"),
    ("setup.state.open", "do zrobienia:"),
    ("setup.title", "Pierwsze kroki"),
];
