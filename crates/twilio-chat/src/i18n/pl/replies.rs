//! The pages of fixed answers, in Polish: the auto-reply and the hours, words, consents.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("replies.admins_change", "Zmienić to może administrator."),
    ("replies.day.fri", "piątek"),
    ("replies.day.mon", "poniedziałek"),
    ("replies.day.sat", "sobota"),
    ("replies.day.sun", "niedziela"),
    ("replies.day.thu", "czwartek"),
    ("replies.day.tue", "wtorek"),
    ("replies.day.wed", "środa"),
    ("replies.done.auto_off", "Zapisano. Auto-odpowiedź jest wyłączona."),
    ("replies.done.auto_on", "Zapisano. Auto-odpowiedź jest włączona."),
    ("replies.done.hours", "Godziny zapisane."),
    ("replies.hours", "Godziny pracy"),
    (
        "replies.hours.about",
        "Zaznacz dni, w które pracujecie. Godzina zamknięcia wcześniejsza od otwarcia oznacza następny dzień. Bez zaznaczonego dnia godziny się nie liczą: uznajemy, że zawsze ktoś jest.",
    ),
    ("replies.hours.away", "Odpowiedź poza godzinami"),
    (
        "replies.hours.away.about",
        "Poza godzinami zastępuje auto-odpowiedź, także wyłączoną. Puste pole: o każdej porze to samo. Najwyżej 640 znaków.",
    ),
    ("replies.hours.bad", "Podaj godziny otwarcia i zamknięcia, np. 09:00 i 17:00. Dzień: {day}."),
    ("replies.hours.from", "Od godziny"),
    ("replies.hours.to", "Do godziny"),
    ("replies.now", "Co dostanie klient, który napisze teraz"),
    ("replies.now.assistant", "Odpowie asystent AI, własnymi słowami."),
    ("replies.now.auto_reply", "Auto-odpowiedź:"),
    ("replies.now.away", "Jest poza godzinami pracy, więc:"),
    ("replies.now.bot", "Odpowie wbudowany bot."),
    ("replies.now.nothing", "Nic: żadna automatyczna odpowiedź nie jest włączona."),
    ("replies.now.switched_off", "Nic: automatyczne odpowiedzi są wyłączone przełącznikiem u góry strony."),
    ("replies.text", "Treść auto-odpowiedzi"),
    (
        "replies.text.about",
        "Ta sama odpowiedź dla każdego, kto napisze po jej włączeniu. Limity chronią przed zasypaniem klienta, a wątek, który prowadzi człowiek, zostaje jemu.",
    ),
    ("replies.text.assistant_on", "Asystent jest teraz włączony."),
    ("replies.text.enabled", "Odpowiadaj automatycznie"),
    (
        "replies.text.excludes",
        "Auto-odpowiedź i asystent AI wykluczają się: włączenie jednego wyłącza drugie. Treść zostaje na wypadek, gdyby asystent nie mógł odpowiedzieć.",
    ),
    ("replies.text.limit", "Najwyżej {limit} znaków."),
    ("replies.text.variables", "Bez zmiennych: tekst wychodzi słowo w słowo, także nawiasy klamrowe."),
];
